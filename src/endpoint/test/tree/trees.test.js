// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { acquire, knownPids, release } = require('../../lib/tree/trees');
const { FakeMediasoup } = require('../helpers/fake');

test('each mediasoup has one tree until its last user releases it', () => {
  const [one, other] = [new FakeMediasoup(), new FakeMediasoup()];
  const first = acquire(one);
  // A namespace of the same module: it has the same observer.
  assert.strictEqual(acquire({ ...one }), first);
  const second = acquire(other);
  assert.notStrictEqual(second, first);
  release(first);
  assert.strictEqual(one.observer.listenerCount('newworker'), 1);
  release(first);
  assert.strictEqual(one.observer.listenerCount('newworker'), 0);
  const third = acquire(one);
  assert.notStrictEqual(third, first, 'what was released has forgotten everything');
  release(first);
  assert.strictEqual(acquire(one), third, 'a release too many takes nothing from others');
  for (const tree of [second, third, third]) release(tree);
  assert.strictEqual(one.observer.listenerCount('newworker'), 0);
});

test('the pids of all trees are known while their workers live', () => {
  const modules = [new FakeMediasoup(), new FakeMediasoup()];
  const trees = modules.map(acquire);
  const workers = modules.map((mediasoup) => mediasoup.createWorker());
  workers[1].pid = 77;
  assert.deepStrictEqual(knownPids(), new Set([workers[0].pid, 77]));
  workers[0].close();
  assert.deepStrictEqual(knownPids(), new Set([77]));
  trees.forEach(release);
  assert.deepStrictEqual(knownPids(), new Set());
});
