// SPDX-License-Identifier: MIT
'use strict';

// A host as an operator has it: Debian's own collectd.conf, the plugins, what `make install` puts into
// collectd.conf.d, and a file of the operator's with more writers and perhaps chains.
//
// Of Debian's file only the folders are replaced, and lines put before it: where collectd runs, a short interval, a log
// that the test can read. Everything runs as `root` or as `nobody`.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { FakeEndpoint } = require('../integration/fake_endpoint.js');
const { COLLECTD_CONF, Collectd, PLUGIN_DIR, STOCK_PLUGIN_DIR } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { shipped } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');
const { request } = require('../views/client.js');

const NOBODY = 65534;
const OURS = ['mediasoup.conf', 'mediasoup-writers.conf', 'prometheus.conf', 'write_mediasoup.conf'];

// The words before a command line that is to run as `user`.
const isRoot = process.getuid() === 0;
const asUser = {
  root: isRoot ? [] : ['sudo', '-n'],
  nobody: [...(isRoot ? [] : ['sudo', '-n']), 'setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'],
};

// All plugins in one folder, as installed; in a place that every user may read.
function installPlugins(folder) {
  fs.mkdirSync(folder);
  for (const [from, pattern] of [[STOCK_PLUGIN_DIR, /\.so$/], [PLUGIN_DIR, /^(target_|write_)?mediasoup\.so$/]]) {
    for (const name of fs.readdirSync(from).filter((file) => pattern.test(file)))
      fs.copyFileSync(path.join(from, name), path.join(folder, name));
  }
}

// Debian's own configuration, around the folder `base`, as the host of this name.
function stockConfiguration(base, hostname) {
  let text = fs.readFileSync(COLLECTD_CONF, 'utf8');
  for (const [from, to] of [['"/var/lib/collectd/rrd"', `"${base}/rrd"`], ['"/etc/collectd/collectd.conf.d"', `"${base}/collectd.conf.d"`]]) {
    assert.ok(text.includes(from), `${COLLECTD_CONF} has ${from}`);
    text = text.replace(from, to);
  }
  return `Hostname "${hostname}"
BaseDir "${base}"
PIDFile "${base}/collectd.pid"
PluginDir "${base}/plugins"
Interval 2
LoadPlugin logfile
<Plugin logfile>
  LogLevel info
  File STDERR
  Timestamp false
  PrintSeverity true
</Plugin>
${text}`;
}

// What the operator has besides the stock file: more writers, and `chains`.
const operatorsFile = ({ base, graphite, network, chains }) => `
LoadPlugin csv
<Plugin csv>
  DataDir "${base}/csv"
</Plugin>
LoadPlugin write_graphite
<Plugin write_graphite>
  <Node "sink">
    Host "127.0.0.1"
    Port "${graphite}"
    Protocol "tcp"
  </Node>
</Plugin>
LoadPlugin network
<Plugin network>
  Server "127.0.0.1" "${network}"
</Plugin>
LoadPlugin unixsock
<Plugin unixsock>
  SocketFile "${base}/unixsock"
  SocketPerms "0666"
</Plugin>
${chains}
`;

// A Carbon that only remembers: `lines`, as write_graphite sent them.
class Carbon {
  static async listen() {
    const carbon = new Carbon();
    carbon.lines = [];
    carbon.server = net.createServer((socket) => {
      let rest = '';
      socket.setEncoding('latin1').on('error', () => {}).on('data', (chunk) => {
        const lines = (rest + chunk).split(/\r?\n/);
        rest = lines.pop();
        carbon.lines.push(...lines);
      });
      carbon.sockets.add(socket);
    });
    carbon.sockets = new Set();
    await new Promise((done) => carbon.server.listen(0, '127.0.0.1', done));
    carbon.port = carbon.server.address().port;
    return carbon;
  }

  async close() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}

const filesBelow = (folder) =>
  (fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name))).sort();

