// SPDX-License-Identifier: MIT
'use strict';

// Listening on TCP.

const assert = require('assert');
const { test } = require('node:test');
const { fails, withEndpoint } = require('../helpers/endpoint');
const { request, snapshot } = require('../helpers/snapshot');

test('on TCP: loopback, and no page of a browser', async () => {
  await withEndpoint({ port: 0 }, async ({ endpoint }) => {
    const where = { host: '127.0.0.1', port: endpoint.port };
    assert.ok(endpoint.port > 0);
    assert.strictEqual((await snapshot(where)).endpoint.protocol, 1);
    for (const host of ['localhost:1', '[::1]:80', '127.0.0.1']) {
      assert.strictEqual((await request(where, '/v1/snapshot', { headers: { host } })).status, 200);
    }
    const answer = await request(where, '/v1/snapshot', { headers: { host: 'evil.example:80' } });
    assert.strictEqual(answer.status, 400);
    await fails({ port: endpoint.port }, 'ERR_PORT_IN_USE', new RegExp(`127.0.0.1 port ${endpoint.port}`));
  });
  await fails({ host: '127.0.0.1', port: 1, mediasoup: undefined }, 'ERR_MEDIASOUP_NOT_FOUND', /pass/);
  await fails({ host: '192.0.2.1', port: 0, allowRemote: true }, 'ERR_LISTEN', /192\.0\.2\.1/);
});
