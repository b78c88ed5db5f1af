// SPDX-License-Identifier: MIT
'use strict';

// What a room is called: by a key of appData that real applications use, by its router where they use none, and never as
// another room is.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { answer } = require('./fake_endpoint.js');
const { Rig } = require('./rig.js');
const { row, snapshot, uuid } = require('./snapshots.js');

const id = (what) => uuid('rooms', what);

// A room on a router of its own with one consumer, whose appData is that of the router.
const roomOf = (name, appData) => [row.router(id(name), 0, { appData }), row.transport(id(`${name} t`), id(name)),
  row.consumer(id(`${name} c`), id(`${name} p`), id(`${name} t`))];

const ROOMS = {
  'by roomId': [{ roomId: 'red', room: 'no' }, 'roomId=red'],
  'by room_id': [{ room_id: 42 }, 'roomId=42'],
  'by room': [{ room: 'hall' }, 'roomId=hall'],
  'by its router, without a name': [undefined, `roomId=${id('by its router, without a name')}`],
  'not by an instance of a class': [{ roomId: '[WebRtcServerImpl]' }, `roomId=${id('not by an instance of a class')}`],
  'not by an empty text': [{ roomId: '' }, `roomId=${id('not by an empty text')}`],
  'by the next key where the first is empty': [{ roomId: '', room: 'lobby' }, 'roomId=lobby'],
  'cleaned': [{ roomId: 'Team A/B' }, 'roomId=Team A_B~a75cecb9043fc5f6'],
  'as another is called, cleaned': [{ roomId: 'Team A_B~a75cecb9043fc5f6' }, /^roomId=Team A_B~a75cecb9043fc5f6~[0-9a-f]{16}$/],
};

describe('a room is named', () => {
  let rig;
  before(async () => {
    rig = await Rig.open();
    const rows = [row.worker(0), ...Object.entries(ROOMS).flatMap(([name, [appData]]) => roomOf(name, appData))];
    const fake = await rig.fake('sfu', answer(() => snapshot(rows)));
    const own = await rig.fake('own', answer(() => snapshot([row.worker(0), ...roomOf('own', { roomId: 'no', salon: 'bleu' })])));
    await rig.collectd({ endpoints: [
      { name: 'sfu', Socket: fake.path, Interval: 0.25, lines: ['AppData "roomId" "peerId"', '<Group "room">\nBy "roomId"\n</Group>'] },
      { name: 'own', Socket: own.path, Interval: 0.25, lines: ['AppData "salon"', 'RoomKeys "salon" "roomId"', '<Group "room">\nBy "salon"\n</Group>'] }] });
    await until(() => rig.sink.identities({ type: 'groups' }).length === 2, { what: 'groups' });
    await rig.polls('sfu', 1);
    await rig.polls('own', 1);
  });
  after(() => rig?.close());

  const named = (endpoint) => [...new Set(rig.sink.find({ type: 'group_consumers', type_instance: `group=room,endpoint=${endpoint}` })
    .map((list) => list.plugin_instance))];
  for (const [how, [, name]] of Object.entries(ROOMS))
    test(how, () => assert.ok(named('sfu').some((found) => (name instanceof RegExp ? name.test(found) : name === found)), named('sfu').join('\n')));
  const rowsOf = (router) => [...new Set(rig.sink.find({ type: 'consumers' })
    .filter(({ type_instance: what }) => what.includes(id(`${router} c`))).map((list) => list.plugin_instance))];
  for (const [how, [, name]] of Object.entries(ROOMS))
    test(`${how}, as its rows are`, () => {
      const [row, ...others] = rowsOf(how);
      assert.deepEqual(others, []);
      assert.ok(name instanceof RegExp ? name.test(row) : name === row, row);
      assert.ok(named('sfu').includes(row));
    });
  test('rows by the keys that the operator chose', () => assert.deepEqual(rowsOf('own'), ['salon=bleu']));
  test('rows say what they inherit, and their names', () => {
    const metaOf = (router) => rig.sink.find({ type: 'consumers' })
      .find(({ type_instance: what, meta }) => what.includes(id(`${router} c`)) && meta).meta;
    assert.deepEqual(JSON.parse(metaOf('cleaned').inherited), { roomId: 'Team A/B' });
    assert.deepEqual(JSON.parse(metaOf('by room_id').inherited), { roomId: 42 });
    assert.deepEqual(JSON.parse(metaOf('by room_id').names), { room: '42', roomKey: 'room_id' });
    assert.deepEqual(JSON.parse(metaOf('by roomId').names), { room: 'red' });
    assert.deepEqual(JSON.parse(metaOf('not by an empty text').names), { room: id('not by an empty text') });
    assert.deepEqual(JSON.parse(metaOf('not by an empty text').inherited), { roomId: id('not by an empty text') });
    assert.deepEqual(JSON.parse(metaOf('by its router, without a name').names), { room: id('by its router, without a name') });
  });
  test('as often as there are rooms', () => assert.equal(named('sfu').length, Object.keys(ROOMS).length));
  test('by the keys that the operator chose', () => assert.deepEqual(named('own'), ['salon=bleu']));
});

test('an application without keys for rooms learns once which line to add', async () => {
  const rig = await Rig.open();
  try {
    const rows = [row.worker(0), ...roomOf('red', { meetingId: 'red', displayName: 'bob', server: '[WebRtcServerImpl]' })];
    const fake = await rig.fake('unusual', answer(() => snapshot(rows)));
    const daemon = await rig.collectd({ endpoints: [
      { name: 'unusual', Socket: fake.path, Interval: 0.1, lines: ['AppData "roomId" "peerId"', '<Group "room">\nBy "roomId"\n</Group>'] }] });
    await until(() => daemon.lines(/no object's appData/).length > 0, { what: 'the line' });
    await rig.polls('unusual', 15);
    assert.deepEqual(daemon.lines(/no object's appData/).map((line) => line.replace(/^.*mediasoup: /, '')),
      ['endpoint "unusual": no object\'s appData has the key of AppData "roomId", AppData "peerId", By "roomId"; the keys seen are: ' +
        'displayName, meetingId; add RoomKeys "roomId" "KEY" and ParticipantKeys "peerId" "KEY", with the seen key that names it for KEY; ' +
        'until then a room is called by its router\'s id']);
  } finally {
    await rig.close();
  }
});

test('a key that no object has is said once, with the keys that there are', async () => {
  const rig = await Rig.open();
  try {
    const rows = [row.worker(0), ...roomOf('red', { roomId: 'red', peerName: 'bob', nothing: '[Peer]' })];
    const fake = await rig.fake('wrong', answer(() => snapshot(rows)));
    const lines = ['AppData "roomid" "peerName"', '<Group "room">\nBy "roomId" "kind" "appData:salon"\n</Group>'];
    const daemon = await rig.collectd({ endpoints: [
      { name: 'wrong', Socket: fake.path, Interval: 0.1, lines },
      { name: 'right', Socket: fake.path, Interval: 0.1, lines: ['AppData "roomId"', '<Group "room">\nBy "roomId" "kind"\n</Group>'] }] });
    await until(() => daemon.lines(/no object's appData/).length > 0, { what: 'the line' });
    await rig.polls('wrong', 15);
    assert.deepEqual(daemon.lines(/no object's appData/).map((line) => line.replace(/^.*mediasoup: /, '')),
      ['endpoint "wrong": no object\'s appData has the key of AppData "roomid", By "salon"; the keys seen are: peerName, roomId; ' +
        'correct the key, or set it in the application']);
  } finally {
    await rig.close();
  }
});
