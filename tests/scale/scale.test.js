// SPDX-License-Identifier: MIT
'use strict';

// Ten thousand consumers in a hundred rooms, of whom a tenth is replaced every interval: what Prometheus stores has a bound
// and is right. Real workers, RTP, collectd with the shipped filter chain, Prometheus.
//
//   MEDIASOUP_DIR         a directory with mediasoup in its node_modules
//   MEDIASOUP_PLUGIN_DIR  see tests/lib/collectd.js
//   ROOMS, SIZE, CYCLES   a smaller crowd, to try something out

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { shippedWriters } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');
const { Stack } = require('../e2e/stack.js');
const { Crowd } = require('./crowd.js');

const [ROOMS, SIZE, CYCLES] = [process.env.ROOMS ?? 100, process.env.SIZE ?? 100, process.env.CYCLES ?? 50].map(Number);
const REPLACED = SIZE / 10;
const PACKETS = 3; // of each microphone in a cycle
const WARM_UP = Math.floor(CYCLES / 5);
const ROUND_TRIP_TIMES = [15, 40, 80, 120, 180, 250, 400];
const LOSSES = [0, 0, 0, 0.01, 0.04, 0.15];
// The driver keeps the application's thread busy: its answers take long.
const OPTIONS = ['Timeout 60', 'Distributions true', 'Worst 20', '<Group "room">', 'By "roomId"', '</Group>', '<Group "all">', '</Group>'];

let stack;
let crowd;
let began; // seconds, when the first cycle did
const first = new Map(); // each room's bytes, before the first cycle: of Prometheus' counter and of the receiver
const memory = [];
const raw = []; // consumers' rows of snapshots, asked for directly

const sinceBeginning = () => Math.floor(Date.now() / 1000 - began);

// Until collectd has read a snapshot that was asked for after now.
async function nextReading() {
  const now = Date.now();
  await until(async () => (await stack.view('groups?group=all&fields=timestamp'))[0]?.timestamp > now,
    { what: 'a reading', timeout: 60000, every: 50, detail: () => stack.collectd.log.slice(-5).join('\n') });
}

// Until Prometheus has scraped it.
async function nextScrape() {
  const now = Date.now() / 1000;
  await stack.until('timestamp(mediasoup_endpoint_up)', ([sample]) => sample?.value > now);
}

async function bytesOfRooms() {
  const samples = await stack.query('mediasoup_group_consumers_bytes{group="room"}');
  return new Map(samples.map(({ labels, value }) => [labels.roomId, value]));
}

before(async () => {
  // What is kept of the past is full within a minute, so that memory would show what is kept for longer.
  stack = await Stack.start({ workers: 2, views: { History: 60 }, collectd: {
    interval: 5, extra: shippedWriters(), lines: OPTIONS } });
  crowd = await Crowd.open(stack.sfu, { rooms: ROOMS, size: SIZE, roundTripTimes: ROUND_TRIP_TIMES, losses: LOSSES });
  await crowd.speak(PACKETS);
  await nextReading();
  await nextScrape();
  const stored = await bytesOfRooms();
  for (const room of crowd.rooms) first.set(room.roomId, { stored: stored.get(room.roomId), received: room.received.bytes });
  began = Date.now() / 1000;
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await crowd.speak(PACKETS);
    await nextReading();
    if (cycle % 5 === 0) raw.push(...(await stack.snapshot()).filter(({ row, stats }) => row === 'consumers' && stats));
    await crowd.change(REPLACED);
    memory.push(stack.collectd.residentMemory());
  }
  await nextReading();
  await nextScrape();
});

after(async () => {
  await crowd?.close();
  await stack?.stop();
});

test('the views have every consumer', async () => {
  const ids = new Set((await stack.view('consumers?fields=consumerId')).map(({ consumerId }) => consumerId));
  const alive = crowd.rooms.flatMap(({ consumers }) => consumers.map(({ id }) => id));
  assert.equal(alive.length, ROOMS * SIZE);
  assert.deepEqual(alive.filter((id) => !ids.has(id)), []);
});

