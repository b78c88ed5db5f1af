// SPDX-License-Identifier: MIT
'use strict';

// HTTPS with a certificate of its own, and those who do not get as far as a request.

const assert = require('assert');
const net = require('net');
const { test } = require('node:test');
const tls = require('tls');
const limits = require('../../lib/common/limits');
const { Server } = require('../../lib/http/server');
const { Chunks } = require('../../lib/snapshot/chunks');
const { eventually, sleep, temporaryFolder } = require('../helpers/application');
const { certificate } = require('../helpers/certificate');
const { withEndpoint } = require('../helpers/endpoint');
const { request } = require('../helpers/snapshot');

const { key, cert } = certificate(temporaryFolder());

const get = (port, { path = '/v1/snapshot', method, ...where } = {}) => request({ host: '127.0.0.1', port, ca: cert, ...where }, path, { method });

test('a snapshot comes through TLS, whole, to a client that trusts the certificate', async () => {
  await withEndpoint({ port: 0, tls: { key, cert }, token: 'kept' }, async ({ mediasoup, endpoint }) => {
    mediasoup.room(20);
    const { status, text } = await get(endpoint.port, { token: 'kept' });
    assert.strictEqual(status, 200);
    assert.strictEqual(text.match(/"row":"consumers"/g).length, 20);
    assert.match(text, /"row":"end".*\n$/);
    assert.strictEqual((await get(endpoint.port)).status, 401);
    await assert.rejects(get(endpoint.port, { ca: [] }), /self.signed certificate/);
    await assert.rejects(get(endpoint.port, { servername: 'elsewhere.example' }), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });
});

// A server alone on a port, whose snapshots end when `finish` says so.
async function withSecureServer(bounds, run) {
  const snapshots = [];
  const collector = {
    snapshot() {
      const snapshot = new Chunks();
      snapshots.push(snapshot);
      return snapshot;
    },
  };
  const server = new Server(collector, { tls: { key, cert } }, { ...limits, ...bounds });
  await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    await run(server.address().port, server, snapshots);
  } finally {
    await server.close();
  }
}

const silent = (socket) => socket.on('error', () => {});

test('handshakes that never begin are bounded in number and time, and keep nobody out', async () => {
  await withSecureServer({ CONNECTIONS: 4, REQUEST_MS: 300 }, async (port, server) => {
    const clients = Array.from({ length: 10 }, () => silent(net.connect(port, '127.0.0.1')));
    await eventually(async () => assert.strictEqual(server.sockets.size, 4));
    assert.strictEqual((await get(port, { method: 'HEAD' })).status, 200);
    await eventually(async () => assert.strictEqual(server.sockets.size, 0));
    clients.forEach((client) => client.destroy());
  });
});

test('a connection that waits for its snapshot is not cut to make room, nor for being silent', async () => {
  await withSecureServer({ CONNECTIONS: 3, IDLE_MS: 100 }, async (port, server, snapshots) => {
    const answer = get(port);
    await eventually(async () => assert.strictEqual(snapshots.length, 1));
    Array.from({ length: 8 }, () => silent(net.connect(port, '127.0.0.1')));
    await sleep(300);
    snapshots[0].put(Buffer.from('late\n'));
    snapshots[0].end('done');
    assert.strictEqual((await answer).text, 'late\n');
  });
});

test('overload is answered with 503 and Retry-After', async () => {
  await withSecureServer({ HELD_BYTES: 1 }, async (port, server, snapshots) => {
    const first = get(port);
    await eventually(async () => assert.strictEqual(snapshots.length, 1));
    snapshots[0].put(Buffer.from('held'));
    const { status, headers, text } = await get(port);
    assert.deepStrictEqual([status, headers['retry-after']], [503, String(limits.STALL_MS / 1000)]);
    assert.match(text, /ask again/);
    snapshots[0].end('done');
    assert.strictEqual((await first).status, 200);
  });
});

test('a flood of requests on one connection is cut off', async () => {
  await withSecureServer({}, async (port, server) => {
    const client = silent(tls.connect({ port, host: '127.0.0.1', ca: cert }));
    client.write('GET /v1/snapshot HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100));
    await new Promise((resolve) => client.on('close', resolve).resume());
    await eventually(async () => assert.strictEqual(server.sockets.size, 0));
  });
});

test('a client that speaks no TLS is cut off', async () => {
  await withSecureServer({}, async (port, server) => {
    const client = silent(net.connect(port, '127.0.0.1'));
    client.write('GET /v1/snapshot HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => client.on('close', resolve).resume());
    await eventually(async () => assert.strictEqual(server.sockets.size, 0));
  });
});
