// SPDX-License-Identifier: MIT
'use strict';

// Why streams are bad: what their rows and their groups say of it as collectd gives them to its writers, and since when. Each
// case is a snapshot of a fake endpoint that a real application could send.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { answer } = require('./fake_endpoint.js');
const { Rig } = require('./rig.js');
const { row, snapshot, uuid } = require('./snapshots.js');

const id = (...what) => uuid('causes', ...what);
const GROUPS = '<Group "room">\nBy "roomId"\n</Group>';
const CAUSES = ['sender', 'receiver', 'bandwidth', 'worker', 'transport', 'unknown'];

// A room with a producer and those who get it. `name` keeps the objects of the cases apart.
class Room {
  constructor(name) {
    this.name = name;
    this.transport = { stats: { type: 'webrtc-transport', rtpSendBitrate: 90000 }, connection: 'connected' };
    this.worker = {};
    this.producer = {};
    this.consumers = [{}];
  }

  rows(n) {
    const flowing = (stats) => ({ packetCount: 100 + n, byteCount: 100000 + 1000 * n, bitrate: 64000, packetsLost: 0, fractionLost: 0, jitter: 0, roundTripTime: 20, ...stats });
    const the = (what) => id(this.name, what);
    return [row.worker(0, this.worker), row.router(the('r'), 0, { appData: { roomId: this.name } }), row.transport(the('t'), the('r'), this.transport),
      row.producer(the('p'), the('t'), { ...this.producer, stats: flowing(this.producer.stats) }),
      ...this.consumers.map(({ error, ...more }, i) => (error
        ? { row: 'consumers', consumerId: the(`c${i}`), producerId: the('p'), transportId: the('t'), error }
        : row.consumer(the(`c${i}`), the('p'), the('t'), { ...more, stats: flowing(more.stats) })))];
  }
}

const BAD = { score: 3 };
const LOSSY = { score: 3, fractionLost: 64 };

