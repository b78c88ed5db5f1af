// SPDX-License-Identifier: MIT
'use strict';

// How /metrics is asked: what is left out, in which format it answers, what it refuses.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, text } = require('./client.js');
const { Exposition } = require('./exposition.js');

const id = (what) => uuid('scrape', what);
const consumer = (name, kind, roomId) => row.consumer(name, id('producer'), id('transport'), { kind, appData: { roomId } });
const ROWS = [...oneOfEach('scrape'), consumer('a', 'audio', 'x'), consumer('b', 'video', 'x'), consumer('c', 'video', 'y')];
const PROMETHEUS = 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const PLAIN = 'text/plain; version=0.0.4; charset=utf-8';

describe('a scrape', () => {
  let rig;
  const scrape = async (url, Accept = '') => {
    const answered = await rig.ask(url, { headers: { Accept } });
    assert.equal(answered.status, 200, text(answered));
    return new Exposition(text(answered), { openmetrics: answered.headers['content-type'] === OPENMETRICS });
  };
  const classes = ({ families }) => [...new Set([...families.keys()].map((name) => /^mediasoup_((?:data_)?[a-z]+)_/.exec(name)[1]))];
  const ids = (exposition, name) => exposition.of(name).map(({ labels }) => labels.consumerId).sort();

  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(ROWS)), { endpoint: { Interval: 2 } });
    await rig.when('/consumers', (list) => list.length === 4);
    await rig.when('/workers', ([worker]) => worker?.cpuRatio !== undefined);
  });
  after(() => rig?.close());

  for (const [accept, type] of [['', PLAIN], ['*/*', PLAIN], ['text/plain', PLAIN], [PROMETHEUS, OPENMETRICS], ['application/openmetrics-text', OPENMETRICS], ['application/openmetrics-text; version="1.0.0"', OPENMETRICS],
    ['text/plain;q=0.9, application/openmetrics-text; version="1.0.0" ;q=1', OPENMETRICS], ['Application/OpenMetrics-Text;version=1.0.0;q=0.3,text/plain;q=0.5', PLAIN],
    ['text/plain;q=0.5 , application/openmetrics-text;q=0.8', OPENMETRICS], ['application/openmetrics-text;version=1.0.0;q=0', PLAIN],
    ['application/openmetrics-text;version=0.0.1', PLAIN], ['application/openmetrics-textual', PLAIN], [',;,q=,application/openmetrics-text;', OPENMETRICS]])
    test(`Accept: ${accept}`, async () => {
      const answered = await rig.ask('/metrics', { headers: { Accept: accept } });
      assert.deepEqual([answered.headers['content-type'], answered.headers.vary], [type, 'Accept, Accept-Encoding']);
      assert.ok(new Exposition(text(answered), { openmetrics: type === OPENMETRICS }).of('mediasoup_endpoint_up').length === 1);
    });

  test('the same samples in both formats', async () => {
    const [plain, open] = [await scrape('/metrics'), await scrape('/metrics', PROMETHEUS)];
    assert.ok(plain.series.size > 100);
    assert.deepEqual(open.series, plain.series);
    assert.equal(plain.families.get('mediasoup_consumers_byte_count_total').type, 'counter');
    assert.equal(open.families.get('mediasoup_consumers_byte_count').type, 'counter');
  });

  test('names=mediasoup-exporter: no _total, in both formats', async () => {
    const [plain, open] = [await scrape('/metrics?names=mediasoup-exporter'), await scrape('/metrics?names=mediasoup-exporter', PROMETHEUS)];
    assert.deepEqual(open.series, plain.series);
    assert.equal([...plain.families.keys()].some((name) => name.endsWith('_total')), false);
    assert.equal(plain.families.get('mediasoup_consumers_byte_count').type, 'counter');
    assert.equal(open.families.get('mediasoup_consumers_byte_count').type, 'unknown');
    const before = await scrape('/metrics');
    assert.deepEqual(plain.of('mediasoup_consumers_byte_count').map(({ labels, value }) => [labels, value]),
      before.of('mediasoup_consumers_byte_count_total').map(({ labels, value }) => [labels, value]));
  });

  test('class', async () => {
    assert.deepEqual(classes(await scrape('/metrics?class=consumers')), ['consumers']);
    assert.deepEqual(classes(await scrape('/metrics?class=data_producers,workers')), ['workers', 'data_producers']);
  });

  test('filters: a class without such a field has nothing that matches', async () => {
    const found = await scrape('/metrics?appData.roomId=x');
    assert.deepEqual([classes(found), ids(found, 'mediasoup_consumers_score')], [['consumers'], ['a', 'b']]);
    const video = await scrape('/metrics?kind=video&appData.roomId=x');
    assert.deepEqual(ids(video, 'mediasoup_consumers_score'), ['b']);
    assert.deepEqual(classes(await scrape('/metrics?kind=video')), ['producers', 'consumers']);
    assert.equal((await scrape('/metrics?host=testhost')).series.size, (await scrape('/metrics')).series.size);
    assert.equal(text(await rig.ask('/metrics?host=elsewhere')), '');
    assert.equal(text(await rig.ask('/metrics?host=elsewhere', { headers: { Accept: PROMETHEUS } })), '# EOF\n');
  });

  test('fields', async () => {
    const { families } = await scrape('/metrics?fields=byteCount,score&class=consumers');
    assert.deepEqual([...families.keys()], ['mediasoup_consumers_byte_count_total', 'mediasoup_consumers_score']);
  });

  for (const [url, says, options = {}, status = 400] of [
    ['/metrics?class=consumer', /class: there is no class "consumer"/], ['/metrics?class=', /class: there is no class ""/], ['/metrics?class=consumers,', /class: there is no class ""/],
    ['/metrics?names=ours', /names takes "mediasoup-exporter", not "ours"/], ['/metrics?nonsense=1', /"nonsense"/], ['/metrics?class=workers&kind=video', /"kind"/],
    ['/metrics?fields=kind', /fields: none of the classes asked for has a number "kind"/], ['/metrics?class=workers&fields=score', /has a number "score"/], [`/metrics?fields=${'x'.repeat(300)}`, /has a number "x{60}"/],
    ['/metrics?limit=1', /limit is for the views/], ['/metrics?worst=1', /worst is for the views/], ['/metrics?offset=1', /offset is for the views/],
    [`/metrics?${Array.from({ length: 17 }, () => 'kind=video').join('&')}`, /there are more than 16 filters; leave out "kind" or another one/],
    ['/metrics/x', /there is no \/metrics\/x/, {}, 404], ['/metrics', /POST/, { method: 'POST' }, 405], ['/metrics', /evil/, { headers: { Host: 'evil.example' } }, 403]])
    test(`${status} ${url.slice(0, 60)}`, async () => {
      const answered = await rig.ask(url, options);
      assert.equal(answered.status, status);
      assert.match(JSON.parse(text(answered)).error, says);
    });

  test('HEAD has no body', async () => {
    const { status, headers, body } = await rig.ask('/metrics', { method: 'HEAD' });
    assert.deepEqual([status, headers['content-type'], body.length], [200, PLAIN, 0]);
  });

  test('gzip is the same text', async () => {
    const zipped = await rig.ask('/metrics?class=consumers', { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(zipped.headers['content-encoding'], 'gzip');
    assert.equal(text(zipped), text(await rig.ask('/metrics?class=consumers')));
  });

  test('ETag: of the rows and the format', async () => {
    const tag = async (url, Accept = '') => (await rig.ask(url, { headers: { Accept } })).headers.etag;
    const { served } = rig.endpoint;
    await rig.when('/consumers', () => rig.endpoint.served > served);
    await rig.when('/consumers', ([c]) => c.age > 0.2 && c.age < 1);
    const etag = await tag('/metrics');
    assert.equal((await rig.ask('/metrics', { headers: { 'If-None-Match': etag } })).status, 304);
    assert.notEqual(await tag('/metrics', PROMETHEUS), etag);
  });
});
