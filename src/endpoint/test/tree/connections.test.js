// SPDX-License-Identifier: MIT
'use strict';

// The connections of a tree's WebRTC transports, with a fake mediasoup and a fake clock.

const assert = require('assert');
const { test } = require('node:test');
const { turn } = require('../../lib/common/event_loop');
const limits = require('../../lib/common/limits');
const { Connections } = require('../../lib/tree/connections');
const { Tree } = require('../../lib/tree/tree');
const { FakeClock } = require('../helpers/clock');
const { FakeMediasoup, transport, webRtcTransport } = require('../helpers/fake');

// Returns a tree with a fake clock, a router in it, and what has `happened` as [seconds, transport's id, event].
function watched() {
  const mediasoup = new FakeMediasoup();
  const tree = new Tree(mediasoup);
  const clock = new FakeClock();
  tree.connections.clock = clock;
  const began = clock.time;
  const happened = [];
  tree.connections.listeners.add((node, event) => happened.push([(clock.time - began) / 1000, node.object.id, event]));
  const worker = mediasoup.createWorker();
  return { clock, happened, mediasoup, router: worker.router(), tree, worker };
}

const watchOf = (tree, object) =>
  [...tree.workers].flatMap(({ children }) => [...children]).flatMap(({ children }) => [...children])
    .find((node) => node.object === object).connection;

const CONNECTED = ['ice connected', 'dtls connecting', 'dtls connected'];

test('each outcome is counted and told at its time', () => {
  const { clock, happened, router, tree } = watched();
  const names = ['left', 'closed', 'lost', 'cut', 'back', 'failed', 'never', 'turned', 'unasked'];
  const all = Object.fromEntries(names.map((name) => [name, webRtcTransport(router, { id: name })]));
  transport(router, { type: 'plain' }).observer.emit('dtlsstatechange', 'failed');
  clock.pass(1000);
  for (const name of ['left', 'closed', 'lost', 'cut', 'back']) all[name].tell(...CONNECTED);
  all.failed.tell('dtls connecting', 'dtls failed', 'dtls connecting', 'dtls failed');
  all.never.ask();
  clock.pass(1000);
  for (const name of ['lost', 'cut', 'back']) all[name].tell('ice disconnected');
  all.left.tell('dtls closed');
  all.turned.ask();
  clock.pass(5000);
  for (const name of ['closed', 'cut', 'never', 'turned', 'unasked']) all[name].close();
  all.back.tell('ice completed');
  clock.pass(40000);
  all.left.tell('ice disconnected');
  clock.pass(40000);
  for (const name of names) all[name].close();
  assert.deepStrictEqual(happened, [
    [1, 'left', 'connected'], [1, 'closed', 'connected'], [1, 'lost', 'connected'], [1, 'cut', 'connected'], [1, 'back', 'connected'],
    [1, 'failed', 'dtls_failed'],
    [2, 'left', 'left'],
    [7, 'closed', 'left'], [7, 'cut', 'lost'], [7, 'never', 'never_connected'],
    [32, 'lost', 'lost'],
    [87, 'back', 'left'],
  ]);
  const { counts, created } = tree.connections;
  assert.deepStrictEqual({ created, ...counts }, { created: 9, connected: 5, left: 3, lost: 2, dtls_failed: 1, never_connected: 1 });
  tree.detach();
});

test('the role is looked at once a second in the first minute until it is known, and then in snapshots only', () => {
  const { clock, router, tree } = watched();
  let looks = 0;
  let role = 'auto';
  const object = webRtcTransport(router);
  Object.defineProperty(object, 'dtlsParameters', {
    get() {
      looks += 1;
      return { role };
    },
  });
  const watch = watchOf(tree, object);
  clock.pass(10500);
  assert.strictEqual(looks, 10);
  clock.pass(100000);
  assert.ok(looks === 59 || looks === 60, `${looks} looks`);
  assert.deepStrictEqual([clock.timers.size, tree.connections.young.size], [0, 0], 'nothing is left to be looked at');
  looks = 0;
  assert.strictEqual(watch.state(), 'unused');
  role = 'client';
  assert.deepStrictEqual([watch.state(), watch.state(), looks], ['connecting', 'connecting', 2]);
  clock.pass(29999);
  assert.strictEqual(watch.state(), 'connecting');
  clock.pass(1);
  assert.deepStrictEqual([watch.state(), looks], ['stuck', 2]);
  const young = webRtcTransport(router);
  clock.pass(1000);
  young.ask();
  clock.pass(2000);
  assert.deepStrictEqual([watchOf(tree, young).connection.askedAt, clock.timers.size], [clock.time - 1000, 0]);
  tree.detach();
});

test('an event tells as well that the transport was asked, and no getter is read any more', () => {
  const { clock, router, tree } = watched();
  const object = webRtcTransport(router, { dtlsParameters: undefined });
  Object.defineProperty(object, 'dtlsParameters', { get: () => assert.fail('read') });
  object.tell('ice connected');
  assert.strictEqual(watchOf(tree, object).state(), 'connecting');
  clock.pass(5000);
  assert.strictEqual(clock.started, 1);
  tree.detach();
});

test('a role that cannot be read is unknown', () => {
  const { clock, router, tree } = watched();
  const roles = [undefined, null, 7, {}, { role: undefined }, { role: 1 }];
  const objects = roles.map((dtlsParameters) => webRtcTransport(router, { dtlsParameters }));
  const throwing = webRtcTransport(router);
  Object.defineProperty(throwing, 'dtlsParameters', {
    get() {
      throw new Error('no');
    },
  });
  clock.pass(3000);
  for (const object of [...objects, throwing]) assert.strictEqual(watchOf(tree, object).state(), 'unused');
  tree.detach();
});

