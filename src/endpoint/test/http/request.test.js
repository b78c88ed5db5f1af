// SPDX-License-Identifier: MIT
'use strict';

// What a client may ask for, and how other requests are refused.

const assert = require('assert');
const { test } = require('node:test');
const { version } = require('../..');
const { understand } = require('../../lib/http/request');
const { CLASSES } = require('../../lib/snapshot/classes');
const { sleep } = require('../helpers/application');
const { withEndpoint } = require('../helpers/endpoint');
const { request, snapshot } = require('../helpers/snapshot');

// [method, target, status, error]
const REFUSED = [
  ['GET', '/', 404, /\/v1\/snapshot/],
  ['GET', '/v1/snapshots', 404, /\/v1\/snapshot/],
  ['POST', '/elsewhere', 404, /\/v1\/snapshot/],
  ['POST', '/v1/snapshot', 405, /POST.*GET or HEAD/],
  ['DELETE', '/v1/snapshot?rows=workers', 405, /DELETE/],
  ['GET', '/v1/snapshot?rows=workers,rooms', 400, /"rooms".*known are usage, workers, routers/],
  ['GET', '/v1/snapshot?rows=', 400, /unknown class ""/],
  ['GET', '/v1/snapshot?rows=%00%ff', 400, /unknown class/],
  ['GET', '/v1/snapshot?events=', 400, /^events is "", and must be a whole number/],
  ['GET', '/v1/snapshot?events=x', 400, /^events is "x", /],
  ['GET', '/v1/snapshot?events=-1', 400, /^events is "-1", /],
  ['GET', '/v1/snapshot?events=1.5', 400, /^events is "1\.5", /],
  ['GET', '/v1/snapshot?events=1e3', 400, /^events is "1e3", /],
  ['GET', '/v1/snapshot?events=+1', 400, /^events is " 1", /],
  ['GET', '/v1/snapshot?events=1&events=2', 400, /^events is "1,2", /],
  ['GET', '/v1/snapshot?events=9999999999999999', 400, /^events is "9999999999999999", /],
  ['HEAD', '/v1/snapshot?events=x', 400],
  ['GET', `/v1/snapshot?rows=${'x'.repeat(5000)}`, 400, /"x{64}"/],
];

for (const [method, target, status, message] of REFUSED) {
  test(`${method} ${target.slice(0, 40)} is answered ${status}`, async () => {
    await withEndpoint({}, async ({ socket }) => {
      const answer = await request(socket, target, { method });
      assert.strictEqual(answer.status, status);
      if (method === 'HEAD') return;
      const { error, ...more } = JSON.parse(answer.text);
      assert.match(error, message);
      assert.deepStrictEqual(more, {});
      if (status === 405) assert.strictEqual(answer.headers.allow, 'GET, HEAD');
    });
  });
}

test('HEAD makes no snapshot', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    let asked = 0;
    mediasoup.createWorker().getResourceUsage = async () => (asked += 1);
    const answer = await request(socket, '/v1/snapshot', { method: 'HEAD' });
    assert.deepStrictEqual([answer.status, answer.text], [200, '']);
    assert.strictEqual(answer.headers['content-type'], 'application/x-ndjson');
    assert.strictEqual((await request(socket, '/x', { method: 'HEAD' })).status, 404);
    await sleep(20);
    assert.strictEqual(asked, 0);
  });
});

test('unknown query parameters are ignored, and rows may be given twice', async () => {
  await withEndpoint({}, async ({ socket }) => {
    const { text } = await request(socket, '/v1/snapshot?pretty=1&rows=usage&rows=workers');
    assert.match(text, /"row":"usage"/);
    assert.strictEqual((await snapshot(socket)).endpoint.version, version);
  });
});

const asked = (url, endpoint = {}, host = 'localhost') => understand({ url, method: 'GET', headers: { host } }, endpoint);

test('rows selects classes', () => {
  const classesOf = (url) => [...asked(url).classes];
  assert.deepStrictEqual(classesOf('/v1/snapshot'), CLASSES);
  assert.deepStrictEqual(classesOf('/v1/snapshot?'), CLASSES);
  assert.deepStrictEqual(classesOf('/v1/snapshot?rows=consumers,workers,consumers&rows=usage'), ['consumers', 'workers', 'usage']);
  assert.deepStrictEqual(classesOf('/v1/snapshot?rows=data%5Fproducers'), ['data_producers']);
});

test('events is a number, or nothing', () => {
  const eventsOf = (url) => asked(url).events;
  assert.strictEqual(eventsOf('/v1/snapshot?rows=workers'), undefined);
  assert.deepStrictEqual(['0', '17', '007', '999999999999999'].map((text) => eventsOf(`/v1/snapshot?events=${text}`)), [0, 17, 7, 999999999999999]);
  const { classes, events } = asked('/v1/snapshot?events=3&rows=workers');
  assert.deepStrictEqual([[...classes], events], [['workers'], 3]);
});

test('the Host header counts on loopback TCP only', () => {
  const status = (host, endpoint) => asked('/v1/snapshot', endpoint, host).status;
  for (const host of [undefined, '', 'localhost', 'LOCALHOST:3000', '127.0.0.1:1', '[::1]', '[::1]:80']) {
    assert.strictEqual(status(host, {}), undefined, host);
  }
  for (const host of ['evil.example', 'localhost.evil.example:80', '10.0.0.1']) {
    assert.strictEqual(status(host, {}), 400, host);
    assert.strictEqual(status(host, { allowRemote: true }), undefined, host);
    assert.strictEqual(status(host, { socket: '/run/s.sock' }), undefined, host);
  }
});
