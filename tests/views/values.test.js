// SPDX-License-Identifier: MIT
'use strict';

// What the views show of a known snapshot: every field of every view, maps, appData, and what comes and goes.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { answer, raw } = require('../integration/fake_endpoint.js');
const { oneOfEach, row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig } = require('./client.js');

const id = (what) => uuid('views', what);
const any = Symbol('any number');
const HOST = { host: 'testhost', timestamp: any, age: any };
const NAMES = { names: { room: 'views' } };
const ROOM = { appData: { roomId: 'views' }, ...NAMES };
const BARE = { appData: {}, inherited: { roomId: 'views' }, ...NAMES };
const STREAM = {
  byteCount: 1000, packetCount: 100, bitrate: 64000, packetsLost: 9, fractionLost: 10, jitter: 11, roundTripTime: 12.5,
  packetsDiscarded: 1, packetsRetransmitted: 2, packetsRepaired: 3, rtxPacketsDiscarded: 4, nackCount: 5,
  nackPacketCount: 6, pliCount: 7, firCount: 8, score: 10, kind: 'video', mimeType: 'video/VP8', clockRate: 90000,
  encodings: 1, paused: false, state: 'flowing', ssrc: 22222222, rtxSsrc: 33333333,
};
const COUNTS = { transports: 2, producers: 1, consumers: 1, dataProducers: 1, dataConsumers: 1 };
const SUMS = { rtpBytesReceived: any, rtpPacketsReceived: any, rtpBytesSent: any, rtpPacketsSent: any };
const BELOW = { transportId: id('transport'), routerId: id('router'), worker: 0 };

const EXPECTED = {
  workers: { responding: 1, cpuRatio: any, channelRoundTripSeconds: 0.0015, residentMemory: 12345678, ru_utime: 1200,
    ru_stime: 340, ru_maxrss: 23456, ru_minflt: 78, ru_majflt: 9, ru_nvcsw: 1011, ru_nivcsw: 12, routers: 1, ...COUNTS,
    ...SUMS, worker: 0, pid: 1000, endpoint: 'views', webRtcServers: 0, routerIds: [id('router')] },
  routers: { ...COUNTS, rtpObservers: 0, ...SUMS, routerId: id('router'), worker: 0, endpoint: 'views', ...ROOM, id: id('router'),
    transportIds: [id('transport')], rtpObserverIds: [],
    mapProducerIdConsumerIds: { [id('producer')]: [id('consumer')] },
    mapConsumerIdProducerId: { [id('consumer')]: id('producer') },
    mapProducerIdObserverIds: { [id('producer')]: [] },
    mapDataProducerIdDataConsumerIds: { [id('dataProducer')]: [id('dataConsumer')] },
    mapDataConsumerIdDataProducerId: { [id('dataConsumer')]: id('dataProducer') } },
  transports: { bytesReceived: 1100, bytesSent: 1200, rtpBytesReceived: 0, rtpBytesSent: 0, rtxBytesReceived: 0,
    rtxBytesSent: 0, probationBytesSent: 0, recvBitrate: 64000, sendBitrate: 65000, ...BELOW, transportType: 'webrtc',
    type: 'webrtc-transport', iceState: 'completed', dtlsState: 'connected', connection: 'connected', protocol: 'udp', connectTime: 120, ...BARE },
  producers: { ...STREAM, consumersAffected: 0, ...BELOW, producerId: id('producer'), producerType: 'simple', type: 'inbound-rtp', ...BARE },
  consumers: { ...STREAM, ...BELOW, consumerId: id('consumer'), producerId: id('producer'), consumerType: 'simple',
    producerPaused: false, type: 'outbound-rtp', currentLayers: { spatialLayer: 1, temporalLayer: 2 },
    preferredLayers: { spatialLayer: 2, temporalLayer: 2 }, ...BARE },
  data_producers: { messagesReceived: 7, bytesReceived: 700, ...BELOW, dataProducerId: id('dataProducer'),
    dataProducerType: 'sctp', paused: true, label: 'chat', protocol: 'json', type: 'data-producer', ...BARE },
  data_consumers: { messagesSent: 6, bytesSent: 600, bufferedAmount: 50, ...BELOW, dataConsumerId: id('dataConsumer'),
    dataProducerId: id('dataProducer'), dataConsumerType: 'sctp', paused: false, dataProducerPaused: true, label: 'chat', protocol: 'json', type: 'data-consumer', ...BARE },
  usage: { cpu: 12.5, memory: 87654321, ctime: 5432, elapsed: 98765, openFiles: 40, openFilesMax: 1024, eventLoopDelayMean: 0.25,
    eventLoopDelayP99: 1.5, eventLoopDelayMax: 212.5, heapUsed: 11000000, heapSize: 22000000, externalMemory: 3300000,
    type: 'parent', pid: 4321, ppid: 1 },
  endpoint: { up: 1, snapshotSeconds: any, rows: 10, unanswered: 0, objectsSkipped: 0, processes: 2, workers: 1,
    workersActive: 1, workersIdle: 0, routers: 1, transports: 1, producers: 1, consumers: 1, dataProducers: 1,
    dataConsumers: 1, webRtcServers: 0, restarts: 0, workerDeaths: 2, webRtcTransportsCreated: 30, webRtcTransportsConnected: 20,
    webRtcTransportsLeft: 11, webRtcTransportsLost: 3, webRtcTransportsDtlsFailed: 1, webRtcTransportsNeverConnected: 2,
    implementation: 'fake', version: '0.0.0', mediasoup: '3.19.22', runtime: 'node v20.20.2', pid: 4321, lane: 'public',
    since: any, appDataKeys: { routers: ['roomId'] }, roomNames: 'roomId' },
};

