// SPDX-License-Identifier: MIT
'use strict';

// What a value list is called: appData as plugin_instance, what the object is as type_instance. One endpoint
// a case, all in one collectd; the rows of each case are few.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { freePort } = require('../lib/free_port.js');
const { until } = require('../lib/wait.js');
const { Rig } = require('./rig.js');
const { answer } = require('./fake_endpoint.js');
const { row, snapshot, uuid } = require('./snapshots.js');

// A room with one object of each class that inherits; appData where a case wants it. The ids are made of
// `name`, so that cases do not meet.
function tree(name, { worker, router, transport, producer, consumer, producerMore } = {}) {
  const id = (what) => uuid(name, what);
  return [
    row.worker(0, { appData: worker }),
    row.router(id('r'), 0, { appData: router }),
    row.transport(id('t'), id('r'), { appData: transport }),
    row.producer(id('p'), id('t'), { appData: producer, ...producerMore }),
    row.consumer(id('c'), id('p'), id('t'), { appData: consumer }),
  ];
}

const kindOf = { r: 'routers', t: 'transports', p: 'producers', c: 'consumers' };

// Each case: the appData of the objects, the endpoint's options, and the plugin_instance expected for the
// worker (w), router, transport, producer, consumer; an object that is not named may be anything.
const CASES = {
  'no-appdata': { expect: { w: 'no-appdata', r: 'no-appdata', t: 'no-appdata', p: 'no-appdata', c: 'no-appdata' } },
  'inherits': {
    worker: { zone: 'eu' }, router: { roomId: 'r1' }, transport: { peerId: 'bob' }, consumer: { of: 'alice' },
    expect: { w: 'zone=eu', r: 'roomId=r1,zone=eu', t: 'peerId=bob,roomId=r1,zone=eu', p: 'peerId=bob,roomId=r1,zone=eu', c: 'of=alice,peerId=bob,roomId=r1,zone=eu' },
  },
  'nearest-wins': { router: { who: 'router' }, transport: { who: 'transport' }, consumer: { who: 'consumer' },
    expect: { r: 'who=router', t: 'who=transport', p: 'who=transport', c: 'who=consumer' } },
  'chosen-keys': { router: { b: '2', a: '1', secret: 'x' }, transport: { c: '3' }, options: { AppData: ['c', 'a', 'none'] },
    expect: { w: 'chosen-keys', r: 'a=1', t: 'c=3,a=1', c: 'c=3,a=1' } },
  'not-scalar': { router: { n: 5, f: 1.5, t: true, no: null, o: { x: 1 }, l: [1], s: 'text' }, expect: { r: 'f=1.5,n=5,s=text,t=true' } },
  'breaking': { router: { 'k,e=y': 'a,b=c/d"e\\f\ng\u0001h\u007fi' }, expect: { r: 'k_e_y=a_b_c_d_e_f_g_h_i~3030d1554fabdfe4' } },
  'spaces': { router: { room: 'the big room' }, expect: { r: 'room=the big room' } },
  'as-long-as-fits': { router: { k: 'x'.repeat(125) }, expect: { r: `k=${'x'.repeat(125)}` } },
  'template': { router: { roomId: 'r1' }, transport: { peerId: 'bob' }, options: { PluginInstance: 'room-%{appData:roomId}' },
    expect: { r: 'room-r1', t: 'room-r1', c: 'room-r1' } },
  'template-of-attributes': { router: { roomId: 'r1' }, options: { PluginInstance: '%{endpoint}:%{appData:roomId}:%{appData:nobody}' },
    expect: { c: 'template-of-attributes:r1:' } },
  'template-empty': { options: { PluginInstance: '%{appData:roomId}' }, expect: { r: 'template-empty', c: 'template-empty' } },
};

// The same for type_instance; `id` is the object's.
const TYPE_INSTANCES = {
  'ti-plain': { expect: { w: () => 'worker=0', r: (id) => `id=${id}`, t: (id) => `transportType=webrtc,id=${id}`,
    p: (id) => `kind=video,mimeType=video_VP8,id=${id}`, c: (id) => `kind=video,mimeType=video_VP8,id=${id}` } },
  'ti-worker-with-appdata': { worker: { zone: 'eu' }, expect: { w: () => 'endpoint=ti-worker-with-appdata,worker=0' } },
  'ti-rid': { producerMore: { encodings: 3, stats: { rid: 'h', ssrc: 11 } }, expect: { p: (id) => `kind=video,mimeType=video_VP8,id=${id},rid=h` } },
  'ti-ssrc': { producerMore: { encodings: 2, stats: { ssrc: 123 } }, expect: { p: (id) => `kind=video,mimeType=video_VP8,id=${id},ssrc=123` } },
  'ti-one-encoding': { producerMore: { encodings: 1, stats: { rid: 'h', ssrc: 11 } }, expect: { p: (id) => `kind=video,mimeType=video_VP8,id=${id}` } },
  'ti-template': { options: { TypeInstance: '%{kind}/%{id}' }, expect: { p: (id) => `video_${id}`, c: (id) => `video_${id}` } },
  'ti-template-no-id': { options: { TypeInstance: 'k=%{kind}' }, expect: { p: (id) => `k=video,id=${id}`, c: (id) => `k=video,id=${id}` } },
};

