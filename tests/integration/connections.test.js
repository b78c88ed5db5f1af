// SPDX-License-Identifier: MIT
'use strict';

// What happens to the connections of WebRTC transports, as groups and histograms count it: each event once, whatever becomes of
// the snapshots that tell of it. The application is a fake that numbers its events as PROTOCOL.md says.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { answer } = require('./fake_endpoint.js');
const { Rig } = require('./rig.js');
const { row, snapshot, uuid } = require('./snapshots.js');

const INTERVAL = 0.25;
const LINES = ['Distributions true', '<Group "room">\nBy "roomId"\nOf "transports" "consumers"\n</Group>'];
const id = (what) => uuid('connections', what);
const OUTCOMES = { connected: 0, left: 0, lost: 0, dtls_failed: 0, never_connected: 0 };

class FakeApplication {
  constructor({ pid = 4321, transports = [], consumers = [] } = {}) {
    Object.assign(this, { pid, events: [], transports, consumers, cut: 0 });
  }

  // Something has happened to a transport in this room.
  tell(event, roomId, more) {
    this.events.push(row.connection(this.events.length + 1, event, { appData: { roomId }, ...more }));
  }

  begin(pid) {
    Object.assign(this, { pid, events: [] });
  }

  rows() {
    return [row.worker(0), row.router(id('r'), 0, { appData: { roomId: 'red' } }),
      ...this.transports.map((more, n) => row.transport(id(`t${n}`), id('r'), more)),
      ...this.consumers.map((more, n) => row.consumer(id(`c${n}`), id('p'), id('t0'), more))];
  }

  serve() {
    return answer(({ url }) => {
      const asked = new URL(url, 'http://localhost').searchParams.get('events');
      const told = asked === null ? [] : this.events.filter(({ number }) => number > Number(asked));
      const text = snapshot([...told, ...this.rows()], { endpoint: { pid: this.pid, events: this.events.length } });
      return this.cut-- > 0 ? text.slice(0, text.lastIndexOf('{"row":"end"')) : text;
    });
  }
}

const asked = (fake) => fake.requests.map(({ url }) => /[?&]events=(.*)$/.exec(url)?.[1]);

describe('events', () => {
  let rig;
  let application;
  let fake;
  before(async () => {
    rig = await Rig.open();
    application = new FakeApplication({ transports: [{}] });
    application.tell('connected', 'red');
    application.tell('connected', 'red');
    fake = await rig.fake('sfu', application.serve());
    await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: INTERVAL, lines: LINES }] });
    await rig.polls('sfu', 3);
  });
  after(() => rig?.close());

  const room = (name) => rig.sink.last({ type: 'group_transports', type_instance: 'group=room,endpoint=sfu', plugin_instance: `roomId=${name}` })?.value;
  const outcomes = (name) => Object.fromEntries(Object.keys(OUTCOMES).map((key) => [key, room(name)?.[key]]));

  // Asserts what the room has come to, and that it stays so.
  async function counts(name, expected) {
    await until(() => Object.entries(expected).every(([key, value]) => room(name)?.[key] === value),
      { what: `${JSON.stringify(expected)} in ${name}`, detail: () => JSON.stringify(room(name)) });
    await rig.polls('sfu', 3);
    assert.deepEqual(outcomes(name), { ...OUTCOMES, ...expected });
  }

  test('what happened before collectd looked counts nowhere', async () => {
    await counts('red', { connected: 0 });
    assert.equal(asked(fake)[0], undefined);
    assert.deepEqual([...new Set(asked(fake).slice(1))], ['2']);
  });

  test('each counts once, in its room', async () => {
    application.tell('connected', 'red');
    application.tell('connected', 'blue');
    application.tell('left', 'red');
    application.tell('never_connected', 'red');
    await counts('red', { connected: 1, left: 1, never_connected: 1 });
    await counts('blue', { connected: 1 });
    assert.equal(asked(fake).at(-1), '6');
  });

  test('a snapshot that is not whole moves nothing, and its events come again', async () => {
    application.cut = 2;
    application.tell('lost', 'red');
    await rig.polls('sfu', 2, 0);
    application.tell('dtls_failed', 'red');
    await counts('red', { connected: 1, left: 1, never_connected: 1, lost: 1, dtls_failed: 1 });
    const urls = asked(fake);
    assert.ok(urls.filter((number) => number === '6').length >= 3, urls.join());
    assert.equal(urls.at(-1), '8');
  });

  test('after a restart all that happens counts, from the beginning', async () => {
    application.begin(999);
    application.tell('connected', 'red');
    await counts('red', { connected: 2, left: 1, never_connected: 1, lost: 1, dtls_failed: 1 });
    assert.ok(asked(fake).includes('0'));
    assert.equal(asked(fake).at(-1), '1');
    assert.equal(rig.sink.last({ type: 'endpoint', plugin_instance: 'sfu' }).value.restarts, 1);
  });

  test('a histogram has the time of each that connected', () => {
    const histogram = (le) => rig.sink.last({ type: `transport_connect_time_seconds${le ? '_bucket' : ''}`, plugin_instance: 'sfu',
      type_instance: `protocol=udp${le ? `,le=${le}` : ''}` }).value;
    assert.deepEqual([histogram().sum.toFixed(6), histogram().count], ['0.900000', 3]);
    assert.deepEqual([histogram('0.25').value, histogram('0.5').value, histogram('+Inf').value], [0, 3, 3]);
  });

  test('they have no value lists of their own', () => {
    assert.deepEqual(rig.sink.identities({ type: 'connections' }), []);
    assert.equal(rig.sink.last({ type: 'endpoint', plugin_instance: 'sfu' }).value.objects_skipped, 0);
  });

  test('collectd has nothing to complain of', () =>
    assert.deepEqual(rig.daemon.complaints().filter((line) => !line.includes('the snapshot has no end row')), []));
});

