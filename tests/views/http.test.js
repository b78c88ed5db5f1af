// SPDX-License-Identifier: MIT
'use strict';

// How the views are asked: filters and parameters, errors, headers, compression, the page, other transports.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { STOCK_PLUGIN_DIR } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { until } = require('../lib/wait.js');
const { WriteHttpSink } = require('../lib/write_http_sink.js');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, request, text } = require('./client.js');

const id = (what) => uuid('http', what);
const consumer = (n, more, stats) => row.consumer(id(`c${n}`), id('p'), id('t'),
  { appData: { roomId: n % 2 ? 'odd' : 'even' }, stats: { ssrc: 1000 + n, score: n, ...stats }, ...more });
const ROWS = [row.worker(0), row.router(id('r'), 0), row.transport(id('t'), id('r')), row.producer(id('p'), id('t')),
  ...Array.from({ length: 8 }, (_, n) => consumer(n + 2)), consumer(0, { paused: true }), consumer(1, { kind: 'audio' })];

describe('requests', () => {
  let rig;
  const numbers = async (url) => (await rig.json(url)).map((c) => c.ssrc - 1000);
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(ROWS)), { endpoint: { Interval: 2 },
      extra: (folder) => `PluginDir "${STOCK_PLUGIN_DIR}"\nLoadPlugin unixsock\n<Plugin unixsock>\n  SocketFile "${folder}/put.sock"\n</Plugin>` });
    await rig.when('/consumers', (list) => list.length === 10);
  });
  after(() => rig?.close());

  for (const [query, expected] of [['score=5', [5]], ['appData.roomId=odd', [1, 3, 5, 7, 9]], ['kind=audio', [1]],
    ['paused=true', [0]], ['kind=video&appData.roomId=odd&score=7', [7]], ['host=elsewhere', []]]) {
    test(`?${query}`, async () => assert.deepEqual((await numbers(`/consumers?${query}`)).sort(), expected));
  }
  test('worst: paused last', async () => {
    assert.deepEqual(await numbers('/consumers?worst=3'), [1, 2, 3]);
    assert.equal((await numbers('/consumers?worst=100')).at(-1), 0);
    assert.deepEqual(await numbers('/consumers?worst=100&offset=2&limit=2'), [3, 4]);
  });
  test('fields', async () => assert.deepEqual(await rig.json('/consumers?worst=1&fields=score,kind'), [{ score: 1, kind: 'audio' }]));

  for (const [url, status, says, options] of [
    ['/consumers?limit=x', 400, /limit/], ['/consumers?offset=-1', 400, /offset/], ['/consumers?worst=', 400, /worst/],
    ['/consumers?nonsense=1', 400, /nonsense/], ['/nothing', 404, /nothing/], ['/consumers/none', 404, /none/],
    ['/consumers', 405, /POST/, { method: 'POST' }], ['/consumers', 403, /evil/, { headers: { Host: 'evil.example' } }]]) {
    test(`${options?.method ?? 'GET'} ${url}: ${status}`, async () => {
      const answered = await rig.ask(url, options);
      assert.equal(answered.status, status);
      assert.match(JSON.parse(text(answered)).error, says);
      if (status === 405) assert.equal(answered.headers.allow, 'GET, HEAD');
    });
  }
  // To 32 KiB they are read. What is longer we refuse, and what does not even fit in the connection's memory libmicrohttpd.
  for (const [length, status] of [[32000, 200], [33000, 431], [60000, 431], [200000, 431]]) {
    test(`headers of ${length} bytes: ${status}`, async () =>
      assert.equal((await rig.ask('/', { headers: { 'X-Long': 'x'.repeat(length) } })).status, status));
  }
  test('HEAD has no body', async () => {
    const { status, body } = await rig.ask('/consumers', { method: 'HEAD' });
    assert.deepEqual([status, body.length], [200, 0]);
  });
  test('/healthz counts the rows', async () => {
    const counted = { status: 'ok', objects: 1 + ROWS.length, maxObjects: 100000, skipped: 0 };
    await rig.when('/healthz', ({ objects }) => objects >= counted.objects);
    const { history, ...health } = await rig.json('/healthz');
    assert.deepEqual(health, counted);
  });
  test('ETag: 304 until there are new rows', async () => {
    const tag = async () => (await rig.ask('/consumers')).headers.etag;
    // Rows are written one by one: between two snapshots the tag stays, and meanwhile nothing is sent anew.
    const rested = await until(async () => {
      const etag = await tag();
      const { status } = await rig.ask('/consumers', { headers: { 'If-None-Match': etag } });
      return status === 304 && await tag() === etag && etag;
    }, { what: '304' });
    const { status } = await until(async () => {
      const answered = await rig.ask('/consumers', { headers: { 'If-None-Match': rested } });
      return answered.status !== 304 && answered;
    }, { what: 'an answer of new rows' });
    assert.equal(status, 200);
    assert.notEqual(await tag(), rested);
  });
  test('gzip is the same JSON', async () => {
    const url = '/consumers?fields=consumerId,score,appData';
    const zipped = await rig.ask(url, { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(zipped.headers['content-encoding'], 'gzip');
    assert.deepEqual(JSON.parse(text(zipped)), await rig.json(url));
  });
  test('who refuses gzip gets none', async () => {
    for (const coding of ['gzip;q=0', 'identity, gzip; q=0.0', 'xgzipx'])
      assert.equal((await rig.ask('/consumers', { headers: { 'Accept-Encoding': coding } })).headers['content-encoding'], undefined, coding);
  });
  test("the page's policy has the hashes of its style and script", async () => {
    const answered = await rig.ask('/');
    for (const tag of ['style', 'script']) {
      const [, inside] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(text(answered));
      const hash = crypto.createHash('sha256').update(inside).digest('base64');
      assert.ok(answered.headers['content-security-policy'].includes(`${tag}-src 'sha256-${hash}'`), tag);
    }
  });
  test('rows from elsewhere: an id where there can be none, a number that JSON has not', async () => {
    const put = net.connect(path.join(rig.folder, 'put.sock'));
    put.write('PUTVAL "far/mediasoup-x/endpoint-id=1" interval=9 N:inf' + ':0'.repeat(18) + '\n');
    await new Promise((done) => put.once('data', done));
    put.destroy();
    const rows = await rig.when('/endpoint', (list) => list.some((e) => e.host === 'far'));
    assert.equal('up' in rows.find((e) => e.host === 'far'), false);
  });
});