const known = (expected, value) => Object.fromEntries(Object.entries(value)
  .map(([key, v]) => [key, expected[key] === any && typeof v === 'number' ? any : v]));

describe('every view of one of each', () => {
  let rig;
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(oneOfEach('views'))));
    await rig.when('/workers', ([worker]) => worker?.cpuRatio !== undefined && worker.routerIds.length > 0);
    await rig.when('/routers', ([router]) => router?.mapDataConsumerIdDataProducerId[id('dataConsumer')]);
  });
  after(() => rig?.close());

  for (const [view, expected] of Object.entries(EXPECTED)) {
    test(`/${view}`, async () => {
      const rows = await rig.json(`/${view}`);
      const whole = { ...expected, ...HOST };
      assert.deepEqual(rows.map((r) => known(whole, r)), [whole]);
      assert.ok(Math.abs(Date.now() - rows[0].timestamp) < 2000 * rig.daemon.slowdown, `timestamp ${rows[0].timestamp}`);
      assert.ok(rows[0].age >= 0 && rows[0].age < 2 * rig.daemon.slowdown, `age ${rows[0].age}`);
    });
  }

  test('what metadata tells stays while it does not travel', async () => {
    const { served } = rig.endpoint;
    while (rig.endpoint.served < served + 12) {
      assert.equal((await rig.json('/consumers'))[0].producerId, id('producer'));
      const before = rig.endpoint.served;
      await until(() => rig.endpoint.served > before);
    }
  });

  test('and is there again at once after an outage', async () => {
    const healthy = rig.endpoint.behaviour;
    rig.endpoint.behave(raw('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n'));
    await rig.when('/consumers', (rows) => rows.length === 0);
    await rig.when('/endpoint', ([endpoint]) => endpoint?.up === 0);
    rig.endpoint.behave(healthy);
    const [consumer] = await rig.when('/consumers', (rows) => rows.length === 1);
    assert.deepEqual([consumer.producerId, consumer.routerId], [id('producer'), id('router')]);
  });
});

