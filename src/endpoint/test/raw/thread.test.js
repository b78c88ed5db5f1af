// SPDX-License-Identifier: MIT
'use strict';

// What the raw lane's thread does, without the thread: rows of batches, and snapshots for those who read.

const assert = require('assert');
const path = require('path');
const { test } = require('node:test');
const { KINDS, UNASKED } = require('../../lib/raw/codes');
const { Rendering } = require('../../lib/raw/thread/rendering');
const { Serving } = require('../../lib/raw/thread/serving');
const { ThreadLink } = require('../../lib/raw/thread_link');

const fakeThread = path.join(__dirname, '../helpers/fake_thread.js');

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

test('who asks for the same shares a snapshot; when the last one leaves it is abandoned', () => {
  const posted = [];
  const serving = new Serving((message) => posted.push(message));
  const collector = serving.collectorOf(7);
  const [first, last] = [() => {}, () => {}];
  const shared = collector.snapshot(new Set(['workers', 'routers']));
  shared.join(first);
  assert.strictEqual(collector.snapshot(new Set(['routers', 'workers'])), shared);
  shared.join(last);
  assert.deepStrictEqual(posted, [{ kind: 'ask', server: 7, snapshot: 1, classes: ['workers', 'routers'] }]);
  serving.put(1, Buffer.from('row'));
  assert.strictEqual(String(Buffer.concat(shared.chunks)), 'row');
  shared.leave(first);
  assert.strictEqual(posted.length, 1);
  shared.leave(last);
  assert.deepStrictEqual(posted.slice(1), [{ kind: 'abandon', server: 7, snapshot: 1 }]);
  serving.put(1, Buffer.from('late'));
  assert.strictEqual(shared.chunks.length, 1, 'nobody waits for it');
  assert.notStrictEqual(collector.snapshot(new Set(['workers', 'routers'])), shared);
});

test('a snapshot that has ended is nobody else\'s', () => {
  const serving = new Serving(() => {});
  const collector = serving.collectorOf(7);
  const states = [];
  for (const state of ['done', 'failed']) {
    const snapshot = collector.snapshot(new Set(['workers']));
    snapshot.join(() => states.push(snapshot.state));
    serving.end(snapshot.number, state);
  }
  assert.deepStrictEqual(states, ['done', 'failed']);
  assert.strictEqual(serving.snapshots.size, 0);
});

test('a server that cannot listen says why', async () => {
  const serving = new Serving(() => {});
  const { error } = await serving.listen({ number: 1, endpoint: {}, at: { path: '/nowhere/at/all.sock' } });
  assert.match(error.code, /^E[A-Z]+$/);
  assert.strictEqual(serving.servers.size, 0);
});

test('what cannot be posted to the thread is a doubt, not an exception', async () => {
  for (const post of [(link) => link.ask({ kind: 'proof', bytes: () => {} }), (link) => link.tell({ bytes: () => {} })]) {
    const doubts = [];
    const link = new ThreadLink('', { ready() {}, doubt: (why) => doubts.push(why) }, fakeThread);
    const said = await post(link);
    if (said !== undefined) assert.match(said.doubt, /thread is gone/);
    assert.match(doubts.join(), /^its thread failed: .*could not be cloned/);
    assert.strictEqual(link.open, false);
    await link.ended;
  }
});
