// SPDX-License-Identifier: MIT
'use strict';

// The rows of what happens to connections, with a fake mediasoup.

const assert = require('assert');
const { test } = require('node:test');
const { turn } = require('../../lib/common/event_loop');
const limits = require('../../lib/common/limits');
const { ConnectionEvents } = require('../../lib/snapshot/connection_events');
const { Tree } = require('../../lib/tree/tree');
const { FakeClock } = require('../helpers/clock');
const { FakeMediasoup, webRtcTransport } = require('../helpers/fake');
const { faults } = require('../helpers/schema');

// Calls run() with the events of a tree, whose worker, router and transports have this appData.
async function withEvents({ allow, appData = {} }, run) {
  const mediasoup = new FakeMediasoup();
  const tree = new Tree(mediasoup);
  const clock = new FakeClock();
  tree.connections.clock = clock;
  const events = new ConnectionEvents(allow);
  tree.connections.listeners.add((node, event) => events.add(node, event));
  mediasoup.createWorker();
  const router = mediasoup.createWorker(appData.worker).router({ appData: appData.router });
  const make = (members) => webRtcTransport(router, { appData: appData.transport, ...members });
  await run({ clock, events, make, router });
  tree.detach();
}

const connect = (object) => object.tell('ice connected', 'dtls connecting', 'dtls connected');

// Resolves with the rows after a number, once all are made, each checked against the schema.
async function rowsOf(events, number = 0) {
  while (events.newest < events.number) await turn();
  return events.after(number).map((text) => {
    assert.ok(text.endsWith('}\n'));
    const row = JSON.parse(text);
    assert.deepStrictEqual(faults(row), [], text);
    return row;
  });
}

test('a row has all that is known of an event', async () => {
  await withEvents({}, async ({ clock, events, make, router }) => {
    const [one, other] = [make(), make()];
    assert.deepStrictEqual([events.newest, events.after(0)], [0, []]);
    const before = Date.now();
    one.tell('ice connected');
    one.observer.emit('iceselectedtuplechange', { protocol: 'tcp' });
    clock.pass(250);
    one.tell('dtls connected');
    other.tell('ice connected');
    clock.pass(5000);
    other.close();
    one.close();
    const rows = await rowsOf(events);
    const times = rows.map(({ time }) => time);
    assert.ok(times.every((time) => time >= before && time <= Date.now()), `${times}`);
    const of = (object) => ({ row: 'connections', transportId: object.id, routerId: router.id, worker: 1, transportType: 'webrtc' });
    assert.deepStrictEqual(rows.map(({ time, ...row }) => row), [
      { ...of(one), number: 1, event: 'connected', connectTime: 250, protocol: 'tcp' },
      { ...of(other), number: 2, event: 'never_connected' },
      { ...of(one), number: 3, event: 'left', protocol: 'tcp' },
    ]);
    assert.deepStrictEqual([(await rowsOf(events, 2)).length, (await rowsOf(events, 3)).length, events.newest], [1, 0, 3]);
  });
});

const LARGE = 'x'.repeat(9000);
const deep = (levels) => (levels === 0 ? 'bottom' : { in: deep(levels - 1) });

// [what, appData of the three, option appData, expected appData, truncated]
const APP_DATA = [
  ['none', {}, undefined, undefined, undefined],
  ['the transport\'s alone', { transport: { peerId: 'p' } }, undefined, { peerId: 'p' }, undefined],
  ['the worker\'s alone', { worker: { zone: 'a' } }, undefined, { zone: 'a' }, undefined],
  ['all three', { worker: { zone: 'a' }, router: { roomId: 'r' }, transport: { peerId: 'p' } }, undefined, { peerId: 'p', roomId: 'r', zone: 'a' }, undefined],
  ['own keys win', { worker: { a: 1, b: 1, c: 1 }, router: { a: 2, b: 2 }, transport: { a: 3 } }, undefined, { a: 3, b: 2, c: 1 }, undefined],
  ['a list of keys', { worker: { a: 1, z: 1 }, router: { b: 2, z: 2 }, transport: { c: 3, z: 3 } }, ['a', 'c'], { c: 3, a: 1 }, undefined],
  ['an own value of null wins', { router: { a: 1 }, transport: { a: null } }, undefined, { a: null }, undefined],
  ['a key named __proto__', { router: JSON.parse('{"__proto__":{"a":1}}'), transport: { b: 1 } }, undefined, JSON.parse('{"b":1,"__proto__":{"a":1}}'), undefined],
  ['hostile values', { router: { big: BigInt(7), get bad() { throw new Error('no'); } }, transport: { n: NaN } }, undefined, { n: null, big: '7', bad: '[unreadable]' }, undefined],
  ['too much together', { router: { above: LARGE }, transport: { own: LARGE } }, undefined, { own: LARGE }, true],
  ['too much of one', { router: { a: 'x'.repeat(20000), b: 1 }, transport: { c: 1 } }, undefined, { c: 1, b: 1 }, true],
  ['16 levels', { router: { deep: deep(15) }, transport: { a: 1 } }, undefined, { a: 1, deep: deep(15) }, undefined],
];

