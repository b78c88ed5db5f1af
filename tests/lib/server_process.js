// SPDX-License-Identifier: MIT
'use strict';

// A server of Debian's as a child with a folder of its own, on loopback.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { until } = require('./wait.js');

class ServerProcess {
  // `words(folder)` are the command line; ready when `ready` answers at `url`, for which it has `timeout` ms.
  static async start({ words, url, ready = '/-/healthy', timeout = 60000 }) {
    const server = new this();
    server.url = url;
    server.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-server-'));
    const [command, ...args] = words(server.folder);
    server.log = '';
    server.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    server.exited = new Promise((done) => server.child.on('close', done).on('error', done));
    server.exited.then(() => { server.gone = true; });
    for (const stream of [server.child.stdout, server.child.stderr])
      stream.setEncoding('utf8').on('data', (text) => { server.log += text; });
    try {
      await until(() => server.#isReady(ready), { what: command, timeout, every: 100, detail: () => server.log });
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async #isReady(pathname) {
    if (this.gone) throw new Error(`${this.child.spawnfile} ended:\n${this.log}`);
    return fetch(this.url + pathname).then(({ ok }) => ok, () => false);
  }

  async json(pathname) {
    const response = await fetch(this.url + pathname);
    return response.json();
  }

  async stop() {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 20000);
    await this.exited;
    clearTimeout(timer);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { ServerProcess };
