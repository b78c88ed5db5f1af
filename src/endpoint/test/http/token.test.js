// SPDX-License-Identifier: MIT
'use strict';

// The token that readers have to send.

const assert = require('assert');
const { test } = require('node:test');
const { hasToken } = require('../../lib/http/token');
const { withEndpoint } = require('../helpers/endpoint');
const { request } = require('../helpers/snapshot');

const TOKEN = 'Jx7-kept';

// [header Authorization, whether it has the token]
const HEADERS = [
  [`Bearer ${TOKEN}`, true],
  [`bearer  ${TOKEN} `, true],
  [undefined, false],
  ['', false],
  ['Bearer', false],
  ['Bearer ', false],
  [TOKEN, false],
  [`Basic ${TOKEN}`, false],
  [`Bearer ${TOKEN}x`, false],
  [`Bearer ${TOKEN.slice(0, -1)}`, false],
  [`Bearer ${TOKEN.toLowerCase()}`, false],
  [`Bearer ${TOKEN} ${TOKEN}`, false],
];

for (const [authorization, expected] of HEADERS) {
  test(`Authorization: ${authorization}`, () => {
    assert.strictEqual(hasToken({ headers: { authorization } }, TOKEN), expected);
    assert.strictEqual(hasToken({ headers: { authorization } }, undefined), true);
  });
}

test('without the token nothing is told, on a socket and on a port', async () => {
  for (const where of [{}, { port: 0 }]) {
    await withEndpoint({ token: TOKEN, ...where }, async ({ endpoint, socket }) => {
      const target = socket || { host: '127.0.0.1', port: endpoint.port };
      for (const [path, method] of [['/v1/snapshot', 'GET'], ['/v1/snapshot', 'HEAD'], ['/', 'GET'], ['/v1/snapshot', 'POST']]) {
        const refused = await request(target, path, { method, headers: { authorization: 'Bearer guess' } });
        assert.strictEqual(refused.status, 401);
        assert.strictEqual(refused.headers['www-authenticate'], 'Bearer realm="collectd-mediasoup"');
        assert.ok(!refused.text.includes(TOKEN) && !refused.text.includes('endpoint"'));
        if (method === 'GET') assert.match(JSON.parse(refused.text).error, /^the token is missing or wrong; send the header Authorization/);
      }
      const headers = { authorization: `Bearer ${TOKEN}` };
      assert.strictEqual((await request(target, '/v1/snapshot', { headers })).status, 200);
      assert.strictEqual((await request(target, '/', { headers })).status, 404);
    });
  }
});
