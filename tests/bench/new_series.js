// SPDX-License-Identifier: MIT
'use strict';

// Series that are new to Prometheus all at once, as after a start: from the request for them until they are served. Ours by our
// /metrics, the peer's by collectd's write_prometheus, each in a collectd of its own that reads the same synthetic rows.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { FakeEndpoint, answer } = require('../integration/fake_endpoint.js');
const { Collectd } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { until } = require('../lib/wait.js');
const { read } = require('./lib/application.js');
const { cpuOf, pairs } = require('./lib/measure.js');
const { FIELDS, snapshots } = require('./lib/rows.js');

const FIGURES = ['metrics_new_series'];
const ONCE = 3600; // an interval that does not come again
const QUIET = 25; // times that collectd is seen to do nothing

const metrics = (port) => read({ host: '127.0.0.1', port, path: '/metrics' });

// When collectd has done what there was to do.
async function whenIdle(collectd) {
  let cpu = 0, since = 0, quiet = 0;
  await until(() => {
    const now = cpuOf(collectd.pid);
    quiet = now - cpu < 200 ? quiet + 1 : 0;
    if (quiet === 0) since = Date.now();
    cpu = now;
    return quiet >= QUIET;
  }, { what: 'collectd to come to rest', timeout: 900000, every: 20 });
  return since;
}

// Seconds that `consumers` take to be served, out of `options` for Collectd.start; undefined where there is no /metrics.
async function secondsToServe(consumers, port, options) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-bench-'));
  const fake = await FakeEndpoint.listen(path.join(folder, 's.sock'), answer(snapshots(consumers).bodies[0]));
  const collectd = await Collectd.start({ interval: ONCE, endpoints: [{ name: 'bench', Socket: fake.path, MaxObjects: 100000, AppData: ['roomId', 'peerId'] }], ...options });
  try {
    await until(() => fake.requests.length > 0, { what: 'a reading' });
    const stored = (await whenIdle(collectd)) - fake.requests[0].at;
    const { seconds, bytes } = await metrics(port);
    if (bytes < consumers * FIELDS.length * 50) throw new Error(`/metrics has ${bytes} bytes only`);
    return stored / 1000 + seconds;
  } finally {
    await collectd.stop();
    await fake.vanish();
    fs.rmSync(folder, { recursive: true });
  }
}

async function hasMetrics() {
  const port = await freePort();
  const collectd = await Collectd.start({ interval: ONCE, mediasoup: false, views: { Port: port } });
  try {
    return await fetch(`http://127.0.0.1:${port}/metrics`).then(({ ok }) => ok);
  } finally {
    await collectd.stop();
  }
}

async function compareAt({ report, quick }, size, headline) {
  const port = await freePort();
  const result = await pairs({ runs: quick || size > 1000 ? 1 : 3, warmUp: 0,
    ours: () => secondsToServe(size, port, { views: { Port: port } }), peer: () => secondsToServe(size, port, { prometheusPort: port }) });
  report.add({ figure: 'metrics_new_series', size, unit: 's', headline, peerName: 'write_prometheus', title: `New series, ${FIELDS.length} a consumer, until they are served`, ...result });
}

async function run(context) {
  if (!context.wants('metrics_new_series')) return;
  if (!(await hasMetrics())) {
    context.leftOut('metrics_new_series', 'write_mediasoup has no /metrics');
    return;
  }
  const headline = context.quick ? 1000 : 6300; // 100,000 series
  for (const size of [100, 1000, 3000, 6300]) if (size <= headline) await compareAt(context, size, headline);
}

module.exports = { FIGURES, run };
