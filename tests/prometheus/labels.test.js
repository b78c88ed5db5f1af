// SPDX-License-Identifier: MIT
'use strict';

// What Prometheus stores, with the shipped configuration, of what write_prometheus serves.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { Prometheus, SHIPPED, promtool } = require('../lib/prometheus.js');
const { until } = require('../lib/wait.js');
const { exposition } = require('./write_prometheus.js');

const STREAM_COUNTERS = ['byte_count', 'packet_count', 'packets_discarded', 'packets_retransmitted', 'packets_repaired',
  'rtx_packets_discarded', 'nack_count', 'nack_packet_count', 'pli_count', 'fir_count'];
const STREAM_GAUGES = ['bitrate', 'packets_lost', 'fraction_lost', 'jitter', 'round_trip_time', 'score'];

// mediasoup-exporter's families of streams.
const SEED_BOTH = ['byte_count', 'fir_count', 'nack_count', 'nack_packet_count', 'packet_count', 'packets_discarded',
  'packets_lost', 'packets_repaired', 'packets_retransmitted', 'pli_count', 'round_trip_time'];
const SEED_PRODUCERS = [...SEED_BOTH, 'jitter', 'score'];

const AUDIO = '5a5c189d-a8b9-4518-9383-09c28fefc928';
const VIDEO = '50eb376b-c9e4-4f32-bbfb-c05597055e11';
const OTHER = 'a625242b-0c7c-4d92-b5d8-9413aa2126b3';
const ROUTER = 'fc5c7e18-cf55-4386-983f-fb6c408c7086';

const numbered = (names) => Object.fromEntries(names.map((name, index) => [name, 1000 + index]));
const stream = (type, plugin_instance, type_instance, host = 'sfu1') =>
  ({ type, plugin_instance, type_instance, host, derive: numbered(STREAM_COUNTERS), gauge: numbered(STREAM_GAUGES) });
const bob = 'peerId=bob,roomId=room-3';

const ENDPOINT = { up: 1, snapshot_seconds: 0.01, rows: 20, unanswered: 0, objects_skipped: 0, processes: 3, workers: 2,
  workers_active: 1, workers_idle: 1, routers: 4, transports: 9, producers: 5, consumers: 6, data_producers: 1,
  data_consumers: 1, webrtc_servers: 0 };
const OUTCOMES = { worker_deaths: 1, webrtc_transports_created: 7, webrtc_transports_connected: 5, webrtc_transports_left: 2,
  webrtc_transports_lost: 1, webrtc_transports_dtls_failed: 0, webrtc_transports_never_connected: 1 };
const endpoint = (plugin_instance, type_instance, gauge = ENDPOINT) => ({ type: 'endpoint', plugin_instance, type_instance, host: 'sfu1', gauge,
  derive: OUTCOMES });
const usage = (plugin_instance, type_instance, cpu) => ({ type: 'usage', plugin_instance, type_instance, host: 'sfu1',
  gauge: { cpu, memory: cpu * 1e6 }, derive: { ctime: 660, elapsed: 5640 } });

const ROWS = [
  endpoint('mediasoup', ''),
  usage('mediasoup', 'type=parent,pid=15369,ppid=15366', 14.5),
  usage('mediasoup', 'type=worker,pid=15381,ppid=15369', 2.5),
  usage('mediasoup', 'type=worker,pid=15382,ppid=15369', 4.5),
  { type: 'workers', plugin_instance: 'mediasoup', type_instance: 'worker=0', host: 'sfu1', gauge: { resident_memory: 16183296 } },
  { type: 'workers', plugin_instance: 'region=eu', type_instance: 'endpoint=mediasoup,worker=1', host: 'sfu1', gauge: { resident_memory: 2 } },
  { type: 'routers', plugin_instance: 'roomId=room-3', type_instance: `id=${ROUTER}`, host: 'sfu1', derive: { rtp_bytes_sent: 5 } },
  { type: 'transports', plugin_instance: bob, type_instance: `transportType=webrtc,id=${OTHER}`, host: 'sfu1', derive: { bytes_sent: 6 } },
  { type: 'data_producers', plugin_instance: bob, type_instance: `id=${AUDIO}`, host: 'sfu1', derive: { messages_received: 7 } },
  { type: 'data_consumers', plugin_instance: bob, type_instance: `id=${VIDEO}`, host: 'sfu1', derive: { messages_sent: 8 }, gauge: { buffered_amount: 9 } },
  stream('consumers', bob, `kind=video,mimeType=video_VP8,id=${VIDEO}`),
  stream('consumers', 'peerId=alice,roomId=room-3', `kind=audio,mimeType=audio_opus,id=${AUDIO}`),
  stream('producers', bob, `kind=audio,mimeType=audio_opus,id=${AUDIO}`),
  stream('producers', bob, `kind=video,mimeType=video_VP8,id=${VIDEO},rid=h`),
  stream('producers', bob, `kind=video,mimeType=video_VP8,id=${VIDEO},rid=q`),
  stream('producers', bob, `kind=video,mimeType=video_H264,id=${OTHER},ssrc=294023309`),
];

