// SPDX-License-Identifier: MIT
'use strict';

// Debian 13's Prometheus (2.53), in a tree of that release, with the shipped configuration.

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { freePort } = require('../lib/free_port.js');
const { Prometheus, writeConfiguration } = require('../lib/prometheus.js');
const { ServerProcess } = require('../lib/server_process.js');

const TREE = path.resolve(__dirname, '../setup/tree');
const IN_TREE = ['trixie', 'host'];

class NewerPrometheus extends Prometheus {
  static async start({ target, interval = '1s' }) {
    execFileSync(TREE, [...IN_TREE, 'true'], { stdio: ['ignore', 'ignore', 'inherit'] }); // which makes it, the first time
    const address = `127.0.0.1:${await freePort()}`;
    const words = (folder) => {
      writeConfiguration(folder, { target, interval });
      return [TREE, '--share', folder, ...IN_TREE, 'prometheus', '--config.file=/share/prometheus.yml', '--storage.tsdb.path=/share/data',
        `--web.listen-address=${address}`, '--web.enable-lifecycle'];
    };
    return ServerProcess.start.call(this, { words, url: `http://${address}`, ready: '/-/ready', timeout: 300000 }); // to copy the tree
  }

  // A signal would end the tree's shell only.
  async stop() {
    await fetch(`${this.url}/-/quit`, { method: 'POST' }).catch(() => undefined);
    await Promise.race([this.exited, new Promise((done) => { setTimeout(done, 10000).unref(); })]);
    await super.stop();
  }
}

module.exports = { NewerPrometheus };
