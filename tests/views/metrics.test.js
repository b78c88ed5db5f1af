// SPDX-License-Identifier: MIT
'use strict';

// /metrics of a known snapshot: families, labels, HELP and TYPE; what hostile appData becomes; promtool's judgement.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { after, before, describe, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, text } = require('./client.js');
const { Exposition } = require('./exposition.js');

const id = (what) => uuid('metrics', what);
const HOST = { instance: 'testhost' };
const MINE = { roomId: 'metrics', ...HOST };
const STREAM = { kind: 'video', mimeType: 'video/VP8' };

// FNV-1a: what the name of a key ends in that would have another one's name.
const hash = (text) => [...Buffer.from(text)].reduce((value, byte) => BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n)
  .toString(16).padStart(16, '0');

// One family of each class, and its one series.
const EXPECTED = [
  ['mediasoup_endpoint_up', 'gauge', HOST, 1],
  ['mediasoup_processes_num', 'gauge', HOST, 2],
  ['mediasoup_workers_total_num', 'gauge', HOST, 1],
  ['mediasoup_endpoint_worker_deaths_total', 'counter', HOST, 2],
  ['mediasoup_processes_cpu_usage', 'gauge', { type: 'parent', pid: '4321', ppid: '1', ...HOST }, 12.5],
  ['mediasoup_usage_ctime_total', 'counter', { type: 'parent', pid: '4321', ppid: '1', ...HOST }, 5432],
  ['mediasoup_workers_channel_round_trip_seconds', 'gauge', { worker: '0', ...HOST }, 0.0015],
  ['mediasoup_routers_transports', 'gauge', { routerId: id('router'), ...MINE }, 2],
  ['mediasoup_transports_bytes_sent_total', 'counter', { transportType: 'webrtc', transportId: id('transport'), ...MINE }, 1200],
  ['mediasoup_producers_byte_count_total', 'counter', { ...STREAM, type: 'inbound-rtp', producerId: id('producer'), ...MINE }, 1000],
  ['mediasoup_consumers_byte_count_total', 'counter', { ...STREAM, type: 'outbound-rtp', consumerId: id('consumer'), ...MINE }, 1000],
  ['mediasoup_consumers_round_trip_time', 'gauge', { ...STREAM, type: 'outbound-rtp', consumerId: id('consumer'), ...MINE }, 12.5],
  ['mediasoup_data_producers_bytes_received_total', 'counter', { dataProducerId: id('dataProducer'), ...MINE }, 700],
  ['mediasoup_data_consumers_buffered_amount', 'gauge', { dataConsumerId: id('dataConsumer'), ...MINE }, 50],
];

async function scrape(rig, url = '/metrics', options = {}) {
  const answered = await rig.ask(url, options);
  assert.equal(answered.status, 200, text(answered));
  return new Exposition(text(answered), { openmetrics: answered.headers['content-type'].startsWith('application/openmetrics') });
}

// The labels of the consumers in question, once there are `n`.
async function consumers(rig, n) {
  let found;
  await until(async () => {
    found = (await scrape(rig, '/metrics?class=consumers')).of('mediasoup_consumers_byte_count_total').map(({ labels }) => labels);
    return found.length === n;
  }, { what: `${n} consumers`, detail: () => JSON.stringify(found) });
  return Object.fromEntries(found.map(({ consumerId, ...labels }) => [consumerId, labels]));
}

describe('one of each', () => {
  let rig;
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(oneOfEach('metrics'))), { endpoint: { name: 'mediasoup' } });
    await rig.when('/data_consumers', (rows) => rows.length === 1);
    await rig.when('/workers', ([worker]) => worker?.cpuRatio !== undefined);
  });
  after(() => rig?.close());

  for (const [name, type, labels, value] of EXPECTED) {
    test(name, async () => {
      const { families } = await scrape(rig);
      assert.deepEqual([families.get(name)?.type, families.get(name)?.samples], [type, [{ name, labels, value }]]);
    });
  }

  test('HELP is the field\'s, with its unit', async () => {
    const { families } = await scrape(rig);
    assert.equal(families.get('mediasoup_consumers_byte_count_total').help, 'RTP bytes, headers included (bytes)');
    assert.equal(families.get('mediasoup_consumers_score').help, 'mediasoup\'s quality score; 0 also when paused or inactive (0..10)');
  });

  test('what is not known is no sample, and has no head', async () => {
    const { families } = await scrape(rig);
    assert.equal(families.has('mediasoup_transports_recv_bitrate'), true);
    assert.equal(families.has('mediasoup_transports_rtp_packet_loss_sent'), false);
  });

  // Labels are mediasoup's own names, which are in camel case: that is all there is to say.
  test('promtool finds nothing else to say than that labels are in camel case', async () => {
    const said = spawnSync('promtool', ['check', 'metrics'], { input: text(await rig.ask('/metrics')), encoding: 'utf8' });
    const others = said.stderr.split('\n').filter((line) => line && !/^\S+ label names should be written in 'snake_case'/.test(line));
    assert.deepEqual([others, said.stdout, said.status], [[], '', 3]);
    const plain = spawnSync('promtool', ['check', 'metrics'], { input: text(await rig.ask('/metrics?class=endpoint,usage,workers')), encoding: 'utf8' });
    assert.deepEqual([plain.stderr, plain.stdout, plain.status], ['', '', 0]);
  });

  test('no timestamps', async () => assert.doesNotMatch(text(await rig.ask('/metrics')), /\} \S+ \S/));
});

