// SPDX-License-Identifier: MIT
'use strict';

// The mediasoup application that is measured: see ../application_process.js.

const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { Child } = require('./child.js');

const PROOF = 10000; // ms

// Reads an answer to its end: { bytes, seconds, first, last } with its first and last bytes as text.
function read(options) {
  const began = process.hrtime.bigint();
  return new Promise((done, fail) => {
    http.get({ agent: false, ...options }, (response) => {
      if (response.statusCode !== 200) fail(new Error(`${options.path}: ${response.statusCode}`));
      let bytes = 0, first, last;
      response.on('data', (chunk) => {
        first ??= chunk;
        last = chunk;
        bytes += chunk.length;
      }).on('error', fail).on('end', () => done({ bytes, seconds: Number(process.hrtime.bigint() - began) / 1e9,
        first: first.subarray(0, 1000).toString(), last: last.subarray(-1000).toString() }));
    }).on('error', fail);
  });
}

class Application {
  // `directory` as tests/setup/worker prints it.
  static async open({ directory, consumers }) {
    const application = new Application();
    application.consumers = consumers;
    application.warm = new Set(); // lanes
    application.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-bench-'));
    application.child = new Child(path.join(__dirname, '../application_process.js'), [directory, application.folder, consumers],
      { execPath: path.join(directory, 'node'), execArgv: process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [] });
    try {
      Object.assign(application, await application.child.ask('open'));
      await application.#checkLanes();
    } catch (error) {
      await application.close();
      throw error;
    }
    return application;
  }

  // What an endpoint says it does, and not what it was asked to. A raw lane proves itself first, which takes some snapshots.
  async #checkLanes() {
    for (const lane of ['public', 'raw']) {
      if (!this.sockets[lane]) continue;
      const deadline = performance.now() + PROOF;
      let seen;
      while (seen !== lane && performance.now() < deadline) seen = await this.#lane(this.sockets[lane]);
      if (seen !== lane) delete this.sockets[lane];
    }
  }

  async #lane(socketPath) {
    return JSON.parse((await read({ socketPath, path: '/v1/snapshot' })).first.split('\n')[0]).lane;
  }

  get pid() {
    return this.child.pid;
  }

  ask(command, argument) {
    return this.child.ask(command, argument);
  }

  // A collection by our endpoint.
  async snapshot(lane) {
    const answer = await read({ socketPath: this.sockets[lane], path: '/v1/snapshot' });
    const end = JSON.parse(answer.last.trimEnd().split('\n').at(-1));
    if (end.row !== 'end' || end.counts.consumers < this.consumers) throw new Error(`a snapshot of ${JSON.stringify(end.counts)}`);
    return answer;
  }

  // A collection by the seed's exporter.
  async seed(url) {
    const answer = await read({ host: '127.0.0.1', port: this.seedPort, path: url });
    if (answer.bytes < 300 * this.consumers) throw new Error(`the seed's ${url} has ${answer.bytes} bytes`);
    return answer;
  }

  // A plain loop of getStats.
  loop() {
    return this.ask('loop');
  }

  // The same in windows.
  windows() {
    return this.ask('windows');
  }

  async close() {
    await this.child.ask('close').catch(() => {});
    await this.child.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { Application, read };
