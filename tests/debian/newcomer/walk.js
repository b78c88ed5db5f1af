// SPDX-License-Identifier: MIT
'use strict';

// walk.js package|source SHARE
// Follows the README's chapter "With your application" on a host that has Node, curl, sudo and Prometheus, by the commands
// as they are written there. SHARE has `application` (see application-folder) and, for `package`, the Debian package. For a tree of
// tests/setup/tree with the layer `host`. Writes what the commands said, and what can be seen in the end, to SHARE/report.json.
//
// What is not as the README has it, and why:
//   /path/to/collectd-mediasoup   is a link to the clone, which is in /project
//   systemctl                     is a script of ours: a tree has no systemd
//   collectd's start by apt       is forbidden there (policy-rc.d), and done by that script: collectd, Prometheus and curl share a
//                                 network of their own, so that nobody else's ports are meant
//   RuntimeDirectory=mediasoup    is made by hand
//   the users                     the application and npm run as one, the operator's commands as another, who may use sudo

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { application } = require('./application.js');
const { blockWith, inline } = require('../../lib/readme.js');
const { withLines } = require('../../lib/prometheus_yml.js');
const { until } = require('../../lib/wait.js');

const CHAPTER = 'With your application';
const OPERATOR = 'administrator'; // may use sudo
const APPLICATION = 'sfu'; // the user that the application runs as
const FOLDER = `/home/${APPLICATION}/app`;
const PROMETHEUS_YML = '/etc/prometheus/prometheus.yml';
const [way, share] = process.argv.slice(2);
const block = (words) => blockWith(CHAPTER, words);
const report = { commands: [] };

// --- running ---

let network; // the process whose network collectd, Prometheus and curl are in

const asRoot = (words) => ['bash', '--norc', '-euo', 'pipefail', '-c', words];
const as = (user) => (words) => ['runuser', '-u', user, '--', 'env', `HOME=/home/${user}`, ...asRoot(words)];
const asApplication = as(APPLICATION);
const asOperator = as(OPERATOR);
const inNetwork = (words) => ['nsenter', `--net=/proc/${network.pid}/ns/net`, ...asOperator(words)];
const rootInNetwork = (words) => ['nsenter', `--net=/proc/${network.pid}/ns/net`, ...asRoot(words)];

// Runs the README's words, and answers what they printed.
function run(words, { how = asOperator, folder = `/home/${OPERATOR}` } = {}) {
  const began = Date.now();
  const [program, ...args] = how(words);
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  report.commands.push({ words, status, seconds: (Date.now() - began) / 1000, said: stdout + stderr });
  if (status !== 0) throw new Error(`ended with ${status}: ${words}\n${stdout}${stderr}`);
  return stdout;
}