// Of an endpoint with the name that prometheus.yml leaves out, and of another.
const bucket = (le, value) => ({ type: 'stream_score_bucket', plugin_instance: 'edge', type_instance: `of=consumers,kind=video,le=${le}`, derive: { value } });
const SUMMARIES = [
  { type: 'groups', plugin_instance: 'edge', type_instance: 'group=room', gauge: { groups: 2, groups_max: 500, groups_other: 0 } },
  { type: 'group_consumers', plugin_instance: 'roomId=room-3', type_instance: 'group=room,endpoint=mediasoup', derive: { bytes: 11 } },
  { type: 'group_consumers', plugin_instance: 'roomId=__other__', type_instance: 'group=room,endpoint=edge,kind=video,mimeType=video_VP8', derive: { bytes: 12 } },
  { type: 'group_transports', plugin_instance: 'edge', type_instance: 'group=all,transportType=pipe', derive: { bytes_sent: 13 } },
  { type: 'stream_score', plugin_instance: 'edge', type_instance: 'of=consumers,kind=video', gauge: { sum: 70 }, derive: { count: 8 } },
  bucket('4', 2), bucket('9', 6), bucket('+Inf', 8),
  { type: 'transport_connect_time_seconds', plugin_instance: 'edge', type_instance: 'protocol=udp', gauge: { sum: 4.5 }, derive: { count: 9 } },
  { type: 'transport_connect_time_seconds_bucket', plugin_instance: 'edge', type_instance: 'protocol=udp,le=0.5', derive: { value: 9 } },
  { type: 'worst_producers', plugin_instance: 'edge', type_instance: 'rank=1', gauge: { score: 3 } },
].map((row) => ({ ...row, host: 'sums' }));

// Rows that only one test looks at, on a host of their own.
const ODD = 'odd';
const odd = (plugin_instance, id, type_instance = `kind=video,mimeType=video_VP8,id=${id}`) => stream('consumers', plugin_instance, type_instance, ODD);
const ODD_ROWS = [
  odd('myroomId=no,xpeerId=no', 'suffix'),
  odd('roomIds=no,peerIdx=no', 'prefix'),
  odd('roomId=first', 'first'),
  odd('a=1,roomId=middle,z=2', 'middle'),
  odd('a=1,roomId=', 'empty'),
  odd('roomId=a"b\\c\nd;e {f} 🎥 ü$1', 'hostile'),
  odd('mediasoup', 'nothing'),
  odd('roomId=r', 'svc', 'kind=video,mimeType=video_VP9_SVC,id=svc'),
  odd('peerId=mimic', 'mimic', 'kind=video,mimeType=video_VP8,id=mimic,xrid=no,rid_=no'),
  { ...endpoint('edge', 'process=0', { processes: 2, workers: 1 }), host: ODD },
  { ...endpoint('edge', 'process=1', { processes: 4, workers: 3 }), host: ODD },
  { ...usage('edge', 'type=worker,pid=7,ppid=1', 50), host: ODD },
  { type: 'workers', plugin_instance: 'edge', type_instance: 'worker=0', host: ODD, gauge: { resident_memory: 3 } },
  { type: 'workers', plugin_instance: 'endpoint=fake,region=eu', type_instance: 'endpoint=edge,worker=1', host: ODD, gauge: { resident_memory: 4 } },
];

