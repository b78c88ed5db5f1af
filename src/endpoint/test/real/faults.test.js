// SPDX-License-Identifier: MIT
'use strict';

// Real mediasoup workers that stop or die, objects that close during snapshots, and busy applications.

const assert = require('assert');
const { test } = require('node:test');
const { eventually, sleep, withApplication } = require('../helpers/application');
const { request, snapshot } = require('../helpers/snapshot');
const { versions } = require('../helpers/versions');

const CROWD = 300;

for (const version of versions()) {
  const name = `mediasoup ${version.version}`;

  test(`${name}: a stopped worker costs its own rows only, and comes back`, async () => {
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

  test(`${name}: a SIGTERM for the process group counts as a death only where it ended the worker`, async () => {
    await withApplication(version, {}, async (app) => {
      const pid = await app.call('createWorker');
      const end = await app.call('endOf', pid, 'SIGTERM');
      await eventually(async () => {
        const { endpoint, of } = await snapshot(app.socket);
        assert.deepStrictEqual([of('workers').length, endpoint.workerDeaths], [0, /code:0,/.test(end) ? 0 : 1], end);
      });
    });
  });

  test(`${name}: a killed worker counts as a death, and its rows are gone`, async () => {
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

  test(`${name}: consumers that are closed and workers that are killed during snapshots are left out`, async () => {
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

  test(`${name}: a busy application does not count as a worker that is late`, async () => {
    await withApplication(version, { options: { deadline: 100 } }, async (app) => {
      await app.call('room');
      const reading = snapshot(app.socket);
      await app.call('block', 500);
      const { rows, end } = await reading;
      assert.strictEqual(end.unanswered, 0);
      assert.ok(rows.every((row) => row.error === undefined));
    });
  });

  test(`${name}: many readers share snapshots`, async () => {
    await withApplication(version, {}, async (app) => {
      await app.call('crowd', CROWD);
      const texts = await Promise.all(
        Array.from({ length: 8 }, () => request(app.socket, '/v1/snapshot').then(({ text }) => text))
      );
      assert.ok(new Set(texts).size < texts.length, 'shared');
      assert.strictEqual((await snapshot(app.socket)).of('consumers').length, CROWD);
    });
  });
}
