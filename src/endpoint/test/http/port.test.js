// SPDX-License-Identifier: MIT
'use strict';

// Listening on a TCP port.

const assert = require('assert');
const { test } = require('node:test');
const { listenOnPort } = require('../../lib/http/port');
const { fails, waits, withEndpoint } = require('../helpers/endpoint');
const { request, snapshot } = require('../helpers/snapshot');

test('a port listens on loopback, and refuses pages of a browser', async () => {
  await withEndpoint({ port: 0 }, async ({ endpoint }) => {
    const where = { host: '127.0.0.1', port: endpoint.port };
    assert.ok(endpoint.port > 0);
    assert.strictEqual((await snapshot(where)).endpoint.protocol, 1);
    for (const host of ['localhost:1', '[::1]:80', '127.0.0.1']) {
      assert.strictEqual((await request(where, '/v1/snapshot', { headers: { host } })).status, 200);
    }
    const answer = await request(where, '/v1/snapshot', { headers: { host: 'evil.example:80' } });
    assert.strictEqual(answer.status, 400);
    await waits({ port: endpoint.port }, 'ERR_PORT_IN_USE', new RegExp(`127.0.0.1 port ${endpoint.port}`));
  });
  await fails({ host: '127.0.0.1', port: 1, mediasoup: undefined }, 'ERR_MEDIASOUP_NOT_FOUND', /pass/);
  await waits({ host: '192.0.2.1', port: 0, allowRemote: true }, 'ERR_LISTEN', /192\.0\.2\.1/);
});

// A server that claims to listen at this address.
const serverAt = (address) => ({ listen: async () => {}, address: () => ({ address, port: 4321 }) });

test('the address of a name decides whether it is loopback', async () => {
  const options = { host: 'localhost', port: 0, allowRemote: false };
  assert.strictEqual(await listenOnPort(serverAt('127.0.0.1'), options), 4321);
  await assert.rejects(listenOnPort(serverAt('192.0.2.1'), options), {
    code: 'ERR_HOST_NOT_LOOPBACK',
    message: 'host localhost is 192.0.2.1 on this machine, which is not loopback; use 127.0.0.1 or ::1',
  });
  assert.strictEqual(await listenOnPort(serverAt('192.0.2.1'), { ...options, allowRemote: true }), 4321);
});
