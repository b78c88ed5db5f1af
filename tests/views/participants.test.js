// SPDX-License-Identifier: MIT
'use strict';

// /participants: who takes part and how it is for them, of a known snapshot; and it is asked for as other views are.

const assert = require('node:assert/strict');
const zlib = require('node:zlib');
const { after, before, describe, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, forwarding, text } = require('./client.js');

const id = (what) => uuid('participants', what);
const UDP = { connection: 'connected', protocol: 'udp', connectTime: 120 };
const AUDIO = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48000 };

const transport = (name, router, more) => row.transport(id(name), id(router), more);
const moving = (n) => ({ packetCount: n, byteCount: 100 * n });
const consumer = (name, on, stats, more) => row.consumer(id(name), id('mic'), id(on), { ...AUDIO, ...more, stats: { ssrc: 1, ...stats } });

// Alice speaks from her send transport and hears nobody; bob hears her badly, and a second time not at all; in a room
// without a name somebody without a name hears her well.
const meeting = (n) => [row.worker(0), row.router(id('red'), 0, { appData: { roomId: 'red' } }), row.router(id('bare'), 0),
  transport('alice out', 'red', { ...UDP, appData: { peerId: 'alice' } }),
  transport('alice in', 'red', { connection: 'stuck', appData: { peerId: 'alice' } }),
  transport('bob in', 'red', { ...UDP, protocol: 'tcp', connectTime: 300 }),
  transport('somebody', 'bare', UDP),
  row.producer(id('mic'), id('alice out'), { ...AUDIO, stats: { ...moving(n), fractionLost: 0, jitter: 480, roundTripTime: 40, bitrate: 32000 } }),
  consumer('badly', 'bob in', { ...moving(n), score: 4, fractionLost: 64, jitter: 960, roundTripTime: 250, bitrate: 30000 }, { appData: { userId: 'bob' } }),
  consumer('never', 'bob in', { ...moving(7), bitrate: 0 }, { appData: { userId: 'bob' } }),
  consumer('well', 'somebody', { ...moving(n), fractionLost: 0, jitter: 0, roundTripTime: 0, score: 10, bitrate: 32000 })];

const way = (name, figures) => Object.fromEntries(Object.entries(figures).map(([key, value]) => [name + key, value]));
const NONE = { Streams: 0, StreamsBad: 0, StreamsSilent: 0, Bitrate: 0 };
const ONE = { Streams: 1, StreamsBad: 0, StreamsSilent: 0, Score: 10, LossRatio: 0 };
const EXPECTED = [
  { endpoint: 'views', room: id('bare'), participant: id('somebody'), roomKey: 'router', participantKey: 'transport', routerIds: [id('bare')],
    transportIds: [id('somebody')], ...way('uplink', NONE), ...way('downlink', { ...ONE, Jitter: 0, Bitrate: 32000 }), connectTime: 120,
    quality: 'good', connection: 'connected', protocol: 'udp' },
  { endpoint: 'views', room: 'red', participant: 'alice', roomKey: 'roomId', participantKey: 'peerId', routerIds: [id('red')],
    transportIds: [id('alice in'), id('alice out')].sort(), ...way('uplink', { ...ONE, RoundTripTime: 40, Jitter: 10, Bitrate: 32000 }),
    ...way('downlink', NONE), connectTime: 120, quality: 'good', connection: 'stuck', protocol: 'udp' },
  { endpoint: 'views', room: 'red', participant: 'bob', roomKey: 'roomId', participantKey: 'userId', routerIds: [id('red')],
    transportIds: [id('bob in')], ...way('uplink', NONE), ...way('downlink', { Streams: 1, StreamsBad: 1, StreamsSilent: 1, Score: 4,
      LossRatio: 0.25, RoundTripTime: 250, Jitter: 20, Bitrate: 30000 }), connectTime: 300, quality: 'bad', connection: 'connected', protocol: 'tcp' },
];
const JUDGED = ['uplinkCause', 'downlinkCause', 'cause', 'since', 'mos', 'consumersAffected']; // by two readings; see below

// The rows without what depends on the time.
const steady = (rows) => rows.map(({ timestamp, age, ...rest }) => {
  assert.ok(Math.abs(timestamp - Date.now()) < 60000 && age >= 0 && age < 60, `${timestamp} ${age}`);
  return Object.fromEntries(Object.entries(rest).filter(([key]) => !JUDGED.includes(key)));
});
const isSteady = (rows) => rows.length === 3 && rows[2].downlinkStreamsSilent === 1 && rows[2].downlinkStreamsBad === 1 && rows[1].uplinkStreams === 1;

