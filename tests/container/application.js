// SPDX-License-Identifier: MIT
'use strict';

// The demo's application in a process of its own, and the folder that it shares with a container. Its socket belongs to the
// group of the image's user, which it gets from the folder.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { until } = require('../lib/wait.js');

const GROUP = 1000; // of the image's user

class Application {
  // Makes the folder; start() starts the application.
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-container-'));
    fs.chownSync(this.folder, 0, GROUP);
    fs.chmodSync(this.folder, 0o2770);
    this.socket = path.join(this.folder, 'collectd.sock');
    this.output = '';
  }

  async start() {
    this.child = spawn(path.join(process.env.MEDIASOUP_DIR, 'node'), [path.join(__dirname, '../sfu/main.js')],
      { env: { ...process.env, SFU_SOCKET: this.socket }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.ended = new Promise((done) => this.child.on('exit', done));
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.setEncoding('utf8').on('data', (text) => { this.output += text; });
    await until(() => /consumers with RTP/.test(this.output), { what: 'the application', timeout: 60000, detail: () => this.output });
  }

  // The rows of a snapshot.
  async snapshot() {
    const text = await new Promise((done, fail) => {
      http.get({ socketPath: this.socket, path: '/v1/snapshot' }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(Buffer.concat(chunks).toString())).on('error', fail);
      }).on('error', fail);
    });
    return text.trim().split('\n').map((line) => JSON.parse(line));
  }

  async stop() {
    if (this.child?.connected) this.child.disconnect(); // at which it ends
    await this.ended;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { Application };
