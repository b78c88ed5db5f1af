// SPDX-License-Identifier: MIT
'use strict';

// The demo's application in a process of its own, with the shipped configurations of collectd and of Prometheus.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Collectd } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { Prometheus } = require('../lib/prometheus.js');
const { asShipped } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');

class Demo {
  // With `faults`, what is in tests/sfu/faults.js happens, the worker's death after so many seconds, and there are views
  // instead of Prometheus.
  static async start({ faults } = {}) {
    const demo = new Demo();
    demo.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-demo-'));
    try {
      const socket = path.join(demo.folder, 'sfu.sock');
      await demo.#startApplication(socket, faults && { SFU_FAULTS: '1', SFU_KILL_AFTER: String(faults) });
      demo.port = await freePort();
      demo.viewsPort = faults && await freePort();
      demo.collectd = await Collectd.start({ interval: 1, ...asShipped({ socket, port: demo.port }),
        views: faults && { Port: demo.viewsPort } });
      demo.prometheus = faults ? undefined : await Prometheus.start({ target: `127.0.0.1:${demo.port}` });
    } catch (error) {
      await demo.stop();
      throw error;
    }
    return demo;
  }

  async #startApplication(socket, environment) {
    this.output = '';
    this.application = spawn(process.execPath, [path.join(__dirname, '../sfu/main.js')],
      { env: { ...process.env, SFU_SOCKET: socket, ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.ended = new Promise((done) => this.application.on('exit', done));
    for (const stream of [this.application.stdout, this.application.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => { this.output += text; });
    }
    await until(() => /consumers with RTP/.test(this.output), { what: 'the application', timeout: 60000, detail: () => this.output });
  }

  // The rows of a view.
  async view(url) {
    return (await fetch(`http://127.0.0.1:${this.viewsPort}/${url}`)).json();
  }

  // Asks a view again until `condition` holds for its rows; answers them.
  async until(url, condition, what) {
    let rows;
    await until(async () => {
      rows = await this.view(url);
      return condition(rows);
    }, { what, timeout: 90000, every: 250, detail: () => `${JSON.stringify(rows).slice(0, 3000)}\n${this.output}${this.collectd.log.join('\n')}` });
    return rows;
  }

  async stop() {
    await this.prometheus?.stop();
    await this.collectd?.stop();
    if (this.application?.connected) this.application.disconnect(); // at which it ends
    await this.ended;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { Demo };
