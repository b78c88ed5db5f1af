// SPDX-License-Identifier: MIT
'use strict';

// Sums on the rows of routers and workers: the positive growth of the streams below them, whatever happens to
// the streams or to the polls in between. A case is a sequence of snapshots, each given by the byteCount of its
// streams; expected is how the router's sum grows from one good poll to the next.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { Rig } = require('./rig.js');
const { answer, hang } = require('./fake_endpoint.js');
const { oneOfEach, row, snapshot, uuid } = require('./snapshots.js');

const FAILED = 'failed poll';
const BROKEN = 'broken at its end'; // whole rows come, the last is missing
const DEADLINE = 'deadline';
const NO_STATS = 'no stats';

// Each step: streams p1, p2 (producers) by name; a number is a byteCount.
const CASES = {
  'growth': { steps: [{ p1: 100 }, { p1: 150 }, { p1: 150 }, { p1: 400 }], grows: [50, 0, 250] },
  'several streams': { steps: [{ p1: 100, p2: 10 }, { p1: 150, p2: 15 }], grows: [55] },
  'a stream ends': { steps: [{ p1: 100, p2: 10 }, { p1: 110 }, { p1: 120 }], grows: [10, 10] },
  'a stream begins': { steps: [{ p1: 100 }, { p1: 110, p2: 7 }, { p1: 110, p2: 9 }], grows: [17, 2] },
  'a counter restarts': { steps: [{ p1: 100 }, { p1: 30 }, { p1: 45 }], grows: [30, 15] },
  'a failed poll': { steps: [{ p1: 100 }, FAILED, FAILED, { p1: 160 }, { p1: 170 }], grows: [60, 10] },
  'a broken snapshot': { steps: [{ p1: 100 }, [BROKEN, { p1: 130 }], { p1: 160 }, { p1: 170 }], grows: [60, 10] },
  'a broken snapshot with other streams': { steps: [{ p1: 100 }, [BROKEN, { p2: 130 }], { p1: 160, p2: 140 }, { p1: 170, p2: 140 }], grows: [200, 10] },
  'a deadline': { steps: [{ p1: 100 }, { p1: DEADLINE }, { p1: 160 }, { p1: 170 }], grows: [0, 60, 10] },
  'a deadline of one that is new': { steps: [{ p1: 100 }, { p1: 100, p2: DEADLINE }, { p1: 100, p2: 5 }], grows: [0, 5] },
  'statistics that are missing once': { steps: [{ p1: 100 }, { p1: NO_STATS }, { p1: 160 }, { p1: 170 }], grows: [0, 60, 10] },
};

const id = (name, what) => uuid('sums', name, what);

function stream(name, key, value) {
  const producer = row.producer(id(name, key), id(name, 't'), { stats: { byteCount: value, packetCount: value } });
  if (value === DEADLINE) return { ...producer, stats: undefined, error: 'deadline' };
  if (value === NO_STATS) return { ...producer, stats: undefined };
  return producer;
}

function behaviour(name, step) {
  if (step === FAILED) return hang();
  const [broken, streams] = Array.isArray(step) ? step : [false, step];
  const rows = [row.worker(0), row.router(id(name, 'r'), 0), row.transport(id(name, 't'), id(name, 'r')),
    ...Object.entries(streams).map(([key, value]) => stream(name, key, value))];
  const text = snapshot(rows);
  return answer(broken ? text.slice(0, text.lastIndexOf('{"row":"end"')) : text);
}

const growth = (values) => values.slice(1).map((value, i) => value - values[i]);

describe('sums', () => {
  let rig;
  before(async () => {
    rig = await Rig.open();
    const endpoints = [];
    for (const [name, { steps }] of Object.entries(CASES)) {
      const fake = await rig.fake(name, answer(''));
      fake.behaveInTurn(steps.map((step) => behaviour(name, step)));
      endpoints.push({ name, Socket: fake.path, Interval: 0.4, Timeout: 0.3 });
    }
    await rig.collectd({ endpoints, readThreads: 10 });
    await Promise.all(Object.entries(CASES).map(([name, { grows }]) => rig.polls(name, grows.length + 2)));
  });
  after(() => rig?.close());

  for (const [name, { grows }] of Object.entries(CASES)) {
    test(name, () => {
      for (const list of ['routers', 'workers']) {
        const lists = rig.sink.find({ type: list, plugin_instance: name });
        for (const sum of ['rtp_bytes_received', 'rtp_packets_received']) {
          const values = lists.map((l) => l.value[sum]).slice(0, grows.length + 1);
          assert.deepEqual(growth(values), grows, `${sum} of ${list}: ${values}`);
        }
        assert.ok(lists.every((l) => l.value.rtp_bytes_sent === 0), 'producers are received only');
      }
    });
  }
});