describe('identities', () => {
  let rig;
  const all = { ...CASES, ...TYPE_INSTANCES };
  before(async () => {
    rig = await Rig.open();
    const endpoints = [];
    for (const [name, { options, ...appData }] of Object.entries(all)) {
      const fake = await rig.fake(name, answer(() => snapshot(tree(name, appData))));
      endpoints.push({ name, Socket: fake.path, Interval: 0.5, ...options });
    }
    await rig.collectd({ endpoints });
    await Promise.all(Object.keys(all).map((name) => rig.polls(name, 2)));
  });
  after(() => rig?.close());

  // The value list of an object of a case. Only a worker's has no id of its own to go by: by its metadata.
  const listOf = (name, what) => what === 'w'
    ? rig.sink.find({ type: 'workers' }).find((list) => [list.plugin_instance, list.type_instance].some((text) => text.includes(name)) ||
      (all[name].worker && list.plugin_instance === all[name].expect.w))
    : rig.sink.find({ type: kindOf[what] }).find((list) => list.type_instance.includes(uuid(name, what)));

  for (const [name, { expect }] of Object.entries(CASES)) {
    test(name, () => {
      const found = Object.fromEntries(Object.keys(expect).map((what) => [what, listOf(name, what)?.plugin_instance]));
      assert.deepEqual(found, expect);
    });
  }
  for (const [name, { expect }] of Object.entries(TYPE_INSTANCES)) {
    test(name, () => {
      for (const [what, expected] of Object.entries(expect)) assert.equal(listOf(name, what)?.type_instance, expected(uuid(name, what)), what);
    });
  }
});

// plugin_instance of all routers as write_prometheus has them: write_http puts a question mark for every byte
// that is not ASCII.
async function routersInPrometheus(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return [...text.matchAll(/^collectd_mediasoup_routers_transports\{mediasoup="([^"]*)"/gm)].map((match) => match[1]);
}

describe('names that are not ASCII, and names that are too long', () => {
  // Values that agree in far more than 127 bytes; the character at the cut is 2, 3, 4 bytes wide.
  const VALUES = ['x', 'é', '漢', '😀'].flatMap((c) => [0, 1, 2, 3].flatMap((shift) =>
    ['1', '2'].map((end) => `${'y'.repeat(shift)}${c.repeat(200)}${end}`)));
  const UNICODE = 'Zürich 漢字 😀';
  let names;
  let lists;
  let rig;
  before(async () => {
    rig = await Rig.open();
    const prometheusPort = await freePort();
    const rows = [row.worker(0), ...VALUES.map((v, i) => row.router(uuid('long', String(i)), 0, { appData: { k: v } })),
      row.router(uuid('unicode'), 0, { appData: { room: UNICODE } }), row.router('i'.repeat(128), 0), row.router(`${'i'.repeat(127)}j`, 0)];
    const fake = await rig.fake('long', answer(() => snapshot(rows)));
    await rig.collectd({ prometheusPort, endpoints: [{ name: 'long', Socket: fake.path, Interval: 0.5 }] });
    await rig.polls('long', 2);
    lists = rig.sink.find({ type: 'routers' });
    names = await routersInPrometheus(prometheusPort);
  });
  after(() => rig?.close());

  test('letters of all scripts stand as they are', () => assert.ok(names.includes(`room=${UNICODE}`), names.join('\n')));

  test('are cut to 127 bytes between two characters, and stay unique', () => {
    const long = new Set(names.filter((name) => name.startsWith('k=')));
    assert.equal(long.size, VALUES.length);
    for (const name of long) {
      assert.ok(Buffer.byteLength(name) <= 127 && Buffer.byteLength(name) > 120, `${Buffer.byteLength(name)} ${name}`);
      assert.doesNotMatch(name, /\ufffd|\?/);
      assert.match(name, /^k=y{0,3}(x|é|漢|😀)+[^xé漢😀]+$/u);
    }
  });
  test('as are ids', () => {
    const ids = new Set(lists.filter((list) => list.plugin_instance === 'long').map((list) => list.type_instance));
    assert.equal(ids.size, 2);
    for (const name of ids) assert.ok(Buffer.byteLength(name) <= 127 && name.startsWith('id=iiii'), name);
  });
});

describe('appData that changes', () => {
  let rig;
  before(async () => { rig = await Rig.open(); });
  after(() => rig?.close());

  test('gives a new identity to the object and to what inherits from it, and the old one ends', async () => {
    let room = 'first';
    const fake = await rig.fake('change', answer(() => snapshot(tree('change', { router: { room } }))));
    await rig.collectd({ endpoints: [{ name: 'change', Socket: fake.path, Interval: 0.25 }] });
    await rig.polls('change', 2);
    room = 'second';
    await until(() => rig.sink.last({ type: 'consumers', plugin_instance: 'room=second' }), { what: 'the new identity' });
    const changed = rig.sink.last({ type: 'consumers', plugin_instance: 'room=first' }).time;
    await rig.polls('change', 2);
    for (const what of Object.values(kindOf)) {
      const list = rig.sink.find({ type: what, plugin_instance: 'room=second' })[0];
      assert.ok(list, what);
      assert.equal(JSON.parse(list.meta.appData ?? '{"room":"second"}').room, 'second', 'its first list says so');
      assert.ok(rig.sink.last({ type: what, plugin_instance: 'room=first' }).time <= changed + 0.1, `${what} ends`);
    }
  });
});
