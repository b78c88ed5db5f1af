// SPDX-License-Identifier: MIT
'use strict';

// 20,000 consumers, values that keep coming, and ten clients that ask for all of them all the time.

const assert = require('node:assert/strict');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { Worker } = require('node:worker_threads');
const { until } = require('../lib/wait.js');
const { ViewsRig } = require('./client.js');
const { CONSUMERS, PER_ROOM, consumersOfEachGeneration, examine, ids } = require('./consumers.js');

const THREADS = [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]];
const SNAPSHOTS = 4; // that come in while the clients ask
// Seconds, as collectd has it when nothing else is said; a sanitized plugin needs more to read so many rows.
const INTERVAL = Number(process.env.MEDIASOUP_LOAD_INTERVAL ?? 10);

// The reports of all clients: those of `SNAPSHOTS` snapshots, and at least two of each client.
async function askInLoops(rig) {
  const reports = [];
  const threads = THREADS.map((clients) =>
    new Worker(path.join(__dirname, 'load_clients.js'), { workerData: { target: rig.target, clients } }));
  const ends = threads.map((thread) => new Promise((done, fail) => thread.on('exit', done).on('error', fail)));
  for (const thread of threads) thread.on('message', (report) => reports.push(report));
  const last = rig.endpoint.served + SNAPSHOTS;
  const answers = (client) => reports.filter((report) => report.client === client).length;
  await until(() => rig.endpoint.served >= last && THREADS.flat().every((client) => answers(client) >= 2),
    { what: 'two answers for each client', timeout: 300000, every: 200, detail: () => JSON.stringify(reports.slice(-10)) });
  for (const thread of threads) thread.postMessage('end');
  await Promise.all(ends);
  return reports;
}

describe('20,000 consumers', () => {
  let rig;
  before(async () => {
    rig = await ViewsRig.start(consumersOfEachGeneration(), { endpoint: { Interval: INTERVAL, MaxObjects: 2 * CONSUMERS, Timeout: 20 } });
    await rig.when('/consumers?fields=kind', (rows) => rows.length === CONSUMERS, 60000);
  });
  after(() => rig?.close());

  test('ten clients: every answer is complete and consistent, while values keep coming', async (t) => {
    const reports = await askInLoops(rig);
    assert.deepEqual(reports.flatMap(({ problems }) => problems), []);
    assert.deepEqual([...new Set(reports.map(({ consumers }) => consumers))], [CONSUMERS]);
    for (const client of THREADS.flat()) {
      const seen = reports.filter((report) => report.client === client).map(({ newest }) => newest);
      assert.deepEqual(seen, [...seen].sort((a, b) => a - b), `client ${client} never sees an older snapshot after a newer`);
    }
    const times = new Map(reports.map(({ newest, timestamp }) => [newest, timestamp]));
    assert.ok(times.size >= SNAPSHOTS - 1, `${times.size} snapshots were seen`);
    const byGeneration = [...times].sort(([a], [b]) => a - b).map(([, timestamp]) => timestamp);
    assert.ok(byGeneration.every((time, i) => i === 0 || time > byGeneration[i - 1]), `timestamps ${byGeneration}`);
    t.diagnostic(`${reports.length} answers, ${times.size} snapshots, resident memory ${rig.daemon.residentMemory()} KiB`);
    assert.deepEqual(rig.daemon.lines(/queue|drop/i), []);
  });

  test('an answer is as long as what was asked for', async () => {
    const bytes = async (url) => (await rig.ask(url)).body.length;
    const [all, room, one] = await Promise.all(['/consumers', '/consumers?appData.roomId=room-7', `/consumers/${ids[7]}`].map(bytes));
    const near = (length, rows) => length > all * rows / CONSUMERS / 2 && length < all * rows / CONSUMERS * 2;
    assert.ok(near(room, PER_ROOM) && near(one, 1), `${all}, ${room}, ${one} bytes`);
    assert.equal(examine(await rig.json('/consumers?appData.roomId=room-7')).consumers, PER_ROOM);
    assert.deepEqual((await rig.json(`/consumers?consumerId=${ids[7]}`)).map((c) => c.ssrc), [7]);
  });
});
