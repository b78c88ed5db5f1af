// SPDX-License-Identifier: MIT
'use strict';

// An application that is killed and started again, as a supervisor does it: by one socket, and by one for each process.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { Collectd } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { Prometheus } = require('../lib/prometheus.js');
const { asShipped } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');
const { hurried } = require('./hurried.js');

const PATIENCE = 60000;

class Applications {
  constructor(socket) {
    Object.assign(this, { socket, running: [] });
  }

  async start() {
    const env = { ...process.env, SFU_SOCKET: this.socket, SFU_WORKERS: '1', SFU_ROOMS: '1' };
    const child = spawn(process.execPath, [path.join(__dirname, '../sfu/main.js')], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text; });
    child.ended = new Promise((done) => child.on('exit', done));
    this.running.push(child);
    await until(() => /consumers with RTP/.test(output), { what: 'the application', timeout: PATIENCE, detail: () => output });
    return child;
  }

  async kill(child) {
    child.kill('SIGKILL');
    await child.ended;
  }

  async stop() {
    for (const child of this.running) await this.kill(child);
  }
}

for (const [how, read, written] of [['one socket', 'sfu.sock', 'sfu.sock'], ['a socket for each process', 'sfu-*.sock', 'sfu-%p.sock']])
  describe(how, () => {
    let folder;
    let applications;
    let collectd;
    let prometheus;
    before(async () => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-restarts-'));
      applications = new Applications(path.join(folder, written));
      const port = await freePort();
      await applications.start();
      collectd = await Collectd.start({ interval: 1, ...asShipped({ socket: path.join(folder, read), port }) });
      prometheus = await Prometheus.start({ target: `127.0.0.1:${port}`, changeRules: hurried });
      await prometheus.until('mediasoup_endpoint_up == 1');
    });
    after(async () => {
      await prometheus?.stop();
      await collectd?.stop();
      await applications?.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    });

    const restarts = async () => (await prometheus.query('sum(mediasoup_endpoint_restarts)'))[0]?.value;
    const restarted = async () => (await prometheus.alerts()).find(({ name }) => name === 'MediasoupApplicationRestarted');

    test('while it runs, nothing has restarted', async () => {
      await prometheus.until('count_over_time(mediasoup_endpoint_restarts[10s]) >= 8');
      assert.deepEqual([await restarts(), await restarted()], [0, undefined]);
    });

    test('killed and started again: MediasoupApplicationRestarted', async () => {
      await applications.kill(applications.running[0]);
      await applications.start();
      const alert = await until(restarted, { what: 'the alert', timeout: PATIENCE, every: 100, detail: () => collectd.log.join('\n') });
      assert.deepEqual([alert.state, alert.labels.severity, alert.labels.instance], ['firing', 'warning', 'testhost']);
      assert.equal(alert.annotations.summary, 'The mediasoup application on testhost has restarted');
      assert.equal(await restarts(), 1);
    });

    test('it ends, since it happened once', async () => {
      await until(async () => !(await restarted()), { what: 'the alert to end', timeout: PATIENCE, every: 250 });
      assert.equal(await restarts(), 1);
    });
  });
