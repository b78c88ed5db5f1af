// SPDX-License-Identifier: MIT
'use strict';

// When metadata travels with a value list and when not, and what it says.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { sleep, until } = require('../lib/wait.js');
const { Rig } = require('./rig.js');
const { answer } = require('./fake_endpoint.js');
const { oneOfEach, row, snapshot, uuid } = require('./snapshots.js');

const TURNS = 60;
const INTERVAL = 0.2;
const says = (list) => list.meta !== undefined && Object.keys(list.meta).length > 0;

describe('metadata', () => {
  const PRODUCERS = 30;
  let rig;
  let paused = false;
  const name = 'meta';
  const p = (i) => uuid(name, `p${i}`);
  const rows = () => [row.worker(0), row.router(uuid(name, 'r'), 0, { appData: { roomId: 'one', note: { deep: [1] } } }),
    row.transport(uuid(name, 't'), uuid(name, 'r'), { appData: { peerId: 'bob' } }),
    ...Array.from({ length: PRODUCERS }, (_, i) => row.producer(p(i), uuid(name, 't'), { paused: i === 3 && paused }))];

  before(async () => {
    rig = await Rig.open();
    const fake = await rig.fake(name, answer(() => snapshot(rows())));
    const always = await rig.fake('always', answer(() => snapshot(oneOfEach('always'))));
    await rig.collectd({ endpoints: [
      { name, Socket: fake.path, Interval: INTERVAL },
      { name: 'always', Socket: always.path, Interval: INTERVAL, Metadata: 'always' },
    ] });
    await rig.polls(name, 2 * TURNS + 4, 1, 120000);
    rig.until = rig.sink.lists.length;
    paused = true;
    await until(() => rig.sink.find({ type: 'producers', type_instance: new RegExp(p(3)) }).some((list) => list.meta?.paused === true),
      { what: 'the change', timeout: 20 * INTERVAL * 1000 });
    await rig.polls(name, 2);
  });
  after(() => rig?.close());

  test('comes with the first list, then once in sixty', () => {
    const steady = rig.sink.lists.slice(0, rig.until);
    for (let i = 0; i < PRODUCERS; i++) {
      const told = steady.filter((list) => list.type === 'producers' && list.type_instance.includes(p(i))).map(says);
      assert.equal(told[0], true, `first list of ${i}`);
      const turns = told.flatMap((t, at) => (t && at > 0 ? [at] : []));
      assert.ok(turns.length >= 2 && turns.length <= 3, `${i}: ${turns} of ${told.length}`);
      for (let k = 1; k < turns.length; k++) assert.equal(turns[k] - turns[k - 1], TURNS, `${i}: ${turns}`);
    }
  });

  test('rows take turns', () => {
    const perPoll = new Map();
    const seen = new Set();
    for (const list of rig.sink.lists.slice(0, rig.until).filter((l) => l.type === 'producers')) {
      const first = !seen.has(list.identity);
      seen.add(list.identity);
      if (!first) perPoll.set(Math.round(list.time / INTERVAL), (perPoll.get(Math.round(list.time / INTERVAL)) ?? 0) + (says(list) ? 1 : 0));
    }
    const most = Math.max(...perPoll.values());
    // Two polls may round to one.
    assert.ok(most <= 2 * Math.ceil(PRODUCERS / TURNS), `at most ${most} of ${PRODUCERS} in one poll`);
  });

  test('comes at once when it changes', () => {
    const lists = rig.sink.find({ type: 'producers', type_instance: new RegExp(p(3)) });
    const served = rig.fakes.get(name).requests;
    assert.ok(served.length > 0);
    const at = lists.findIndex((list) => list.meta?.paused === true);
    const others = rig.sink.find({ type: 'producers', type_instance: new RegExp(p(4)) });
    // The value lists of all rows of a poll come together: the change came in the first poll after it.
    assert.ok(at >= rig.sink.lists.slice(0, rig.until).filter((l) => l.type === 'producers' && l.type_instance.includes(p(3))).length - 1);
    assert.ok(at <= others.length);
    assert.ok(!says(lists[at - 1]) || lists[at - 1].meta.paused === false);
  });

  test('"always" is always', () => {
    const lists = rig.sink.lists.filter((list) => list.plugin_instance.includes('always') && list.type !== 'endpoint');
    assert.ok(lists.length > 50);
    assert.deepEqual(lists.filter((list) => !says(list)), []);
  });

  test('tells what is not a number series, with types, under mediasoup\'s names', () => {
    const name2 = 'always';
    const meta = rig.sink.last({ type: 'consumers', plugin_instance: 'roomId=always' }).meta;
    const told = { consumerId: uuid(name2, 'consumer'), producerId: uuid(name2, 'producer'), transportId: uuid(name2, 'transport'),
      kind: 'video', mimeType: 'video/VP8', consumerType: 'simple', paused: false, producerPaused: false,
      currentLayers: '{"spatialLayer":1,"temporalLayer":2}', preferredLayers: '{"spatialLayer":2,"temporalLayer":2}' };
    for (const [key, value] of Object.entries(told)) assert.deepEqual(meta[key], value, key);
    assert.equal(Number(meta.ssrc), 22222222);
    const transport = rig.sink.last({ type: 'transports', plugin_instance: 'roomId=always' }).meta;
    assert.deepEqual([transport.transportId, transport.routerId, transport.iceState, transport.dtlsState, transport.connection, transport.protocol],
      [uuid(name2, 'transport'), uuid(name2, 'router'), 'completed', 'connected', 'connected', 'udp']);
    const worker = rig.sink.last({ type: 'workers', plugin_instance: 'always' }).meta;
    assert.equal(Number(worker.pid), 1000);
  });

  test('appData in metadata is whole, also what an identity has no place for', () => {
    const meta = rig.sink.find({ type: 'routers', type_instance: new RegExp(uuid(name, 'r')) }).find(says).meta;
    assert.deepEqual(JSON.parse(meta.appData), { roomId: 'one', note: { deep: [1] } });
  });
});

// Receivers forget rows that do not come for two intervals, so that the next ones have to say all again.
describe('after a reading that took long', () => {
  const LATE = 2500; // ms; more than two intervals, and less than Timeout
  const name = 'late';
  let rig;
  let holds = false;

  before(async () => {
    rig = await Rig.open();
    const usual = answer(() => snapshot(oneOfEach(name)));
    const fake = await rig.fake(name, async (...request) => {
      if (holds) await sleep(LATE);
      holds = false;
      return usual(...request);
    });
    await rig.collectd({ endpoints: [{ name, Socket: fake.path, Interval: 0.5 }] });
    await rig.polls(name, 3);
    holds = true;
    await until(() => !holds, { what: 'the late reading' });
    await rig.polls(name, 3);
  });
  after(() => rig?.close());

  test('all metadata comes again, once', () => {
    for (const type of ['workers', 'routers', 'transports', 'producers', 'consumers']) {
      const lists = rig.sink.find({ type });
      // A row's time is when its reading began.
      const late = lists.findIndex((list, at) => lists[at + 1]?.time - list.time > LATE / 1000 - 1);
      assert.ok(late > 1, `${type}: ${lists.map(({ time }) => time)}`);
      assert.deepEqual([lists[late - 1], lists[late], lists[late + 1]].map(says), [false, true, false], type);
    }
  });
});
