// SPDX-License-Identifier: MIT
'use strict';

// The layers of consumers, with a fake mediasoup that counts how often they are read.

const assert = require('assert');
const { test } = require('node:test');
const limits = require('../../lib/common/limits');
const { Tree } = require('../../lib/tree/tree');
const { consumer, FakeMediasoup } = require('../helpers/fake');

// Calls run() with the consumer's object, its node's layers, and `reads`, how often each member was read.
function withConsumer(members, run) {
  const mediasoup = new FakeMediasoup();
  const tree = new Tree(mediasoup);
  const { transport: parent } = mediasoup.room(0);
  const reads = { currentLayers: 0, preferredLayers: 0 };
  const now = { currentLayers: undefined, preferredLayers: undefined, ...members };
  const getter = (name) => ({
    get() {
      reads[name] += 1;
      if (now[name] instanceof Error) throw now[name];
      return now[name];
    },
  });
  const object = { type: 'simulcast' };
  if (members.type !== undefined) object.type = members.type;
  const layered = Object.defineProperties({}, { currentLayers: getter('currentLayers'), preferredLayers: getter('preferredLayers') });
  const made = consumerWith(parent, object, layered);
  const [worker] = tree.workers;
  const [transport] = [...[...worker.children][0].children];
  const [node] = transport.children;
  run({ layers: node.layers, now, object: made, reads });
  tree.detach();
  return made;
}

// Makes a consumer whose layers are getters when the tree first sees it.
function consumerWith(parent, members, layered) {
  const { adopt } = parent;
  parent.adopt = (event, child) => adopt.call(parent, event, Object.defineProperties(child, Object.getOwnPropertyDescriptors(layered)));
  return consumer(parent, members);
}

const memberOf = (layers) => JSON.parse(`{${layers.turn().slice(1)}}`);
const layer = (spatialLayer, temporalLayer) => ({ spatialLayer, temporalLayer });

test('both are read when the consumer appears', () => {
  withConsumer({ currentLayers: layer(1, 2), preferredLayers: layer(2, 0) }, ({ layers, reads }) => {
    assert.deepStrictEqual(reads, { currentLayers: 1, preferredLayers: 1 });
    assert.deepStrictEqual(memberOf(layers), { currentLayers: layer(1, 2), preferredLayers: layer(2, 0) });
  });
});

test('the current ones follow layerschange and are never read again', () => {
  withConsumer({ preferredLayers: layer(2, 2) }, ({ layers, now, object, reads }) => {
    assert.deepStrictEqual(memberOf(layers), { preferredLayers: layer(2, 2) });
    now.preferredLayers = layer(1, 1);
    object.observer.emit('layerschange', layer(0, 1));
    assert.deepStrictEqual(memberOf(layers), { currentLayers: layer(0, 1), preferredLayers: layer(1, 1) });
    object.observer.emit('layerschange', undefined);
    assert.deepStrictEqual(memberOf(layers), { preferredLayers: layer(1, 1) });
    for (let i = 0; i < 100; i += 1) layers.turn();
    assert.strictEqual(reads.currentLayers, 1);
  });
});

test('the preferred ones are read again once in six snapshots', () => {
  withConsumer({ preferredLayers: layer(2, 2) }, ({ layers, now, reads }) => {
    now.preferredLayers = layer(1, 2);
    let rows = 1;
    while (memberOf(layers).preferredLayers.spatialLayer === 2) rows += 1;
    assert.ok(rows <= limits.PREFERRED_TURNS, `${rows} rows`);
    reads.preferredLayers = 0;
    for (let i = 0; i < 10 * limits.PREFERRED_TURNS; i += 1) layers.turn();
    assert.strictEqual(reads.preferredLayers, 10);
  });
});

test('consumers take turns: in each snapshot a sixth of them is read', () => {
  const all = [];
  const collect = (run) => withConsumer({ preferredLayers: layer(0, 0) }, run);
  for (let i = 0; i < 5 * limits.PREFERRED_TURNS; i += 1) collect(({ layers, reads }) => all.push({ layers, reads }));
  for (let snapshot = 0; snapshot < 2 * limits.PREFERRED_TURNS; snapshot += 1) {
    for (const { reads } of all) reads.preferredLayers = 0;
    for (const { layers } of all) layers.turn();
    assert.strictEqual(all.reduce((sum, { reads }) => sum + reads.preferredLayers, 0), 5);
  }
});

test('what is no layers is unknown', () => {
  const wrong = [undefined, null, 7, 'x', {}, { spatialLayer: null }, { spatialLayer: '1' }, { temporalLayer: 1 }, new Error('no')];
  for (const value of wrong) {
    withConsumer({ currentLayers: value, preferredLayers: value }, ({ layers, object }) => {
      assert.strictEqual(layers.turn(), '');
      object.observer.emit('layerschange', value instanceof Error ? undefined : value);
      assert.strictEqual(layers.turn(), '');
    });
  }
  withConsumer({ preferredLayers: { spatialLayer: 1, temporalLayer: null, more: 1 } }, ({ layers }) => {
    assert.deepStrictEqual(memberOf(layers), { preferredLayers: { spatialLayer: 1 } });
  });
});

test('a getter that throws later takes nothing but its member', () => {
  withConsumer({ currentLayers: layer(1, 1), preferredLayers: layer(1, 1) }, ({ layers, now, object }) => {
    now.preferredLayers = new Error('no');
    object.observer.emit('layerschange', layer(0, 0));
    assert.deepStrictEqual(memberOf(layers), { currentLayers: layer(0, 0) });
  });
});

test('other consumers have no layers, and nothing of them is read', () => {
  for (const type of ['simple', 'pipe']) {
    withConsumer({ type, preferredLayers: layer(1, 1) }, ({ layers, object, reads }) => {
      assert.deepStrictEqual([layers, reads], [undefined, { currentLayers: 0, preferredLayers: 0 }]);
      assert.strictEqual(object.observer.listenerCount('layerschange'), 0);
    });
  }
});

test('a consumer whose type cannot be read has no layers, and is seen all the same', () => {
  const mediasoup = new FakeMediasoup();
  const tree = new Tree(mediasoup);
  const { transport: parent } = mediasoup.room(0);
  consumerWith(parent, {}, Object.defineProperty({}, 'type', {
    get() {
      throw new Error('no');
    },
  }));
  assert.strictEqual(tree.counts.consumer, 1);
  tree.detach();
});

test('a consumer that has closed has no listener left', () => {
  const object = withConsumer({ type: 'svc' }, ({ object: one }) => assert.strictEqual(one.observer.listenerCount('layerschange'), 1));
  assert.strictEqual(object.observer.listenerCount('layerschange'), 0);
});