test('two processes of one endpoint have numbers of their own', async () => {
  const rig = await Rig.open();
  try {
    const applications = [new FakeApplication({ pid: 1 }), new FakeApplication({ pid: 2 })];
    for (const [n, application] of applications.entries()) await rig.fake(`p${n}`, application.serve(), `app-${n}.sock`);
    applications[0].tell('connected', 'red');
    await rig.collectd({ endpoints: [{ name: 'glob', Socket: `${rig.folder}/app-*.sock`, Interval: INTERVAL, lines: LINES }] });
    await rig.polls('glob', 4);
    for (const application of applications) application.tell('left', 'red');
    applications[1].tell('left', 'red');
    const left = () => rig.sink.last({ type: 'group_transports', plugin_instance: 'roomId=red' })?.value.left;
    await until(() => left() === 3, { what: 'three', detail: () => String(left()) });
    await rig.polls('glob', 6);
    assert.equal(left(), 3);
    assert.deepEqual(['p0', 'p1'].map((name) => asked(rig.fakes.get(name)).at(-1)), ['2', '2']);
  } finally {
    await rig.close();
  }
});

describe('gauges', () => {
  const LAYERED = { consumerType: 'simulcast', preferredLayers: { spatialLayer: 2, temporalLayer: 2 } };
  const layers = (spatialLayer, temporalLayer) => ({ ...LAYERED, currentLayers: { spatialLayer, temporalLayer } });
  let rig;
  before(async () => {
    rig = await Rig.open();
    const connections = ['connected', 'connected', 'unused', 'connecting', 'stuck', 'disconnected', 'lost', 'left', 'dtls_failed'];
    const newer = new FakeApplication({
      transports: connections.map((connection, n) => ({ connection, protocol: n === 0 ? 'udp' : 'tcp' })),
      consumers: [layers(2, 2), layers(1, 2), layers(2, 0), {}],
    });
    const older = answer(() => snapshot(new FakeApplication({ transports: [{}], consumers: [LAYERED] }).rows()));
    const fakes = { newer: newer.serve(), older };
    const endpoints = [];
    for (const [name, behaviour] of Object.entries(fakes))
      endpoints.push({ name, Socket: (await rig.fake(name, behaviour)).path, Interval: INTERVAL, lines: LINES });
    await rig.collectd({ endpoints });
    await Promise.all(Object.keys(fakes).map((name) => rig.polls(name, 3)));
  });
  after(() => rig?.close());

  const group = (type, name) => rig.sink.last({ type, type_instance: `group=room,endpoint=${name}`, plugin_instance: 'roomId=red' }).value;
  const GAUGES = ['transports', 'transports_unused', 'transports_connecting', 'transports_stuck', 'transports_connected',
    'transports_disconnected', 'transports_udp', 'transports_tcp'];

  test('count transports by how they are connected', () => {
    const found = group('group_transports', 'newer');
    assert.deepEqual(GAUGES.map((name) => found[name]), [9, 1, 1, 1, 2, 2, 1, 1]);
  });

  test('count consumers below what they prefer', () => assert.equal(group('group_consumers', 'newer').streams_below_preferred, 2));

  test('an endpoint that tells none of it is read as before, and what it does not tell is unknown', () => {
    const found = group('group_transports', 'older');
    assert.deepEqual(GAUGES.map((name) => found[name]), [1, ...Array(7).fill(null)]);
    assert.deepEqual(Object.keys(OUTCOMES).map((name) => found[name]), [0, 0, 0, 0, 0]);
    assert.equal(group('group_consumers', 'older').streams_below_preferred, null);
    assert.equal(group('group_consumers', 'older').streams, 1);
    assert.deepEqual([...new Set(asked(rig.fakes.get('older')))], [undefined]);
    assert.equal(rig.sink.find({ type: /transport_connect_time/ }).length, 0);
  });

  test('collectd has nothing to complain of', () => assert.deepEqual(rig.daemon.complaints(), []));
});
