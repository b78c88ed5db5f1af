// SPDX-License-Identifier: MIT
'use strict';

// What the plugin costs the host: CPU of collectd for each row that it reads, memory. The rows are synthetic, from a fake endpoint,
// since no mediasoup has a part in it.

const { compare } = require('./lib/measure.js');
const { sleep } = require('../lib/wait.js');
const { startCurlJson, startDispatchOnly, startOurs } = require('./lib/readers.js');

const FIGURES = ['plugin_cpu_per_row', 'plugin_vs_curl_json', 'collectd_memory', 'collectd_cpu'];
const LARGEST = 20000; // consumers, for the figures of collectd as a whole
const SYNTHETIC = 100000; // more than any host has: the plugin's cost a row is to stay the same
const USUAL_INTERVAL = 10; // seconds
const CURL_JSON = 'curl_json';
const SUMMARIES = ['Distributions true', 'Worst 20', '<Group "room">', 'By "roomId"', '</Group>'];

// Readers side by side, in turn within each interval, so that none takes the other's caches and cores: their readings.
async function together(starts, runs, interval) {
  const started = await Promise.allSettled(starts.map(async (start, n) => {
    await sleep((n / starts.length) * interval * 1000);
    return start(interval);
  }));
  const readers = started.filter(({ value }) => value).map(({ value }) => value);
  try {
    for (const { reason } of started) if (reason) throw reason;
    const readings = await Promise.all(readers.map((reader) => reader.readings(runs, interval)));
    return readers.map((reader, n) => ({ readings: readings[n], rows: reader.rows, memory: reader.collectd.residentMemory() / 1024 }));
  } finally {
    await Promise.all(readers.map((reader) => reader.stop()));
  }
}

// Seconds, enough for what the slowest needs.
const intervalFor = (consumers) => Math.max(0.3, consumers / 2500);

async function cpuPerRow({ report, runsAt }, size) {
  const [ours, bare] = await together([(interval) => startOurs(size, interval), (interval) => startDispatchOnly(size, interval)], runsAt(size), Math.min(USUAL_INTERVAL, intervalFor(size)));
  const series = (side, thread) => side.readings.map((reading) => reading[thread]);
  const dispatch = series(bare, 'reader');
  const own = series(ours, 'reader').map((whole, n) => whole - dispatch[n]);
  const common = { figure: 'plugin_cpu_per_row', size, unit: 'us/row', title: 'The plugin\'s CPU for a reading, from fetch to last dispatch', totalUnit: 'ms a reading', total: (value) => (value * size) / 1000 };
  report.add({ ...common, peerName: 'plugin_dispatch_values alone', ...compare(own, dispatch) });
  report.add({ ...common, aside: 'all threads', peerName: 'plugin_dispatch_values alone, all threads', ...compare(series(ours, 'all'), series(bare, 'all')) });
}

async function versusCurlJson({ report, runsAt }, size) {
  const [ours, peer] = await together([(interval) => startOurs(size, interval), (interval) => startCurlJson(size, interval)], runsAt(size), 2 * intervalFor(size));
  report.add({ figure: 'plugin_vs_curl_json', size, unit: 'us/row', peerName: CURL_JSON, title: 'CPU of collectd for a reading, all threads',
    totalUnit: 'ms a reading', total: (value) => (value * size) / 1000, ...compare(...[ours, peer].map(({ readings }) => readings.map(({ all }) => all))) });
}

// Both plugins, as shipped: views, summaries, write_prometheus and all.
async function whole({ report, runsAt, wants, largest }, size) {
  const interval = size === LARGEST ? USUAL_INTERVAL : 2 * intervalFor(size);
  const [ours, peer] = await together([() => startOurs(size, interval, { whole: true, lines: SUMMARIES }), () => startCurlJson(size, interval)], runsAt(size), interval);
  const common = { size, peerName: `${CURL_JSON}, nothing written`, headline: largest };
  if (wants('collectd_memory')) {
    report.add({ ...common, figure: 'collectd_memory', unit: 'MiB', title: 'Resident memory of collectd as shipped', runs: 1,
      ours: ours.memory, peer: peer.memory, ratio: peer.memory / ours.memory });
  }
  if (wants('collectd_cpu')) {
    const percent = ({ readings, rows }) => readings.map(({ all }) => (all * rows) / 1e6 / USUAL_INTERVAL * 100);
    report.add({ ...common, figure: 'collectd_cpu', unit: '% of a core', title: `CPU of collectd as shipped, at an interval of ${USUAL_INTERVAL} s`, ...compare(percent(ours), percent(peer)) });
  }
}

async function run(context) {
  const { quick, sizes, wants } = context;
  for (const size of sizes) {
    if (wants('plugin_cpu_per_row')) await cpuPerRow(context, size);
    if (wants('plugin_vs_curl_json')) await versusCurlJson(context, size);
    if (wants('collectd_memory') || wants('collectd_cpu')) await whole({ ...context, largest: sizes.at(-1) }, size);
  }
  if (!quick && wants('plugin_cpu_per_row')) await cpuPerRow(context, SYNTHETIC);
}

module.exports = { FIGURES, run };