describe('maps, appData, simulcast', () => {
  const nested = { roomId: 'räum "1"\\', list: [1, { deep: null, yes: true }], emoji: '😀', text: 'é漢'.repeat(2000) };
  const streams = ['l', 'm', 'h'].map((rid, i) => ({ type: 'inbound-rtp', ssrc: 100 + i, rid, byteCount: i, score: 9 }));
  const rows = [
    row.worker(0), row.worker(1),
    row.router(id('ra'), 0, { appData: nested, rtpObserverIds: [id('o')], rtpObservers: 1 }), row.router(id('rb'), 1),
    row.transport(id('ta'), id('ra')), row.transport(id('tb'), id('rb')), row.transport(id('tc'), id('rb')),
    ...streams.map((stats) => row.producer(id('p'), id('ta'), { encodings: 3, producerType: 'simulcast', stats, rtpObserverIds: [id('o')] })),
    row.producer(id('alone'), id('ta')),
    row.consumer(id('c1'), id('p'), id('ta'), { appData: nested }), row.consumer(id('c2'), id('p'), id('ta')),
    row.dataProducer(id('dp'), id('ta')), row.dataProducer(id('dp'), id('tb')),
    row.dataConsumer(id('dc'), id('dp'), id('tb')),
  ];
  let rig;
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(rows)));
    await rig.when('/consumers', (list) => list.length === 2);
    await rig.when('/data_consumers', (list) => list.length === 1);
  });
  after(() => rig?.close());

  test('each stream of a simulcast producer is a row', async () => {
    const list = await rig.json(`/producers/${id('p')}`);
    assert.deepEqual(list.map((p) => [p.rid, p.ssrc, p.byteCount]).sort(), [['h', 102, 2], ['l', 100, 0], ['m', 101, 1]]);
    assert.deepEqual(list[0].rtpObserverIds, [id('o')]);
  });

  test('the maps name it once, and with all of its consumers', async () => {
    const [router] = await rig.json(`/routers/${id('ra')}`);
    assert.deepEqual(router.mapProducerIdConsumerIds, { [id('p')]: [id('c1'), id('c2')].sort(), [id('alone')]: [] });
    assert.deepEqual(router.mapConsumerIdProducerId, { [id('c1')]: id('p'), [id('c2')]: id('p') });
    assert.deepEqual(router.mapProducerIdObserverIds, { [id('p')]: [id('o')], [id('alone')]: [] });
    assert.deepEqual([router.rtpObserverIds, router.transportIds], [[id('o')], [id('ta')]]);
    assert.deepEqual(router.mapDataProducerIdDataConsumerIds, { [id('dp')]: [] });
  });

  test('a data producer that was piped is there in both routers', async () => {
    assert.deepEqual((await rig.json('/data_producers')).map((p) => p.routerId).sort(), [id('ra'), id('rb')].sort());
    const [router] = await rig.json(`/routers/${id('rb')}`);
    assert.deepEqual(router.mapDataProducerIdDataConsumerIds, { [id('dp')]: [id('dc')] });
    assert.deepEqual([router.transportIds, router.rtpObserverIds], [[id('tb'), id('tc')].sort(), []]);
  });

  test('workers name their routers', async () => {
    const workers = await rig.json('/workers');
    assert.deepEqual(workers.map((w) => [w.worker, w.pid, w.routerIds]).sort(), [[0, 1000, [id('ra')]], [1, 1001, [id('rb')]]]);
  });

  test('of several applications on one host, each worker names its own', async () => {
    const application = (name) => answer(() => snapshot([row.worker(0), row.router(id(name), 0)]));
    const several = await ViewsRig.start(application('first'), { endpoint: (folder) => ({ Socket: `${folder}/s*.sock` }) });
    try {
      await several.fake('second', application('second'), 's1.sock');
      const workers = await several.when('/workers', (list) => list.length === 2 && list.every((w) => w.routerIds.length > 0));
      const told = workers.map((w) => [w.endpoint, w.process, w.worker, w.routerIds]).sort();
      assert.deepEqual(told, [['views', 0, 0, [id('first')]], ['views', 1, 0, [id('second')]]]);
    } finally {
      await several.close();
    }
  });

  test('appData is whole and exact', async () => {
    assert.deepEqual((await rig.json(`/consumers/${id('c1')}`))[0].appData, nested);
    assert.deepEqual((await rig.json(`/routers/${id('ra')}`))[0].appData, nested);
    const found = await rig.json(`/consumers?appData.roomId=${encodeURIComponent(nested.roomId)}`);
    assert.ok(found.some((c) => c.consumerId === id('c1')));
  });
});