for (const [what, appData, allow, expected, truncated] of APP_DATA) {
  test(`appData: ${what}`, async () => {
    await withEvents({ allow, appData }, async ({ events, make }) => {
      connect(make());
      const [row] = await rowsOf(events);
      assert.deepStrictEqual([row.appData, row.appDataTruncated], [expected, truncated]);
    });
  });
}

test('appData is that of the moment, and the function of the option sees each of the three', async () => {
  const asked = [];
  const allow = (appData, { class: ofClass, id }) => {
    asked.push([ofClass, id]);
    return { [ofClass]: appData.name };
  };
  await withEvents({ allow, appData: { worker: { name: 'w' }, router: { name: 'r' } } }, async ({ events, make, router }) => {
    const object = make({ appData: { name: 'early' } });
    connect(object);
    await rowsOf(events);
    object.appData = { name: 'late' };
    object.tell('dtls closed');
    await rowsOf(events);
    object.appData = {};
    const texts = (await rowsOf(events)).map(({ appData }) => appData);
    assert.deepStrictEqual(texts, ['early', 'late'].map((name) => ({ transports: name, routers: 'r', workers: 'w' })));
    assert.deepStrictEqual(asked.slice(0, 3), [['transports', object.id], ['routers', router.id], ['workers', 1]]);
  });
});

test('an event of a transport that throws has a number only, and a warning', async () => {
  await withEvents({}, async ({ events, make }) => {
    const [first, odd, last] = [make(), make(), make()];
    const warned = new Promise((resolve) => process.once('warning', resolve));
    connect(first);
    Object.defineProperty(odd, 'id', {
      get() {
        throw new Error('no');
      },
    });
    connect(odd);
    connect(last);
    assert.deepStrictEqual((await rowsOf(events)).map(({ number }) => number), [1, 3]);
    const { code, message } = await warned;
    assert.deepStrictEqual([code, events.newest], ['WARN_ROW', 3]);
    assert.match(message, /an event of a transport is missing .* threw "no"/);
  });
});

test('an application that throws at warnings as well loses that event only', async () => {
  await withEvents({}, async ({ events, make }) => {
    const [odd, last] = [make(), make()];
    Object.defineProperty(odd, 'id', {
      get() {
        throw new Error(`no ${Math.random()}`);
      },
    });
    const { emitWarning } = process;
    const { now } = Date;
    Date.now = () => now() + 120000; // the same warning is not repeated within a minute
    process.emitWarning = () => {
      throw new Error('no warnings');
    };
    try {
      connect(odd);
      connect(last);
    } finally {
      process.emitWarning = emitWarning;
      Date.now = now;
    }
    assert.deepStrictEqual((await rowsOf(events)).map(({ number }) => number), [2]);
  });
});

// Takes 1 ms to read.
const slow = () => ({
  get slow() {
    const end = process.hrtime.bigint() + BigInt(1e6);
    while (process.hrtime.bigint() < end);
    return { nested: true };
  },
});

test('the rows of many events at once are made in several turns of the event loop, in order', async () => {
  await withEvents({}, async ({ events, make, router }) => {
    const all = Array.from({ length: 60 }, (_, i) => make({ id: `t${i}`, appData: slow() }));
    for (const object of all) object.tell('ice connected', 'dtls connecting', 'dtls connected');
    assert.strictEqual(events.number, 60);
    const atOnce = events.newest;
    assert.ok(atOnce >= 1 && atOnce < 40, `${atOnce} at once`);
    assert.strictEqual(events.after(0).length, atOnce, 'no row before it is made');
    router.close();
    let turns = 0;
    while (events.newest < 120) {
      const before = events.newest;
      await turn();
      turns += 1;
      assert.ok(events.newest - before < 40, `${events.newest - before} in a turn`);
      assert.ok(turns < 1000);
    }
    assert.deepStrictEqual((await rowsOf(events)).map(({ number, event }) => [number, event]),
      Array.from({ length: 120 }, (_, i) => [i + 1, i < 60 ? 'connected' : 'left']));
    assert.deepStrictEqual(events.waiting, []);
  });
});

test('only the newest events are kept', async () => {
  await withEvents({}, async ({ events, make }) => {
    for (let i = 0; i < limits.EVENTS + 5; i += 1) connect(make());
    await rowsOf(events, events.number);
    const rows = events.after(0);
    assert.deepStrictEqual([rows.length, JSON.parse(rows[0]).number], [limits.EVENTS, 6]);
  });
});

test('what the application adds to while its appData is read comes later', async () => {
  await withEvents({}, async ({ events, make }) => {
    const other = make({ id: 'other' });
    const object = make({
      id: 'object',
      appData: {
        get nested() {
          if (other.told === undefined) {
            other.told = true;
            connect(other);
          }
          return { a: 1 };
        },
      },
    });
    connect(object);
    assert.deepStrictEqual((await rowsOf(events)).map(({ transportId }) => transportId), ['object', 'other']);
  });
});
