// SPDX-License-Identifier: MIT
'use strict';

// What snapshots show of connections and layers, with a fake mediasoup over a real socket.

const assert = require('assert');
const { spawnSync } = require('child_process');
const path = require('path');
const { test } = require('node:test');
const { serve } = require('..');
const trees = require('../lib/tree/trees');
const { eventually, temporaryFolder } = require('./helpers/application');
const { FakeClock } = require('./helpers/clock');
const { withEndpoint } = require('./helpers/endpoint');
const { consumer, transport, webRtcTransport } = require('./helpers/fake');
const { snapshot } = require('./helpers/snapshot');

const CONNECTED = ['ice connected', 'dtls connecting', 'dtls connected'];

// Calls run() with an endpoint whose tree has a fake clock, and a router in it.
function withRouter(options, run) {
  return withEndpoint(options, async ({ mediasoup, socket, folder }) => {
    const tree = trees.acquire(mediasoup);
    trees.release(tree);
    const clock = new FakeClock();
    tree.connections.clock = clock;
    const worker = mediasoup.createWorker({ zone: 'a' });
    const router = worker.router({ appData: { roomId: 'r' } });
    await run({ clock, folder, mediasoup, router, socket, tree, worker });
  });
}

const countersOf = ({ endpoint }) => [
  endpoint.webRtcTransportsCreated,
  endpoint.webRtcTransportsConnected,
  endpoint.webRtcTransportsLeft,
  endpoint.webRtcTransportsLost,
  endpoint.webRtcTransportsDtlsFailed,
  endpoint.webRtcTransportsNeverConnected,
  endpoint.events,
];

test('rows of WebRTC transports show their connections, others show none', async () => {
  await withRouter({}, async ({ clock, router, socket }) => {
    const names = ['unused', 'connecting', 'stuck', 'connected', 'disconnected', 'lost', 'left', 'dtls_failed'];
    const all = Object.fromEntries(names.map((name) => [name, webRtcTransport(router, { id: name })]));
    transport(router, { type: 'plain', id: 'plain' });
    all.stuck.ask();
    clock.pass(1000);
    for (const name of ['connected', 'disconnected', 'lost', 'left']) {
      all[name].tell('ice connected');
      all[name].observer.emit('iceselectedtuplechange', { protocol: name === 'lost' ? 'tcp' : 'udp' });
    }
    clock.pass(340);
    for (const name of ['connected', 'disconnected', 'lost', 'left']) all[name].tell('dtls connected');
    all.lost.tell('ice disconnected');
    all.left.tell('dtls closed');
    all.dtls_failed.tell('dtls connecting', 'dtls failed');
    clock.pass(29000);
    all.disconnected.tell('ice disconnected');
    all.connecting.ask();
    clock.pass(1000);
    const made = await snapshot(socket);
    const connections = Object.fromEntries(made.of('transports').map(({ transportId, connection }) => [transportId, connection]));
    assert.deepStrictEqual(connections, { ...Object.fromEntries(names.map((name) => [name, name])), plain: undefined });
    const times = Object.fromEntries(made.of('transports').map((row) => [row.transportId, [row.connectTime, row.protocol]]));
    const none = [undefined, undefined];
    assert.deepStrictEqual(times, {
      unused: none, connecting: none, stuck: none, dtls_failed: none, plain: none,
      connected: [340, 'udp'], disconnected: [340, 'udp'], lost: [340, 'tcp'], left: [340, 'udp'],
    });
    assert.deepStrictEqual(countersOf(made), [8, 4, 1, 1, 1, 0, 7]);
    assert.strictEqual(made.end.counts.connections, undefined);
  });
});

test('events come when they are asked for, from the number on that is asked for', async () => {
  await withRouter({}, async ({ clock, router, socket }) => {
    const [one, other] = [webRtcTransport(router, { appData: { peerId: 'p' } }), webRtcTransport(router)];
    assert.deepStrictEqual((await snapshot(socket, undefined, 0)).of('connections'), []);
    one.tell(...CONNECTED);
    other.tell('ice connected');
    clock.pass(6000);
    one.close();
    other.close();
    const numbersOf = async (...asked) => {
      const made = await snapshot(socket, ...asked);
      assert.deepStrictEqual(countersOf(made), [2, 1, 1, 0, 0, 1, 3]);
      return made.of('connections').map(({ number }) => number);
    };
    assert.deepStrictEqual(await numbersOf(), []);
    assert.deepStrictEqual(await numbersOf('consumers'), []);
    assert.deepStrictEqual(await numbersOf(undefined, 0), [1, 2, 3]);
    assert.deepStrictEqual(await numbersOf('consumers', 1), [2, 3]);
    assert.deepStrictEqual(await numbersOf('usage', 3), []);
    assert.deepStrictEqual(await numbersOf(undefined, 999), []);
    const all = await Promise.all([0, 1, 2, 3, 0].map((events) => numbersOf(undefined, events)));
    assert.deepStrictEqual(all, [[1, 2, 3], [2, 3], [3], [], [1, 2, 3]], 'readers do not share what they must not');
    const { of, end } = await snapshot(socket, undefined, 0);
    assert.strictEqual(end.counts.connections, 3);
    assert.deepStrictEqual(of('connections').map(({ event, transportId, appData }) => [event, transportId, appData]), [
      ['connected', one.id, { peerId: 'p', roomId: 'r', zone: 'a' }],
      ['left', one.id, { peerId: 'p', roomId: 'r', zone: 'a' }],
      ['never_connected', other.id, { roomId: 'r', zone: 'a' }],
    ]);
  });
});