class Host {
  // Starts collectd. Options: `user`; `behaviour` of the endpoint (without it nothing of ours is installed); `without`,
  // names of our files that are left out; `edit`, changes to our files by name; `operator`, the name of the operator's
  // file; `chains`, what it says of chains; `text`, all of it instead; `network`, the port to send to; `hostname`.
  static async start(options) {
    const host = new Host();
    try {
      await host.begin(options);
    } catch (error) {
      await host.close();
      throw error;
    }
    return host;
  }

  async begin({ user, behaviour, without = [], edit = {}, operator = 'zz-operator.conf', chains = '', text, network,
    hostname = 'testhost' }) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-guest-'));
    this.carbon = await Carbon.listen();
    [this.prometheusPort, this.viewsPort] = [await freePort(), await freePort()];
    installPlugins(path.join(this.folder, 'plugins'));
    const include = path.join(this.folder, 'collectd.conf.d');
    fs.mkdirSync(include);
    fs.writeFileSync(path.join(include, operator), text ?? operatorsFile({ base: this.folder, graphite: this.carbon.port,
      network: network ?? await freePort(), chains }));
    if (behaviour) await this.#install(include, behaviour, without, edit);
    this.#give(user);
    this.daemon = await Collectd.start({ runAs: asUser[user], configuration: () => stockConfiguration(this.folder, hostname) });
  }

  async #install(include, behaviour, without, edit) {
    const socket = path.join(this.folder, 'endpoint.sock');
    this.fake = await FakeEndpoint.listen(socket, behaviour);
    fs.chmodSync(socket, 0o666);
    const changes = {
      'mediasoup.conf': [['/run/mediasoup/collectd.sock', socket]],
      'prometheus.conf': [['Port "9103"', `Port "${this.prometheusPort}"`]],
      'write_mediasoup.conf': [['Port 4000', `Port ${this.viewsPort}`]],
    };
    for (const name of OURS.filter((file) => !without.includes(file)))
      fs.writeFileSync(path.join(include, name), shipped(name, [...changes[name] ?? [], ...edit[name] ?? []]));
  }

  // collectd's folder belongs to whom collectd runs as.
  #give(user) {
    fs.chmodSync(this.folder, 0o755);
    if (user === 'nobody' && isRoot) fs.chownSync(this.folder, NOBODY, NOBODY);
  }

  // What stands in the log above the level "info", numbers aside: [] on a host without trouble.
  complaints() {
    return this.daemon.lines(/\[(error|warning|notice)\]/).filter((line) => !/MHD_OPTION_EXTERNAL_LOGGER|above its read interval/.test(line))
      .map((line) => line.replaceAll(this.folder, '').replace(/\d+/g, '#'));
  }

  rrd() {
    return filesBelow(path.join(this.folder, 'rrd'));
  }

  csv() {
    return filesBelow(path.join(this.folder, 'csv'));
  }

  async metrics() {
    return (await request({ port: this.prometheusPort }, '/metrics')).body.toString();
  }

  async view(url) {
    return JSON.parse((await request({ port: this.viewsPort }, url)).body.toString());
  }

  // The lines that unixsock answers to one command.
  async command(line) {
    const socket = net.connect(path.join(this.folder, 'unixsock'));
    const chunks = [];
    socket.setEncoding('utf8').on('data', (chunk) => chunks.push(chunk)).end(`${line}\n`);
    await new Promise((done, fail) => socket.on('close', done).on('error', fail));
    return chunks.join('').split('\n').filter(Boolean);
  }

  // Until the endpoint has been asked `n` times more, and what it answered has been written.
  async polls(n) {
    const before = this.fake.served;
    await until(() => this.fake.served >= before + n, { what: `${n} polls`, timeout: 30000, detail: () => this.daemon.log.join('\n') });
  }

  async close() {
    const end = await this.daemon?.stop();
    await this.fake?.vanish();
    await this.carbon?.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
    if (end) assert.deepEqual([end.code, end.signal], [0, null], `how collectd ended\n${end.log.slice(-20).join('\n')}`);
    return end;
  }
}

module.exports = { Host, filesBelow };
