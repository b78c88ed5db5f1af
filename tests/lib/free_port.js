// SPDX-License-Identifier: MIT
'use strict';

// A loopback port that nobody listens on at this moment.

const net = require('node:net');

async function freePort() {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

module.exports = { freePort };
