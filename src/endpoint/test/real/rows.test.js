// SPDX-License-Identifier: MIT
'use strict';

// The rows of a room, against real mediasoup workers of every version in MEDIASOUP_DIRS, with real RTP.

const assert = require('assert');
const { test } = require('node:test');
const { eventually, withApplication } = require('../helpers/application');
const { snapshot } = require('../helpers/snapshot');
const { versions } = require('../helpers/versions');

const PACKETS = 50;

for (const version of versions()) {
  const name = `mediasoup ${version.version}`;

  test(`${name}: the rows of a room show what really happened`, async () => {
    await withApplication(version, {}, async (app) => {
      const room = await app.call('room');
      const sent = {};
      for (const stream of ['audio', 'video', 'simulcast']) {
        sent[stream] = await app.call('send', stream, PACKETS);
      }
      await app.call('sendMessages', 7);
      await eventually(async () => {
        const all = await snapshot(app.socket);
        checkEndpoint(all, version, app);
        checkWorkers(all, room);
        checkRouters(all, room);
        checkTransports(all, room);
        checkProducers(all, room, sent);
        checkConsumers(all, room);
        checkData(all, room);
        checkUsage(all, room, app);
        assert.strictEqual(all.end.unanswered, 0);
      });
      assert.strictEqual(app.stderr, '');
    });
  });

  test(`${name}: appData is read when the snapshot is made`, async () => {
    await withApplication(version, {}, async (app) => {
      const { ids } = await app.call('room');
      const appDataOf = async (member, id) => (await snapshot(app.socket, 'consumers')).by(member, id)[0].appData;
      assert.deepStrictEqual(await appDataOf('consumerId', ids.audioConsumer), { peerId: 'dave', of: 'audio' });
      assert.strictEqual(await appDataOf('consumerId', ids.pausedConsumer), undefined);
      await app.call('setAppData', 'pausedConsumer', { late: true });
      assert.deepStrictEqual(await appDataOf('consumerId', ids.pausedConsumer), { late: true });
    });
  });

  test(`${name}: hostile appData makes valid rows, and the option limits it`, async () => {
    await withApplication(version, {}, async (app) => {
      const made = await app.call('hostile');
      const { by } = await snapshot(app.socket);
      for (const [kind, id] of made) assert.strictEqual(by('transportId', id).length, 1, kind);
      const rows = Object.fromEntries(made.map(([kind, id]) => [kind, by('transportId', id)[0]]));
      assert.deepStrictEqual(rows.largeString.appData, { before: 'b', roomId: 'r' });
      assert.strictEqual(rows.largeString.appDataTruncated, true);
      assert.deepStrictEqual(rows.getter.appData, { before: 1, bad: '[unreadable]', after: 2 });
    });
    await withApplication(version, { options: { appData: ['roomId'] } }, async (app) => {
      await app.call('hostile');
      for (const { appData } of (await snapshot(app.socket)).of('transports')) {
        if (appData) assert.deepStrictEqual(Object.keys(appData), ['roomId']);
      }
    });
  });

  test(`${name}: only the selected classes have statistics`, async () => {
    await withApplication(version, {}, async (app) => {
      await app.call('room');
      const { end, of } = await snapshot(app.socket, 'producers,usage');
      assert.deepStrictEqual(end.counts, {
        endpoint: 1,
        usage: 3,
        workers: 2,
        routers: 2,
        transports: 8,
        producers: 4,
      });
      assert.ok([...of('workers'), ...of('transports')].every((row) => !('stats' in row)));
    });
  });
}

function checkEndpoint({ endpoint }, version, app) {
  const { time, runtime, ...rest } = endpoint;
  assert.ok(Math.abs(time - Date.now()) < 60000);
  assert.match(runtime, /^node v\d+/);
  assert.deepStrictEqual(rest, {
    row: 'endpoint',
    protocol: 1,
    implementation: 'collectd-mediasoup',
    version: require('../../package.json').version,
    mediasoup: version.version,
    pid: app.child.pid,
    lane: 'public',
    laneReason: 'the option "lane" is not "raw"',
    processes: 3,
    workers: 2,
    workersActive: 2,
    workersIdle: 0,
    routers: 2,
    transports: 8,
    producers: 4,
    consumers: 4,
    dataProducers: 2,
    dataConsumers: 1,
    webRtcServers: 0,
    workerDeaths: 0,
    webRtcTransportsCreated: 1,
    webRtcTransportsConnected: 0,
    webRtcTransportsLeft: 0,
    webRtcTransportsLost: 0,
    webRtcTransportsDtlsFailed: 0,
    webRtcTransportsNeverConnected: 0,
    events: 0,
  });
}

function checkWorkers({ of }, { pids }) {
  const workers = of('workers').sort((a, b) => a.worker - b.worker);
  assert.deepStrictEqual(workers.map(({ worker, pid }) => [worker, pid]), pids.map((pid, slot) => [slot, pid]));
  assert.deepStrictEqual(workers.map(({ appData }) => appData), [{ zone: 'a' }, undefined]);
  const { routers, transports, producers, consumers, dataProducers, dataConsumers } = workers[0];
  assert.deepStrictEqual(
    [routers, transports, producers, consumers, dataProducers, dataConsumers],
    [1, 7, 3, 4, 2, 1]
  );
  for (const { residentMemory, channelRoundTripTime, stats } of workers) {
    assert.ok(residentMemory > 1e6 && residentMemory < 1e9, `${residentMemory}`);
    assert.ok(channelRoundTripTime > 0 && channelRoundTripTime < 2000, `${channelRoundTripTime}`);
    assert.ok(stats.ru_maxrss * 1024 > 1e6);
  }
}

