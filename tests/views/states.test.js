// SPDX-License-Identifier: MIT
'use strict';

// The state of each stream in the views, by a configuration that sums up nothing; what one can filter by; and what another
// host's write_http brings.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, forwarding, text } = require('./client.js');

const id = (what) => uuid('states', what);
const STOPPED = { bitrate: 0, score: 0 };
const HEAD = [row.worker(0), row.router(id('r'), 0, { appData: { roomId: 'red' } }), row.transport(id('t'), id('r')),
  row.transport(id('new'), id('r'), { stats: { type: 'webrtc-transport', iceState: 'new', dtlsState: 'new' } })];

const layer = (rid, ssrc, packetCount, stats) => row.producer(id('p'), id('t'), { producerType: 'simulcast', encodings: 2,
  stats: { rid, ssrc, packetCount, byteCount: 1000 * packetCount, ...stats } });
const consumer = (name, packetCount, { transport = 't', stats, ...more } = {}) => row.consumer(id(name), id('p'), id(transport),
  { ...more, stats: { packetCount, byteCount: 100 * packetCount, ...stats } });

// A producer of which one layer is stopped, and a consumer in each state, or bad.
const allStates = (n) => [...HEAD, layer('l', 1, n), layer('h', 2, 7, STOPPED), consumer('flowing', n, { stats: { score: 6 } }),
  consumer('bad', n, { stats: { score: 5 } }), consumer('paused', 7, { paused: true, stats: STOPPED }),
  consumer('source paused', 7, { producerPaused: true, stats: STOPPED }),
  consumer('waiting', 0, { transport: 'new', stats: STOPPED }), consumer('silent', 7, { stats: { bitrate: 0 } })];
const STATES = { flowing: 'flowing', bad: 'flowing', paused: 'paused', 'source paused': 'paused', waiting: 'waiting', silent: 'silent' };
const STEADY = Object.fromEntries(Object.entries(STATES).map(([name, state]) => [id(name), state]));

const statesOf = (rows) => Object.fromEntries(rows.map(({ consumerId, state }) => [consumerId, state]));
const isSteady = (rows) => rows.length === 6 && rows.every(({ consumerId, state }) => STEADY[consumerId] === state);

describe('states', () => {
  let rig;
  let rows = allStates;
  let polls = 10;
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(rows(polls++))));
    await rig.when('/consumers', isSteady);
  });
  after(() => rig?.close());

  const idsOf = async (query) => (await rig.json(`/consumers?${query}`)).map(({ consumerId }) => consumerId).sort();
  const ids = (...names) => names.map(id).sort();

  test('each row says its own', async () => {
    assert.deepEqual(statesOf(await rig.json('/consumers')), STEADY);
    const layers = await rig.json('/producers');
    assert.deepEqual(layers.map(({ rid, state }) => [rid, state]).sort(), [['h', 'inactive'], ['l', 'flowing']]);
    assert.deepEqual(await rig.json('/group_consumers'), [], 'nothing is summed up');
  });

  test('filters find them', async () => {
    for (const state of ['flowing', 'paused', 'waiting', 'silent'])
      assert.deepEqual(await idsOf(`state=${state}`), ids(...Object.keys(STATES).filter((name) => STATES[name] === state)), state);
    assert.deepEqual(await idsOf('state=inactive'), []);
    assert.deepEqual((await rig.json('/producers?state=inactive&fields=rid,state')), [{ rid: 'h', state: 'inactive' }]);
    assert.deepEqual(await idsOf('bad=true'), ids('bad'));
    const refused = await rig.ask('/transports?state=silent');
    assert.deepEqual([refused.status, /no parameter "state"/.test(JSON.parse(text(refused)).error)], [400, true]);
  });

  test('those in trouble say whose fault it is and since when, and are found by it', async () => {
    const found = await rig.when('/consumers', (list) => list.filter(({ cause }) => cause !== undefined).length === 2);
    for (const { consumerId, cause, badSince, timestamp } of found) {
      const isInTrouble = ids('bad', 'silent').includes(consumerId);
      assert.equal(cause, isInTrouble ? 'unknown' : undefined);
      assert.equal(Number.isInteger(badSince) && badSince < timestamp, isInTrouble, `${badSince} before ${timestamp}`);
    }
    assert.deepEqual(await idsOf('cause=unknown'), ids('bad', 'silent'));
    assert.deepEqual(await idsOf('cause=sender'), []);
  });

  test('whoever does not flow is not among the worst', async () => {
    const worst = (await rig.json('/consumers?worst=9')).map(({ consumerId }) => consumerId);
    assert.deepEqual(worst.slice(0, 2), [id('bad'), id('flowing')]);
  });

  test('a change is there with the figures that it comes from', async () => {
    rows = (n) => [...HEAD, layer('l', 1, n, STOPPED), layer('h', 2, 7, STOPPED), consumer('silent', n, { stats: { score: 3 } })];
    const [now] = await rig.when('/consumers', (found) => found.length === 1 && found[0].score === 3);
    assert.deepEqual([now.state, now.bad], ['flowing', true]);
    rows = () => [...HEAD, layer('l', 1, 7, STOPPED), layer('h', 2, 7, STOPPED), consumer('silent', 500000, { stats: { score: 3, bitrate: 0 } })];
    const [then] = await rig.when('/consumers', ([found]) => found.state !== 'flowing');
    assert.deepEqual([then.state, then.bad, then.bitrate], ['inactive', undefined, 0]);
    assert.deepEqual((await rig.when('/producers', (found) => found.every(({ state }) => state === 'silent'))).length, 2);
    rows = allStates;
    await rig.when('/consumers', isSteady);
  });
});

// `Metadata "changes"`: a state that changes has to come through all the same.
test('write_http carries them to another host', async () => {
  const there = await ViewsRig.start(answer(() => snapshot(HEAD)), {
    extra: '<Plugin write_mediasoup>\n<Receive>\nToken "secret"\n</Receive>\n</Plugin>' });
  let here;
  let polls = 10;
  let silent = 0;
  try {
    here = await ViewsRig.start(answer(() => snapshot([...allStates(polls++), consumer('late', silent || polls, { stats: { bitrate: silent ? 0 : 9 } })])), {
      extra: `Hostname "here"\n${forwarding({ port: there.target.port, token: 'secret' })}` });
    const of = (state) => (rows) => rows.length === 7 && rows.every((one) => one.state === (STEADY[one.consumerId] ?? state));
    const rows = await there.when('/consumers?host=here', of('flowing'));
    assert.deepEqual(rows.filter(({ bad }) => bad === true).map(({ consumerId }) => consumerId), [id('bad')]);
    silent = polls;
    await there.when('/consumers?host=here', of('silent'));
  } finally {
    await here?.close();
    await there.close();
  }
});

test('the worst say theirs, and are found by it', async () => {
  let polls = 10;
  const rig = await ViewsRig.start(answer(() => snapshot(allStates(polls++))), { endpoint: { Worst: 3 } });
  try {
    const ranks = (rows) => rows.map(({ rank, consumerId, state, bad }) => [rank, consumerId, state, bad]).sort(([a], [b]) => a - b);
    const rows = await rig.when('/worst_consumers', (found) => found.length === 2);
    assert.deepEqual(ranks(rows), [[1, id('bad'), 'flowing', true], [2, id('flowing'), 'flowing', undefined]]);
    assert.deepEqual(ranks(await rig.json('/worst_consumers?state=flowing&bad=true')), [[1, id('bad'), 'flowing', true]]);
    assert.deepEqual(await rig.json('/worst_consumers?state=silent'), []);
  } finally {
    await rig.close();
  }
});