test('an endpoint beside another has events of its own, with its own option appData', async () => {
  await withRouter({}, async ({ folder, mediasoup, router, socket, tree }) => {
    webRtcTransport(router).tell(...CONNECTED);
    const other = await serve({ mediasoup, socket: path.join(folder, 'other.sock'), appData: ['zone'] });
    const second = webRtcTransport(router);
    second.tell(...CONNECTED);
    const of = async (where) => (await snapshot(where, undefined, 0)).of('connections').map(({ number, appData }) => [number, appData]);
    assert.deepStrictEqual(await of(socket), [[1, { roomId: 'r', zone: 'a' }], [2, { roomId: 'r', zone: 'a' }]]);
    assert.deepStrictEqual(await of(other.socket), [[1, { zone: 'a' }]]);
    assert.strictEqual(tree.connections.listeners.size, 2);
    await other.close();
    assert.strictEqual(tree.connections.listeners.size, 1, 'a closed endpoint keeps no more events');
    second.close();
    assert.strictEqual((await snapshot(socket, undefined, 2)).of('connections').length, 1);
  });
});

test('megabytes of events reach a reader, within the bounds', async () => {
  await withRouter({}, async ({ router, socket }) => {
    const text = 'x'.repeat(15000);
    for (let i = 0; i < 400; i += 1) webRtcTransport(router, { appData: { text } }).tell(...CONNECTED);
    await eventually(async () => assert.strictEqual((await snapshot(socket, 'usage')).endpoint.events, 400));
    const { of, text: all } = await snapshot(socket, 'usage', 0);
    const events = of('connections');
    assert.ok(events.length > 270 && events.length < 280, `${events.length}`);
    assert.strictEqual(events[events.length - 1].number, 400);
    assert.ok(all.length > 4e6 && events.every(({ appData }) => appData.text === text));
  });
});

test('a worker that dies ends no connection', async () => {
  await withRouter({}, async ({ clock, router, socket, worker }) => {
    webRtcTransport(router).tell(...CONNECTED);
    webRtcTransport(router).tell('ice connected');
    clock.pass(10000);
    worker.die();
    const made = await snapshot(socket, undefined, 0);
    assert.deepStrictEqual(countersOf(made), [2, 1, 0, 0, 0, 0, 1]);
    assert.strictEqual(made.endpoint.workerDeaths, 1);
  });
});

test('nothing that is still to be looked at keeps the process alive', () => {
  const socket = path.join(temporaryFolder(), 's.sock');
  const { status, stderr } = spawnSync(process.execPath, [require.resolve('./helpers/leaving'), socket], { timeout: 25000 });
  assert.deepStrictEqual([status, String(stderr)], [0, '']);
});

test('rows of consumers show their layers', async () => {
  await withRouter({}, async ({ router, socket }) => {
    const parent = transport(router);
    const layers = (spatialLayer, temporalLayer) => ({ spatialLayer, temporalLayer });
    const both = consumer(parent, { type: 'simulcast', paused: true, currentLayers: layers(1, 2), preferredLayers: layers(2, 2) });
    const none = consumer(parent, { type: 'svc', currentLayers: null, preferredLayers: undefined });
    const simple = consumer(parent, { preferredLayers: layers(0, 0) });
    const of = async (object) => {
      const [{ paused, currentLayers, preferredLayers }] = (await snapshot(socket)).by('consumerId', object.id);
      return [paused, currentLayers, preferredLayers];
    };
    assert.deepStrictEqual(await of(both), [true, layers(1, 2), layers(2, 2)]);
    assert.deepStrictEqual(await of(none), [false, undefined, undefined]);
    assert.deepStrictEqual(await of(simple), [false, undefined, undefined]);
    both.paused = false;
    both.observer.emit('layerschange', layers(0, 0));
    both.preferredLayers = layers(1, 1);
    assert.deepStrictEqual((await of(both)).slice(0, 2), [false, layers(0, 0)]);
    await eventually(async () => assert.deepStrictEqual((await of(both))[2], layers(1, 1)));
    both.observer.emit('layerschange', undefined);
    assert.deepStrictEqual(await of(both), [false, undefined, layers(1, 1)]);
  });
});
