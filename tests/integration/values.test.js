// SPDX-License-Identifier: MIT
'use strict';

// Rows become value lists: the data sources of every type, their kinds and values, what is unknown, and the
// largest row of each type through the real write_http.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { freePort } = require('../lib/free_port.js');
const { until } = require('../lib/wait.js');
const { Rig } = require('./rig.js');
const { answer } = require('./fake_endpoint.js');
const { oneOfEach, row, snapshot, uuid } = require('./snapshots.js');

const id = (what) => uuid('values', what);
const ROOM = 'roomId=values';

const STREAM = {
  byte_count: 1000, packet_count: 100, packets_discarded: 1, packets_retransmitted: 2, packets_repaired: 3,
  rtx_packets_discarded: 4, nack_count: 5, nack_packet_count: 6, pli_count: 7, fir_count: 8, bitrate: 64000,
  packets_lost: 9, fraction_lost: 10, jitter: 11, round_trip_time: 12.5, score: 10, mos: null,
};
const STREAM_GAUGES = ['bitrate', 'packets_lost', 'fraction_lost', 'jitter', 'round_trip_time', 'score', 'mos'];
const COUNTS = { transports: 2, producers: 1, consumers: 1, data_producers: 1, data_consumers: 1 };
const SUMS = ['rtp_bytes_received', 'rtp_packets_received', 'rtp_bytes_sent', 'rtp_packets_sent'];
const any = Symbol('any number or null');

// type -> where its list is and what is in it; `gauges` are the sources that are not DERIVE.
const EXPECTED = {
  endpoint: {
    plugin_instance: 'values', type_instance: '',
    value: { up: 1, snapshot_seconds: any, rows: 10, unanswered: 0, objects_skipped: 0, processes: 2, workers: 1,
      workers_active: 1, workers_idle: 0, routers: 1, transports: 1, producers: 1, consumers: 1, data_producers: 1,
      data_consumers: 1, webrtc_servers: 0, restarts: 0, worker_deaths: 2, webrtc_transports_created: 30,
      webrtc_transports_connected: 20, webrtc_transports_left: 11, webrtc_transports_lost: 3, webrtc_transports_dtls_failed: 1,
      webrtc_transports_never_connected: 2 },
    derives: ['restarts', 'worker_deaths', 'webrtc_transports_created', 'webrtc_transports_connected', 'webrtc_transports_left',
      'webrtc_transports_lost', 'webrtc_transports_dtls_failed', 'webrtc_transports_never_connected'],
  },
  usage: {
    plugin_instance: 'values', type_instance: 'type=parent,pid=4321,ppid=1',
    value: { cpu: 12.5, memory: 87654321, ctime: 5432, elapsed: 98765, open_files: 40, open_files_max: 1024,
      event_loop_delay_mean: 0.25, event_loop_delay_p99: 1.5, event_loop_delay_max: 212.5, heap_used: 11000000,
      heap_size: 22000000, external_memory: 3300000 },
    derives: ['ctime', 'elapsed'],
  },
  workers: {
    plugin_instance: 'values', type_instance: 'worker=0',
    value: { responding: 1, cpu_ratio: any, channel_round_trip_seconds: 0.0015, resident_memory_bytes: 12345678,
      ru_utime: 1200, ru_stime: 340, ru_maxrss: 23456, ru_minflt: 78, ru_majflt: 9, ru_nvcsw: 1011, ru_nivcsw: 12,
      routers: 1, ...COUNTS, rtp_bytes_received: any, rtp_packets_received: any, rtp_bytes_sent: any, rtp_packets_sent: any },
    derives: ['ru_utime', 'ru_stime', 'ru_minflt', 'ru_majflt', 'ru_nvcsw', 'ru_nivcsw', ...SUMS],
  },
  routers: {
    plugin_instance: ROOM, type_instance: `id=${id('router')}`,
    value: { ...COUNTS, rtp_observers: 0, rtp_bytes_received: any, rtp_packets_received: any, rtp_bytes_sent: any, rtp_packets_sent: any },
    derives: SUMS,
  },
  transports: {
    plugin_instance: ROOM, type_instance: `transportType=webrtc,id=${id('transport')}`,
    value: { bytes_received: 1100, bytes_sent: 1200, rtp_bytes_received: 0, rtp_bytes_sent: 0, rtx_bytes_received: 0,
      rtx_bytes_sent: 0, probation_bytes_sent: 0, recv_bitrate: 64000, send_bitrate: 65000, rtp_recv_bitrate: null,
      rtp_send_bitrate: null, rtx_recv_bitrate: null, rtx_send_bitrate: null, probation_send_bitrate: null,
      available_outgoing_bitrate: null, available_incoming_bitrate: null, max_incoming_bitrate: null,
      max_outgoing_bitrate: null, min_outgoing_bitrate: null, rtp_packet_loss_received: null, rtp_packet_loss_sent: null,
      connect_time: 120 },
    derives: ['bytes_received', 'bytes_sent', 'rtp_bytes_received', 'rtp_bytes_sent', 'rtx_bytes_received', 'rtx_bytes_sent', 'probation_bytes_sent'],
  },
  producers: {
    plugin_instance: ROOM, type_instance: `kind=video,mimeType=video_VP8,id=${id('producer')}`,
    value: { ...STREAM, consumers_affected: 0 },
    derives: Object.keys(STREAM).filter((name) => !STREAM_GAUGES.includes(name)),
  },
  consumers: {
    plugin_instance: ROOM, type_instance: `kind=video,mimeType=video_VP8,id=${id('consumer')}`, value: STREAM,
    derives: Object.keys(STREAM).filter((name) => !STREAM_GAUGES.includes(name)),
  },
  data_producers: {
    plugin_instance: ROOM, type_instance: `id=${id('dataProducer')}`,
    value: { messages_received: 7, bytes_received: 700 }, derives: ['messages_received', 'bytes_received'],
  },
  data_consumers: {
    plugin_instance: ROOM, type_instance: `id=${id('dataConsumer')}`,
    value: { messages_sent: 6, bytes_sent: 600, buffered_amount: 50 }, derives: ['messages_sent', 'bytes_sent'],
  },
};