test('sent bytes are those of consumers, and a worker sums all its routers', async () => {
  const rig = await Rig.open();
  try {
    let bytes = 100;
    const rooms = ['a', 'b'];
    const rows = () => [row.worker(0), row.worker(1), ...rooms.map((room) => row.router(id('sent', room), 0)),
      ...rooms.map((room) => row.transport(id('sent', `t${room}`), id('sent', room))),
      row.producer(id('sent', 'p'), id('sent', 'ta'), { stats: { byteCount: 7, packetCount: 1 } }),
      ...rooms.map((room) => row.consumer(id('sent', `c${room}`), id('sent', 'p'), id('sent', `t${room}`), { stats: { byteCount: bytes, packetCount: 2 } }))];
    const fake = await rig.fake('sent', answer(() => snapshot(rows())));
    await rig.collectd({ endpoints: [{ name: 'sent', Socket: fake.path, Interval: 0.25 }] });
    await rig.polls('sent', 2);
    const sumOf = (wanted) => rig.sink.last(wanted)?.value.rtp_bytes_sent;
    const first = { worker: sumOf({ type: 'workers', type_instance: 'worker=0' }), room: sumOf({ type: 'routers', type_instance: `id=${id('sent', 'b')}` }) };
    bytes += 50;
    await until(() => sumOf({ type: 'workers', type_instance: 'worker=0' }) > first.worker, { what: 'growth' });
    await rig.polls('sent', 1);
    assert.equal(sumOf({ type: 'workers', type_instance: 'worker=0' }) - first.worker, 100);
    assert.equal(sumOf({ type: 'routers', type_instance: `id=${id('sent', 'b')}` }) - first.room, 50);
    assert.equal(sumOf({ type: 'workers', type_instance: 'worker=1' }), 0);
  } finally {
    await rig.close();
  }
});

test('MaxObjects: what is over has no list of its own, is in the sums and counted', async () => {
  const rig = await Rig.open();
  try {
    const MAX = 5;
    const STREAMS = 12;
    const name = 'max';
    let bytes = 10;
    const rows = () => [row.worker(0), row.router(id(name, 'r'), 0), row.transport(id(name, 't'), id(name, 'r')),
      ...Array.from({ length: STREAMS }, (_, i) => row.producer(id(name, `p${i}`), id(name, 't'), { stats: { byteCount: bytes } }))];
    const fake = await rig.fake(name, answer(() => snapshot(rows())));
    await rig.collectd({ endpoints: [{ name, Socket: fake.path, Interval: 0.25, MaxObjects: MAX }] });
    await rig.polls(name, 3);
    const endpoint = rig.sink.last({ type: 'endpoint' }).value;
    const objects = rig.sink.identities().filter((identity) => !/\/(endpoint|workers|usage)/.test(identity));
    assert.equal(objects.length, MAX, 'the same ones each time');
    assert.equal(endpoint.objects_skipped, STREAMS + 2 - MAX);
    const sum = () => rig.sink.last({ type: 'workers' }).value.rtp_bytes_received;
    const before = sum();
    bytes += 3;
    await until(() => sum() > before, { what: 'growth' });
    await rig.polls(name, 1);
    assert.equal(sum() - before, STREAMS * 3);
  } finally {
    await rig.close();
  }
});

test('MaxObjects 0: sums only', async () => {
  const rig = await Rig.open();
  try {
    let grown = 0;
    const rows = () => oneOfEach('none').map((one) => (one.row === 'consumers'
      ? { ...one, stats: { ...one.stats, byteCount: one.stats.byteCount + grown } } : one));
    const fake = await rig.fake('none', answer(() => snapshot(rows())));
    await rig.collectd({ endpoints: [{ name: 'none', Socket: fake.path, Interval: 0.25, MaxObjects: 0 }] });
    await rig.polls('none', 2);
    assert.deepEqual([...new Set(rig.sink.lists.map((list) => list.type))].sort(), ['endpoint', 'usage', 'workers']);
    assert.equal(rig.sink.last({ type: 'endpoint' }).value.objects_skipped, 0);
    const sent = () => rig.sink.last({ type: 'workers' }).value.rtp_bytes_sent;
    assert.equal(sent(), 0, 'what was before the first poll is not summed');
    grown = 70;
    await until(() => sent() > 0, { what: 'growth' });
    assert.equal(sent(), 70);
  } finally {
    await rig.close();
  }
});