function checkRouters({ by }, { ids }) {
  const near = by('routerId', ids.near)[0];
  assert.deepStrictEqual(near, {
    row: 'routers',
    routerId: ids.near,
    worker: 0,
    transports: 7,
    producers: 3,
    consumers: 4,
    dataProducers: 2,
    dataConsumers: 1,
    rtpObservers: 1,
    rtpObserverIds: [ids.levels],
    appData: { roomId: 'room-1' },
  });
  assert.deepStrictEqual(by('routerId', ids.far)[0].appData, { roomId: 'room-1', far: true });
}

function checkTransports({ of, by }, { ids }) {
  const types = of('transports').map(({ transportType }) => transportType).sort();
  assert.deepStrictEqual(types, ['direct', 'pipe', 'pipe', 'plain', 'plain', 'plain', 'plain', 'webrtc']);
  const webRtc = by('transportId', ids.webRtc)[0];
  assert.strictEqual(webRtc.routerId, ids.near);
  assert.deepStrictEqual([webRtc.stats.iceState, webRtc.stats.dtlsState, webRtc.connection], ['new', 'new', 'unused']);
  const receiver = by('transportId', ids.receiver)[0];
  assert.deepStrictEqual(receiver.appData, { direction: 'receive', peerId: 'dave' });
  assert.ok(receiver.stats.bytesSent >= 2 * PACKETS * 72);
  assert.strictEqual(receiver.stats.transportId, ids.receiver);
}

function checkProducers({ of, by }, { ids, producers }, sent) {
  const audio = by('producerId', producers.audio).filter(({ row }) => row === 'producers');
  assert.strictEqual(audio.length, 1);
  const { stats, transportId, ...rest } = audio[0];
  assert.deepStrictEqual(rest, {
    row: 'producers',
    producerId: producers.audio,
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48000,
    encodings: 1,
    producerType: 'simple',
    paused: false,
    rtpObserverIds: [ids.levels],
    appData: { peerId: 'alice' },
  });
  assert.deepStrictEqual([stats.ssrc, stats.packetCount, stats.byteCount], [1111, PACKETS, PACKETS * sent.audio.bytes]);
  const simulcast = of('producers').filter(({ appData, stats: s }) => appData.peerId === 'carol' && s && s.rid);
  assert.deepStrictEqual(
    simulcast.map((row) => [row.stats.rid, row.stats.ssrc, row.stats.packetCount, row.encodings]),
    [['q', 3331, PACKETS, 3], ['h', 3332, PACKETS, 3], ['f', 3333, PACKETS, 3]]
  );
  assert.ok(simulcast.every((row) => row.producerType === 'simulcast' && row.kind === 'video'));
}

function checkConsumers({ by }, { ids, producers }) {
  const audio = by('consumerId', ids.audioConsumer);
  assert.strictEqual(audio.length, 1);
  const { stats, ...rest } = audio[0];
  assert.deepStrictEqual(rest, {
    row: 'consumers',
    consumerId: ids.audioConsumer,
    producerId: producers.audio,
    transportId: ids.receiver,
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48000,
    encodings: 1,
    consumerType: 'simple',
    paused: false,
    producerPaused: false,
    appData: { peerId: 'dave', of: 'audio' },
  });
  assert.deepStrictEqual([stats.type, stats.packetCount], ['outbound-rtp', PACKETS]);
  const video = by('consumerId', ids.videoConsumer)[0];
  assert.deepStrictEqual([video.mimeType, video.clockRate], ['video/VP8', 90000]);
  assert.ok(video.stats.packetCount > 0, 'video flows');
  const paused = by('consumerId', ids.pausedConsumer)[0];
  assert.deepStrictEqual([paused.paused, paused.consumerType, paused.transportId], [true, 'simulcast', ids.webRtc]);
  const pipe = by('consumerId', ids.pipeConsumer);
  assert.deepStrictEqual(pipe.map(({ consumerType, encodings }) => [consumerType, encodings]), Array(3).fill(['pipe', 3]));
  assert.strictEqual(new Set(pipe.map(({ stats: { ssrc } }) => ssrc)).size, 3);
}

function checkData({ of, by }, { ids }) {
  const producer = of('data_producers').find(({ dataProducerId }) => dataProducerId === ids.dataProducer);
  assert.deepStrictEqual([producer.label, producer.protocol, producer.dataProducerType], ['bot', 'json', 'direct']);
  assert.deepStrictEqual([producer.stats.messagesReceived, producer.stats.bytesReceived], [7, 70]);
  const chat = of('data_producers').find(({ label }) => label === 'chat');
  assert.deepStrictEqual([chat.dataProducerType, chat.appData], ['sctp', { peerId: 'erin', channel: 'chat' }]);
  const consumer = by('dataConsumerId', ids.dataConsumer)[0];
  assert.deepStrictEqual([consumer.dataProducerId, consumer.transportId], [ids.dataProducer, ids.direct]);
  assert.deepStrictEqual([consumer.stats.messagesSent, consumer.stats.bytesSent], [7, 70]);
}

function checkUsage({ of }, { pids }, app) {
  const usage = of('usage');
  const parent = usage.find(({ type }) => type === 'parent');
  assert.deepStrictEqual([parent.pid, parent.ppid], [app.child.pid, process.pid]);
  const workers = usage.filter(({ type }) => type === 'worker');
  assert.deepStrictEqual(workers.map(({ pid }) => pid).sort(), [...pids].sort());
  for (const { cpu, memory, ctime, elapsed, timestamp } of usage) {
    assert.ok(cpu >= 0 && cpu < 1000 && memory > 1e6 && ctime >= 0);
    assert.ok(elapsed > 0 && elapsed < 120000, `${elapsed}`);
    assert.ok(Math.abs(timestamp - Date.now()) < 60000);
  }
}
