// SPDX-License-Identifier: MIT
'use strict';

// How many requests to a worker are under way, and in which order requests and rows come.

const assert = require('assert');
const { test } = require('node:test');
const { withEndpoint } = require('../helpers/endpoint');
const { gauge } = require('../helpers/fake');
const { request, snapshot } = require('../helpers/snapshot');

test('each worker has at most a window of requests under way, whoever asks', async () => {
  await withEndpoint({ window: 16 }, async ({ mediasoup, socket }) => {
    const gauges = [gauge(), gauge()];
    for (const one of gauges) {
      for (const object of mediasoup.room(100).consumers) object.getStats = one.wrap(object.getStats);
    }
    await snapshot(socket);
    for (const { most, calls } of gauges) assert.deepStrictEqual([most, calls], [16, 100]);
  });
  await withEndpoint({ window: 3 }, async ({ mediasoup, socket }) => {
    const one = gauge();
    for (const object of mediasoup.room(20).consumers) object.getStats = one.wrap(object.getStats);
    await Promise.all([snapshot(socket, 'consumers'), snapshot(socket, 'consumers,usage'), snapshot(socket)]);
    assert.deepStrictEqual([one.most, one.calls], [3, 60], 'whoever asks for what');
  });
});

test('the next requests are sent before the rows of the last answers are made', async () => {
  await withEndpoint({ window: 4 }, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(8);
    const order = [];
    consumers.forEach((object, n) => {
      const { getStats } = object;
      object.getStats = () => (order.push(`ask ${n}`), getStats());
      Object.defineProperty(object, 'appData', { get: () => (order.push(`row ${n}`), {}) });
    });
    await snapshot(socket, 'consumers');
    const both = (word, ...numbers) => numbers.map((n) => `${word} ${n}`);
    assert.deepStrictEqual(order, [
      // The first half window also has the router and the transport, which are not asked for.
      ...both('ask', 0, 1), ...both('ask', 2, 3),
      ...both('ask', 4, 5), ...both('row', 0, 1),
      ...both('ask', 6, 7), ...both('row', 2, 3),
      ...both('row', 4, 5), ...both('row', 6, 7),
    ]);
  });
});

test('a window with a refused request keeps its place in the snapshot', async () => {
  await withEndpoint({ window: 4 }, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(8);
    consumers[1].getStats = async () => { throw new Error('gone'); };
    const { rows } = await snapshot(socket, 'consumers');
    const ids = rows.filter(({ row }) => row === 'consumers').map(({ consumerId }) => consumerId);
    assert.deepStrictEqual(ids, consumers.map(({ id }) => id));
  });
});

test('the application has its event loop between windows', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(5000);
    let turns = 0;
    let watching = true;
    (function look() {
      turns += 1;
      if (watching) setImmediate(look);
    })();
    const at = [];
    for (const object of [consumers[0], consumers[4999]]) {
      object.getStats = async () => (at.push(turns), []);
    }
    const { text } = await request(socket, '/v1/snapshot');
    watching = false;
    assert.strictEqual(text.trim().split('\n').length, 5000 + 6);
    // In turns and not in milliseconds, which depend on the machine.
    assert.ok(at[1] - at[0] >= Math.floor(5000 / 16) - 1, `${at[1] - at[0]} turns`);
  });
});

test('rows that take long to make are spread over turns of the event loop', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    let inTurn = 0;
    let most = 0;
    const appData = {
      get slow() {
        if (inTurn === 0) setImmediate(() => (inTurn = 0));
        inTurn += 1;
        most = Math.max(most, inTurn);
        const end = process.hrtime.bigint() + BigInt(1e6);
        while (process.hrtime.bigint() < end);
        return { nested: true };
      },
    };
    for (let i = 0; i < 3; i += 1) {
      const { worker, consumers } = mediasoup.room(40);
      for (const object of consumers) object.appData = appData;
      for (let j = 0; j < 40; j += 1) worker.router({ appData });
    }
    const { of } = await snapshot(socket);
    assert.deepStrictEqual([of('consumers').length, of('routers').length], [120, 123]);
    // Three workers take turns, and each value is read up to three times.
    assert.ok(most <= 15, `${most} in one turn`);
  });
});