describe('causes', () => {
  let rig;
  let room;
  let polls = 0;
  before(async () => {
    rig = await Rig.open();
    room = new Room('well');
    const fake = await rig.fake('sfu', answer(() => snapshot(room.rows(polls++))));
    await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: 0.25, Metadata: 'always', Worst: 3, lines: [GROUPS] }] });
    await rig.polls('sfu', 2);
  });
  after(() => rig?.close());

  const lists = (what) => rig.sink.find({ type: what === 'p' ? 'producers' : 'consumers', type_instance: new RegExp(id(room.name, what)) });
  const last = (what) => lists(what).at(-1);
  const said = (what) => last(what).meta;
  const group = (type) => rig.sink.last({ type, type_instance: 'group=room,endpoint=sfu', plugin_instance: `roomId=${room.name}` }).value;
  const counts = (type) => Object.fromEntries(CAUSES.map((cause) => [cause, group(type)[`streams_cause_${cause}`]]).filter(([, count]) => count !== 0));

  // Serves the room as it is now until that has been read five times over.
  const serve = async (changed) => {
    room = changed;
    await rig.polls('sfu', 5);
  };

  test('nobody is to blame while all is well', async () => {
    await serve(new Room('well'));
    for (const what of ['p', 'c0']) assert.deepEqual([said(what).cause, said(what).badSince, said(what).state], [undefined, undefined, 'flowing']);
    assert.deepEqual([counts('group_producers'), counts('group_consumers')], [{}, {}]);
    assert.equal(last('p').value.consumers_affected, 0);
  });

  const CASES = {
    sender: { producer: { stats: BAD }, consumers: [{ stats: LOSSY }, { stats: LOSSY }, { paused: true }], causes: ['sender', 'sender'], affected: 2 },
    receiver: { consumers: [{ stats: LOSSY }], causes: [undefined, 'receiver'], affected: 0 },
    bandwidth: { transport: { connection: 'connected', stats: { type: 'webrtc-transport', rtpSendBitrate: 90000, availableOutgoingBitrate: 90000 } },
      consumers: [{ consumerType: 'simulcast', currentLayers: { spatialLayer: 0, temporalLayer: 2 }, preferredLayers: { spatialLayer: 2, temporalLayer: 2 }, stats: { ...LOSSY, bitrate: 32000 } }],
      causes: [undefined, 'bandwidth'], affected: 0 },
    worker: { worker: { channelRoundTripTime: 2000 }, producer: { stats: BAD }, consumers: [{ stats: LOSSY }], causes: ['worker', 'worker'], affected: 1 },
    transport: { transport: { connection: 'lost', stats: { type: 'webrtc-transport', iceState: 'disconnected', dtlsState: 'connected' } }, causes: ['transport', 'transport'], affected: 1 },
    unknown: { consumers: [{ stats: { packetCount: 100, byteCount: 1000, bitrate: 0 } }], causes: [undefined, 'unknown'], affected: 0 },
  };
  for (const [name, { causes: [ofProducer, ofConsumer], affected, ...facts }] of Object.entries(CASES)) {
    test(`${name}: in the rows, in the group, and how many it concerns`, async () => {
      await serve(Object.assign(new Room(name), facts));
      assert.deepEqual([said('p').cause, said('c0').cause], [ofProducer, ofConsumer]);
      const streams = room.consumers.filter(({ paused }) => !paused).length;
      assert.deepEqual(counts('group_producers'), ofProducer ? { [ofProducer]: 1 } : {});
      assert.deepEqual(counts('group_consumers'), { [ofConsumer]: streams });
      assert.equal(last('p').value.consumers_affected, affected);
    });
  }

  test('since the first of two readings in a row, by the clock of the rows; the worst ranks say the same', async () => {
    await serve(new Room('since'));
    const changed = new Room('since');
    changed.consumers = [{ stats: LOSSY }];
    await serve(changed);
    const [first, second] = lists('c0').filter(({ meta }) => meta.bad === true);
    assert.deepEqual([first.meta.cause, first.meta.badSince], [undefined, undefined]);
    assert.deepEqual([second.meta.cause, Number(second.meta.badSince)], ['receiver', Math.round(first.time * 1000)]);
    const worst = rig.sink.last({ type: 'worst_consumers', type_instance: 'rank=1', plugin_instance: 'sfu' });
    assert.deepEqual([worst.meta.consumerId, worst.meta.cause, Number(worst.meta.badSince)], [id('since', 'c0'), 'receiver', Math.round(first.time * 1000)]);
  });

  test('it stays where the worker does not answer, and goes after two readings without', async () => {
    const { badSince } = said('c0');
    const late = new Room('since');
    late.consumers = [{ error: 'deadline' }];
    const before = lists('c0').length;
    await serve(late);
    assert.ok(lists('c0').length <= before + 1, 'no rows without an answer');
    const bad = new Room('since');
    bad.consumers = [{ stats: LOSSY }];
    await serve(bad);
    assert.deepEqual([said('c0').cause, said('c0').badSince], ['receiver', badSince]);
    await serve(new Room('since'));
    const since = lists('c0').slice(before);
    const good = since.findIndex(({ meta }) => meta.bad !== true);
    assert.deepEqual(since.slice(good, good + 2).map(({ meta }) => [meta.cause, meta.badSince]), [['receiver', badSince], [undefined, undefined]]);
  });

  test('how audio sounds, in the rows and in the group', async () => {
    const voice = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48000 };
    await serve(Object.assign(new Room('voice'), { producer: voice, consumers: [{ ...voice, stats: { fractionLost: 13 } }, { ...voice, paused: true }] }));
    // 26.5 + 10 + 40 ms: Id = 1.836, R = 91.364; with 13/256 lost: Ie,eff = 95 * 5.078 / 30.178 = 15.986, R = 75.378
    const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-9, `${found} instead of ${expected}`);
    near(last('p').value.mos, 4.37);
    near(last('c0').value.mos, 3.84);
    assert.equal(last('c1').value.mos, null);
    near(group('group_producers').mos_mean, 4.37);
    near(group('group_consumers').mos_mean, 3.84);
    await serve(new Room('video'));
    assert.deepEqual([last('p').value.mos, group('group_producers').mos_mean], [null, null]);
  });
});
