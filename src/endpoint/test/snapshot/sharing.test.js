// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { Chunks } = require('../../lib/snapshot/chunks');
const { SharedSnapshots } = require('../../lib/snapshot/sharing');

// Returns the shared snapshots, and `begun`, those that were begun as { classes, events, over, snapshot }.
function sharing() {
  const begun = [];
  const shared = new SharedSnapshots((classes, events, over) => {
    const snapshot = new Chunks();
    begun.push({ classes, events, over, snapshot });
    return snapshot;
  });
  const ask = (...classes) => {
    const snapshot = shared.snapshot(new Set(classes));
    snapshot.join(() => {});
    return snapshot;
  };
  return { ask, begun, shared };
}

test('the same classes in any order share a snapshot, others do not', () => {
  const { ask, begun } = sharing();
  const first = ask('workers', 'routers');
  assert.strictEqual(ask('routers', 'workers'), first);
  assert.notStrictEqual(ask('workers'), first);
  assert.notStrictEqual(ask('workers', 'routers', 'usage'), first);
  assert.deepStrictEqual(begun.map(({ classes }) => [...classes]), [['workers', 'routers'], ['workers'], ['workers', 'routers', 'usage']]);
});

test('readers of events share a snapshot when they have had the same ones', () => {
  const { begun, shared } = sharing();
  const ask = (events) => {
    const snapshot = shared.snapshot(new Set(['workers']), events);
    snapshot.join(() => {});
    return snapshot;
  };
  const all = [undefined, 0, 7, 70].map(ask);
  assert.strictEqual(new Set(all).size, 4);
  assert.deepStrictEqual([undefined, 0, 7, 70].map(ask), all);
  assert.deepStrictEqual(begun.map(({ events }) => events), [undefined, 0, 7, 70]);
});

test('nobody shares a snapshot that is over, has ended or is abandoned', () => {
  const { ask, begun, shared } = sharing();
  ask('workers');
  begun[0].over();
  assert.strictEqual(shared.underWay.size, 0);
  ask('workers').end('failed');
  assert.notStrictEqual(ask('workers'), begun[1].snapshot);
  begun[2].snapshot.readers.clear();
  assert.notStrictEqual(ask('workers'), begun[2].snapshot);
});

test('a snapshot that is over late does not end its successor', () => {
  const { ask, begun, shared } = sharing();
  ask('workers').end('done');
  const second = ask('workers');
  begun[0].over();
  assert.strictEqual(ask('workers'), second);
  begun[1].over();
  assert.strictEqual(shared.underWay.size, 0);
});
