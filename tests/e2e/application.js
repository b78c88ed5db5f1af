// SPDX-License-Identifier: MIT
'use strict';

// Runs the applications of the folder `applications`, which know nothing of collectd: each in a process of its own, as
//
//   node --require collectd-mediasoup/register app.js
//
// with mediasoup and collectd-mediasoup installed beside it; and with it a collectd and a Prometheus that are configured
// as shipped. In that process, this file is what the applications have in common.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Collectd } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { Prometheus } = require('../lib/prometheus.js');
const { asShipped } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');
const { Sfu } = require('../sfu/sfu.js');
const { hurried } = require('./hurried.js');

const ROOT = path.join(__dirname, '../..');
const PATIENCE = 60000;

// An application: mediasoup, a worker, and what `fill` adds. It tells the ids of its routers, and ends with who began it.
function run(fill, options) {
  const main = async () => {
    const sfu = await Sfu.create({ mediasoup: require(require.resolve('mediasoup', { paths: [process.cwd()] })), ...options });
    await fill(sfu);
    sfu.start();
    process.once('disconnect', () => sfu.close().then(() => process.exit(0)));
    process.send(sfu.rooms.map(({ router }) => router.id));
  };
  main().catch((error) => {
    console.error(error);
    process.exit(1);
  });
}

class Application {
  // `lines` are further options of the <Endpoint>.
  static async start(name, { lines = '', prometheus = true } = {}) {
    const application = new Application();
    application.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-application-'));
    application.socket = path.join(application.folder, 'sfu.sock');
    try {
      await application.#startApplication(name);
      const port = await freePort();
      application.viewsPort = await freePort();
      const { mediasoup, ...shipped } = asShipped({ socket: application.socket, port });
      application.collectd = await Collectd.start({ interval: 1, ...shipped, views: { Port: application.viewsPort },
        mediasoup: mediasoup.replace(/^ *AppData .*$/m, (line) => `${line}\n${lines}`) });
      if (prometheus) application.prometheus = await Prometheus.start({ target: `127.0.0.1:${port}`, changeRules: hurried });
    } catch (error) {
      await application.stop();
      throw error;
    }
    return application;
  }

  async #startApplication(name) {
    const installed = path.join(this.folder, 'node_modules');
    fs.mkdirSync(installed);
    fs.symlinkSync(path.join(path.resolve(process.env.MEDIASOUP_DIR), 'node_modules/mediasoup'), path.join(installed, 'mediasoup'));
    fs.symlinkSync(path.join(ROOT, 'src/endpoint'), path.join(installed, 'collectd-mediasoup'));
    fs.copyFileSync(path.join(__dirname, 'applications', `${name}.js`), path.join(this.folder, 'app.js'));
    this.output = '';
    this.process = spawn(process.execPath, ['--require', 'collectd-mediasoup/register', 'app.js'], {
      cwd: this.folder, env: { ...process.env, NODE_OPTIONS: '', APPLICATION: __filename, COLLECTD_MEDIASOUP_SOCKET: this.socket },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.ended = new Promise((done) => this.process.on('exit', done));
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.setEncoding('utf8').on('data', (text) => { this.output += text; });
    this.process.on('message', (routerIds) => { this.routerIds = routerIds; });
    // It listens some time after it was told to, and collectd would say that it does not answer.
    await until(() => this.routerIds && fs.existsSync(this.socket), { what: `the application ${name}`, timeout: PATIENCE, detail: () => this.output });
  }

  async get(url) {
    return (await fetch(`http://127.0.0.1:${this.viewsPort}/${url}`)).text();
  }

  async view(url) {
    return JSON.parse(await this.get(url));
  }

  // Asks again until `condition` holds for what `ask` answers; answers that.
  async until(ask, condition, what) {
    let found;
    await until(async () => {
      found = await ask();
      return condition(found);
    }, { what, timeout: PATIENCE, every: 250, detail: () => `${JSON.stringify(found)?.slice(0, 3000)}\n${this.collectd.log.join('\n')}` });
    return found;
  }

  // The rows of a view once there are `count`: on a busy machine, rows that are late have gone meanwhile.
  rows(url, count) {
    return this.until(() => this.view(url), (rows) => rows.length === count, `${count} rows in /${url}`);
  }

  query(expression, condition = (samples) => samples.length > 0) {
    return this.until(() => this.prometheus.query(expression), condition, expression);
  }

  async stop() {
    await this.prometheus?.stop();
    await this.collectd?.stop();
    if (this.process?.connected) this.process.disconnect(); // at which it ends
    await this.ended;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { Application, run };
