// SPDX-License-Identifier: MIT
'use strict';

// The rows of a snapshot and the sharing of snapshots, with a fake mediasoup over a real socket.

const assert = require('assert');
const http = require('http');
const { test } = require('node:test');
const { eventually, sleep } = require('./helpers/application');
const { withEndpoint } = require('./helpers/endpoint');
const { consumer, gauge, producer, transport } = require('./helpers/fake');
const { snapshot } = require('./helpers/snapshot');

test('a snapshot has rows of every level with their counts, and only selected statistics', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    const { worker, transport: parent, consumers } = mediasoup.room(2);
    producer(parent);
    mediasoup.createWorker();
    const all = await snapshot(socket);
    assert.deepStrictEqual(all.end.counts, {
      endpoint: 1,
      usage: 1,
      workers: 2,
      routers: 1,
      transports: 1,
      producers: 1,
      consumers: 2,
    });
    assert.deepStrictEqual([all.endpoint.workersActive, all.endpoint.workersIdle], [1, 1]);
    assert.strictEqual(all.by('consumerId', consumers[0].id)[0].stats.type, 'outbound-rtp');
    const none = { calls: 0 };
    for (const object of [parent, ...consumers]) object.getStats = async () => (none.calls += 1, []);
    worker.getResourceUsage = object => (none.calls += 1, object);
    const producers = await snapshot(socket, 'producers');
    assert.deepStrictEqual(producers.end.counts, {
      endpoint: 1,
      workers: 2,
      routers: 1,
      transports: 1,
      producers: 1,
    });
    assert.strictEqual(none.calls, 0, 'no worker was asked for what is not selected');
    assert.ok(producers.of('transports').every((row) => row.stats === undefined && !row.error));
    assert.ok(producers.of('workers').every((row) => row.stats === undefined));
  });
});

test('a failed request is told in the row that it concerns', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    const { consumers, transport: parent } = mediasoup.room(6);
    consumers[0].getStats = async () => {
      throw new Error('refused');
    };
    consumers[1].getStats = () => {
      throw new TypeError('at once');
    };
    consumers[2].getStats = async () => undefined;
    consumers[3].getStats = async () => [{ type: 'inbound-rtp' }, null];
    consumers[4].getStats = () => Promise.reject('x'.repeat(1000));
    consumers[5].getStats = async () => {
      throw Object.create(null);
    };
    parent.getStats = async () => [];
    const { of, end } = await snapshot(socket);
    const rows = of('consumers');
    assert.deepStrictEqual(
      rows.map(({ error }) => error),
      ['refused', 'at once', undefined, undefined, 'x'.repeat(256), 'unknown error']
    );
    assert.ok(rows.every(({ stats }) => stats === undefined));
    assert.strictEqual(end.unanswered, 0);
  });
});

test('objects that close during the snapshot are left out', async () => {
  await withEndpoint({ window: 4 }, async ({ mediasoup, socket }) => {
    const { transport: parent, consumers, worker, router } = mediasoup.room(12);
    // One closes itself, one closes an object of the next window, one is refused before it is known to be closed.
    consumers[1].getStats = async () => {
      consumers[1].close();
      throw new Error('Channel closed');
    };
    consumers[2].getStats = async () => {
      consumers[9].close();
      return [];
    };
    consumers[3].getStats = async () => {
      setImmediate(() => setImmediate(() => consumers[3].close()));
      throw new Error('Consumer not found');
    };
    const { of } = await snapshot(socket, 'consumers');
    const ids = of('consumers').map(({ consumerId }) => consumerId);
    const gone = [1, 3, 9].map((i) => consumers[i].id);
    assert.deepStrictEqual(
      ids,
      consumers.map(({ id }) => id).filter((id) => !gone.includes(id))
    );
    consumers[4].getStats = async () => {
      parent.close();
      return [];
    };
    const half = await snapshot(socket, 'consumers');
    assert.ok(half.of('consumers').length < 9);
    const other = transport(router);
    consumer(other).getStats = async () => {
      worker.die();
      throw new Error('Channel closed');
    };
    const { end } = await snapshot(socket, 'consumers');
    assert.strictEqual(end.counts.consumers, undefined);
    assert.strictEqual((await snapshot(socket)).endpoint.workerDeaths, 1);
  });
});

