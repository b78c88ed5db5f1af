// SPDX-License-Identifier: MIT
'use strict';

// What every integration test sets up and takes down: a folder for sockets, a sink, fakes, collectd.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Collectd } = require('../lib/collectd.js');
const { until } = require('../lib/wait.js');
const { WriteHttpSink } = require('../lib/write_http_sink.js');
const { FakeEndpoint } = require('./fake_endpoint.js');

class Rig {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-rig-'));
    this.fakes = new Map();
  }

  static async open() {
    const rig = new Rig();
    rig.sink = await WriteHttpSink.listen();
    return rig;
  }

  // Socket names say nothing of the endpoint, so that its name in a log line is the name.
  async fake(name, behaviour, file = `s${this.fakes.size}.sock`) {
    const fake = await FakeEndpoint.listen(path.join(this.folder, file), behaviour);
    this.fakes.set(name, fake);
    return fake;
  }

  async collectd(options) {
    this.daemon = await Collectd.start({ sink: this.sink, ...options });
    return this.daemon;
  }

  // Until the endpoint has been seen `up` (or not) `n` times from now on.
  async polls(name, n, up = 1, timeout = 20000) {
    const seen = () => this.sink.find({ type: 'endpoint', plugin_instance: name }).filter((list) => list.value.up === up);
    const before = seen().length;
    await until(() => seen().length >= before + n, { what: `${n} polls of ${name} with up ${up}`,
      timeout: timeout * (this.daemon?.slowdown ?? 1), detail: () => `${seen().length - before}; ${this.daemon?.lines(speaksOf(name)).join('\n')}` });
  }

  // Takes all down. A collectd that did not end well, or a leak of the plugin's, is a failure of every test.
  async close() {
    const end = await this.daemon?.stop();
    for (const fake of this.fakes.values()) await fake.vanish();
    await this.sink?.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
    if (end) {
      assert.deepEqual(end.ours, [], 'what valgrind or a sanitizer says of the plugin');
      assert.deepEqual([end.code, end.signal], [0, null], `how collectd ended\n${end.memory}\n${end.log.slice(-20).join('\n')}`);
    }
    return end;
  }
}

// The log lines that speak of the endpoint `name`: by its name as a word of its own, not as a part of another.
const speaksOf = (name) => new RegExp(`(^|[^\\w/.-])${name}([^\\w.-]|$)`);

module.exports = { Rig, speaksOf };
