// SPDX-License-Identifier: MIT
'use strict';

// Groups, distributions and the worst streams in /metrics, and rows that somebody else made up: as another host posts
// them.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { after, before, describe, test } = require('node:test');
const { answer } = require('../integration/fake_endpoint.js');
const { snapshot } = require('../integration/snapshots.js');
const { ViewsRig, text } = require('./client.js');
const { Exposition } = require('./exposition.js');

const FAR = { instance: 'far' };
const list = (type, plugin_instance, type_instance, figures, more) => ({
  values: Object.values(figures), dsnames: Object.keys(figures), dstypes: Object.values(figures).map(() => 'gauge'),
  time: Date.now() / 1000, interval: 60, host: 'far', plugin: 'mediasoup', plugin_instance, type, type_instance, ...more });
const streams = (bytes, score) => ({ bytes, packets: 2, packets_lost: 3, packets_retransmitted: 4, keyframe_requests: 5, streams: 6, streams_paused: 0, streams_waiting: 0, streams_inactive: 0, streams_silent: 0,
  streams_bad: 1, bitrate_bits_per_second: 7e6, loss_ratio: 0.25, round_trip_time_seconds: null, jitter_seconds: 0.001, score_minimum: score, score_mean: 9.5, streams_below_preferred: 2,
  streams_cause_sender: 1, streams_cause_receiver: 0, streams_cause_bandwidth: 0, streams_cause_worker: 0, streams_cause_transport: 0, streams_cause_unknown: 0, mos_mean: 4.1 });
const worst = (score) => ({ score, loss_ratio: 0.5, round_trip_time_seconds: null, jitter_seconds: 0, bitrate_bits_per_second: 1e5 });
const bucket = (of, le, value) => list('stream_jitter_seconds_bucket', 'edge', `of=${of},kind=video,le=${le}`, { value });
const sum = (of, total, count) => list('stream_jitter_seconds', 'edge', `of=${of},kind=video`, { sum: total, count });

const LISTS = [
  list('groups', 'edge', 'group=rooms', { groups: 2, groups_max: 500, groups_other: 0 }),
  list('group_consumers', 'roomId=room-3', 'group=rooms,endpoint=edge,kind=video,mimeType=video_VP9_SVC', streams(11, 3)),
  list('group_consumers', 'roomId=__other__', 'group=rooms,endpoint=mediasoup', streams(12, 4)),
  list('worst_consumers', 'mediasoup', 'rank=1', worst(2), { meta: { consumerId: 'c1', kind: 'video', appData: '{"roomId":"changes"}' } }),
  // In the order in which hashes may have them; mixed of two snapshots.
  bucket('consumers', '0.5', 7), sum('consumers', 1.25, 6), bucket('consumers', '+Inf', 8), bucket('consumers', '0.001', 2), bucket('consumers', '0.05', 9),
  // Not all there yet.
  sum('producers', 1, 1), bucket('producers', '0.5', 1),
];

