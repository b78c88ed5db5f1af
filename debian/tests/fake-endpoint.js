// SPDX-License-Identifier: MIT
'use strict';

// fake-endpoint.js SNAPSHOT SOCKET
// A fake endpoint: it answers each request with the same recorded snapshot of a real mediasoup application.

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const [snapshot, socket] = process.argv.slice(2);
fs.mkdirSync(path.dirname(socket), { recursive: true });
fs.rmSync(socket, { force: true });
http.createServer((request, response) => {
  response.setHeader('Content-Type', 'application/x-ndjson');
  response.end(fs.readFileSync(snapshot));
}).listen(socket);