test('a worker that closes while its own row is made is left out', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    const { worker } = mediasoup.room(3);
    worker.getResourceUsage = async () => {
      worker.close();
      throw new Error('Channel closed');
    };
    const { end, endpoint } = await snapshot(socket);
    assert.strictEqual(endpoint.workers, 1, 'alive when the snapshot began');
    assert.deepStrictEqual(end.counts, { endpoint: 1, usage: 1 });
  });
});

test('objects that misbehave lose their own row only', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(4);
    Object.defineProperty(consumers[1], 'paused', {
      get() {
        throw new Error('no');
      },
    });
    Object.defineProperty(consumers[2], 'appData', {
      get() {
        throw new Error('no');
      },
    });
    consumers[3].getStats = async () => [{ type: 'outbound-rtp', big: BigInt(1) }];
    const { of } = await snapshot(socket);
    assert.deepStrictEqual(
      of('consumers').map(({ consumerId, error }) => [consumerId, error]),
      [
        [consumers[0].id, undefined],
        [consumers[2].id, undefined],
        [consumers[3].id, 'Do not know how to serialize a BigInt'],
      ]
    );
  });
});

test('objects below one whose row cannot be made are left out', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    const { transport: parent, router } = mediasoup.room(3);
    consumer(transport(router));
    Object.defineProperty(parent, 'type', {
      get() {
        throw new Error('no');
      },
    });
    const { of } = await snapshot(socket);
    assert.deepStrictEqual([of('transports').length, of('consumers').length], [1, 1]);
  });
});

test('ids and statistics may be of any length', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    const { transport: parent } = mediasoup.room(0);
    const long = 'p'.repeat(500);
    producer(parent, { id: `${long}1` });
    producer(parent, { id: `${long}2` });
    consumer(parent, { producerId: `${long}2` });
    consumer(parent).getStats = async () => [{ type: 'outbound-rtp', label: 'x'.repeat(300000) }];
    const { of } = await snapshot(socket);
    const [one, two] = of('producers').map(({ producerId }) => producerId);
    assert.notStrictEqual(one, two);
    assert.strictEqual(of('consumers')[0].producerId, two);
    assert.strictEqual(of('consumers')[1].error, 'row too large');
  });
});

test('readers that ask meanwhile share the snapshot from its beginning', async () => {
  await withEndpoint({ window: 1 }, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(30);
    const one = gauge();
    for (const object of consumers) object.getStats = one.wrap(object.getStats);
    const first = snapshot(socket, 'consumers,workers');
    await sleep(15);
    assert.ok(one.calls > 0 && one.calls < 30, 'it is under way');
    const late = snapshot(socket, 'workers,consumers,consumers');
    const texts = (await Promise.all([first, late])).map(({ text }) => text);
    assert.strictEqual(texts[0], texts[1]);
    assert.strictEqual(one.calls, 30);
    const next = await snapshot(socket, 'workers,consumers');
    assert.strictEqual(one.calls, 60, 'the next snapshot is made anew');
    assert.notStrictEqual(next.text, texts[0]);
  });
});

test('a snapshot that nobody reads any more is given up', async () => {
  await withEndpoint({ window: 1 }, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(200);
    const one = gauge();
    for (const object of consumers) object.getStats = one.wrap(object.getStats);
    const client = http.get({ socketPath: socket, path: '/v1/snapshot' });
    await new Promise((resolve) => client.on('response', (res) => res.once('data', resolve)));
    client.on('error', () => {});
    client.destroy();
    await eventually(async () => {
      const before = one.calls;
      await sleep(30);
      assert.strictEqual(one.calls, before);
    });
    assert.ok(one.calls < 150, `${one.calls} calls`);
    assert.strictEqual((await snapshot(socket)).of('consumers').length, 200);
  });
});
