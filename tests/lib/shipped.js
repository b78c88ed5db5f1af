// SPDX-License-Identifier: MIT
'use strict';

// The configurations of collectd.conf.d as they are shipped, with what a test or the demo has to change.

const fs = require('node:fs');
const path = require('node:path');
const { PLUGIN_DIR, STOCK_PLUGIN_DIR } = require('./collectd.js');

const SHIPPED = path.resolve(__dirname, '../../collectd.conf.d');

// The text of the file `name`, with each of `changes` ([from, to]) made.
function shipped(name, changes = []) {
  let text = fs.readFileSync(path.join(SHIPPED, name), 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${name} has no ${from} to replace`);
    text = text.replaceAll(from, to);
  }
  return text;
}

// The shipped prometheus.conf, for another port.
const shippedExporter = (port) => shipped('prometheus.conf', [['Port "9103"', `Port "${port}"`]]);

// The shipped mediasoup-writers.conf for the uninstalled plugins; each of `changes` is made ([from, to]).
const shippedWriters = (changes = []) => shipped('mediasoup-writers.conf', [
  ['LoadPlugin target_mediasoup', `PluginDir "${PLUGIN_DIR}"\nLoadPlugin target_mediasoup`], ...changes]);

// Options of Collectd.start for the shipped mediasoup.conf and prometheus.conf, with the endpoint at `socket` and the
// exporter at `port`; `endpointName` is what the endpoint is called.
function asShipped({ socket, port, endpointName = 'mediasoup' }) {
  const text = shipped('mediasoup.conf', [['/run/mediasoup/collectd.sock', socket], ['<Endpoint "mediasoup">', `<Endpoint "${endpointName}">`]]);
  const [, mediasoup] = /^<Plugin mediasoup>$([^]*)^<\/Plugin>$/m.exec(text);
  return { mediasoup, extra: `PluginDir "${STOCK_PLUGIN_DIR}"\n${shippedExporter(port)}` };
}

module.exports = { SHIPPED, asShipped, shipped, shippedExporter, shippedWriters };