// Another plugin's, which are nobody's business here.
const FOREIGN = 'collectd_memory{memory="x=1,roomId=no",type="kind=used,id=1",instance="sfu1"} 42\n' +
  'collectd_swap{swap="a",type="used",instance="sfu1"} 43\n';

let server;
let prometheus;
let hide = [];

const instance = (host) => (labels) => ({ ...labels, instance: host });
const ours = instance('sfu1');
const odds = instance(ODD);
const sort = (list) => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const plain = (labels) => Object.fromEntries(Object.entries(labels).sort());

// Asserts the label sets, in any order, and the values, of all that a selector finds.
async function stored(selector, expected) {
  const found = (await prometheus.query(selector)).map(({ labels, value }) => [plain(labels), value]);
  assert.deepEqual(sort(found), sort(expected.map(([labels, value]) => [plain(labels), value])), selector);
}

before(async () => {
  server = http.createServer((request, response) => {
    const rows = [...ROWS, ...SUMMARIES, ...ODD_ROWS].filter((row) => !hide.includes(row));
    response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(exposition(rows) + FOREIGN);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  prometheus = await Prometheus.start({ target: `127.0.0.1:${server.address().port}` });
  await until(async () => (await prometheus.query('mediasoup_processes_cpu_usage_bucket_count')).length > 0,
    { what: 'a scrape and the rules after it', timeout: 60000, detail: () => prometheus.log });
});

after(async () => {
  await prometheus?.stop();
  server?.closeAllConnections();
  server?.close();
});

describe('the shipped files', () => {
  test('are what promtool accepts', () => {
    assert.match(promtool('check', 'config', path.join(SHIPPED, 'prometheus.yml')), /SUCCESS: 2 rule files found/);
  });

  test('scrape where write_prometheus of the shipped prometheus.conf listens', () => {
    const conf = fs.readFileSync(path.join(SHIPPED, 'prometheus.conf'), 'utf8');
    const [, host] = /^\s*Host "(.*)"/m.exec(conf);
    const [, port] = /^\s*Port "(.*)"/m.exec(conf);
    assert.match(fs.readFileSync(path.join(SHIPPED, 'prometheus.yml'), 'utf8'), new RegExp(`targets: \\['${host}:${port}'\\]`));
  });

  test('are scraped without an error', async () => {
    const { health, lastError } = await prometheus.target();
    assert.deepEqual({ health, lastError }, { health: 'up', lastError: '' });
  });
});

describe('streams have the names and labels of mediasoup-exporter', () => {
  const seed = (kind, mimeType, type, id, peerId) => ours({ kind, mimeType, type, ...id, roomId: 'room-3', peerId });
  const consumers = [
    seed('video', 'video/VP8', 'outbound-rtp', { consumerId: VIDEO }, 'bob'),
    seed('audio', 'audio/opus', 'outbound-rtp', { consumerId: AUDIO }, 'alice'),
  ];
  const producers = [
    seed('audio', 'audio/opus', 'inbound-rtp', { producerId: AUDIO }, 'bob'),
    seed('video', 'video/VP8', 'inbound-rtp', { producerId: VIDEO, rid: 'h' }, 'bob'),
    seed('video', 'video/VP8', 'inbound-rtp', { producerId: VIDEO, rid: 'q' }, 'bob'),
    seed('video', 'video/H264', 'inbound-rtp', { producerId: OTHER, ssrc: '294023309' }, 'bob'),
  ];
  const values = { ...numbered(STREAM_COUNTERS), ...numbered(STREAM_GAUGES) };
  for (const [view, names, labels] of [['consumers', SEED_BOTH, consumers], ['producers', SEED_PRODUCERS, producers]]) {
    for (const field of names) {
      test(`mediasoup_${view}_${field}`, () =>
        stored(`mediasoup_${view}_${field}{instance="sfu1"}`, labels.map((set) => [set, values[field]])));
    }
    test(`and those of ${view} that it did not have`, async () => {
      for (const field of [...STREAM_COUNTERS, ...STREAM_GAUGES]) {
        await stored(`mediasoup_${view}_${field}{instance="sfu1"}`, labels.map((set) => [set, values[field]]));
      }
    });
  }
});

describe('the application', () => {
  const figures = { processes_num: 3, workers_active_num: 1, workers_idle_num: 1, workers_total_num: 2, routers_num: 4, producers_num: 5,
    consumers_num: 6 };
  for (const [name, value] of Object.entries(figures)) {
    test(`mediasoup_${name} has no label`, () => stored(`mediasoup_${name}{instance="sfu1"}`, [[ours({}), value]]));
  }

  test('has what mediasoup-exporter did not have under mediasoup_endpoint_', async () => {
    const renamed = ['processes', 'workers', 'workers_active', 'workers_idle', 'routers', 'producers', 'consumers'];
    const expected = { ...ENDPOINT, ...OUTCOMES };
    for (const name of renamed) delete expected[name];
    const found = await prometheus.query('{__name__=~"mediasoup_endpoint_.*",instance="sfu1"}');
    assert.deepEqual(Object.fromEntries(found.map(({ name, value }) => [name.replace('mediasoup_endpoint_', ''), value]).sort()),
      Object.fromEntries(Object.entries(expected).sort()));
    for (const { labels } of found) assert.deepEqual(labels, ours({}));
  });

  const parent = ours({ pid: '15369', ppid: '15366', type: 'parent' });
  const worker = (pid) => ours({ pid, ppid: '15369', type: 'worker' });
  test('its processes have pid, ppid and type', async () => {
    for (const [name, factor] of [['cpu', 1], ['memory', 1e6]]) {
      await stored(`mediasoup_processes_${name}_usage{instance="sfu1"}`,
        [[parent, 14.5 * factor], [worker('15381'), 2.5 * factor], [worker('15382'), 4.5 * factor]]);
    }
    await stored('mediasoup_usage_ctime{type="parent",instance="sfu1"}', [[parent, 660]]);
  });

  test('and the summaries over its processes', async () => {
    for (const [name, factor] of [['cpu', 1], ['memory', 1e6]]) {
      const family = `mediasoup_processes_${name}_usage_bucket`;
      const found = await prometheus.query(`${family}{instance="sfu1"}`);
      const quantiles = Object.fromEntries(found.map(({ labels: { quantile, ...rest }, value }) => {
        assert.deepEqual(rest, ours({}));
        return [quantile, Math.round((value / factor) * 1e6) / 1e6];
      }));
      assert.deepEqual(quantiles, { 0.01: 2.54, 0.05: 2.7, 0.5: 4.5, 0.9: 12.5, 0.95: 13.5, 0.99: 14.3, 0.999: 14.48 });
      await stored(`${family}_sum{instance="sfu1"}`, [[ours({}), 21.5 * factor]]);
      await stored(`${family}_count{instance="sfu1"}`, [[ours({}), 3]]);
    }
  });

  test('under a name of its own, and in several processes, keeps them apart', async () => {
    for (const [name, first, second] of [['processes_num', 2, 4], ['workers_total_num', 1, 3]]) {
      await stored(`mediasoup_${name}{instance="${ODD}"}`,
        [[odds({ endpoint: 'edge', process: '0' }), first], [odds({ endpoint: 'edge', process: '1' }), second]]);
    }
    await stored(`mediasoup_processes_cpu_usage{instance="${ODD}"}`, [[odds({ endpoint: 'edge', pid: '7', ppid: '1', type: 'worker' }), 50]]);
    await stored(`mediasoup_workers_resident_memory{instance="${ODD}"}`,
      [[odds({ endpoint: 'edge', worker: '0' }), 3], [odds({ endpoint: 'edge', worker: '1' }), 4]]);
  });
});

describe('the other objects have mediasoup\'s names for their ids', () => {
  const who = { roomId: 'room-3', peerId: 'bob' };
  const cases = {
    mediasoup_workers_resident_memory: [[{ worker: '0' }, 16183296], [{ worker: '1' }, 2]],
    mediasoup_routers_rtp_bytes_sent: [[{ roomId: 'room-3', routerId: ROUTER }, 5]],
    mediasoup_transports_bytes_sent: [[{ ...who, transportId: OTHER, transportType: 'webrtc' }, 6]],
    mediasoup_data_producers_messages_received: [[{ ...who, dataProducerId: AUDIO }, 7]],
    mediasoup_data_consumers_messages_sent: [[{ ...who, dataConsumerId: VIDEO }, 8]],
    mediasoup_data_consumers_buffered_amount: [[{ ...who, dataConsumerId: VIDEO }, 9]],
  };
  for (const [name, expected] of Object.entries(cases)) {
    test(name, () => stored(`${name}{instance="sfu1"}`, expected.map(([labels, value]) => [ours(labels), value])));
  }
});

describe('appData', () => {
  const cases = {
    'a key that ends like another is not taken for it': ['suffix', {}],
    'a key that begins like another is not taken for it': ['prefix', {}],
    'the first key is found': ['first', { roomId: 'first' }],
    'a key between others is found, and they are not': ['middle', { roomId: 'middle' }],
    'an empty value is no label': ['empty', {}],
    'a hostile value arrives as it is': ['hostile', { roomId: 'a"b\\c\nd;e {f} 🎥 ü$1' }],
    'an object without appData has no label for it': ['nothing', {}],
    'a key of the object that ends like another is not taken for it': ['mimic', { peerId: 'mimic' }],
  };
  for (const [name, [id, labels]] of Object.entries(cases)) {
    test(name, () => stored(`mediasoup_consumers_byte_count{consumerId="${id}"}`,
      [[odds({ kind: 'video', mimeType: 'video/VP8', type: 'outbound-rtp', consumerId: id, ...labels }), 1000]]));
  }

  test('a codec with an underscore keeps it', () => stored('mediasoup_consumers_byte_count{consumerId="svc"}',
    [[odds({ kind: 'video', mimeType: 'video/VP9_SVC', type: 'outbound-rtp', consumerId: 'svc', roomId: 'r' }), 1000]]));
});

describe('summaries', () => {
  const edge = (labels) => ({ ...labels, endpoint: 'edge', instance: 'sums' });
  const scores = { of: 'consumers', kind: 'video' };
  const cases = {
    mediasoup_groups_groups: [[edge({ group: 'room' }), 2]],
    mediasoup_group_consumers_bytes: [[{ group: 'room', roomId: 'room-3', instance: 'sums' }, 11],
      [edge({ group: 'room', roomId: '__other__', kind: 'video', mimeType: 'video/VP8' }), 12]],
    mediasoup_group_transports_bytes_sent: [[edge({ group: 'all', transportType: 'pipe' }), 13]],
    mediasoup_stream_score_sum: [[edge(scores), 70]],
    mediasoup_stream_score_count: [[edge(scores), 8]],
    mediasoup_stream_score_bucket: [[edge({ ...scores, le: '4' }), 2], [edge({ ...scores, le: '9' }), 6], [edge({ ...scores, le: '+Inf' }), 8]],
    mediasoup_transport_connect_time_seconds_count: [[edge({ protocol: 'udp' }), 9]],
    mediasoup_transport_connect_time_seconds_bucket: [[edge({ protocol: 'udp', le: '0.5' }), 9]],
    mediasoup_worst_producers_score: [[edge({ rank: '1' }), 3]],
  };
  for (const [name, expected] of Object.entries(cases)) test(name, () => stored(`${name}{instance="sums"}`, expected));
  test('a quantile of a distribution', () =>
    stored('histogram_quantile(0.5, mediasoup_stream_score_bucket{instance="sums"})', [[edge(scores), 6.5]]));
});

describe('the rest', () => {
  test('nothing keeps a name or a label of the way there', async () => {
    assert.deepEqual(await prometheus.query('{__name__=~"collectd_mediasoup_.*"}'), []);
    assert.deepEqual(await prometheus.query('{__tmp_object!=""}'), []);
    assert.deepEqual(await prometheus.query('{mediasoup!=""}'), []);
  });

  test('another plugin\'s metrics pass unchanged', async () => {
    await stored('collectd_memory', [[ours({ memory: 'x=1,roomId=no', type: 'kind=used,id=1' }), 42]]);
    await stored('collectd_swap', [[ours({ swap: 'a', type: 'used' }), 43]]);
  });

  test('what is gone is gone at the next scrape', async () => {
    const gone = ROWS.find((row) => row.plugin_instance.includes('alice'));
    hide = [gone];
    const left = await until(async () => {
      const series = await prometheus.query('mediasoup_consumers_byte_count{instance="sfu1"}');
      return series.length === 1 && series;
    }, { what: 'the consumer to go', timeout: 60000, every: 200 });
    assert.equal(left[0].labels.peerId, 'bob');
  });
});
