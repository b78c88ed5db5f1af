// SPDX-License-Identifier: MIT
'use strict';

// Which streams count in the figures of quality, what is unknown, and what is no growth: as collectd gives it to its
// writers. Each case is a snapshot of a fake endpoint that a real application has sent, or could send.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { answer } = require('./fake_endpoint.js');
const { Rig } = require('./rig.js');
const { row, snapshot, uuid } = require('./snapshots.js');

const id = (what) => uuid('states', what);
const GROUPS = '<Group "room">\nBy "roomId"\n</Group>\n<Group "all">\n</Group>';
const HEAD = [row.worker(0), row.router(id('r'), 0, { appData: { roomId: 'red' } }), row.transport(id('t'), id('r'))];

// One layer of a simulcast producer.
const layer = (rid, packetCount, stats) => row.producer(id('p'), id('t'), { producerType: 'simulcast', encodings: 3,
  stats: { rid, ssrc: undefined, packetCount, byteCount: 1000 * packetCount, bitrate: 500000, score: 10, ...stats } });
const STOPPED = { bitrate: 0, score: 0 };

describe('figures', () => {
  let rig;
  let rows;
  let frame;
  let polls = 0;
  before(async () => {
    rig = await Rig.open();
    rows = () => HEAD;
    const fake = await rig.fake('sfu', answer(() => snapshot(rows(polls++), frame)));
    await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: 0.25, Worst: 3, lines: ['Distributions true', GROUPS] }] });
    await rig.polls('sfu', 2);
  });
  after(() => rig?.close());

  const last = (type, type_instance, plugin_instance = 'sfu') => rig.sink.last({ type, type_instance, plugin_instance })?.value;
  const room = (type) => last(type, 'group=room,endpoint=sfu', 'roomId=red');

  // Serves these rows, until the sink has what came of them twice over.
  const serve = async (make) => {
    rows = make;
    await rig.polls('sfu', 4);
  };

  test('layers that a browser stops are inactive: in no mean, rank, distribution, nor among the bad ones', async () => {
    await serve((n) => [...HEAD, layer('q', n), layer('h', n), layer('f', n)]);
    assert.equal(room('group_producers').streams, 3);
    const counted = () => last('stream_score_bucket', 'of=producers,kind=video,le=0').value;
    const before = counted();
    await serve((n) => [...HEAD, layer('q', n), layer('h', 50, STOPPED), layer('f', 50, STOPPED)]);
    const { streams, streams_inactive, streams_silent, streams_bad, score_minimum, score_mean } = room('group_producers');
    assert.deepEqual({ streams, streams_inactive, streams_silent, streams_bad, score_minimum, score_mean },
      { streams: 1, streams_inactive: 2, streams_silent: 0, streams_bad: 0, score_minimum: 10, score_mean: 10 });
    assert.equal(counted(), before);
    assert.equal(last('worst_producers', 'rank=1').score, 10);
  });

  test('a consumer that gets nothing of a producer that flows is silent', async () => {
    const consumer = () => row.consumer(id('c'), id('p'), id('t'), { stats: { packetCount: 9, byteCount: 900, bitrate: 0 } });
    await serve((n) => [...HEAD, layer('q', n), consumer()]);
    assert.deepEqual([room('group_consumers').streams, room('group_consumers').streams_silent], [0, 1]);
    await serve(() => [...HEAD, layer('q', 50, STOPPED), consumer()]);
    assert.deepEqual([room('group_consumers').streams_silent, room('group_consumers').streams_inactive], [0, 1]);
    assert.equal(room('group_producers').streams_silent, 1);
  });

  test('who is not connected yet waits', async () => {
    const waiting = row.transport(id('w'), id('r'), { stats: { type: 'webrtc-transport', iceState: 'new', dtlsState: 'new' } });
    await serve(() => [...HEAD, waiting, row.consumer(id('c2'), id('p'), id('w'), { stats: { packetCount: 0, byteCount: 0, bitrate: 0 } })]);
    assert.equal(room('group_consumers').streams_waiting, 1);
    assert.equal(room('group_consumers').streams_silent, 0);
  });

  test('a field out of its range is unknown, and the rest of its row counts', async () => {
    await serve((n) => [...HEAD, row.consumer(id('c3'), id('p'), id('t'), { kind: 'audio', stats: { packetCount: n, byteCount: -1, nackCount: 2 ** 64,
      score: 123, roundTripTime: -5, fractionLost: 300, jitter: -1, packetsLost: 4286578689, pliCount: 77 } })]);
    const seen = rig.sink.find({ type: 'consumers', plugin_instance: 'roomId=red' }).map(({ value }) => value).at(-1);
    const { byte_count, nack_count, score, round_trip_time, fraction_lost, jitter, packets_lost, pli_count } = seen;
    assert.deepEqual({ byte_count, nack_count, score, round_trip_time, fraction_lost, jitter, packets_lost, pli_count },
      { byte_count: 0, nack_count: 0, score: null, round_trip_time: null, fraction_lost: null, jitter: null, packets_lost: -8388607, pli_count: 77 });
    assert.equal(last('endpoint', '').up, 1);
    assert.equal(last('stream_round_trip_time_seconds', 'of=consumers,kind=audio'), undefined);
  });

  test('a pipe to another host counts, for its other end is nowhere here', async () => {
    const pipe = row.transport(id('pipe'), id('r'), { transportType: 'pipe', stats: { type: 'pipe-transport',
      tuple: { localAddress: '10.0.0.1', localPort: 4001, remoteIp: '10.0.0.2', remotePort: 4002, protocol: 'udp' } } });
    await serve((n) => [...HEAD, pipe, layer('q', n), row.consumer(id('c4'), id('p'), id('pipe'), { consumerType: 'pipe', stats: {
      packetCount: 100 * n, packetsLost: 50 * n, fractionLost: 128, score: 2 } })]);
    await until(() => room('group_consumers').streams === 1, { what: 'the pipe' });
    assert.equal(room('group_consumers').loss_ratio, 0.5);
    assert.equal(last('worst_consumers', 'rank=1').score, 2);
  });

  test('restarts of the application are counted', async () => {
    const restarts = last('endpoint', '').restarts;
    frame = { endpoint: { pid: 99999 } };
    await until(() => last('endpoint', '').restarts === restarts + 1, { what: 'a restart' });
    await rig.polls('sfu', 2);
    assert.equal(last('endpoint', '').restarts, restarts + 1);
  });
});

test('what streams sent before is no growth where their worker missed its deadline as collectd started', async () => {
  const rig = await Rig.open();
  try {
    let polls = 0;
    const late = { row: 'producers', producerId: id('p'), transportId: id('t'), encodings: 3, error: 'deadline' };
    const streams = (n) => [layer('q', 50000000 + n), layer('h', 1000 + n)];
    const fake = await rig.fake('sfu', answer(() => snapshot([...HEAD, ...(polls++ === 0 ? [late] : streams(polls))])));
    await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: 0.25, lines: [GROUPS] }] });
    await rig.polls('sfu', 5);
    const { bytes } = rig.sink.last({ type: 'group_producers', type_instance: 'group=all' }).value;
    assert.ok(bytes > 0 && bytes < 1e6, `${bytes} bytes`);
  } finally {
    await rig.close();
  }
});