describe('summaries', () => {
  let rig;
  const post = async (lists) => assert.equal((await rig.post('/', JSON.stringify(lists), { Authorization: 'Bearer t' })).status, 200);
  const scrape = async (url = '/metrics?host=far', Accept = '') => {
    const answered = await rig.ask(url, { headers: { Accept } });
    assert.equal(answered.status, 200, text(answered));
    return new Exposition(text(answered), { openmetrics: Accept !== '' });
  };
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot([])), { extra: '<Plugin write_mediasoup>\n<Receive>\nToken "t"\n</Receive>\n</Plugin>' });
    await post(LISTS);
  });
  after(() => rig?.close());

  test('a group has what it is grouped by', async () => {
    const room3 = { group: 'rooms', kind: 'video', mimeType: 'video/VP9_SVC', endpoint: 'edge', roomId: 'room-3', ...FAR };
    const exposition = await scrape();
    const name = 'mediasoup_group_consumers_bytes_total';
    assert.deepEqual(exposition.of(name), [{ name, labels: room3, value: 11 },
      { name, labels: { group: 'rooms', roomId: '__other__', ...FAR }, value: 12 }]);
    assert.equal(exposition.families.has('mediasoup_group_consumers_round_trip_time_seconds'), false);
    assert.deepEqual(exposition.of('mediasoup_groups_groups'), [{ name: 'mediasoup_groups_groups', labels: { group: 'rooms', endpoint: 'edge', ...FAR }, value: 2 }]);
  });

  test('one of the worst has its rank, and not what changes', async () => {
    const name = 'mediasoup_worst_consumers_score';
    assert.deepEqual((await scrape()).of(name), [{ name, labels: { rank: '1', ...FAR }, value: 2 }]);
  });

  for (const accept of ['', 'application/openmetrics-text'])
    test(`a distribution is one histogram, in order and consistent (${accept || 'text'})`, async () => {
      const { families } = await scrape('/metrics?host=far&class=stream_jitter_seconds_bucket', accept);
      assert.deepEqual([...families.keys()], ['mediasoup_stream_jitter_seconds']);
      const { type, samples, help } = families.get('mediasoup_stream_jitter_seconds');
      assert.deepEqual([type, help], ['histogram', 'the streams\' jitter, in seconds; one reading of each stream in each snapshot']);
      const base = { of: 'consumers', kind: 'video', endpoint: 'edge', ...FAR };
      const bucketOf = (le, value) => ({ name: 'mediasoup_stream_jitter_seconds_bucket', labels: { ...base, le }, value });
      assert.deepEqual(samples, [bucketOf('0.001', 2), bucketOf('0.05', 8), bucketOf('0.5', 8), bucketOf('+Inf', 8),
        { name: 'mediasoup_stream_jitter_seconds_sum', labels: base, value: 1.25 }, { name: 'mediasoup_stream_jitter_seconds_count', labels: base, value: 8 }]);
    });

  // The names of what the plugin computes are the table's: bits are not a base unit to promtool.
  test('promtool', async () => {
    const said = spawnSync('promtool', ['check', 'metrics'], { input: text(await rig.ask('/metrics?host=far')), encoding: 'utf8' });
    const others = said.stderr.split('\n').filter((line) => line && !/ label names should be written in 'snake_case'|bits_per_second use base unit "bytes" instead of "bits"/.test(line));
    assert.deepEqual([others, said.stdout], [[], '']);
  });

  test('what others made up is never two series of the same labels, nor a line that is wrong', async () => {
    const data = { messages_received: 1, bytes_received: 2 };
    await post([
      list('data_producers', 'roomId=a', 'x', data), list('data_producers', 'roomId=a', 'y', data),
      list('data_producers', 'a"b\\c\n=d"e\\f\n,=,==,_=1,__name__=evil', 'id="\n\\', data), list('data_producers', '', '', data, { host: 'far' }),
      bucket('consumers', 'x', 1), bucket('consumers', '1"x', 1), bucket('consumers', '', 1), bucket('consumers', 'nan', 1), bucket('consumers', '\n1', 1), bucket('consumers', '1 ', 1),
      list('stream_score_bucket', 'edge', 'of=consumers,le=+Inf', { value: 1 }), list('stream_score_bucket', 'edge', 'le=+Inf,of=consumers', { value: 1 }),
      list('stream_score', 'edge', 'of=consumers', { sum: 1, count: 1 }), list('stream_score', 'edge', 'of=consumers,x=y', { sum: 1, count: 1 }),
    ]);
    const exposition = await scrape();
    const same = { roomId: 'a', ...FAR };
    assert.deepEqual(exposition.of('mediasoup_data_producers_bytes_received_total').map(({ labels }) => labels), [same,
      { ...same, plugin_instance: 'roomId=a', type_instance: 'y' },
      { dataProducerId: '"\n\\', a_b_c_: 'd"e\\f\n', _: '1', appData___name__: 'evil', ...FAR }, FAR]);
    assert.equal(exposition.of('mediasoup_stream_jitter_seconds').length, 6);
    assert.equal(exposition.of('mediasoup_stream_score').length, 3);
  });
});
