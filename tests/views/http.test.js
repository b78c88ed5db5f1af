'use strict';

// How the views are asked: filters and parameters, errors, headers, compression, the page, other transports.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const net = require('node:net');
const { after, before, describe, test } = require('node:test');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, text } = require('./client.js');

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
      extra: 'PluginDir "/usr/lib/collectd"\nLoadPlugin unixsock\n<Plugin unixsock>\n  SocketFile "/tmp/mediasoup-views-test.sock"\n</Plugin>' });
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
  test('huge headers: 431', async () => assert.equal((await rig.ask('/', { headers: { 'X-Long': 'x'.repeat(60000) } })).status, 431));
  test('HEAD has no body', async () => {
    const { status, body } = await rig.ask('/consumers', { method: 'HEAD' });
    assert.deepEqual([status, body.length], [200, 0]);
  });
  test('/healthz', async () => assert.deepEqual(await rig.json('/healthz'), { status: 'ok' }));
  test('ETag: 304 until there are new rows', async () => {
    const { served } = rig.endpoint;
    await rig.when('/consumers', () => rig.endpoint.served > served);
    await rig.when('/consumers', ([c]) => c.age > 0.2 && c.age < 1);
    const { etag } = (await rig.ask('/consumers')).headers;
    assert.equal((await rig.ask('/consumers', { headers: { 'If-None-Match': etag } })).status, 304);
    await rig.when('/consumers', ([c]) => c.age < 0.15);
    assert.equal((await rig.ask('/consumers', { headers: { 'If-None-Match': etag } })).status, 200);
  });
  test('gzip is the same JSON', async () => {
    const url = '/consumers?fields=consumerId,score,appData';
    const zipped = await rig.ask(url, { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(zipped.headers['content-encoding'], 'gzip');
    assert.deepEqual(JSON.parse(text(zipped)), await rig.json(url));
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
    const put = net.connect('/tmp/mediasoup-views-test.sock');
    put.write('PUTVAL "far/mediasoup-x/endpoint-id=1" interval=9 N:inf' + ':0'.repeat(18) + '\n');
    await new Promise((done) => put.once('data', done));
    put.destroy();
    const rows = await rig.when('/endpoint', (list) => list.some((e) => e.host === 'far'));
    assert.equal('up' in rows.find((e) => e.host === 'far'), false);
  });
});

test('a Unix socket instead of a port; a port in use is one line in the log', async () => {
  const rig = await ViewsRig.start(answer(() => snapshot(ROWS)), { views: { Socket: 'views.sock' } });
  try {
    await rig.when('/consumers', (list) => list.length === 10);
    const taken = net.createServer();
    await new Promise((done) => taken.listen(0, '127.0.0.1', done));
    const other = await ViewsRig.start(answer(() => snapshot(ROWS)), { views: { Port: taken.address().port } });
    assert.equal(other.daemon.lines(/views are not served.*in use/).length, 1);
    await other.close();
    await new Promise((done) => taken.close(done));
  } finally {
    await rig.close();
  }
});
