// SPDX-License-Identifier: MIT
'use strict';

// endpoint.workers() with real workers, and README.md's sample that chooses the one with the least to do.

const assert = require('assert');
const { test } = require('node:test');
const { eventually, withApplication } = require('../helpers/application');
const { snapshot } = require('../helpers/snapshot');
const { versions } = require('../helpers/versions');

// Consumers that get 200 packets a second each.
const MANY = 200;
const SOME = 100;
const FEW = 20;
const ROOMS = 6;
const PATIENCE_MS = 20000;

const withWorkers = (version, run) => withApplication(version, { script: 'busy_sfu.js' }, run);

// Waits until the figures of the workers with these pids fulfil the conditions, one for each.
const waitFor = (app, pids, conditions) =>
  eventually(async () => {
    const workers = await app.call('workers');
    const found = pids.map((pid) => workers.find((worker) => worker.pid === pid));
    assert.deepStrictEqual(found.map((one, i) => conditions[i](one)), conditions.map(() => true), JSON.stringify(found));
  }, PATIENCE_MS);

for (const version of versions()) {
  const name = `mediasoup ${version.version}`;

  test(`${name}: new rooms go to the worker with the least to do, and none to one that stands still`, async () => {
    await withWorkers(version, async (app) => {
      const [busy, half, idle] = [await app.call('busyWorker', MANY), await app.call('busyWorker', SOME), await app.call('busyWorker', 0)];
      await waitFor(app, [busy, half, idle], [({ cpu }) => cpu > 0, ({ cpu }) => cpu > 0, ({ cpu }) => cpu < 0.1]);
      assert.deepStrictEqual(await app.call('place', ROOMS), Array(ROOMS).fill(idle));
      process.kill(idle, 'SIGSTOP');
      await waitFor(app, [idle], [({ responding }) => !responding]);
      let placed;
      app.call('place', 1).then((pids) => (placed = pids), () => {});
      await eventually(() => assert.notStrictEqual(placed, undefined, 'a stopped worker was asked for a router'), PATIENCE_MS);
      assert.notStrictEqual(placed[0], idle);
      process.kill(idle, 'SIGCONT');
      await waitFor(app, [idle], [({ responding, routers }) => responding && routers === ROOMS]);
    });
  });

  test(`${name}: rooms that begin at once are shared out between idle workers`, async () => {
    await withWorkers(version, async (app) => {
      const pids = [];
      for (let i = 0; i < 3; i += 1) pids.push(await app.call('busyWorker', 0));
      assert.deepStrictEqual(await app.call('place', ROOMS), [...pids, ...pids]);
    });
  });

  test(`${name}: a worker's share of a core is that of its process`, async () => {
    await withWorkers(version, async (app) => {
      const pid = await app.call('busyWorker', FEW);
      await waitFor(app, [pid], [({ cpu }) => cpu > 0]);
      const { told, used } = await app.call('cpuTimes', pid, 3);
      assert.ok(used > 20 && Math.abs(told - used) < 50 + used / 20, `${told} ${used}`);
      const [{ roundTrip, isWorker, consumers, transports, producers, routers }] = await app.call('workers');
      assert.deepStrictEqual([isWorker, routers, transports, producers, consumers], [true, 1, 2, 1, FEW]);
      assert.strictEqual(roundTrip, undefined);
      await eventually(async () => {
        await snapshot(app.socket, 'workers');
        assert.ok((await app.call('workers'))[0].roundTrip > 0);
      });
    });
  });
}
