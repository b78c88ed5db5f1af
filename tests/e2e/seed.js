// SPDX-License-Identifier: MIT
'use strict';

// mediasoup-exporter, where our views come from, in the application of the test. It finds mediasoup as any module does,
// by its name: so it gets a folder in which the application's mediasoup stands beside it.

const diagnostics = require('node:diagnostics_channel');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { freePort } = require('../lib/free_port.js');

const NAME = 'mediasoup-exporter';
const INSTALLED = path.resolve(__dirname, '../node_modules');

// A copy, because Node looks for a module's dependencies where its files really are.
function layOut(folder, mediasoupDirectory) {
  const modules = path.join(folder, 'node_modules');
  fs.mkdirSync(modules);
  for (const name of fs.readdirSync(INSTALLED).filter((entry) => entry !== NAME)) {
    fs.symlinkSync(path.join(INSTALLED, name), path.join(modules, name));
  }
  fs.cpSync(path.join(INSTALLED, NAME), path.join(modules, NAME), { recursive: true });
  fs.symlinkSync(path.join(path.resolve(mediasoupDirectory), 'node_modules/mediasoup'), path.join(modules, 'mediasoup'));
  return path.join(modules, NAME);
}

class Seed {
  // Starts it; to be called before the application's first worker.
  static async start(mediasoupDirectory) {
    const seed = new Seed();
    seed.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-seed-'));
    seed.port = await freePort();
    // It keeps its server to itself, and would keep the test from ending.
    seed.watch = ({ server }) => {
      if (server.address()?.port === seed.port) seed.server = server;
    };
    diagnostics.subscribe('http.server.request.start', seed.watch);
    await require(layOut(seed.folder, mediasoupDirectory))({ port: seed.port });
    return seed;
  }

  // { status, rows, complaints }: what it answers, and what it logs on the way. One at a time.
  async ask(view) {
    const complaints = [];
    const { error } = console;
    console.error = (complaint) => complaints.push(String(complaint));
    try {
      const { status, text } = await this.#get(`/${view}`);
      return { status, rows: status === 200 ? JSON.parse(text) : undefined, complaints };
    } finally {
      console.error = error;
    }
  }

  #get(url) {
    return new Promise((done, fail) => {
      http.get({ host: '127.0.0.1', port: this.port, path: url, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('error', fail)
          .on('end', () => done({ status: response.statusCode, text }));
      }).on('error', fail);
    });
  }

  async stop() {
    if (!this.server) await this.#get('/'); // shows the server
    diagnostics.unsubscribe('http.server.request.start', this.watch);
    await new Promise((done) => this.server.close(done));
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { Seed };
