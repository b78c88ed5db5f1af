// SPDX-License-Identifier: MIT
'use strict';

// Against real mediasoup workers of every version in MEDIASOUP_DIRS, with real RTP.

const assert = require('assert');
const { test } = require('node:test');
const { eventually, sleep, withApplication } = require('./helpers/application');
const { request, snapshot } = require('./helpers/snapshot');
const { versions } = require('./helpers/versions');

const PACKETS = 50;
const CROWD = 300;

function minor({ version }) {
  return Number(version.split('.')[1]);
}

for (const version of versions()) {
  const name = `mediasoup ${version.version}`;

  test(`${name}: every row of a room, with what really happened`, async () => {
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

  test(`${name}: hostile appData is valid rows, and the option limits it`, async () => {
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

  test(`${name}: only what is selected`, async () => {
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

  test(`${name}: pausing, closing, and whole branches going`, async () => {
    await withApplication(version, {}, async (app) => {
      const { ids, producers } = await app.call('room');
      await app.call('on', 'audio', 'pause');
      await eventually(async () => {
        const { by } = await snapshot(app.socket, 'producers,consumers');
        assert.strictEqual(by('producerId', producers.audio)[0].paused, true);
        const { paused, producerPaused } = by('consumerId', ids.audioConsumer)[0];
        assert.deepStrictEqual([paused, producerPaused], [false, true]);
      });
      await app.call('on', 'audio', 'close');
      await eventually(async () => {
        const { by, endpoint } = await snapshot(app.socket);
        assert.deepStrictEqual(by('consumerId', ids.audioConsumer), []);
        assert.deepStrictEqual([endpoint.producers, endpoint.consumers], [3, 3]);
      });
      await app.call('on', 'webRtc', 'close');
      const afterTransport = (await snapshot(app.socket)).endpoint;
      assert.deepStrictEqual([afterTransport.transports, afterTransport.dataProducers], [7, 1]);
      await app.call('on', 'near', 'close');
      const afterRouter = await snapshot(app.socket);
      assert.deepStrictEqual([afterRouter.endpoint.routers, afterRouter.endpoint.workersIdle], [1, 1]);
      assert.deepStrictEqual(afterRouter.of('consumers'), []);
      await app.call('on', 'second', 'close');
      const afterWorker = await snapshot(app.socket);
      assert.deepStrictEqual(afterWorker.end.counts, { endpoint: 1, usage: 2, workers: 1 });
      assert.strictEqual(afterWorker.endpoint.workerDeaths, 0);
      const { endpoint } = afterWorker;
      for (const kind of ['routers', 'transports', 'producers', 'consumers', 'dataProducers', 'dataConsumers']) {
        assert.strictEqual(endpoint[kind], 0, kind);
      }
    });
  });

  if (minor(version) >= 10) {
    test(`${name}: WebRTC servers are counted`, async () => {
      await withApplication(version, {}, async (app) => {
        await app.call('room');
        assert.strictEqual(await app.call('webRtcServer'), true);
        const count = async () => {
          const { endpoint, by } = await snapshot(app.socket);
          return [endpoint.webRtcServers, by('worker', 0).find(({ row }) => row === 'workers').webRtcServers];
        };
        assert.deepStrictEqual(await count(), [1, 1]);
        await app.call('on', 'webRtcServer', 'close');
        assert.deepStrictEqual(await count(), [0, 0]);
      });
    });
  }

  test(`${name}: a stopped worker is marked, the others are whole, and it comes back`, async () => {
    await withApplication(version, { options: { deadline: 400 } }, async (app) => {
      const { pids, ids } = await app.call('room');
      const { pid } = await app.call('crowd', CROWD);
      process.kill(pid, 'SIGSTOP');
      try {
        const began = Date.now();
        const first = await snapshot(app.socket);
        const took = Date.now() - began;
        assert.ok(took >= 400 && took < 1500, `${took} ms`);
        const worker = first.by('pid', pid).find(({ row }) => row === 'workers');
        assert.strictEqual(worker.error, 'deadline');
        assert.ok(!('channelRoundTripTime' in worker) && worker.residentMemory > 0);
        assert.strictEqual(first.of('consumers').filter((row) => row.error === 'deadline').length, CROWD);
        assert.strictEqual(first.end.unanswered, 1);
        assert.ok('packetCount' in first.by('consumerId', ids.audioConsumer)[0].stats);
        for (const other of pids) assert.ok(first.by('pid', other).every((row) => !row.error));
        const again = Date.now();
        const second = await snapshot(app.socket);
        assert.ok(Date.now() - again < 400, 'it does not wait again');
        assert.strictEqual(second.of('consumers').filter((row) => row.error).length, CROWD);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await eventually(async () => {
        const third = await snapshot(app.socket);
        assert.ok(third.rows.every((row) => row.error === undefined));
        assert.strictEqual(third.of('consumers').filter((row) => row.stats).length, CROWD + 3 + 3, 'the pipe consumer has three');
      });
    });
  });

  test(`${name}: a killed worker is a death, and its rows are gone`, async () => {
    await withApplication(version, {}, async (app) => {
      const { pids } = await app.call('room');
      process.kill(pids[0], 'SIGKILL');
      await eventually(async () => {
        const { endpoint, of } = await snapshot(app.socket);
        assert.strictEqual(endpoint.workerDeaths, 1);
        assert.deepStrictEqual(of('workers').map(({ worker }) => worker), [1]);
        assert.deepStrictEqual(of('consumers'), []);
      });
      await app.call('createWorker', { replaced: true });
      const { of, endpoint } = await snapshot(app.socket);
      assert.deepStrictEqual(of('workers').map(({ worker }) => worker).sort(), [0, 1]);
      assert.strictEqual(endpoint.workerDeaths, 1);
    });
  });

  test(`${name}: a worker killed and consumers closed in the middle of snapshots`, async () => {
    await withApplication(version, {}, async (app) => {
      await app.call('room');
      const { pid } = await app.call('crowd', CROWD);
      for (let round = 0; round < 10; round += 1) {
        const [{ of }] = await Promise.all([
          snapshot(app.socket),
          sleep(round).then(() => app.call('closeCrowd', 20)),
        ]);
        assert.ok(of('consumers').every((row) => row.error === undefined));
      }
      const [last] = await Promise.all([snapshot(app.socket), sleep(5).then(() => process.kill(pid, 'SIGKILL'))]);
      assert.ok(last.rows.every((row) => row.error === undefined), 'gone, not in error');
      await eventually(async () => {
        assert.strictEqual((await snapshot(app.socket)).endpoint.workerDeaths, 1);
      });
      assert.strictEqual(app.stderr, '');
    });
  });

  test(`${name}: a busy application is not a wedged worker`, async () => {
    await withApplication(version, { options: { deadline: 100 } }, async (app) => {
      await app.call('room');
      const reading = snapshot(app.socket);
      await app.call('block', 500);
      const { rows, end } = await reading;
      assert.strictEqual(end.unanswered, 0);
      assert.ok(rows.every((row) => row.error === undefined));
    });
  });

  test(`${name}: many readers of one snapshot, and one that leaves`, async () => {
    await withApplication(version, {}, async (app) => {
      await app.call('crowd', CROWD);
      const texts = await Promise.all(
        Array.from({ length: 8 }, () => request(app.socket, '/v1/snapshot').then(({ text }) => text))
      );
      assert.ok(new Set(texts).size < texts.length, 'shared');
      assert.strictEqual((await snapshot(app.socket)).of('consumers').length, CROWD);
    });
  });

  test(`${name}: close() lets go of mediasoup`, async () => {
    await withApplication(version, {}, async (app) => {
      await app.call('room');
      assert.strictEqual(await app.call('closeEndpoint'), 0);
      await app.call('createWorker', {});
      await assert.rejects(request(app.socket, '/v1/snapshot'), { code: 'ENOENT' });
    });
  });

  test(`${name}: a second endpoint knows the workers of the first`, async () => {
    await withApplication(version, {}, async (app) => {
      const { ids } = await app.call('room');
      const other = await app.call('serveAlso', `${app.socket}2`);
      assert.strictEqual((await snapshot(other)).by('consumerId', ids.audioConsumer).length, 1);
      await app.call('closeEndpoint');
      assert.strictEqual((await snapshot(other)).endpoint.workers, 2);
    });
  });

  test(`${name}: serve() after a worker was created says so`, async () => {
    await withApplication(version, {}, async (app) => {
      await app.call('createWorker', {});
      await app.call('closeEndpoint');
      await assert.rejects(app.call('ready'), /1 mediasoup workers .* were created before serve\(\)/);
      await app.call('on', 'worker0', 'close');
      await app.call('ready');
      assert.strictEqual((await snapshot(app.socket)).endpoint.workers, 0);
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
    version: require('../package.json').version,
    mediasoup: version.version,
    pid: app.child.pid,
    lane: 'public',
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
    iceFailures: 0,
    dtlsFailures: 0,
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
  assert.deepStrictEqual([webRtc.stats.iceState, webRtc.stats.dtlsState], ['new', 'new']);
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