test('the number of series in Prometheus has not changed', async (t) => {
  const [{ values: counts }] = await stack.prometheus.history('count({__name__=~"mediasoup_.+",__name__!~"mediasoup_processes_.+_bucket.*"})', `${sinceBeginning()}s:1s`);
  assert.ok(counts.length >= CYCLES);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  assert.equal(least, most);
  t.diagnostic(`${most} series`);
  assert.ok(most < 6000, `${most} series`);
  assert.deepEqual(await stack.query('mediasoup_consumers_byte_count'), []);
});

test('each room counts the bytes that its listeners got', async () => {
  const stored = await bytesOfRooms();
  for (const { roomId, received } of crowd.rooms) {
    const counted = stored.get(roomId) - first.get(roomId).stored, got = received.bytes - first.get(roomId).received;
    assert.ok(got > 0 && Math.abs(counted - got) <= got / 1000, `${roomId}: ${counted} of ${got}`);
  }
  const [all] = await stack.query('mediasoup_group_consumers_bytes{group="all"}');
  const sum = crowd.rooms.reduce((total, { received }) => total + received.bytes, 0);
  assert.ok(Math.abs(all.value - sum) <= sum / 1000, `${all.value} of ${sum}`);
});

test('no counter ever fell', async () => {
  const counters = await stack.query('{__name__=~"mediasoup_group_(consumers|producers)_(bytes|packets|packets_lost|packets_retransmitted|keyframe_requests)|mediasoup_stream_.+_(bucket|count|sum)"}');
  const names = [...new Set(counters.map(({ name }) => name))];
  assert.equal(names.length, 10 + 12);
  for (const name of names) {
    const falls = await stack.query(`resets(${name}[${sinceBeginning()}s])`);
    assert.ok(falls.length > 0, name);
    assert.deepEqual(falls.filter(({ value }) => value !== 0), [], name);
  }
});

test('collectd\'s memory is flat', (t) => {
  // The past is full after twelve cycles, and malloc finds its places again when each consumer has been replaced twice.
  const [early, late] = [memory.slice(2 * WARM_UP, 3 * WARM_UP), memory.slice(-WARM_UP)].map((part) => Math.max(...part));
  t.diagnostic(`${early} KiB, ${late} KiB at the end: ${memory.filter((_, cycle) => cycle % 5 === 0).join(' ')}`);
  assert.ok(late < early * 1.05, `${early} KiB, then ${late} KiB: ${memory.join(' ')}`);
});

// The bucket that a quantile falls into, of the bounds that Prometheus has.
const DISTRIBUTIONS = {
  stream_round_trip_time_seconds: ({ roundTripTime }) => (roundTripTime > 0 ? roundTripTime / 1000 : undefined),
  stream_loss_ratio: ({ fractionLost }) => fractionLost / 256,
  stream_score: ({ score }) => score,
};
for (const [name, readingOf] of Object.entries(DISTRIBUTIONS))
  test(`the median and the 99th percentile of ${name} are those of the snapshots`, async () => {
    const family = `mediasoup_${name}_bucket{of="consumers"}`;
    const bounds = (await stack.query(`sum by (le) (${family})`)).map(({ labels }) => Number(labels.le.replace('+Inf', 'Infinity'))).sort((a, b) => a - b);
    const bucket = (value) => bounds.findIndex((bound) => value <= bound);
    const readings = raw.map(({ stats }) => readingOf(stats)).filter((reading) => reading !== undefined).sort((a, b) => a - b);
    assert.ok(readings.length > (ROOMS * SIZE) / 2, `${readings.length} readings`);
    for (const quantile of [0.5, 0.99]) {
      const expected = readings[Math.min(readings.length - 1, Math.floor(quantile * readings.length))];
      const [{ value }] = await stack.query(`histogram_quantile(${quantile}, sum by (le) (${family}))`);
      assert.ok(Math.abs(bucket(value) - bucket(expected)) <= 1, `${quantile}: ${value}, where the snapshots have ${expected}`);
    }
  });
