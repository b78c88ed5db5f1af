// SPDX-License-Identifier: MIT
'use strict';

// The running half of ./demo: the application, collectd and Prometheus as children, until a signal comes or one
// of them ends. All files go to $DEMO_FOLDER.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { writeConfiguration } = require('../lib/prometheus.js');
const { shipped, shippedExporter } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');
const { FAULTS } = require('../sfu/faults.js');

const { DEMO_FOLDER, DEMO_PLUGIN_DIR, DEMO_COLLECTD_PORT, DEMO_PROMETHEUS_PORT, DEMO_VIEWS_PORT, MEDIASOUP_DIR } = process.env;
const INTERVAL = 2; // seconds; the shipped configuration has 10, a demonstration should not keep anyone waiting
const PATIENCE = 90000;

const inFolder = (name) => path.join(DEMO_FOLDER, name);
const SOCKET = inFolder('sfu.sock');
const METRICS = `127.0.0.1:${DEMO_COLLECTD_PORT}`;
const PROMETHEUS = `127.0.0.1:${DEMO_PROMETHEUS_PORT}`;

const children = new Map(); // name -> child
let stopping = false;

const say = (text) => console.log(`demo: ${text}`);

function collectdConfiguration() {
  return `# Written by ./demo.
Hostname "demo"
FQDNLookup false
BaseDir "${DEMO_FOLDER}"
PIDFile "${inFolder('collectd.pid')}"
TypesDB "/usr/share/collectd/types.db"
PluginDir "/usr/lib/collectd"
Interval ${INTERVAL}

LoadPlugin logfile
<Plugin logfile>
  LogLevel info
  File STDOUT
</Plugin>

${shippedExporter(DEMO_COLLECTD_PORT)}
PluginDir "${DEMO_PLUGIN_DIR}"
${shipped('write_mediasoup.conf', [['Port 4000', `Port ${DEMO_VIEWS_PORT}`]])}
${shipped('mediasoup.conf', [['Socket "/run/mediasoup/collectd.sock"', `Socket "${SOCKET}"`]])}`;
}

const logOf = (name) => inFolder(`${name}.log`);
const lastLines = (file) => fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-10).join('\n');

// Starts a child in a process group of its own (a Ctrl-C is for us alone), which the kernel ends with us.
function start(name, command, args, { env = {}, ipc } = {}) {
  const log = fs.openSync(logOf(name), 'w');
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', command, ...args],
    { detached: true, cwd: DEMO_FOLDER, env: { ...process.env, ...env }, stdio: ['ignore', log, log, ...(ipc ? ['ipc'] : [])] });
  fs.closeSync(log);
  children.set(name, child);
  child.on('error', (error) => fail(`${name} cannot be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    children.delete(name);
    if (!stopping) fail(`${name} ended (${signal ?? `exit status ${code}`}); the end of its log, ${logOf(name)}:\n${lastLines(logOf(name))}`);
  });
}

async function stop(status) {
  if (stopping) return;
  stopping = true;
  const ends = [...children.values()].map((child) => new Promise((done) => {
    child.once('exit', done);
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 10000).unref();
  }));
  await Promise.all(ends);
  process.exit(status);
}

function fail(message) {
  console.error(`demo: ${message}`);
  stop(1);
}

function get(options) {
  return new Promise((done) => {
    const request = http.get({ timeout: 5000, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => done(text)).on('error', () => done(''));
    });
    request.on('error', () => done('')).on('timeout', () => request.destroy());
  });
}

// Resolves when `condition` holds for what `options` answers; gives up silently when we are being stopped.
async function wait(what, options, condition) {
  say(`waiting for ${what}`);
  await until(async () => stopping || condition(await get(options)), { what, timeout: PATIENCE, every: 250 });
}

const link = (expression) => `http://${PROMETHEUS}/graph?g0.tab=0&g0.range_input=5m&g0.expr=${encodeURIComponent(expression)}`;

function whatToOpen() {
  const queries = {
    'What each room sends, bit/s': 'sum by (roomId) (rate(mediasoup_consumers_byte_count[30s])) * 8',
    'Who receives badly (score of 10)': 'mediasoup_consumers_score{type="outbound-rtp"} < 9.5',
    'Round trip time by participant, ms': 'max by (roomId, peerId) (mediasoup_consumers_round_trip_time)',
    'CPU of the processes, percent': 'mediasoup_processes_cpu_usage',
  };
  return `
The snapshot:  curl --unix-socket ${SOCKET} http://localhost/v1/snapshot
The page:      http://127.0.0.1:${DEMO_VIEWS_PORT}/   and the views, e.g. /consumers
collectd:      http://${METRICS}/metrics
Prometheus:    http://${PROMETHEUS}/   and its /classic/alerts
${Object.entries(queries).map(([title, query]) => `  ${title}\n    ${query}\n    ${link(query)}`).join('\n')}
Logs:          ${DEMO_FOLDER}/*.log
To end it: Ctrl-C, or SIGTERM to ${process.pid}
`;
}

// A line for each of the faults: where to look, and what is to be seen there.
function whatToLookFor() {
  const line = ({ roomId = '', peerId = '', what, cause }) =>
    `  ${roomId.padEnd(7)} ${peerId.padEnd(6)} ${what}${cause ? ` (cause: ${cause})` : ''}`;
  return `What to look for on the page, from half a minute on:
${FAULTS.map(line).join('\n')}
The same as JSON: curl 'http://127.0.0.1:${DEMO_VIEWS_PORT}/participants?worst=5'
What has happened: curl http://127.0.0.1:${DEMO_VIEWS_PORT}/events
`;
}

async function main() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
  fs.rmSync(SOCKET, { force: true });

  start('sfu', process.execPath, [path.resolve(__dirname, '../sfu/main.js')], { env: { MEDIASOUP_DIR, SFU_SOCKET: SOCKET, SFU_FAULTS: '1' }, ipc: true });
  await wait('the application', { socketPath: SOCKET, path: '/v1/snapshot' },
    (text) => text.includes('"row":"end"') && text.includes('"row":"consumers"'));
  if (stopping) return;

  fs.writeFileSync(inFolder('collectd.conf'), collectdConfiguration());
  start('collectd', 'collectd', ['-f', '-C', inFolder('collectd.conf')]);
  await wait('collectd', { host: '127.0.0.1', port: DEMO_COLLECTD_PORT, path: '/metrics' },
    (text) => text.includes('collectd_mediasoup_consumers_byte_count_total{'));
  if (stopping) return;

  await wait('the views', { host: '127.0.0.1', port: DEMO_VIEWS_PORT, path: '/consumers' },
    (text) => text.includes('"peerId"'));
  if (stopping) return;

  const data = inFolder('prometheus');
  fs.rmSync(data, { recursive: true, force: true });
  const configuration = writeConfiguration(data, { target: METRICS, interval: `${INTERVAL}s` });
  start('prometheus', 'prometheus', [`--config.file=${configuration}`, `--storage.tsdb.path=${path.join(data, 'data')}`,
    `--web.listen-address=${PROMETHEUS}`]);
  await wait('Prometheus', { host: '127.0.0.1', port: DEMO_PROMETHEUS_PORT, path: '/api/v1/query?query=mediasoup_consumers_byte_count' },
    (text) => text.includes('"roomId":"room-1"'));
  if (stopping) return;

  console.log(whatToOpen());
  console.log(whatToLookFor());
  console.log('ready');
}

main().catch((error) => {
  if (!stopping) fail(`${error.message}; the logs: ${DEMO_FOLDER}/*.log`);
});
