// SPDX-License-Identifier: MIT
'use strict';

// A container of the image that tests/container/run has built. It has the network of the test: a namespace with loopback only.
//
//   CONTAINER_STORE   podman's options that say where images and containers are
//   CONTAINER_IMAGE   the image

const { execFileSync, spawnSync } = require('node:child_process');
const { until } = require('../lib/wait.js');

const { CONTAINER_STORE, CONTAINER_IMAGE } = process.env;

// podman would have systemd run the health checks; the tests run them themselves.
const env = { ...process.env, DISABLE_HC_SYSTEMD: 'true' };
const words = ['--runtime', 'runc', ...CONTAINER_STORE.split(' ')];
const PATIENCE = 120000; // ms; vfs may take long to copy an image
const podman = (...args) =>
  execFileSync('podman', [...words, ...args], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE }).trim();

const inspectImage = () => JSON.parse(podman('image', 'inspect', CONTAINER_IMAGE))[0];

class Container {
  // `variables` of the environment, `volumes` ({ '/in/container': '/on/host' }), `options` of podman run.
  constructor({ variables = {}, volumes = {}, options = [] } = {}) {
    this.id = podman('run', '--detach', '--network=host', '--ulimit=nofile=1024:1024', '--ulimit=nproc=1024:1024',
      ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
      ...Object.entries(volumes).map(([inside, outside]) => `--volume=${outside}:${inside}`), ...options, CONTAINER_IMAGE);
  }

  // What it has written so far.
  get log() {
    const { stdout, stderr } = spawnSync('podman', [...words, 'logs', this.id], { encoding: 'utf8', env });
    return (stdout + stderr).split('\n').filter(Boolean);
  }

  // Errors and warnings of collectd, but for what Debian's write_prometheus always says of its own libmicrohttpd.
  complaints() {
    return this.log.filter((line) => /^\[(error|warning)\]/.test(line) && !/MHD_OPTION_EXTERNAL_LOGGER|above its read interval/.test(line));
  }

  waitForLog(pattern, timeout = 20000) {
    return until(() => this.log.find((line) => pattern.test(line)),
      { what: `a log line like ${pattern}`, timeout, every: 200, detail: () => this.log.join('\n') });
  }

  exec(...command) {
    return podman('exec', this.id, ...command);
  }

  // How the image's health check ends: 0 is healthy; and what it says.
  health() {
    const { status } = spawnSync('podman', [...words, 'healthcheck', 'run', this.id], { encoding: 'utf8', env });
    return status;
  }

  signal(name) {
    podman('kill', '--signal', name, this.id);
  }

  // Waits until it has ended; answers how and when: { ExitCode, FinishedAt }, and more.
  async end() {
    const state = () => JSON.parse(podman('container', 'inspect', this.id))[0].State;
    return until(() => [state()].find(({ Running }) => !Running), { what: 'the end', timeout: 20000, every: 100 });
  }

  restart() {
    podman('restart', this.id);
  }

  remove() {
    podman('rm', '--force', '--time', '0', this.id);
  }
}

module.exports = { Container, inspectImage };
