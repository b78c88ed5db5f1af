// SPDX-License-Identifier: MIT
'use strict';

// Asking the views: over TCP or a Unix socket, with any method and headers; and collectd with both plugins around it.

const http = require('node:http');
const path = require('node:path');
const zlib = require('node:zlib');
const { STOCK_PLUGIN_DIR } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { until } = require('../lib/wait.js');
const { Rig } = require('../integration/rig.js');

// { status, headers, body } of one request; `target` is { port } or { socketPath }.
function request(target, url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((done, fail) => {
    const asked = http.request({ host: '127.0.0.1', agent: false, ...target, path: url, method, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part)).on('error', fail)
        .on('end', () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    asked.on('error', fail).end(body);
  });
}

const text = ({ headers, body }) => (headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body).toString();

// A configuration of collectd that forwards value lists to the views on this port, by write_http. `format` are lines
// about how.
const forwarding = ({ port, token, format = 'Format "JSON"' }) => `PluginDir "${STOCK_PLUGIN_DIR}"
<LoadPlugin write_http>
  FlushInterval 0.2
</LoadPlugin>
<Plugin write_http>
  <Node "views">
    URL "http://127.0.0.1:${port}/"
    Header "Authorization: Bearer ${token}"
    BufferSize 131072
    ${format}
  </Node>
</Plugin>`;

class ViewsRig extends Rig {
  // A rig without a sink: the views are what is looked at. `views` adds to write_mediasoup's options; `extra` and
  // `endpoint` may be functions of the rig's folder.
  static async start(behaviour, options = {}) {
    const rig = new ViewsRig();
    try {
      await rig.begin(behaviour, options);
    } catch (error) {
      await rig.close();
      throw error;
    }
    return rig;
  }

  async begin(behaviour, { views, endpoint, extra, ...options }) {
    this.target = views?.Socket ? { socketPath: path.join(this.folder, views.Socket) } : { port: views?.Port ?? await freePort() };
    this.endpoint = await this.fake('views', behaviour);
    const here = (option) => (typeof option === 'function' ? option(this.folder) : option);
    const listen = this.target.port ? { Port: this.target.port } : { Socket: this.target.socketPath };
    await this.collectd({ views: { ...views, ...listen }, ...options, extra: here(extra),
      endpoints: [{ name: 'views', Socket: this.endpoint.path, Interval: 0.25, ...here(endpoint) }] });
  }

  ask(url, options) {
    return request(this.target, url, options);
  }

  // Until the endpoint has been read so many times from now on, and what looks at the rows has had a second for each.
  async polled(times) {
    for (let i = 0; i < times; i++) {
      const [{ timestamp } = {}] = await this.json('/endpoint');
      await this.when('/endpoint', ([row]) => row !== undefined && row.timestamp > (timestamp ?? 0));
    }
    await new Promise((done) => { setTimeout(done, 1200); });
  }

  post(url, body, headers) {
    return this.ask(url, { method: 'POST', headers: { ...headers, 'Content-Length': Buffer.byteLength(body) }, body });
  }

  // The view, which must be there.
  async json(url, options) {
    const answer = await this.ask(url, options);
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${text(answer)}`);
    return JSON.parse(text(answer));
  }

  // The view, as soon as `condition` holds for its rows.
  async when(url, condition, timeout = 15000) {
    let rows;
    await until(async () => {
      rows = await this.json(url);
      return condition(rows);
    }, { what: `${url} as expected`, timeout: timeout * this.daemon.slowdown, every: 50,
      detail: () => `${JSON.stringify(rows)?.slice(0, 3000)}\n${this.daemon.log.join('\n')}` });
    return rows;
  }
}

module.exports = { ViewsRig, forwarding, request, text };
