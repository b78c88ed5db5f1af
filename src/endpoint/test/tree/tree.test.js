// SPDX-License-Identifier: MIT
'use strict';

// The tree follows the objects that come and go, and leaves nothing behind.

const assert = require('assert');
const { test } = require('node:test');
const { Tree } = require('../../lib/tree/tree');
const { execFileSync } = require('child_process');
const { turn } = require('../../lib/common/event_loop');
const trees = require('../../lib/tree/trees');
const { consumer, FakeMediasoup, FakeObject, producer, transport } = require('../helpers/fake');

function tree() {
  const mediasoup = new FakeMediasoup();
  return { mediasoup, tree: trees.acquire(mediasoup) };
}

test('counts on every level follow the objects that come and go', () => {
  const { mediasoup, tree: { counts, workers }, tree: whole } = tree();
  const { worker, router, transport: parent } = mediasoup.room(3);
  producer(parent);
  router.adopt('newrtpobserver', new FakeObject('rtpObserver'));
  worker.adopt('newwebrtcserver', new FakeObject('webRtcServer'));
  const expected = { router: 1, transport: 1, producer: 1, consumer: 3, rtpObserver: 1, webRtcServer: 1 };
  for (const [kind, count] of Object.entries(expected)) assert.strictEqual(counts[kind], count, kind);
  assert.deepStrictEqual([...workers][0].counts, counts);
  parent.close();
  assert.deepStrictEqual([counts.transport, counts.producer, counts.consumer], [0, 0, 0]);
  worker.close();
  assert.ok(Object.values(counts).every((count) => count === 0));
  assert.strictEqual(workers.size, 0);
  trees.release(whole);
});

test('a worker gets the lowest free slot', () => {
  const { mediasoup, tree: whole } = tree();
  const slots = () => [...whole.workers].map(({ slot }) => slot);
  const [first, second] = [mediasoup.createWorker(), mediasoup.createWorker(), mediasoup.createWorker()];
  assert.deepStrictEqual(slots(), [0, 1, 2]);
  second.close();
  first.close();
  assert.deepStrictEqual(slots(), [2]);
  mediasoup.createWorker();
  mediasoup.createWorker();
  mediasoup.createWorker();
  assert.deepStrictEqual(slots().sort(), [0, 1, 2, 3]);
  trees.release(whole);
});

test('a worker that exits in order has not died, one that a signal ends has', () => {
  const mediasoup = new FakeMediasoup();
  const tree = new Tree(mediasoup);
  const ends = (text) => {
    const worker = mediasoup.createWorker();
    worker.emit('died', text === undefined ? undefined : new Error(text));
    assert.strictEqual(tree.workers.size, 0);
    return tree.workerDeaths;
  };
  assert.strictEqual(ends('[pid:7, code:0, signal:null]'), 0);
  assert.strictEqual(ends('[pid:7, code:null, signal:SIGTERM]'), 1);
  assert.strictEqual(ends('[pid:7, code:1, signal:null]'), 2);
  assert.strictEqual(ends(undefined), 3);
  tree.detach();
});

test('deaths are counted, whether died comes before close or after, and closing is not', async () => {
  const { mediasoup, tree: whole } = tree();
  mediasoup.createWorker().close();
  mediasoup.createWorker().die();
  const other = mediasoup.createWorker();
  other.emit('died', new Error('died'));
  other.close();
  assert.strictEqual(whole.workerDeaths, 2);
  assert.strictEqual(whole.workers.size, 0);
  await turn();
  assert.strictEqual(other.listenerCount('died'), 0);
  trees.release(whole);
});

test('RTP observers and producers know each other until either closes', () => {
  const { mediasoup, tree: whole } = tree();
  const router = mediasoup.createWorker().router();
  const parent = transport(router);
  const [a, b] = [producer(parent), producer(parent)];
  const watcher = router.adopt('newrtpobserver', new FakeObject('rtpObserver'));
  const watchedBy = (object) => [...(whole.producers.get(object).watched || [])].map((node) => node.object.id);
  watcher.observer.emit('addproducer', a);
  watcher.observer.emit('addproducer', b);
  watcher.observer.emit('addproducer', undefined);
  assert.deepStrictEqual(watchedBy(a), [watcher.id]);
  watcher.observer.emit('removeproducer', a);
  watcher.observer.emit('removeproducer', undefined);
  assert.deepStrictEqual([watchedBy(a), watchedBy(b)], [[], [watcher.id]]);
  a.close();
  watcher.close();
  assert.deepStrictEqual(watchedBy(b), []);
  trees.release(whole);
});

test('objects that are closed already, or below something closed, are not kept', () => {
  const { mediasoup, tree: whole } = tree();
  const { router, transport: parent } = mediasoup.room(0);
  consumer(parent, { closed: true });
  const before = parent.observer.listeners('newconsumer');
  parent.close();
  for (const listener of before) listener(new FakeObject('consumer'));
  router.close();
  assert.strictEqual(whole.counts.consumer, 0);
  trees.release(whole);
});

test('no listener is left on closed objects, nor on any object after release', async () => {
  const { mediasoup, tree: whole } = tree();
  const { worker, router, transport: parent, consumers } = mediasoup.room(2);
  const all = [worker, router, parent, ...consumers];
  const listening = () =>
    all.flatMap((object) => object.observer.eventNames().flatMap((event) => object.observer.listeners(event)))
      .filter((listener) => listener.length === 0).length;
  assert.ok(listening() > all.length);
  const ours = () => mediasoup.observer.listenerCount('newworker');
  assert.strictEqual(ours(), 1);
  assert.strictEqual(trees.acquire(mediasoup), whole, 'shared');
  trees.release(whole);
  assert.strictEqual(ours(), 1);
  trees.release(whole);
  assert.strictEqual(ours(), 0);
  await turn();
  // fake.js itself has one listener on each child.
  assert.strictEqual(listening(), all.length - 1);
  assert.strictEqual(worker.listenerCount('died'), 0);
});

test('a handler of ours that throws is a warning and nothing more', async () => {
  const { mediasoup, tree: whole } = tree();
  const warned = new Promise((resolve) => process.once('warning', resolve));
  mediasoup.observer.emit('newworker', { observer: undefined });
  assert.strictEqual((await warned).code, 'WARN_INTERNAL');
  const odd = new FakeObject('transport');
  Object.defineProperty(odd, 'type', {
    get() {
      throw new Error('no');
    },
  });
  mediasoup.createWorker().router().adopt('newtransport', odd);
  assert.strictEqual(whole.counts.transport, 0);
  assert.strictEqual(odd.observer.listenerCount('newconsumer'), 0);
  mediasoup.room(1);
  assert.strictEqual(whole.counts.consumer, 1);
  trees.release(whole);
});

test('100,000 objects that come and go leave nothing behind', () => {
  const script = require.resolve('../helpers/leak.js');
  const { grown, counts } = JSON.parse(execFileSync(process.execPath, ['--expose-gc', script]));
  assert.ok(Object.values(counts).every((count) => count === 0));
  assert.ok(grown < 1024 * 1024, `${grown} bytes more`);
});