const known = (expected, value) =>
  Object.fromEntries(Object.entries(value).map(([name, v]) => [name, expected[name] === any ? any : v]));

describe('the value lists of every type', () => {
  let rig;
  before(async () => {
    rig = await Rig.open();
    rig.port = await freePort();
    const fake = await rig.fake('values', answer(() => snapshot(oneOfEach('values'))));
    await rig.collectd({ prometheusPort: rig.port, endpoints: [{ name: 'values', Socket: fake.path, Interval: 0.25 }] });
    await rig.polls('values', 4);
  });
  after(() => rig?.close());

  for (const [type, { plugin_instance, type_instance, value, derives }] of Object.entries(EXPECTED)) {
    test(type, () => {
      const list = rig.sink.last({ type });
      assert.deepEqual([list.plugin_instance, list.type_instance], [plugin_instance, type_instance]);
      assert.deepEqual(known(value, list.value), value);
      const kinds = Object.fromEntries(Object.keys(value).map((name) => [name, derives.includes(name) ? 'derive' : 'gauge']));
      assert.deepEqual(list.dstype, kinds);
    });
  }

  test('no value list besides', () => {
    assert.equal(rig.sink.identities().length, Object.keys(EXPECTED).length);
    assert.deepEqual(rig.sink.problems, []);
  });

  test('write_prometheus names them as documented', async () => {
    const text = await (await fetch(`http://127.0.0.1:${rig.port}/metrics`)).text();
    const labels = `{mediasoup="${ROOM}",type="kind=video,mimeType=video_VP8,id=${id('consumer')}",instance="testhost"}`;
    assert.ok(text.includes(`collectd_mediasoup_consumers_byte_count_total${labels} 1000 `), text);
    assert.ok(text.includes(`collectd_mediasoup_consumers_score${labels} 10 `), text);
    assert.ok(text.includes('collectd_mediasoup_endpoint_up{mediasoup="values",instance="testhost"} 1 '), text);
    assert.match(text, /^# TYPE collectd_mediasoup_workers_ru_utime_total counter$/m);
  });
});

describe('what is not known', () => {
  let rig;
  const p = (name) => uuid('unknown', name);
  const base = [row.worker(0), row.router(p('r'), 0, { appData: { roomId: 'u' } }), row.transport(p('t'), p('r'), { stats: undefined })];
  const last = (what) => rig.sink.find({ type_instance: new RegExp(`id=${p(what)}`) }).at(-1);
  before(async () => {
    rig = await Rig.open();
    const fake = await rig.fake('u', answer(() => snapshot([
      ...base,
      row.producer(p('silent'), p('t')),
      row.producer(p('sparse'), p('t')),
      row.producer(p('no-round-trip'), p('t'), { stats: { roundTripTime: 0 } }),
      row.producer(p('negative-loss'), p('t'), { stats: { packetsLost: -3 } }),
      row.producer(p('wedged'), p('t'), { error: 'deadline' }),
      row.dataProducer(p('quiet'), p('t'), { stats: undefined }),
    ].map((r) => {
      if ([p('silent'), p('wedged')].includes(r.producerId)) return { ...r, stats: undefined };
      if (r.producerId === p('sparse')) return { ...r, stats: { type: 'inbound-rtp', ssrc: 1, byteCount: 5, packetCount: 1 } };
      return r;
    }), { end: { unanswered: 1 } })));
    await rig.collectd({ endpoints: [{ name: 'u', Socket: fake.path, Interval: 0.25 }] });
    await rig.polls('u', 3);
  });
  after(() => rig?.close());

  const nothing = { ...Object.fromEntries(Object.keys(STREAM).map((name) => [name, STREAM_GAUGES.includes(name) ? null : 0])), consumers_affected: 0 };
  test('an object that has sent nothing: counters 0, gauges unknown', () => {
    assert.deepEqual(last('silent').value, nothing);
    assert.deepEqual(last('quiet').value, { messages_received: 0, bytes_received: 0 });
    assert.equal(last('t').value.bytes_received, 0);
  });
  test('a member that is absent', () => assert.deepEqual(last('sparse').value, { ...nothing, byte_count: 5, packet_count: 1 }));
  test('a round trip time of 0 is unknown', () => assert.equal(last('no-round-trip').value.round_trip_time, null));
  test('packets_lost may be negative', () => assert.equal(last('negative-loss').value.packets_lost, -3));
  test('a row with an error is not dispatched', () => {
    assert.equal(last('wedged'), undefined);
    assert.equal(rig.sink.last({ type: 'endpoint' }).value.unanswered, 1);
  });
});

test('a worker that does not answer keeps its counters and is said not to respond', async () => {
  const rig = await Rig.open();
  try {
    const well = row.worker(0);
    const wedged = { ...row.worker(0, { error: 'deadline', channelRoundTripTime: undefined }), stats: undefined };
    const fake = await rig.fake('w', answer(() => snapshot([well])));
    await rig.collectd({ endpoints: [{ name: 'w', Socket: fake.path, Interval: 0.25 }] });
    await rig.polls('w', 2);
    assert.equal(rig.sink.last({ type: 'workers' }).value.responding, 1);
    fake.behave(answer(() => snapshot([wedged], { end: { unanswered: 1 } })));
    await until(() => rig.sink.last({ type: 'workers' }).value.responding === 0, { what: 'responding 0' });
    await rig.polls('w', 2);
    const { value } = rig.sink.last({ type: 'workers' });
    assert.deepEqual([value.responding, value.ru_utime, value.ru_stime, value.ru_nvcsw], [0, 1200, 340, 1011]);
    fake.behave(answer(() => snapshot([well])));
    await until(() => rig.sink.last({ type: 'workers' }).value.responding === 1, { what: 'responding 1' });
  } finally {
    await rig.close();
  }
});

test('cpu_ratio is the growth of CPU time over that of time', async () => {
  const rig = await Rig.open();
  try {
    const began = Date.now();
    const ticking = () => {
      const cpu = Math.round((Date.now() - began) * 0.3);
      return snapshot([row.worker(0, { stats: { ...row.worker(0).stats, ru_utime: 1000 + cpu, ru_stime: 500 } })]);
    };
    const fake = await rig.fake('c', answer(ticking));
    await rig.collectd({ endpoints: [{ name: 'c', Socket: fake.path, Interval: 0.5 }] });
    await rig.polls('c', 4);
    const ratios = rig.sink.find({ type: 'workers' }).map((list) => list.value.cpu_ratio);
    assert.equal(ratios[0], null, 'unknown at first');
    for (const ratio of ratios.slice(1)) assert.ok(ratio > 0.1 && ratio < 0.6 * rig.daemon.slowdown, String(ratios));
  } finally {
    await rig.close();
  }
});

describe('the largest row of each type passes write_http', () => {
  const LONG = 'ü'.repeat(100);
  const WIDE_COUNTER = 9007199254740991;
  const WIDE_OUTCOME = 4294967295;
  const WIDE_GAUGE = 1.23456789012345e+300;
  // Counters at their widest, everything else too; all members that the transport may have.
  const widest = (members) => Object.fromEntries(members.map((name) => [name,
    /bytes|count|messages|packets(?!Lost)|ru_(?!maxrss)/i.test(name) ? WIDE_COUNTER : WIDE_GAUGE]));
  const streamMembers = ['byteCount', 'packetCount', 'packetsDiscarded', 'packetsRetransmitted', 'packetsRepaired',
    'rtxPacketsDiscarded', 'nackCount', 'nackPacketCount', 'pliCount', 'firCount', 'bitrate', 'packetsLost',
    'fractionLost', 'jitter', 'roundTripTime', 'score'];
  const transportMembers = ['bytesReceived', 'bytesSent', 'rtpBytesReceived', 'rtpBytesSent', 'rtxBytesReceived', 'rtxBytesSent',
    'probationBytesSent', 'recvBitrate', 'sendBitrate', 'rtpRecvBitrate', 'rtpSendBitrate', 'rtxRecvBitrate', 'rtxSendBitrate',
    'probationSendBitrate', 'availableOutgoingBitrate', 'availableIncomingBitrate', 'maxIncomingBitrate', 'maxOutgoingBitrate',
    'minOutgoingBitrate', 'rtpPacketLossReceived', 'rtpPacketLossSent'];
  const usageMembers = ['cpu', 'memory', 'openFiles', 'openFilesMax', 'eventLoopDelayMean', 'eventLoopDelayP99', 'eventLoopDelayMax',
    'heapUsed', 'heapSize', 'externalMemory'];
  const workerMembers = ['ru_utime', 'ru_stime', 'ru_maxrss', 'ru_minflt', 'ru_majflt', 'ru_nvcsw', 'ru_nivcsw'];
  const children = { transports: WIDE_GAUGE, producers: WIDE_GAUGE, consumers: WIDE_GAUGE, dataProducers: WIDE_GAUGE, dataConsumers: WIDE_GAUGE };
  // 10 kB that are not ASCII, with pairs of surrogates, quotes, backslashes and control characters.
  const appData = { roomId: LONG, peerId: `${LONG}2`, z: { text: '"\\\n\u0001é漢😀'.repeat(600) } };
  const x = (what) => uuid('wide', what);
  const longest = { 'iceSelectedTuple': { localIp: LONG, localPort: 1, remoteIp: LONG, remotePort: 2, protocol: 'udp' },
    tuple: { localIp: LONG }, rtcpTuple: { localIp: LONG }, iceState: LONG, dtlsState: LONG, sctpState: LONG, iceRole: LONG };
  const rows = [
    row.usage({ ...Object.fromEntries(usageMembers.map((name) => [name, WIDE_GAUGE])), ctime: WIDE_COUNTER, elapsed: WIDE_COUNTER, appData }),
    row.worker(0, { appData, routers: WIDE_GAUGE, ...children, residentMemory: WIDE_GAUGE, channelRoundTripTime: WIDE_GAUGE, stats: widest(workerMembers) }),
    row.router(x('r'), 0, { appData, rtpObservers: WIDE_GAUGE, ...children, rtpObserverIds: Array.from({ length: 50 }, (_, i) => x(`o${i}`)) }),
    row.transport(x('t'), x('r'), { appData, connection: LONG, protocol: LONG, connectTime: 12345678.9012345, stats: { type: 'webrtc-transport', ...widest(transportMembers), ...longest } }),
    { ...row.producer(x('p'), x('t'), { appData, encodings: 3, rtpObserverIds: Array.from({ length: 50 }, (_, i) => x(`o${i}`)) }),
      stats: { type: 'inbound-rtp', ssrc: 4294967295, rtxSsrc: 4294967295, rid: LONG, ...widest(streamMembers) } },
    { ...row.consumer(x('c'), x('p'), x('t'), { appData, mimeType: LONG }), stats: { type: 'outbound-rtp', ssrc: 4294967295, ...widest(streamMembers) } },
    row.dataProducer(x('dp'), x('t'), { appData, label: LONG.repeat(20), protocol: LONG.repeat(20), stats: widest(['messagesReceived', 'bytesReceived']) }),
    row.dataConsumer(x('dc'), x('dp'), x('t'), { appData, label: LONG.repeat(20), protocol: LONG.repeat(20), stats: widest(['messagesSent', 'bytesSent', 'bufferedAmount']) }),
  ];
  const frame = { endpoint: Object.fromEntries(['processes', 'workers', 'workersActive', 'workersIdle', 'routers', 'webRtcServers',
    ...Object.keys(children)].map((name) => [name, WIDE_GAUGE]).concat(
    ['workerDeaths', 'webRtcTransportsCreated'].map((name) => [name, WIDE_COUNTER]),
    ['Connected', 'Left', 'Lost', 'DtlsFailed', 'NeverConnected'].map((name) => [`webRtcTransports${name}`, WIDE_OUTCOME]))) };

  let rig;
  let seen;
  before(async () => {
    rig = await Rig.open();
    const fake = await rig.fake('wide', answer(() => snapshot(rows, frame)));
    await rig.collectd({ endpoints: [{ name: 'wide', Socket: fake.path, Interval: 0.5 }] });
    await until(() => rig.sink.identities().length === Object.keys(EXPECTED).length, { what: 'a list of each type' }).catch(() => {});
    seen = rig.sink.lists.slice();
  });
  after(() => rig?.close());

  const pieces = (meta, name) => {
    const found = [];
    for (let i = 0; i === 0 ? name in meta : `${name}.${i}` in meta; i++) found.push(meta[i === 0 ? name : `${name}.${i}`]);
    return found;
  };

  for (const type of Object.keys(EXPECTED)) {
    test(type, () => {
      const list = seen.find((l) => l.type === type);
      assert.ok(list, `a list of type ${type}:\n${rig.daemon.lines(/write_http|format_json/).join('\n')}`);
      assert.ok(Buffer.byteLength(list.plugin_instance) <= 127 && Buffer.byteLength(list.type_instance) <= 127);
      if (['endpoint', 'usage'].includes(type)) return;
      const text = pieces(list.meta, 'appData');
      assert.ok(text.length > 20, `${text.length} pieces`);
      assert.deepEqual(text.filter((piece) => /[^\x20-\x7e]/.test(piece)), [], 'ASCII only');
      // Not assert.equal: it would print all of both.
      assert.ok(JSON.stringify(JSON.parse(text.join(''))) === JSON.stringify(appData), 'whole');
    });
  }

  test('no row was dropped', () => {
    assert.deepEqual(rig.daemon.lines(/write_http|format_json|status -1/i, /^(?!.*plugin_read_thread).*(error|warning|fail)/i), []);
    assert.deepEqual(rig.sink.problems, []);
  });
});
