// SPDX-License-Identifier: MIT
'use strict';

// The servers in the raw lane's thread, and the snapshots that they wait for.

const assert = require('assert');
const { test } = require('node:test');
const { Serving } = require('../../../lib/raw/thread/serving');

test('readers of the same classes share a snapshot, which is abandoned when the last one leaves', () => {
  const posted = [];
  const serving = new Serving((message) => posted.push(message));
  const collector = serving.collectorOf(7);
  const [first, last] = [() => {}, () => {}];
  const shared = collector.snapshot(new Set(['workers', 'routers']));
  shared.join(first);
  assert.strictEqual(collector.snapshot(new Set(['routers', 'workers'])), shared);
  shared.join(last);
  assert.deepStrictEqual(posted, [{ kind: 'ask', server: 7, snapshot: 1, classes: ['workers', 'routers'], events: undefined }]);
  serving.put(1, Buffer.from('row'));
  assert.strictEqual(String(Buffer.concat(shared.chunks)), 'row');
  shared.leave(first);
  assert.strictEqual(posted.length, 1);
  shared.leave(last);
  assert.deepStrictEqual(posted.slice(1), [{ kind: 'abandon', server: 7, snapshot: 1 }]);
  serving.put(1, Buffer.from('late'));
  assert.strictEqual(shared.chunks.length, 1, 'nobody waits for these bytes');
  assert.notStrictEqual(collector.snapshot(new Set(['workers', 'routers'])), shared);
});

test('the main thread is told after which event a reader asks', () => {
  const posted = [];
  const collector = new Serving((message) => posted.push(message)).collectorOf(7);
  const [one, other] = [collector.snapshot(new Set(['workers']), 17), collector.snapshot(new Set(['workers']), 18)];
  assert.notStrictEqual(one, other);
  assert.deepStrictEqual(posted, [
    { kind: 'ask', server: 7, snapshot: 1, classes: ['workers'], events: 17 },
    { kind: 'ask', server: 7, snapshot: 2, classes: ['workers'], events: 18 },
  ]);
});

test('a snapshot that has ended is forgotten', () => {
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