test('a Unix socket instead of a port: a stale one is replaced, it goes with collectd', async () => {
  const rig = await ViewsRig.start(answer(() => snapshot(ROWS)), { views: { Socket: 'views.sock' } });
  const file = rig.target.socketPath;
  try {
    await rig.when('/consumers', (list) => list.length === 10);
    rig.daemon.child.kill('SIGKILL');
    await rig.daemon.exited;
    assert.ok(fs.existsSync(file), 'the socket of one that was killed');
    await rig.collectd({ views: { Socket: file }, endpoints: [{ name: 'views', Socket: rig.endpoint.path, Interval: 0.25 }] });
    await rig.when('/consumers', (list) => list.length === 10);
    assert.equal((await rig.ask('/consumers', { headers: { Host: 'any.example' } })).status, 200);
    await rig.daemon.stop();
    assert.equal(fs.existsSync(file), false);
  } finally {
    await rig.close();
  }
});

test('a port in use is one line in the log; values go on', async () => {
  const taken = net.createServer();
  await new Promise((done) => taken.listen(0, '127.0.0.1', done));
  const sink = await WriteHttpSink.listen();
  const rig = await ViewsRig.start(answer(() => snapshot(ROWS)), { sink, views: { Port: taken.address().port } });
  try {
    assert.equal(rig.daemon.lines(/views are not served.*in use/).length, 1);
    await until(() => sink.find({ type: 'consumers' }).length >= 30, { what: 'three times ten consumers' });
    assert.equal(rig.daemon.lines(/views are not served/).length, 1);
  } finally {
    await rig.close();
    await sink.close();
    await new Promise((done) => taken.close(done));
  }
});

test('an address of its own: by that name too, and by no other', async () => {
  const port = await freePort();
  const rig = await ViewsRig.start(answer(() => snapshot(ROWS)), { views: { Listen: '127.0.0.2', Port: port } });
  try {
    const ask = async (host) => (await request({ host: '127.0.0.2', port }, '/healthz', { headers: { Host: host } })).status;
    const hosts = ['127.0.0.2', `127.0.0.2:${port}`, 'localhost', '127.0.0.3', '127.0.0.22', '127.0.0.2.evil.example'];
    assert.deepEqual(await Promise.all(hosts.map(ask)), [200, 200, 200, 403, 403, 403]);
  } finally {
    await rig.close();
  }
});