describe('participants', () => {
  let rig;
  let polls = 10;
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(meeting(polls++))), { endpoint: { Interval: 0.5 } });
    await rig.when('/participants', isSteady);
  });
  after(() => rig?.close());

  const namesOf = async (query) => (await rig.json(`/participants?fields=participant&${query}`)).map(({ participant }) => participant);

  test('each member, and each in its place', async () => {
    const found = await rig.when('/participants', isSteady);
    assert.deepEqual(steady(found), EXPECTED.map((one) => ({ host: 'testhost', ...one })));
  });

  test('why, since when, how it sounds, and whom it affects', async () => {
    const began = Date.now();
    const [somebody, alice, bob] = await rig.when('/participants', (rows) => isSteady(rows) && rows[2].cause);
    assert.deepEqual([bob.uplinkCause, bob.downlinkCause, bob.cause, bob.consumersAffected], [undefined, 'receiver', 'receiver', undefined]);
    assert.ok(bob.since > began - 60000 && bob.since <= Date.now(), `${bob.since}`);
    assert.ok(bob.mos >= 1 && bob.mos < 3 && somebody.mos > 4 && somebody.mos <= 4.5, `${bob.mos} ${somebody.mos}`);
    assert.deepEqual([alice.cause, alice.since, alice.mos, alice.consumersAffected], [undefined, undefined, undefined, 0]);
  });

  test('each key of a row can be asked for alone, and filtered by', async () => {
    for (const asked of await rig.when('/participants', isSteady))
      for (const [key, value] of Object.entries(asked)) {
        const [only] = await rig.json(`/participants?participant=${asked.participant}&fields=${key}`);
        assert.deepEqual(Object.keys(only), [key]);
        if (Array.isArray(value) || ['timestamp', 'age'].includes(key)) continue;
        assert.ok((await namesOf(`${key}=${encodeURIComponent(value)}`)).includes(asked.participant), key);
      }
  });

  for (const [query, expected] of [['room=red', ['alice', 'bob']], ['quality=bad', ['bob']], ['downlinkStreams=1&protocol=udp', [id('somebody')]],
    ['room=blue', []], ['worst=3', ['bob', id('somebody'), 'alice']], ['worst=1', ['bob']], ['offset=1&limit=1', ['alice']]])
    test(`?${query}`, async () => assert.deepEqual(await namesOf(query), expected));

  for (const [query, says] of [['limit=0', /limit takes/], ['worst=x', /worst takes/], ['fields=score', /participants has no field "score"/],
    ['peerId=bob', /no parameter "peerId"; there are limit, offset, worst, fields, and/], ['appData.peerId=bob', /no parameter/], ['limit=1&limit=2', /more than once/]])
    test(`?${query}: 400`, async () => {
      const { status, ...answered } = await rig.ask(`/participants?${query}`);
      assert.equal(status, 400);
      assert.match(JSON.parse(text(answered)).error, says);
    });

  test('no path for one, and nothing to post', async () => {
    assert.equal((await rig.ask('/participants/alice')).status, 404);
    const { status, headers } = await rig.ask('/participants', { method: 'POST' });
    assert.deepEqual([status, headers.allow], [405, 'GET, HEAD']);
  });

  test('compressed for who asks for it', async () => {
    const { headers, body } = await rig.ask('/participants?fields=room', { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(headers['content-encoding'], 'gzip');
    assert.deepEqual(JSON.parse(zlib.gunzipSync(body)), [{ room: id('bare') }, { room: 'red' }, { room: 'red' }]);
  });

  test('ETag: 304 until there are new rows', async () => {
    const ask = (etag) => rig.ask('/participants', { headers: etag ? { 'If-None-Match': etag } : {} });
    const etag = await until(async () => {
      const { headers } = await ask();
      return (await ask(headers.etag)).status === 304 && headers.etag;
    }, { what: '304' });
    await until(async () => (await ask(etag)).status === 200, { what: 'new rows' });
  });

  test('who has left is gone', async () => {
    rig.endpoint.behave(answer(() => snapshot(meeting(polls++).filter(({ appData, transportId }) => appData?.peerId !== 'alice' && transportId !== id('alice out')))));
    await rig.when('/participants', (rows) => rows.length === 2 && rows.every(({ participant }) => participant !== 'alice'));
  });
});

test('another host\'s participants stand beside, though they have the same names', async () => {
  const there = await ViewsRig.start(answer(() => snapshot(meeting(10))), { endpoint: { Interval: 0.5 },
    extra: '<Plugin write_mediasoup>\n<Receive>\nToken "secret"\n</Receive>\n</Plugin>' });
  let here;
  try {
    here = await ViewsRig.start(answer(() => snapshot(meeting(10))), { endpoint: { Interval: 0.5 },
      extra: `Hostname "here"\n${forwarding({ port: there.target.port, token: 'secret' })}` });
    const rows = await there.when('/participants?participant=alice', (found) => found.length === 2 && found.every(({ endpoint, transportIds }) => endpoint && transportIds.length === 2));
    assert.deepEqual(rows.map(({ host, room }) => [host, room]), [['here', 'red'], ['testhost', 'red']]);
  } finally {
    await here?.close();
    await there.close();
  }
});
