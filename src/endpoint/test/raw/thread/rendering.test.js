// SPDX-License-Identifier: MIT
'use strict';

// The rows that the raw lane's thread makes of batches.

const assert = require('assert');
const { test } = require('node:test');
const { KINDS, UNASKED } = require('../../../lib/raw/codes');
const { Rendering } = require('../../../lib/raw/thread/rendering');

const batch = (numbers, more) => ({
  snapshot: 1,
  first: 5,
  codes: numbers.map(() => UNASKED),
  kinds: numbers.map(() => KINDS.indexOf('router')),
  numbers,
  gone: [],
  changed: [],
  prefixes: '',
  bytes: Buffer.alloc(0),
  ...more,
});

test('nodes that were not asked have their latest prefix as a row, in order; a node without a number has none', async () => {
  const rendering = new Rendering({ answers: () => [] });
  const told = await rendering.render(batch([3, 0, 4], { changed: [3, 4], prefixes: '{"row":"a"\n{"row":"b"' }));
  assert.deepStrictEqual(told, { rows: '{"row":"a"}\n{"row":"b"}\n', counts: { routers: 2 } });
  const { rows } = await rendering.render(batch([4, 3], { changed: [3], prefixes: '{"row":"c"' }));
  assert.strictEqual(rows, '{"row":"b"}\n{"row":"c"}\n');
  await rendering.render(batch([], { gone: [3] }));
  assert.deepStrictEqual([...rendering.prefixes.keys()], [4], 'prefixes of closed nodes are forgotten');
  rendering.forgetAll();
  assert.strictEqual(rendering.prefixes.size, 0);
  await assert.rejects(rendering.render(batch([4])), /in doubt/, 'a batch that was under way has no rows');
});

test('a missing answer is a doubt, and so is every batch after it', async () => {
  const rendering = new Rendering({ answers: () => [] });
  const whole = () => batch([3], { changed: [3], prefixes: '{"row":"a"' });
  await rendering.render(whole());
  await assert.rejects(rendering.render({ ...whole(), codes: [1] }), /an answer is missing/);
  await assert.rejects(rendering.render(whole()), /an earlier answer was in doubt/);
});
