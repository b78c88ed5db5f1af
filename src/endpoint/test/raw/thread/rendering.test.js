// SPDX-License-Identifier: MIT
'use strict';

// Rows of batches, as the raw lane's thread makes them.

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

test('rows of nodes that are not asked: the text last told, in order, none for a node without a number', async () => {
  const rendering = new Rendering({ answers: () => [] });
  const told = await rendering.render(batch([3, 0, 4], { changed: [3, 4], prefixes: '{"row":"a"\n{"row":"b"' }));
  assert.deepStrictEqual(told, { rows: '{"row":"a"}\n{"row":"b"}\n', counts: { routers: 2 } });
  const { rows } = await rendering.render(batch([4, 3], { changed: [3], prefixes: '{"row":"c"' }));
  assert.strictEqual(rows, '{"row":"b"}\n{"row":"c"}\n');
  await rendering.render(batch([], { gone: [3] }));
  assert.deepStrictEqual([...rendering.prefixes.keys()], [4], 'what is gone is forgotten');
  rendering.forgetAll();
  assert.strictEqual(rendering.prefixes.size, 0);
  await assert.rejects(rendering.render(batch([4])), /in doubt/, 'a batch that was under way has no rows');
});

test('an answer that is missing is a doubt, and so is every batch after it', async () => {
  const rendering = new Rendering({ answers: () => [] });
  const whole = () => batch([3], { changed: [3], prefixes: '{"row":"a"' });
  await rendering.render(whole());
  await assert.rejects(rendering.render({ ...whole(), codes: [1] }), /an answer is missing/);
  await assert.rejects(rendering.render(whole()), /an earlier answer was in doubt/);
});
