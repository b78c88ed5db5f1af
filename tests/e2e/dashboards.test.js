'use strict';

// Every query of the shipped dashboards finds numbers in a Prometheus that has scraped a collectd that reads the demo's
// application, all three as they are shipped.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { Collectd } = require('../lib/collectd.js');
const { dashboards, queriesOf, substituted } = require('../lib/dashboards.js');
const { freePort } = require('../lib/free_port.js');
const { Prometheus } = require('../lib/prometheus.js');
const { asShipped } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');

const VALUES = { instance: 'testhost', endpoint: '.*', roomId: 'room-1', __rate_interval: '20s', __range: '5m' };

// Queries that find nothing in the demo.
const NOTHING = [
  { matches: /ALERTS/, because: 'none of its alerts is pending or firing' },
];
// Queries that find series, but of figures that nobody knows there.
const UNKNOWN = [
  { matches: /producers_round_trip_time/, because: 'its senders answer no receiver reports' },
  { matches: /consumers_jitter/, because: 'mediasoup tells it since 3.19.10' },
];
const listed = (list, expression) => list.find(({ matches }) => matches.test(expression));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-dashboards-'));
let application;
let output = '';
let collectd;
let prometheus;

before(async () => {
  const socket = path.join(folder, 'sfu.sock');
  application = spawn(process.execPath, [path.join(__dirname, '../sfu/main.js')],
    { env: { ...process.env, SFU_SOCKET: socket }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const stream of [application.stdout, application.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text; });
  await until(() => /consumers with RTP/.test(output), { what: 'the application', timeout: 60000, detail: () => output });
  const port = await freePort();
  collectd = await Collectd.start({ interval: 1, ...asShipped({ socket, port }) });
  prometheus = await Prometheus.start({ target: `127.0.0.1:${port}` });
});

after(async () => {
  await prometheus?.stop();
  await collectd?.stop();
  application?.disconnect();
  fs.rmSync(folder, { recursive: true, force: true });
});

for (const { file, dashboard } of dashboards) {
  describe(file, () => {
    for (const { name, expression } of queriesOf(dashboard)) {
      test(name, async () => {
        const query = substituted(expression, VALUES);
        if (listed(NOTHING, query)) {
          await prometheus.query(query); // which throws where it is none
          return;
        }
        const isWanted = listed(UNKNOWN, query) ? () => true : ({ value }) => Number.isFinite(value);
        let found;
        await until(async () => {
          found = await prometheus.query(query);
          return found.some(isWanted);
        }, { what: `numbers for ${query}`, timeout: 60000, every: 250, detail: () => `${JSON.stringify(found)}\n${collectd.log.join('\n')}` });
      });
    }
  });
}

test('a room\'s figures are those of its consumers', async () => {
  const [{ value: streams }] = await prometheus.query('mediasoup_group_consumers_streams{group="room",roomId="room-2"}');
  const [{ value: paused }] = await prometheus.query('mediasoup_group_consumers_streams_paused{group="room",roomId="room-2"}');
  const [{ value: consumers }] = await prometheus.query('count(mediasoup_consumers_score{roomId="room-2"})');
  assert.ok(streams >= 8, `${streams} streams`);
  assert.equal(streams + paused, consumers);
});

test('collectd has nothing to complain of', () => {
  assert.deepEqual(collectd.lines(/\[(error|warning)\]/i).filter((line) => !line.includes('MHD_OPTION_EXTERNAL_LOGGER')), []);
});
