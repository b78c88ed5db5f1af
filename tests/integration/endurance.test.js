// SPDX-License-Identifier: MIT
'use strict';

// A thousand intervals, good and bad in turn, with objects that come and go: no memory is lost, whether a
// leak checker looks or only the resident size is compared. MEDIASOUP_VALGRIND=1 runs fewer under valgrind.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { test } = require('node:test');
const { until } = require('../lib/wait.js');
const { Rig } = require('./rig.js');
const { answer, closeHalfway, raw } = require('./fake_endpoint.js');
const { oneOfEach, row, snapshot, uuid } = require('./snapshots.js');

const VALGRIND = process.env.MEDIASOUP_VALGRIND === '1';
const INTERVALS = Number(process.env.MEDIASOUP_INTERVALS ?? (VALGRIND ? 200 : 1000));
const INTERVAL = VALGRIND ? 0.2 : 0.03;
const WARM_UP = Math.floor(INTERVALS / 4);

// 30 rows that stay and 10 that are new each time, with appData that changes.
function busy(n) {
  const room = uuid('endurance', 'r');
  const transport = uuid('endurance', 't');
  const fresh = Array.from({ length: 10 }, (_, i) => row.producer(uuid('fresh', `${n}`, `${i}`), transport, { appData: { n, i } }));
  const old = Array.from({ length: 30 }, (_, i) =>
    row.consumer(uuid('old', `${i}`), fresh[0].producerId, transport, { stats: { byteCount: 1000 * n }, appData: { peerId: `${i}`, at: Math.floor(n / 7) } }));
  return [...oneOfEach('endurance'), row.router(room, 0, { appData: { room: 'x' } }), row.transport(transport, room), ...fresh, ...old];
}

function behaviours() {
  let n = 0;
  const good = (socket, request) => answer(snapshot(busy(n)))(socket, request);
  const kinds = [
    good,
    (socket) => closeHalfway(snapshot(busy(n)))(socket),
    good,
    (socket, request) => answer('{"error":"no"}', { status: '500 Internal Server Error' })(socket, request),
    good,
    (socket, request) => answer(`${snapshot(busy(n))}{"row":"routers"}\n`)(socket, request),
    good,
    () => {}, // hangs
    good,
    (socket, request) => answer(snapshot(busy(n)).replaceAll('"row":"consumers"', '"row":"consumers","stats":7'))(socket, request),
    good,
    (socket) => raw('nonsense')(socket),
  ];
  return (socket, request) => kinds[n++ % kinds.length](socket, request);
}

// LeakSanitizer's runtime works on a program that was not built with it.
function leakSanitizer() {
  try {
    const path = execFileSync('gcc', ['-print-file-name=liblsan.so'], { encoding: 'utf8' }).trim();
    return path.startsWith('/') ? path : undefined;
  } catch {
    return undefined;
  }
}

async function endure(t, { preload, intervals = INTERVALS } = {}) {
  const rig = await Rig.open();
  try {
    const fake = await rig.fake('long', behaviours());
    const daemon = await rig.collectd({ preload, endpoints: [
      { name: 'long', Socket: fake.path, Interval: INTERVAL, Timeout: INTERVAL * 0.8 },
    ] });
    const polled = (n) => until(() => fake.served >= n, { what: `${n} polls`, timeout: 600000, every: 100, detail: () => `${fake.served}\n${daemon.log.slice(-5).join('\n')}` });
    await polled(WARM_UP);
    const warm = daemon.residentMemory();
    rig.sink.clear();
    await polled(intervals);
    const grown = daemon.residentMemory() - warm;
    await rig.polls('long', 1);
    await daemon.stop();
    t.diagnostic(`${fake.served} polls, resident memory ${warm} KiB after ${WARM_UP}, ${grown} KiB more at the end`);
    return { grown, lists: rig.sink.lists, problems: rig.sink.problems };
  } finally {
    await rig.close();
  }
}

test(`${INTERVALS} intervals, good and bad in turn: memory stays`, { timeout: 900000 }, async (t) => {
  const { grown, lists, problems } = await endure(t);
  assert.deepEqual(problems, []);
  assert.ok(lists.filter((list) => list.type === 'endpoint').some((list) => list.value.up === 0));
  if (!VALGRIND) assert.ok(grown < 8 * 1024, `${grown} KiB more than after the warm-up`);
});

test('nothing is left unreferenced at the end', { timeout: 300000, skip: VALGRIND || !leakSanitizer() }, async (t) => {
  await endure(t, { preload: leakSanitizer(), intervals: WARM_UP + 100 });
});
