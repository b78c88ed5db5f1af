// SPDX-License-Identifier: MIT
'use strict';

// Everything at once, all of it real: a mediasoup application in this process, its control endpoint, collectd with
// the uninstalled plugin and write_prometheus, Prometheus with the shipped configuration.
//
//   MEDIASOUP_DIR         a directory with mediasoup in its node_modules
//   MEDIASOUP_PLUGIN_DIR  see tests/lib/collectd.js

const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { serve } = require('../../src/endpoint');
const { Collectd } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { Prometheus } = require('../lib/prometheus.js');
const { asShipped } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');
const { Sfu, loadMediasoup } = require('../sfu/sfu.js');

const PATIENCE = 60000;

function get(options) {
  return new Promise((done, fail) => {
    http.get(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => done(text)).on('error', fail);
    }).on('error', fail);
  });
}

class Stack {
  // `workers` as in Sfu.create, `endpoint` is for serve(); `views` adds write_mediasoup, with further options if it is an
  // object, `prometheus` Prometheus. `before(mediasoup)` is what else the application does before its first worker. `collectd` is for Collectd.start, but
  // for `lines`, which are options of its <Endpoint>; with `shipped` it has the shipped configuration, with an endpoint of
  // the name `endpointName`. `changeRules` as in Prometheus.start.
  static async start({ workers = 1, endpoint = {}, views = false, prometheus = true, before, shipped = false, endpointName, changeRules,
    collectd: { lines, ...collectd } = {} } = {}) {
    const stack = new Stack();
    stack.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-e2e-'));
    Object.assign(stack, { endpointName, socket: path.join(stack.folder, 'sfu.sock') });
    try {
      const mediasoup = loadMediasoup(process.env.MEDIASOUP_DIR);
      stack.endpoint = await serve({ socket: stack.socket, mediasoup, ...endpoint });
      await before?.(mediasoup);
      stack.sfu = await Sfu.create({ mediasoup, workers });
      stack.port = await freePort();
      stack.viewsPort = views ? await freePort() : undefined;
      const configuration = shipped ? asShipped(stack)
        : { prometheusPort: stack.port, endpoints: [{ name: 'mediasoup', Socket: stack.socket, lines }] };
      stack.collectd = await Collectd.start({ interval: 1, ...configuration, views: views ? { Port: stack.viewsPort, ...(views === true ? {} : views) } : undefined, ...collectd });
      if (prometheus) stack.prometheus = await Prometheus.start({ target: `127.0.0.1:${stack.port}`, changeRules });
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  // The rows of a snapshot, asked for directly; `parameters` as in a URL.
  async snapshot(parameters = '') {
    const text = await get({ socketPath: this.socket, path: `/v1/snapshot${parameters && `?${parameters}`}` });
    return text.trimEnd().split('\n').map((line) => JSON.parse(line));
  }

  // What collectd's write_prometheus says.
  metrics() {
    return get({ host: '127.0.0.1', port: this.port, path: '/metrics' });
  }

  // A view of write_mediasoup, its array.
  async view(name) {
    return JSON.parse(await get({ host: '127.0.0.1', port: this.viewsPort, path: `/${name}` }));
  }

  query(expression) {
    return this.prometheus.query(expression);
  }

  // Asks again until `condition` holds for the samples of `expression`; answers them.
  async until(expression, condition, what = `${expression} as expected`, timeout = PATIENCE) {
    let samples;
    await until(async () => {
      samples = await this.query(expression);
      return condition(samples);
    }, { what, timeout, every: 250, detail: () => `${JSON.stringify(samples)}\n${this.collectd.log.join('\n')}` });
    return samples;
  }

  // Waits until the alert `name` is in `state` for `labels` (among others); answers it.
  async alert(name, state, labels = {}) {
    let alerts;
    const is = (alert) => alert.name === name && alert.state === state &&
      Object.entries(labels).every(([key, value]) => alert.labels[key] === value);
    return until(async () => {
      alerts = await this.prometheus.alerts();
      return alerts.find(is);
    }, { what: `${name} to be ${state}`, timeout: PATIENCE, every: 100, detail: () => JSON.stringify(alerts) });
  }

  async value(expression) {
    const [sample] = await this.until(expression, (samples) => samples.length === 1);
    return sample.value;
  }

  complaints() {
    return this.collectd.complaints();
  }

  async stop() {
    await this.prometheus?.stop();
    await this.collectd?.stop();
    await this.endpoint?.close();
    await this.sfu?.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { Stack };
