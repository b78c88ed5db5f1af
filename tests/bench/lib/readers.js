// SPDX-License-Identifier: MIT
'use strict';

// Three collectds that read the same rows: with our plugin, with curl_json, and with a plugin that only dispatches them. What they
// read is written nowhere, since a chain stops it, unless our plugin is asked for with all that is shipped. Each notes what its CPU
// had been at each reading's beginning (or end), so that the difference is a reading's.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { FakeEndpoint, answer } = require('../../integration/fake_endpoint.js');
const { Collectd, STOCK_PLUGIN_DIR } = require('../../lib/collectd.js');
const { freePort } = require('../../lib/free_port.js');
const { shippedWriters } = require('../../lib/shipped.js');
const { until } = require('../../lib/wait.js');
const { cpuOf } = require('./measure.js');
const { FIELDS, maps, snapshots } = require('./rows.js');

const NOWHERE = '<Chain "PostCache">\n<Rule "all">\n<Target "stop">\n</Target>\n</Rule>\n</Chain>';
const isReader = (name) => name.startsWith('reader');

class Reader {
  // `begin` starts a collectd; it gets a function to call at each reading, and answers { collectd, rows, close }.
  static async start(begin) {
    const reader = new Reader();
    reader.marks = [];
    Object.assign(reader, await begin(() => reader.#mark()));
    return reader;
  }

  #mark() {
    if (this.collectd && !this.collectd.gone) this.marks.push({ all: cpuOf(this.collectd.pid), reader: cpuOf(this.collectd.pid, isReader) });
  }

  // The CPU of so many readings from now on, in microseconds a row: [{ all, reader }]. The first two warm up.
  async readings(count, interval) {
    const first = this.marks.length + 2;
    await until(() => this.marks.length > first + count, { what: `${count} readings`, timeout: (count + 6) * interval * 3000 + 30000,
      detail: () => this.collectd.log.slice(-3).join('\n') });
    return Array.from({ length: count }, (_, n) => {
      const [before, after] = this.marks.slice(first + n, first + n + 2);
      return { all: (after.all - before.all) / this.rows, reader: (after.reader - before.reader) / this.rows };
    });
  }

  async stop() {
    await this.collectd.stop();
    await this.close?.();
  }
}

const inTurn = (bodies) => {
  let reading = 0;
  return () => bodies[(reading += 1) % bodies.length];
};

// Our plugin. `whole`: with the views and write_prometheus, and the rows written there as shipped.
const startOurs = (consumers, interval, { whole, lines = [] } = {}) => Reader.start(async (mark) => {
  const { rows, bodies } = snapshots(consumers), next = inTurn(bodies);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-bench-'));
  const fake = await FakeEndpoint.listen(path.join(folder, 's.sock'), (socket, request) => {
    mark();
    answer(next())(socket, request);
  });
  const writers = whole ? { extra: shippedWriters(), views: { Port: await freePort() }, prometheusPort: await freePort() } : { extra: NOWHERE };
  const collectd = await Collectd.start({ interval, ...writers,
    endpoints: [{ name: 'bench', Socket: fake.path, MaxObjects: 1000000, AppData: ['roomId', 'peerId'], lines }] });
  return { collectd, rows, close: async () => {
    await fake.vanish();
    fs.rmSync(folder, { recursive: true });
  } };
});

// collectd's own reader of JSON.
const startCurlJson = (consumers, interval) => Reader.start(async (mark) => {
  const { rows, bodies } = maps(consumers), next = inTurn(bodies);
  const server = http.createServer((request, response) => {
    mark();
    const body = next();
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const keys = FIELDS.map(([name, type]) => `<Key "*/${name}">\nType "${type}"\n</Key>`).join('\n');
  const collectd = await Collectd.start({ interval, mediasoup: false, extra: `PluginDir "${STOCK_PLUGIN_DIR}"\nLoadPlugin curl_json\n<Plugin curl_json>
<URL "http://127.0.0.1:${server.address().port}/">\nInstance "bench"\nTimeout 60000\n${keys}\n</URL>\n</Plugin>\n${NOWHERE}` });
  return { collectd, rows, close: () => {
    server.closeAllConnections();
    server.close();
  } };
});

function compile(folder) {
  const include = '/usr/include/collectd';
  fs.mkdirSync(folder, { recursive: true });
  execFileSync('gcc', ['-std=c11', '-O2', '-shared', '-fPIC', '-DHAVE_CONFIG_H=1', '-isystem', include, '-isystem', `${include}/core`,
    '-isystem', `${include}/core/daemon`, '-o', path.join(folder, 'dispatch_only.so'), path.join(__dirname, '../dispatch_only.c')]);
}

// Nothing but collectd's own dispatching.
const startDispatchOnly = (consumers, interval) => Reader.start(async (mark) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-bench-'));
  compile(folder);
  const collectd = await Collectd.start({ interval, mediasoup: false,
    extra: `PluginDir "${folder}"\nLoadPlugin dispatch_only\n<Plugin dispatch_only>\nRows ${consumers}\n</Plugin>\n${NOWHERE}` });
  let seen = 0;
  const timer = setInterval(() => {
    const readings = collectd.lines(/dispatch_only: \d+ rows/).length;
    if (readings > seen) mark();
    seen = readings;
  }, 10);
  return { collectd, rows: consumers, close: () => {
    clearInterval(timer);
    fs.rmSync(folder, { recursive: true });
  } };
});

module.exports = { startCurlJson, startDispatchOnly, startOurs };