describe('appData', () => {
  const CASES = {
    plain: [{ roomId: 'r', n: 1.5, yes: true }, { roomId: 'r', n: '1.5', yes: 'true' }],
    nested: [{ roomId: 'r', list: [1], object: { a: 1 }, nothing: null }, { roomId: 'r' }],
    escaped: [{ roomId: 'a"b\\c\nd,e=f} 1' }, { roomId: 'a"b\\c\nd,e=f} 1' }],
    unicode: [{ roomId: 'räum 😀\u0000\u2028' }, { roomId: 'räum 😀\u0001\u2028' }],
    empty: [{ roomId: '', '': '', x: 'y' }, { x: 'y' }],
    names: [{ 'room-id': '1', '1x': '2', 'räum': '3', 'a b': '4', '': '5' }, { room_id: '1', _1x: '2', r_um: '3', a_b: '4', _: '5' }],
    reserved: [{ kind: 'k', le: '1', instance: 'i', job: 'j', __name__: 'up', consumerId: 'c', '-_a': 'd' },
      { appData_kind: 'k', appData_le: '1', appData_instance: 'i', appData_job: 'j', appData___name__: 'up', appData_consumerId: 'c', appData___a: 'd' }],
    alike: [{ 'a-b': '1', 'a.b': '2', a_b: '3' }, { a_b: '3', [`a_b_${hash('a-b')}`]: '1', [`a_b_${hash('a.b')}`]: '2' }],
    alikeBoth: [{ 'a-b': '1', 'a.b': '2' }, { [`a_b_${hash('a-b')}`]: '1', [`a_b_${hash('a.b')}`]: '2' }],
    alikeToo: [{ appData_kind: '1', kind: '2' }, { appData_kind: '1', [`appData_kind_${hash('kind')}`]: '2' }],
    forged: [{ 'a-b': '1', a_b: '2', [`a_b_${hash('a-b')}`]: '3' }, { a_b: '2', [`a_b_${hash('a-b')}`]: '3' }],
    long: [{ roomId: 'x'.repeat(1500) }, { roomId: 'x'.repeat(1500) }],
    tooLong: [{ roomId: 'x'.repeat(9000) }, { appData_left_out: '1' }],
  };
  const above = { fromRouter: 'yes', roomId: 'of the router' };
  const rows = [row.worker(0), row.router(id('r'), 0, { appData: above }), row.transport(id('t'), id('r'), { appData: { fromTransport: 'a/b' } }),
    ...Object.entries(CASES).map(([name, [appData]]) => row.consumer(name, id('p'), id('t'), { appData }))];
  let rig;
  let found;
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(rows)), { endpoint: { AppData: ['fromRouter', 'fromTransport'] } });
    found = await consumers(rig, Object.keys(CASES).length);
  });
  after(() => rig?.close());

  for (const [name, [, labels]] of Object.entries(CASES)) {
    test(name, () => assert.deepEqual(found[name],
      { ...STREAM, type: 'outbound-rtp', ...labels, fromRouter: 'yes', fromTransport: 'a/b', ...HOST }));
  }
});

test('an object that is gone is gone at once', async () => {
  const base = [row.worker(0), row.router(id('r'), 0), row.transport(id('t'), id('r')), row.producer(id('p'), id('t'))];
  const some = (...names) => answer(() => snapshot([...base, ...names.map((name) => row.consumer(name, id('p'), id('t')))]));
  const rig = await ViewsRig.start(some('a', 'b'));
  try {
    assert.deepEqual(Object.keys(await consumers(rig, 2)).sort(), ['a', 'b']);
    rig.endpoint.behave(some('b'));
    assert.deepEqual(Object.keys(await consumers(rig, 1)), ['b']);
  } finally {
    await rig.close();
  }
});
