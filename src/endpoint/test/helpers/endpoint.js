// SPDX-License-Identifier: MIT
'use strict';

// An endpoint in this process with a fake mediasoup, and a server alone with other bounds.

const assert = require('assert');
const path = require('path');
const { serve } = require('../..');
const { Collector } = require('../../lib/collector');
const { turn } = require('../../lib/common/event_loop');
const limits = require('../../lib/common/limits');
const { Server } = require('../../lib/http/server');
const trees = require('../../lib/tree/trees');
const { temporaryFolder } = require('./application');
const { FakeMediasoup } = require('./fake');

// Calls run({ mediasoup, endpoint, socket, folder }). The deadline is short, so that tests need not wait.
async function withEndpoint(options, run) {
  const mediasoup = new FakeMediasoup();
  const folder = temporaryFolder();
  const where = options.port === undefined ? { socket: path.join(folder, 's.sock') } : {};
  const endpoint = await serve({ ...where, mediasoup, deadline: 150, ...options });
  try {
    await run({ mediasoup, endpoint, socket: endpoint.socket, folder });
  } finally {
    await endpoint.close();
  }
}

// Checks that serve() rejects with this code and message.
async function fails(options, code, message) {
  await assert.rejects(serve({ mediasoup: new FakeMediasoup(), ...options }), (error) => {
    assert.strictEqual(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

// Checks that serve() resolves with an endpoint that does not listen, and warns once with this code and
// message. Calls run(endpoint, warnings), and closes it.
async function waits(options, code, message, run = () => {}) {
  const warnings = [];
  const listener = (warning) => warnings.push(warning);
  process.on('warning', listener);
  const endpoint = await serve({ mediasoup: new FakeMediasoup(), ...options });
  try {
    await turn();
    assert.strictEqual(endpoint.listening, false);
    assert.deepStrictEqual(warnings.map((warning) => warning.code), [code]);
    assert.match(warnings[0].message, message);
    await run(endpoint, warnings);
  } finally {
    await endpoint.close();
    process.removeListener('warning', listener);
  }
}

// Calls run(socket, server, collector). The server has these bounds, and its snapshots have `rows` large
// rows of consumers.
async function withServer(bounds, rows, run) {
  const mediasoup = new FakeMediasoup();
  const tree = trees.acquire(mediasoup);
  const { consumers } = mediasoup.room(rows);
  for (const object of consumers) object.appData = { text: 'x'.repeat(4000) };
  const socket = path.join(temporaryFolder(), 's.sock');
  const collector = new Collector(tree, { deadline: 2000, window: 16 });
  const server = new Server(collector, { socket }, { ...limits, ...bounds });
  await server.listen({ path: socket });
  try {
    await run(socket, server, collector);
  } finally {
    await server.close();
    trees.release(tree);
  }
}

module.exports = { fails, waits, withEndpoint, withServer };
