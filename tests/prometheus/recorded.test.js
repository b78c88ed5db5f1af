// SPDX-License-Identifier: MIT
'use strict';

// The same with what a real write_prometheus served: recorded.txt is one room of ./demo's
// http://127.0.0.1:9103/metrics, without HELP and most of its transports.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { Prometheus } = require('../lib/prometheus.js');
const { until } = require('../lib/wait.js');

const RECORDED = fs.readFileSync(path.join(__dirname, 'recorded.txt'), 'utf8');
const SAMPLES = RECORDED.split('\n').filter((line) => line && !line.startsWith('#'));

// The labels beside `instance` that a family's series may have: every one of `all`, any of `some`.
const WHO = ['roomId', 'peerId'];
const FAMILIES = [
  [/^(?:processes|routers|producers|consumers|workers_(?:active|idle|total))_num$|^endpoint_/, { all: [] }],
  [/^processes_(?:cpu|memory)_usage$|^usage_/, { all: ['type', 'pid', 'ppid'] }],
  [/^workers_/, { all: ['worker'] }],
  [/^routers_/, { all: ['roomId', 'routerId'] }],
  [/^transports_/, { all: ['roomId', 'transportId', 'transportType'], some: ['peerId'] }],
  [/^data_producers_/, { all: [...WHO, 'dataProducerId'] }],
  [/^data_consumers_/, { all: [...WHO, 'dataConsumerId'] }],
  [/^producers_/, { all: [...WHO, 'kind', 'mimeType', 'type', 'producerId'], some: ['rid'] }],
  [/^consumers_/, { all: [...WHO, 'kind', 'mimeType', 'type', 'consumerId'] }],
];

let server;
let prometheus;

before(async () => {
  server = http.createServer((request, response) => response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(RECORDED));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  prometheus = await Prometheus.start({ target: `127.0.0.1:${server.address().port}` });
  await until(async () => (await prometheus.query('mediasoup_endpoint_up')).length > 0, { what: 'a scrape', timeout: 60000, detail: () => prometheus.log });
});

after(async () => {
  await prometheus?.stop();
  server?.closeAllConnections();
  server?.close();
});

test('each sample becomes one series, with the labels of its family', async () => {
  const found = await prometheus.query('{instance="demo",quantile="",__name__!~".*_bucket_(sum|count)"}');
  assert.equal(found.length, SAMPLES.length);
  for (const { name, labels } of found) {
    const short = name.replace(/^mediasoup_/, '');
    const [, { all, some = [] }] = FAMILIES.find(([pattern]) => pattern.test(short));
    const names = Object.keys(labels);
    for (const label of ['instance', ...all]) assert.ok(names.includes(label), `${name} has ${label}`);
    for (const label of names) assert.ok(['instance', ...all, ...some].includes(label), `${name} does not have ${label}`);
  }
});

test('values arrive', async () => {
  const line = SAMPLES.find((text) => text.startsWith('collectd_mediasoup_producers_byte_count_total{') && text.includes('rid=f'));
  const [{ labels, value }] = await prometheus.query('mediasoup_producers_byte_count{rid="f"}');
  assert.equal(value, Number(line.split(' ').at(-2)));
  assert.deepEqual([labels.mimeType, labels.roomId, labels.peerId], ['video/VP8', 'room-1', 'alice']);
});
