// SPDX-License-Identifier: MIT
'use strict';

// Workers that do not answer in time, and applications that do not read in time.

const assert = require('assert');
const http = require('http');
const { test } = require('node:test');
const { sleep } = require('./helpers/application');
const { withEndpoint } = require('./helpers/endpoint');
const { snapshot } = require('./helpers/snapshot');

test('a worker that hangs costs one deadline and its own rows, and comes back', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    const wedged = mediasoup.room(200);
    const well = mediasoup.room(50);
    const waiting = [];
    const objects = [wedged.transport, ...wedged.consumers];
    const hang = () => new Promise((resolve) => waiting.push(resolve));
    wedged.worker.getResourceUsage = hang;
    for (const object of objects) object.getStats = hang;

    const began = Date.now();
    const first = await snapshot(socket);
    assert.ok(Date.now() - began < 450, 'one deadline of 150 ms');
    assert.strictEqual(waiting.length, 1, 'one request was enough to find out');
    assert.strictEqual(first.end.unanswered, 1);
    const errors = first.rows.filter((row) => row.error !== undefined);
    assert.ok(errors.every((row) => row.error === 'deadline' && row.stats === undefined));
    assert.strictEqual(errors.length, 202, 'worker, transport, 200 consumers; not the router');
    for (const { id } of well.consumers) {
      assert.strictEqual(first.by('consumerId', id)[0].stats.packetCount, 1);
    }

    const again = Date.now();
    const second = await snapshot(socket);
    assert.ok(Date.now() - again < 150, 'no deadline at all');
    assert.strictEqual(waiting.length, 2, 'only a probe was sent');
    assert.strictEqual(second.end.unanswered, 1, 'it is still unanswered');
    assert.strictEqual(second.rows.filter((row) => row.error === 'deadline').length, 202);
    assert.strictEqual((await snapshot(socket)).end.unanswered, 1);
    assert.strictEqual(waiting.length, 2, 'nothing more was sent');

    waiting[0]({ ru_utime: 1, ru_stime: 1, ru_maxrss: 1 });
    const answer = async () => [];
    wedged.worker.getResourceUsage = async () => ({ ru_utime: 1, ru_stime: 1, ru_maxrss: 1 });
    for (const object of objects) object.getStats = answer;
    const third = await snapshot(socket);
    assert.strictEqual(third.end.unanswered, 0);
    assert.ok(third.rows.every((row) => row.error === undefined));
  });
});

test('when a deadline passes in the middle, answers stay and the rest is marked', async () => {
  await withEndpoint({ window: 4 }, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(20);
    let later;
    consumers[9].getStats = () => new Promise((resolve) => (later = resolve));
    const { rows, end } = await snapshot(socket, 'consumers');
    const states = rows.filter(({ row }) => row === 'consumers').map((row) => row.error || 'answered');
    assert.deepStrictEqual(states.slice(0, 9), Array(9).fill('answered'));
    assert.strictEqual(states[9], 'deadline');
    assert.deepStrictEqual(states.slice(10, 12), ['answered', 'answered'], 'of the same window');
    assert.deepStrictEqual(states.slice(12), Array(8).fill('deadline'));
    assert.strictEqual(end.unanswered, 1);
    later([]);
    consumers[9].getStats = async () => [];
    await sleep(5);
    assert.strictEqual((await snapshot(socket, 'consumers')).end.unanswered, 0);
  });
});

test('a worker that is slow with every answer costs its own rows, and not the snapshot', async () => {
  await withEndpoint({ window: 2, deadline: 1000 }, async ({ mediasoup, socket }) => {
    const slow = mediasoup.room(200); // which would take 10 s
    const well = mediasoup.room(50);
    let asked = 0;
    for (const object of slow.consumers) {
      object.getStats = async () => {
        asked += 1;
        await sleep(100); // far within its deadline
        return [];
      };
    }
    const { by, end } = await snapshot(socket, 'consumers');
    assert.ok(asked > 1 && asked < 60, `${asked} of 200 were asked`);
    const errors = slow.consumers.map(({ id }) => by('consumerId', id)[0].error);
    assert.deepStrictEqual(errors, [...Array(asked).fill(undefined), ...Array(200 - asked).fill('deadline')]);
    assert.strictEqual(end.unanswered, 200 - asked);
    for (const { id } of well.consumers) assert.strictEqual(by('consumerId', id)[0].stats.packetCount, 1);
    for (const object of slow.consumers) object.getStats = async () => [];
    assert.strictEqual((await snapshot(socket, 'consumers')).end.unanswered, 0);
  });
});

test('an answer that is lost costs the rows of one snapshot', async () => {
  await withEndpoint({ window: 4 }, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(20);
    const { getStats } = consumers[3];
    consumers[3].getStats = () => new Promise(() => {});
    assert.strictEqual((await snapshot(socket)).end.unanswered, 1);
    consumers[3].getStats = getStats;
    const { rows, end } = await snapshot(socket);
    assert.deepStrictEqual(rows.filter(({ error }) => error !== undefined), []);
    assert.strictEqual(end.unanswered, 0);
  });
});

test('an application that was busy does not count as a worker that is late', async () => {
  await withEndpoint({ deadline: 50 }, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(1);
    consumers[0].getStats = () =>
      new Promise((resolve) => {
        // The answer arrives as bytes in a socket while the loop is blocked.
        const client = http.get({ socketPath: socket, path: '/' }, (res) => {
          res.resume();
          resolve([]);
        });
        client.on('socket', (s) => s.on('connect', () => setImmediate(() => {
          const end = Date.now() + 120;
          while (Date.now() < end);
        })));
      });
    const { end } = await snapshot(socket, 'consumers');
    assert.strictEqual(end.unanswered, 0);
  });
});