describe('what comes and goes', () => {
  const base = (...more) => snapshot([row.worker(0), row.router(id('r'), 0), row.transport(id('t'), id('r')),
    row.producer(id('p'), id('t')), ...more]);
  const consumer = (n, more) => row.consumer(id(`c${n}`), id('p'), id('t'), more);

  test('an object that is gone disappears, one with other appData shows once', async () => {
    const rig = await ViewsRig.start(answer(base(consumer(1, { appData: { roomId: 'a' } }), consumer(2))));
    try {
      await rig.when('/consumers', (list) => list.length === 2);
      rig.endpoint.behave(answer(base(consumer(1, { appData: { roomId: 'b' } }))));
      await rig.when(`/consumers/${id('c1')}`, ([c]) => c.appData.roomId === 'b');
      assert.equal((await rig.json(`/consumers/${id('c1')}`)).length, 1);
      await rig.when('/consumers', (list) => list.length === 1);
    } finally {
      await rig.close();
    }
  });

  test('MaxObjects bounds the rows', async () => {
    const rig = await ViewsRig.start(answer(base(...Array.from({ length: 50 }, (_, n) => consumer(n)))), { views: { MaxObjects: 20 } });
    try {
      await rig.when('/endpoint', (list) => list[0]?.consumers === 50);
      const total = async () => (await Promise.all(Object.keys(EXPECTED).map(async (view) => (await rig.json(`/${view}`)).length)))
        .reduce((sum, length) => sum + length);
      await until(async () => (await total()) === 20, { what: 'as many rows as there is room for' });
      await rig.when('/endpoint', (list) => list[0].timestamp > Date.now() - 200);
      assert.equal(await total(), 20, 'and no more');
      assert.equal(rig.daemon.lines(/WARNING|warning/, /more than 20 objects/).length, 1, 'said once');
      const { skipped, history, ...health } = await rig.json('/healthz');
      assert.deepEqual(health, { status: 'ok', objects: 20, maxObjects: 20 });
      await rig.when('/healthz', (later) => later.skipped >= skipped + 34, 5000);
    } finally {
      await rig.close();
    }
  });

  // All rows of a reading at once would be in collectd's queue before a writer has seen one, and what is over its limit is dropped.
  test('rows come at a pace at which a short queue of collectd drops none', async () => {
    const rows = base(...Array.from({ length: 10000 }, (_, n) => consumer(n)));
    const rig = await ViewsRig.start(answer(rows), { endpoint: { Interval: 8 }, extra: 'WriteQueueLimitHigh 4000\nWriteQueueLimitLow 4000' });
    try {
      await rig.when('/endpoint', (list) => list[0]?.consumers === 10000);
      await rig.when('/consumers?fields=score', (list) => list.length === 10000);
    } finally {
      await rig.close();
    }
  });

  // Beside the model's appData and the views' facts, of which each has it twice at the most; not in collectd's cache as well.
  test('what travels as metadata is kept where it is needed', async () => {
    const LENGTH = 15000, COUNT = 1000;
    const rig = await ViewsRig.start(answer(base()), { endpoint: { Interval: 2 } });
    try {
      await rig.when('/endpoint', (list) => list.length === 1);
      const memory = rig.daemon.residentMemory();
      rig.endpoint.behave(answer(base(...Array.from({ length: COUNT }, (_, n) => consumer(n, { appData: { notes: ['x'.repeat(LENGTH)] } })))));
      await rig.when('/consumers?fields=score', (list) => list.length === COUNT);
      const copies = ((rig.daemon.residentMemory() - memory) * 1024) / (LENGTH * COUNT);
      assert.ok(copies < 4.4 * rig.daemon.slowdown, `${copies.toFixed(2)} times`);
    } finally {
      await rig.close();
    }
  });
});