test('only so many transports are looked at in a second, and all in turns', () => {
  const { clock, router, tree } = watched();
  let looks = 0;
  const seen = new Set();
  for (let i = 0; i < 3 * limits.LOOKS; i += 1) {
    Object.defineProperty(webRtcTransport(router), 'dtlsParameters', {
      get() {
        looks += 1;
        seen.add(i);
        return { role: 'auto' };
      },
    });
  }
  clock.pass(1000);
  assert.deepStrictEqual([looks, seen.size], [limits.LOOKS, limits.LOOKS]);
  clock.pass(2000);
  assert.deepStrictEqual([looks, seen.size], [3 * limits.LOOKS, 3 * limits.LOOKS]);
  tree.detach();
});

test('the protocol is that of the selected tuple', () => {
  const { router, tree } = watched();
  const object = webRtcTransport(router);
  const watch = watchOf(tree, object);
  const select = (tuple) => {
    object.observer.emit('iceselectedtuplechange', tuple);
    return watch.protocol;
  };
  assert.deepStrictEqual([undefined, null, {}, { protocol: 'sctp' }].map(select), [undefined, undefined, undefined, undefined]);
  assert.deepStrictEqual([{ protocol: 'tcp' }, { protocol: 'udp' }, {}].map(select), ['tcp', 'udp', 'udp']);
  tree.detach();
});

// How a worker may end, and how many of its transports have an end.
const ENDS = {
  'it dies in mediasoup 3.7': [(worker) => worker.die(), 0],
  'it dies in mediasoup 3.13 or later': [(worker) => worker.dieAsLater(), 0],
  'it exits by itself in order': [(worker) => worker.dieAsLater(new Error('[pid:7, code:0, signal:null]')), 0],
  'the application closes it': [(worker) => worker.close(), 3],
  'the application closes its router': [(worker, router) => router.close(), 3],
};

for (const [name, [end, ends]] of Object.entries(ENDS)) {
  test(`the ends of a worker's transports when ${name}`, async () => {
    const { clock, happened, router, tree, worker } = watched();
    const [connected, cut, never] = ['connected', 'cut', 'never'].map((id) => webRtcTransport(router, { id }));
    for (const object of [connected, cut]) object.tell(...CONNECTED);
    never.tell('ice connected');
    clock.pass(9000);
    cut.tell('ice disconnected');
    clock.pass(1000);
    happened.length = 0;
    end(worker, router);
    await undefined;
    clock.pass(100000);
    await turn();
    const expected = [[10, 'connected', 'left'], [10, 'cut', 'lost'], [10, 'never', 'never_connected']];
    assert.deepStrictEqual(happened.map(([, ...rest]) => rest), expected.slice(0, ends).map(([, ...rest]) => rest));
    tree.detach();
  });
}

test('nothing happens to transports when the endpoint closes, and no timer or listener is left', () => {
  const { clock, happened, router, tree } = watched();
  const [connected, cut, young] = [1, 2, 3].map(() => webRtcTransport(router));
  for (const object of [connected, cut]) object.tell(...CONNECTED);
  cut.tell('ice disconnected');
  assert.strictEqual(clock.timers.size, 1);
  happened.length = 0;
  tree.detach();
  assert.strictEqual(clock.timers.size, 0);
  for (const object of [connected, cut, young]) {
    for (const event of ['icestatechange', 'dtlsstatechange', 'iceselectedtuplechange']) {
      assert.strictEqual(object.observer.listenerCount(event), 0, event);
    }
    object.close();
  }
  assert.deepStrictEqual(happened, []);
});

test('a closed transport leaves no listener, and is looked at no more', () => {
  const { clock, router, tree } = watched();
  const [cut, young] = [webRtcTransport(router), webRtcTransport(router)];
  cut.tell(...CONNECTED, 'ice disconnected');
  for (const object of [cut, young]) {
    object.close();
    for (const event of ['icestatechange', 'dtlsstatechange', 'iceselectedtuplechange']) {
      assert.strictEqual(object.observer.listenerCount(event), 0, event);
    }
  }
  assert.deepStrictEqual([tree.connections.young.size, tree.connections.cut.size], [0, 0]);
  clock.pass(60000);
  assert.strictEqual(clock.timers.size, 0);
  tree.detach();
});

test('thousands that are cut at once are lost at once, with one timer', () => {
  const { clock, router, tree } = watched();
  const all = Array.from({ length: 5000 }, () => webRtcTransport(router));
  for (const object of all) object.tell(...CONNECTED);
  clock.pass(1000);
  const { started } = clock;
  all.forEach((object, i) => {
    if (i % 100 === 0) clock.pass(1);
    object.tell('ice disconnected');
  });
  assert.strictEqual(clock.started, started + 1);
  clock.pass(limits.LOST_MS);
  assert.strictEqual(tree.connections.counts.lost, 5000);
  assert.strictEqual(clock.timers.size, 0);
  tree.detach();
});

test('the real clock\'s timer does not keep the process alive', () => {
  const connections = new Connections();
  const timer = connections.clock.start(() => {}, 100000);
  assert.strictEqual(timer.hasRef(), false);
  connections.clock.stop(timer);
});
