// SPDX-License-Identifier: MIT
'use strict';

// Objects and endpoints that come and go, with real mediasoup workers.

const assert = require('assert');
const { test } = require('node:test');
const { eventually, withApplication } = require('../helpers/application');
const { request, snapshot } = require('../helpers/snapshot');
const { versions } = require('../helpers/versions');

function minor({ version }) {
  return Number(version.split('.')[1]);
}

for (const version of versions()) {
  const name = `mediasoup ${version.version}`;

  test(`${name}: snapshots follow objects that pause and close, with all that is below them`, async () => {
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

  test(`${name}: data producers and data consumers that pause say so, where mediasoup has it`, async () => {
    await withApplication(version, {}, async (app) => {
      const { ids } = await app.call('room');
      const pauses = async () => {
        const { by } = await snapshot(app.socket, 'data_producers,data_consumers');
        const [producer] = by('dataProducerId', ids.dataProducer).filter(({ row }) => row === 'data_producers');
        const [consumer] = by('dataConsumerId', ids.dataConsumer);
        return [producer.paused, producer.dataProducerPaused, consumer.paused, consumer.dataProducerPaused];
      };
      if (minor(version) < 13) {
        assert.deepStrictEqual(await pauses(), [undefined, undefined, undefined, undefined]);
        return;
      }
      assert.deepStrictEqual(await pauses(), [false, undefined, false, false]);
      await app.call('on', 'dataProducer', 'pause');
      await eventually(async () => assert.deepStrictEqual(await pauses(), [true, undefined, false, true]));
      await app.call('on', 'dataConsumer', 'pause');
      await eventually(async () => assert.deepStrictEqual(await pauses(), [true, undefined, true, true]));
      await app.call('on', 'dataProducer', 'resume');
      await eventually(async () => assert.deepStrictEqual(await pauses(), [false, undefined, true, false]));
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

  test(`${name}: serve() rejects when a worker was created before`, async () => {
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
