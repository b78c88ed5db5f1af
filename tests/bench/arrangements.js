// SPDX-License-Identifier: MIT
'use strict';

// How many series Prometheus gets and what they cost collectd, for each arrangement of docs/scaling.md. Synthetic rows: rooms of a
// hundred. Prints that document's table; not one of ./bench's figures.
//
//   node tests/bench/arrangements.js [CONSUMERS...]

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { FakeEndpoint, answer } = require('../integration/fake_endpoint.js');
const { Collectd } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { shippedWriters } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');
const { request } = require('../views/client.js');
const { cpuOf } = require('./lib/measure.js');
const { snapshots } = require('./lib/rows.js');

const INTERVAL = 10;
const READINGS = 5; // measured, after two to warm up
const SUMMARIES = ['Distributions true', 'Worst 20', '<Group "room">', 'By "roomId"', '</Group>', '<Group "all">', '</Group>'];

// What Prometheus scrapes in each.
const ARRANGEMENTS = {
  'all rows in `write_prometheus`': (ports) => ({ prometheusPort: ports.prometheus, scraped: ports.prometheus, most: 1000 }),
  'as shipped: summaries in `write_prometheus`, all rows in the views': (ports) => ({ lines: SUMMARIES, prometheusPort: ports.prometheus,
    views: { Port: ports.views }, extra: shippedWriters(), scraped: ports.prometheus }),
  'summaries only (`MaxObjects 0`)': (ports) => ({ lines: SUMMARIES, MaxObjects: 0, prometheusPort: ports.prometheus, scraped: ports.prometheus }),
  'all rows in `/metrics`': (ports) => ({ views: { Port: ports.views }, scraped: ports.views }),
};

const seriesOf = (text) => text.split('\n').filter((line) => line && !line.startsWith('#')).length;

async function measure(consumers, { scraped, lines, MaxObjects = 100000, ...options }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-bench-'));
  const { bodies } = snapshots(consumers);
  let served = 0;
  const fake = await FakeEndpoint.listen(path.join(folder, 's.sock'), answer(() => bodies[(served += 1) % bodies.length]));
  const collectd = await Collectd.start({ interval: INTERVAL, endpoints: [{ name: 'mediasoup', Socket: fake.path, MaxObjects, AppData: ['roomId', 'peerId'], lines }], ...options });
  const scrape = () => request({ port: scraped }, '/metrics');
  const readings = (count) => until(() => served >= count, { what: `${count} readings`, timeout: 600000, every: 20 });
  try {
    await readings(2);
    await scrape();
    await readings(3);
    const before = cpuOf(collectd.pid);
    let answered;
    for (let n = 0; n < READINGS; n += 1) {
      answered = await scrape();
      await readings(4 + n);
    }
    const cpu = (cpuOf(collectd.pid) - before) / READINGS;
    return { series: seriesOf(answered.body.toString()), megabytes: answered.body.length / 1e6, share: cpu / (INTERVAL * 1e6), memory: collectd.residentMemory() / 1024 };
  } finally {
    await collectd.stop();
    await fake.vanish();
    fs.rmSync(folder, { recursive: true });
  }
}

async function main(sizes) {
  console.log('| | consumers | series | a scrape | CPU, of a core | memory of collectd |\n|---|---|---|---|---|---|');
  for (const [name, arrange] of Object.entries(ARRANGEMENTS))
    for (const consumers of sizes) {
      const { most = Infinity, ...options } = arrange({ prometheus: await freePort(), views: await freePort() });
      if (consumers > most) continue;
      const { series, megabytes, share, memory } = await measure(consumers, options);
      console.log(`| ${name} | ${consumers.toLocaleString('en')} | ${series.toLocaleString('en')} | ${megabytes.toFixed(2)} MB | ${(100 * share).toFixed(2)} % | ${memory.toFixed(0)} MiB |`);
    }
}

main(process.argv.slice(2).map(Number).filter(Boolean).length ? process.argv.slice(2).map(Number) : [100, 1000, 10000]);