const quietly = (words, how = asRoot) => spawnSync(how(words)[0], how(words).slice(1), { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
const packages = () => Number(quietly('dpkg-query -W | wc -l'));

// --- the host ---

function prepareHost() {
  quietly(`useradd --create-home ${OPERATOR} && echo '${OPERATOR} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${OPERATOR}
    useradd --create-home ${APPLICATION} && cp -a ${share}/application ${FOLDER} && chown -R ${APPLICATION}: ${FOLDER}
    mkdir -p /path/to && ln -s /project /path/to/collectd-mediasoup && chown -R ${OPERATOR}: /project
    install -d -o ${APPLICATION} -g ${APPLICATION} /run/mediasoup
    echo 'APT::Get::Assume-Yes "true";' >/etc/apt/apt.conf.d/90yes`);
  network = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
  fs.writeFileSync('/usr/local/bin/systemctl', `#!/bin/sh
case "$*" in
'restart collectd') exec nsenter --net=/proc/${network.pid}/ns/net /etc/init.d/collectd restart ;;
'reload prometheus') exec pkill -HUP -x prometheus ;;
*) echo "systemctl: not known here: $*" >&2; exit 1 ;;
esac
`, { mode: 0o755 });
}

// write_prometheus listens only where the host has an address besides that of loopback.
async function prepareNetwork() {
  const own = fs.readlinkSync('/proc/self/ns/net');
  await until(() => fs.readlinkSync(`/proc/${network.pid}/ns/net`) !== own, { what: 'a network of its own' });
  quietly('ip link set lo up && ip address add 192.0.2.1/32 dev lo', rootInNetwork);
  const [program, ...args] = rootInNetwork(`exec prometheus --config.file=${PROMETHEUS_YML} --storage.tsdb.path=/tmp/prometheus --web.listen-address=127.0.0.1:9090`);
  spawn(program, args, { stdio: 'ignore' });
}

// --- step 1 ---

async function startApplication(command) {
  const [program, ...args] = asApplication(`exec ${command}`);
  const log = fs.openSync('/tmp/application.log', 'a');
  const child = spawn(program, args, { cwd: FOLDER, stdio: ['ignore', log, log] });
  await until(() => fs.existsSync('/run/mediasoup/collectd.sock') || child.exitCode !== null, { what: 'the socket' });
  if (child.exitCode !== null) throw new Error(`${command}:\n${fs.readFileSync('/tmp/application.log', 'utf8')}`);
  await until(() => fs.readFileSync('/tmp/application.log', 'utf8').includes('the application runs'), { what: 'the application' });
  return async () => {
    child.kill();
    await until(() => child.exitCode !== null || child.signalCode !== null, { what: 'its end' });
    fs.rmSync('/run/mediasoup/collectd.sock', { force: true });
    fs.rmSync('/tmp/application.log', { force: true });
  };
}

const check = () => run(inline('npx collectd-mediasoup check'), { how: asApplication, folder: FOLDER });

const writeApplication = (parts) => fs.writeFileSync(path.join(FOLDER, 'app.js'), application(parts));

async function serveTheStatistics() {
  run(block('npm install'), { how: asApplication, folder: FOLDER });
  writeApplication();
  const stop = await startApplication(inline('node --require collectd-mediasoup/register app.js'));
  report.checkOfUnnamed = check();
  await stop();
  writeApplication({ serve: block('serve()'), names: block('createRouter') });
  await startApplication('node app.js');
  report.check = check();
}

// --- step 2 ---

function installThePlugins() {
  if (way === 'source') {
    run(block('autoreconf'), { folder: '/project' });
  } else {
    run(block('./collectd-mediasoup_*.deb'), { folder: share });
    quietly('systemctl restart collectd');
  }
  report.snapshot = run(block('curl --unix-socket'));
}

// --- step 3 ---

const shown = (url) => quietly(`curl -s --max-time 5 '${url}'`, inNetwork);
const rows = (view) => { try { return JSON.parse(shown(`http://127.0.0.1:4000/${view}`)); } catch { return []; } };
const seriesOf = (query) => { try { return JSON.parse(shown(`http://127.0.0.1:9090/api/v1/query?query=${query}`)).data.result; } catch { return []; } };

async function lookAtTheNumbers() {
  const wait = { timeout: 60000, every: 500 };
  const metrics = inline('curl http://127.0.0.1:9103/metrics');
  await until(() => /planning/.test(quietly(metrics, inNetwork)), { ...wait, what: 'the room in /metrics' });
  report.metrics = run(metrics, { how: inNetwork });
  await until(() => rows('routers').length > 0, { ...wait, what: 'a row in /routers' });
  report.routers = rows('routers');
  report.page = shown('http://127.0.0.1:4000/');
  report.secondsToTheRoom = Math.round((Date.now() - began) / 1000);
  const [print, checkAndReload] = block('prometheus-lines').split(/\n/);
  // Built from source, the README says, it is elsewhere.
  const lines = run(way === 'source' ? inline('/usr/local/share/collectd-mediasoup/prometheus-lines') : print);
  fs.writeFileSync(PROMETHEUS_YML, withLines(fs.readFileSync(PROMETHEUS_YML, 'utf8'), lines));
  report.promtool = run(checkAndReload);
  const query = encodeURIComponent('mediasoup_group_consumers_streams_waiting{roomId="planning"}');
  report.series = await until(() => { const found = seriesOf(query); return found.length && found; }, { ...wait, what: 'the room in Prometheus' });
}

const began = Date.now();

async function main() {
  prepareHost();
  await prepareNetwork();
  report.packages = { before: packages() };
  report.node = process.version;
  await serveTheStatistics();
  installThePlugins();
  report.packages.after = packages();
  await lookAtTheNumbers();
}

main().then(() => 0, (error) => { report.error = error.stack; return 1; }).then((status) => {
  fs.writeFileSync(path.join(share, 'report.json'), JSON.stringify(report));
  process.exit(status);
});
