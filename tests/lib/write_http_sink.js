// SPDX-License-Identifier: MIT
'use strict';

// A receiver for collectd's write_http (Format "JSON"): keeps every value list and finds them by identity, in the
// order of their times (collectd's write threads overtake one another). What comes in is not trusted to be valid JSON: `problems` says what was not.

const http = require('node:http');

const identityOf = (list) =>
  `${list.plugin_instance}/${list.type}${list.type_instance ? `-${list.type_instance}` : ''}`;

const seriesKey = ({ type, plugin_instance }) => `${type}/${plugin_instance}`;

class WriteHttpSink {
  constructor() {
    this.clear();
    this.problems = [];
    this.server = http.createServer((request, response) => this.#receive(request, response));
  }

  static async listen() {
    const sink = new WriteHttpSink();
    await new Promise((done) => sink.server.listen(0, '127.0.0.1', done));
    sink.url = `http://127.0.0.1:${sink.server.address().port}/`;
    return sink;
  }

  #receive(request, response) {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      try {
        for (const list of JSON.parse(text)) this.#keep(list);
      } catch (error) {
        this.problems.push({ error, text });
      }
      response.end();
    });
  }

  #keep(list) {
    if (list.plugin !== 'mediasoup') return;
    list.identity = identityOf(list);
    list.dstype = Object.fromEntries(list.dsnames.map((name, i) => [name, list.dstypes[i]]));
    list.value = Object.fromEntries(list.dsnames.map((name, i) => [name, list.values[i]]));
    this.lists.push(list);
    const key = seriesKey(list);
    this.series.set(key, this.series.get(key) ?? []).get(key).push(list);
  }

  // All value lists that agree with `wanted`, oldest first. A member of `wanted` may be a text or a RegExp.
  find(wanted = {}) {
    const agrees = (list) => Object.entries(wanted).every(([key, want]) =>
      want instanceof RegExp ? want.test(list[key]) : list[key] === want);
    const among = typeof wanted.type === 'string' && typeof wanted.plugin_instance === 'string'
      ? this.series.get(seriesKey(wanted)) ?? [] : this.lists;
    return among.filter(agrees).sort((a, b) => a.time - b.time);
  }

  last(wanted) {
    return this.find(wanted).at(-1);
  }

  identities(wanted) {
    return [...new Set(this.find(wanted).map((list) => list.identity))].sort();
  }

  clear() {
    this.lists = [];
    this.series = new Map(); // the same lists by type and plugin_instance: tests ask for these all the time
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

module.exports = { WriteHttpSink };
