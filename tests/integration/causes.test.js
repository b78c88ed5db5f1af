// SPDX-License-Identifier: MIT
'use strict';

// Why streams are bad: what their rows and their groups say of it as collectd gives them to its writers, and since when. Each
// case is a room of a fake endpoint's snapshot that a real application could send. A cause takes readings that lie five seconds
// apart, so the rooms are served at once, each with a worker of its own.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { answer } = require('./fake_endpoint.js');
const { Rig } = require('./rig.js');
const { row, snapshot, uuid } = require('./snapshots.js');

const id = (...what) => uuid('causes', ...what);
const GROUPS = '<Group "room">\nBy "roomId"\n</Group>';
const INTERVAL = 0.25; // seconds
const AGREEMENT = 4.5; // seconds: five, and a tenth of them for readings that are late
const CAUSES = ['sender', 'receiver', 'bandwidth', 'worker', 'transport', 'unknown'];

// A room with a producer and those who get it. `name` keeps the objects of the cases apart.
class Room {
  constructor(name, slot = 0) {
    this.name = name;
    this.slot = slot;
    this.transport = { stats: { type: 'webrtc-transport', rtpSendBitrate: 90000 }, connection: 'connected' };
    this.worker = {};
    this.producer = {};
    this.consumers = [{}];
  }

  rows(n) {
    const flowing = (stats) => ({ packetCount: 100 + n, byteCount: 100000 + 1000 * n, bitrate: 64000, packetsLost: 0, fractionLost: 0, jitter: 0, roundTripTime: 20, ...stats });
    const the = (what) => id(this.name, what);
    return [row.worker(this.slot, this.worker), row.router(the('r'), this.slot, { appData: { roomId: this.name } }), row.transport(the('t'), the('r'), this.transport),
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
  let rooms = [new Room('well')];
  let polls = 0;
  before(async () => {
    rig = await Rig.open();
    const fake = await rig.fake('sfu', answer(() => {
      polls += 1;
      return snapshot(rooms.flatMap((room) => room.rows(polls)));
    }));
    await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: INTERVAL, Metadata: 'always', Worst: 3, lines: [GROUPS] }] });
    await rig.polls('sfu', 2);
  });
  after(() => rig?.close());

  // Of the room of that name; the first one's where it is left out.
  const lists = (what, name = rooms[0].name) => rig.sink.find({ type: what === 'p' ? 'producers' : 'consumers', type_instance: new RegExp(id(name, what)) });
  const last = (what, name) => lists(what, name).at(-1);
  const said = (what, name) => last(what, name).meta;
  const group = (type, name = rooms[0].name) => rig.sink.last({ type, type_instance: 'group=room,endpoint=sfu', plugin_instance: `roomId=${name}` }).value;
  const counts = (type, name) => Object.fromEntries(CAUSES.map((cause) => [cause, group(type, name)[`streams_cause_${cause}`]]).filter(([, count]) => count !== 0));

  // Serves the rooms as they are now until that has been read five times over, or for so long that a cause is agreed on.
  const serve = async (...changed) => {
    rooms = changed;
    await rig.polls('sfu', 5);
  };
  const serveUntilAgreed = async (...changed) => {
    rooms = changed;
    await rig.polls('sfu', Math.ceil(5 / INTERVAL) + 3);
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
  describe('each cause', () => {
    before(() => serveUntilAgreed(...Object.entries(CASES).map(([name, { causes, affected, ...facts }], slot) => Object.assign(new Room(name, slot), facts))));
    for (const [name, { causes: [ofProducer, ofConsumer], affected }] of Object.entries(CASES)) {
      test(`${name}: in the rows, in the group, and how many it concerns`, () => {
        assert.deepEqual([said('p', name).cause, said('c0', name).cause], [ofProducer, ofConsumer]);
        const streams = rooms.find((room) => room.name === name).consumers.filter(({ paused }) => !paused).length;
        assert.deepEqual(counts('group_producers', name), ofProducer ? { [ofProducer]: 1 } : {});
        assert.deepEqual(counts('group_consumers', name), { [ofConsumer]: streams });
        assert.equal(last('p', name).value.consumers_affected, affected);
      });
    }
  });

  test('since the first of the readings that agree for five seconds, by the clock of the rows; the worst ranks say the same', async () => {
    await serve(new Room('since'));
    const changed = new Room('since');
    changed.consumers = [{ stats: LOSSY }];
    await serveUntilAgreed(changed);
    const bad = lists('c0').filter(({ meta }) => meta.bad === true);
    const since = Math.round(bad[0].time * 1000);
    const agreed = bad.findIndex(({ meta }) => meta.cause !== undefined);
    assert.deepEqual([bad[agreed - 1], bad[agreed]].map(({ time }) => time - bad[0].time >= AGREEMENT), [false, true]);
    assert.ok(bad.slice(0, agreed).every(({ meta }) => meta.badSince === undefined));
    assert.ok(bad.slice(agreed).every(({ meta }) => meta.cause === 'receiver' && Number(meta.badSince) === since));
    const worst = rig.sink.last({ type: 'worst_consumers', type_instance: 'rank=1', plugin_instance: 'sfu' });
    assert.deepEqual([worst.meta.consumerId, worst.meta.cause, Number(worst.meta.badSince)], [id('since', 'c0'), 'receiver', since]);
  });

  test('it stays where the worker does not answer, and goes after five seconds without', async () => {
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
    await serveUntilAgreed(new Room('since'));
    const since = lists('c0').slice(before), good = since.slice(since.findIndex(({ meta }) => meta.bad !== true));
    const gone = good.findIndex(({ meta }) => meta.cause === undefined);
    assert.deepEqual([good[gone - 1], good[gone]].map(({ time }) => time - good[0].time >= AGREEMENT), [false, true]);
    assert.ok(good.slice(0, gone).every(({ meta }) => meta.cause === 'receiver' && meta.badSince === badSince));
    assert.ok(good.slice(gone).every(({ meta }) => meta.cause === undefined && meta.badSince === undefined));
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
