// SPDX-License-Identifier: MIT
'use strict';

// A real Prometheus scrapes /metrics and write_prometheus of one collectd, with the shipped configuration: both roads
// lead to the same series.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { freePort } = require('../lib/free_port.js');
const { Prometheus, promtool } = require('../lib/prometheus.js');
const { until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig } = require('./client.js');

const id = (what) => uuid('roads', what);
const bob = { appData: { roomId: 'room-3', peerId: 'bob' } };
const stream = (stats) => ({ encodings: 2, stats, ...bob });
const ROWS = [
  ...oneOfEach('roads'),
  row.worker(1), row.router(id('r2'), 1), row.transport(id('pipe'), id('r2'), { transportType: 'pipe' }), row.transport(id('plain'), id('r2'), { transportType: 'plain', ...bob }),
  row.producer(id('producer'), id('pipe')), row.dataProducer(id('dataProducer'), id('pipe')), // piped here
  ...['l', 'h'].map((rid, i) => row.producer(id('simulcast'), id('plain'), stream({ rid, ssrc: i + 1 }))),
  ...[11, 12].map((ssrc) => row.producer(id('several'), id('plain'), stream({ ssrc }))),
  row.consumer(id('quiet'), id('simulcast'), id('plain'), { ...bob, kind: 'audio', mimeType: 'audio/opus', stats: { roundTripTime: 0 } }),
  row.usage({ type: 'worker', pid: 1000, ppid: 4321, worker: 0 }),
];

// Uncomments the job of /metrics, for all classes; and adds one as write_mediasoup answers by itself.
const withJobs = (port) => (text) => {
  const [relabelled, own] = text.split('  #- job_name: mediasoup\n');
  assert.ok(own.includes('127.0.0.1:4000') && own.includes('names: [mediasoup-exporter]'));
  const job = `  - job_name: mediasoup\n${own.replace(/^ {2}#/gm, '  ')}`.replace('127.0.0.1:4000', `127.0.0.1:${port}`)
    .replace(/^ *class: .*\n/m, '');
  return `${relabelled}${job}  - job_name: totals\n    honor_labels: true\n    static_configs:\n      - targets: ['127.0.0.1:${port}']\n`;
};

describe('two roads to Prometheus', () => {
  let rig;
  let prometheus;
  const seriesOf = async (job) => (await prometheus.query(`{__name__=~"mediasoup_.+",__name__!~".*_usage_bucket.*",job="${job}"}`))
    .filter(({ value }) => !Number.isNaN(value)).map(({ name, labels, value }) => [`${name} ${JSON.stringify(Object.entries(labels).sort())}`, value]).sort();

  before(async () => {
    const prometheusPort = await freePort();
    rig = await ViewsRig.start(answer(() => snapshot(ROWS)), { prometheusPort, endpoint: { AppData: ['roomId', 'peerId'], Distributions: true, Worst: 3,
      lines: ['<Group "rooms">', 'By "roomId" "mimeType"', '</Group>', '<Group "all">', 'Of "transports" "consumers"', '</Group>'] } });
    await rig.when('/workers', (workers) => workers.length === 2 && workers.every(({ cpuRatio }) => cpuRatio !== undefined));
    await rig.when('/consumers', (list) => list.length === 2);
    prometheus = await Prometheus.start({ target: `127.0.0.1:${prometheusPort}`, edit: withJobs(rig.target.port) });
    await until(async () => (await prometheus.query('count by (job) (mediasoup_endpoint_up)')).length === 3,
      { what: 'all jobs scraped', timeout: 60000, detail: () => prometheus.log });
  });
  after(async () => {
    await prometheus?.stop();
    await rig?.close();
  });

  test('the shipped configuration with its commented job is what promtool accepts', () =>
    assert.match(promtool('check', 'config', `${prometheus.folder}/prometheus.yml`), /is valid prometheus config file syntax/));

  test('names and labels are the same, and what both know of streams', async () => {
    let roads;
    await until(async () => {
      roads = [await seriesOf('collectd'), await seriesOf('mediasoup')];
      return roads[0].length > 200 && roads[0].length === roads[1].length;
    }, { what: 'as many series on both roads', timeout: 30000, detail: () => roads.map((road) => road.length) }).catch(() => {});
    const [relabelled, own] = roads.map((road) => road.map(([series]) => series));
    assert.deepEqual(own.filter((series) => !relabelled.includes(series)), [], 'only in /metrics');
    assert.deepEqual(relabelled.filter((series) => !own.includes(series)), [], 'only in write_prometheus');
    const streams = (road) => road.filter(([series]) => /^mediasoup_(producers|consumers)_(?!num)/.test(series));
    assert.ok(streams(roads[0]).length > 100);
    assert.deepEqual(streams(roads[1]), streams(roads[0]));
  });

  test('OpenMetrics is what Prometheus asks for and reads: counters with their type, help and _total', async () => {
    const { data } = await (await fetch(`${prometheus.url}/api/v1/targets/metadata?metric=mediasoup_consumers_byte_count&match_target={job="totals"}`)).json();
    assert.deepEqual(data.map(({ type, help }) => [type, help]), [['counter', 'RTP bytes, headers included (bytes)']]);
    const [{ labels, value }] = await prometheus.query(`mediasoup_consumers_byte_count_total{job="totals",consumerId="${id('quiet')}"}`);
    assert.equal(value, 1000);
    assert.deepEqual(labels, { kind: 'audio', mimeType: 'audio/opus', type: 'outbound-rtp', consumerId: id('quiet'), roomId: 'room-3',
      peerId: 'bob', instance: 'testhost' });
  });

  test('what is gone is gone at the next scrape', async () => {
    rig.endpoint.behave(answer(() => snapshot(ROWS.filter((r) => r.consumerId !== id('quiet')))));
    await until(async () => (await prometheus.query(`mediasoup_consumers_score{job="mediasoup"}`)).length === 1, { what: 'the consumer to go', timeout: 30000, every: 200 });
  });
});
