// SPDX-License-Identifier: MIT
'use strict';

// Applications that nobody changed for collectd: their rooms have names in /metrics, in Prometheus' recording rules, in
// the dashboards' variable, in alerts and in the views, and rows have the same names as groups. The log says what to add.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { dashboards, queriesOf, substituted } = require('../lib/dashboards.js');
const { Application } = require('./application.js');

// What a label has for a text that an identifier cannot hold: its hash ends it.
const TEAM = /^Team A_B~[0-9a-f]{16}$/;
const KEYS = 'RoomKeys "roomId" "meetingId" "room"\nParticipantKeys "peerId" "displayName"';
const LINE = /no object's appData has the key of/;

// rooms(routerIds): the rooms' exact names; the first has a bad network. said: what the log says, once, after the names of
// the keys; undefined: nothing. peers: those of the consumers, in the rooms' order. roomKeys, peerKey: the keys that
// name them.
const CASES = {
  bare: {
    rooms: (ids) => ids,
    said: 'AppData "roomId", AppData "peerId", By "roomId"; the keys seen are: none; set them in the appData of the ' +
      'application\'s routers and transports; until then a room is called by its router\'s id',
  },
  unusual: { lines: KEYS, rooms: () => ['Team A/B', 'hall'], roomKeys: ['meetingId', 'room'], peers: ['ben', 'ben'], peerKey: 'displayName' },
  classes: {
    rooms: (ids) => ids,
    said: 'AppData "roomId", AppData "peerId", By "roomId"; the keys seen are: consuming, producing; add RoomKeys "roomId" "KEY" and ' +
      'ParticipantKeys "peerId" "KEY", with the seen key that names it for KEY; until then a room is called by its router\'s id',
  },
};

const unique = (samples, label = 'roomId') => [...new Set(samples.map(({ labels }) => labels[label]))].sort();

// The labels roomId of the series of a family in /metrics.
function roomsOf(exposition, family) {
  const found = exposition.split('\n').filter((line) => line.startsWith(`${family}{`) && !/group="all"/.test(line));
  return [...new Set(found.map((line) => /roomId="([^"]*)"/.exec(line)?.[1]))].sort();
}

for (const [name, { lines, rooms, roomKeys, said, peers, peerKey }] of Object.entries(CASES))
  describe(`an application: ${name}`, () => {
    let application, exact, labels;
    const same = (found) => JSON.stringify(found) === JSON.stringify(labels);

    before(async () => {
      application = await Application.start(name, { lines });
      exact = [...rooms(application.routerIds)];
      const all = await application.query('mediasoup_group_consumers_streams{group="room"}', (samples) => samples.length === 2);
      labels = unique(all);
    });
    after(() => application?.stop());

    test('its groups are called as its rooms are', () => {
      const expected = exact.map((room) => (room === 'Team A/B' ? TEAM : new RegExp(`^${room}$`)));
      for (const pattern of expected) assert.ok(labels.some((label) => pattern.test(label)), `${pattern}: ${labels}`);
    });

    test('its rows have the rooms of their groups', async () => {
      for (const rows of ['routers_transports', 'transports_bytes_sent', 'producers_score', 'consumers_score'])
        await application.query(`mediasoup_${rows}`, (samples) => samples.length >= 2 && (name === 'unusual' && rows === 'routers_transports' || same(unique(samples))));
    });

    test('/metrics has the rooms\' exact names, in groups and in rows', async () => {
      const found = await application.until(() => application.get('metrics'),
        (text) => roomsOf(text, 'mediasoup_group_consumers_streams').length === 2, 'the groups in /metrics');
      for (const family of ['mediasoup_group_consumers_streams', 'mediasoup_group_producers_streams', 'mediasoup_consumers_score', 'mediasoup_producers_score'])
        assert.deepEqual(roomsOf(found, family), [...exact].sort(), family);
    });

    test('recording rules have them', async () => {
      for (const rule of ['mediasoup:group_packets:rate5m', 'mediasoup:group_streams:avg5m'])
        await application.query(`${rule}{group="room"}`, (samples) => same(unique(samples)));
    });

    test('the variable of the dashboard for a room has them, and each of its queries about a room finds that room', async () => {
      const { dashboard } = dashboards.find(({ file }) => file === 'room.json');
      const queries = queriesOf(dashboard);
      const { expression } = queries.find(({ name: of }) => of === 'variable roomId');
      const values = { instance: 'testhost', endpoint: '.*', __rate_interval: '20s', __range: '5m' };
      assert.deepEqual(unique(await application.query(substituted(expression, values))), labels);
      const ofGroups = queries.filter(({ expression: query }) => /group_consumers_\w+\{[^}]*\$roomId/.test(query));
      assert.ok(ofGroups.length > 2, `${ofGroups.length} queries`);
      for (const roomId of labels)
        for (const { expression: query } of ofGroups) await application.query(substituted(query, { ...values, roomId }));
    });

    test('the alert names the room with the bad network', async () => {
      const fires = await application.until(() => application.prometheus.alerts(),
        (alerts) => alerts.some((alert) => alert.name === 'MediasoupRoomLossHigh' && alert.state === 'firing'), 'MediasoupRoomLossHigh');
      const { labels: { roomId } } = fires.find((alert) => alert.name === 'MediasoupRoomLossHigh');
      if (name === 'unusual') assert.match(roomId, TEAM);
      else assert.equal(roomId, application.routerIds[0]);
      const [worst] = await application.rows(`consumers?appData.roomId=${encodeURIComponent(roomId)}&worst=20`, 1);
      assert.deepEqual([worst.routerId, worst.names.room], [application.routerIds[0], exact[0]], 'the view that the alert names');
    });

    test('/routers, the streams and the worst ranks say the same room and participant', async () => {
      const routers = await application.rows('routers', 2);
      assert.deepEqual(routers.map(({ routerId }) => routerId).sort(), [...application.routerIds].sort());
      const apart = (rows) => new Set(rows.map(({ routerId }) => routerId)).size === 2; // not while the ranks change places
      const ranks = await application.until(() => application.view('worst_consumers'), apart, 'two ranks');
      const streams = await application.rows('consumers', 2);
      for (const [index, routerId] of application.routerIds.entries()) {
        const of = (rows) => rows.find((row) => row.routerId === routerId);
        const expected = { room: exact[index], ...(roomKeys && { roomKey: roomKeys[index] }),
          ...(peers && { participant: peers[index], participantKey: peerKey }) };
        assert.deepEqual(of(streams).names, expected);
        assert.deepEqual(of(ranks).names, expected);
        assert.deepEqual(of(ranks).inherited, of(streams).inherited);
        assert.deepEqual(of(streams).inherited, { roomId: exact[index], ...(peers && { peerId: peers[index] }) });
        if (!(name === 'unusual' && index === 1)) assert.equal(of(routers).names.room, exact[index]);
        const asked = await application.rows(`consumers?worst=5&fields=inherited,names,consumerId&appData.roomId=${encodeURIComponent(exact[index])}`, 1);
        assert.deepEqual(asked, [{ consumerId: of(streams).consumerId, inherited: of(streams).inherited, names: expected }]);
        const [rank] = await application.rows(`worst_consumers?appData.roomId=${encodeURIComponent(exact[index])}`, 1);
        assert.equal(rank.routerId, routerId);
      }
    });

    test('/participants has who sends and who gets in each room, by name or by transport', async () => {
      const hears = (rows, index) => rows.find(({ routerIds: [id], downlinkStreams }) => id === application.routerIds[index] && downlinkStreams === 1);
      const rows = await application.until(() => application.view('participants'), (found) => found.length === 4 &&
        found.every((one) => one.uplinkStreams + one.downlinkStreams === 1) && hears(found, 0)?.downlinkLossRatio > 0.1, 'four participants');
      for (const [index, routerId] of application.routerIds.entries()) {
        const here = rows.filter(({ routerIds }) => routerIds.length === 1 && routerIds[0] === routerId);
        assert.equal(here.length, 2);
        for (const { room, roomKey, participantKey, participant, transportIds, uplinkStreams, downlinkStreams, uplinkScore, downlinkScore, quality } of here) {
          assert.deepEqual([room, roomKey], [exact[index], roomKeys?.[index] ?? 'router']);
          assert.deepEqual([participantKey, participant], peers ? [peerKey, uplinkStreams ? 'ann' : peers[index]] : ['transport', transportIds[0]]);
          assert.equal(uplinkScore === undefined, downlinkStreams === 1);
          assert.equal(quality, (uplinkScore ?? downlinkScore) > 5 ? 'good' : 'bad');
        }
        assert.equal(hears(rows, index).downlinkLossRatio > 0.1, index === 0);
      }
    });

    test('the log says once which keys there are and what to add, or nothing', async () => {
      if (said) await application.until(() => application.collectd.lines(LINE), (found) => found.length > 0, 'the line');
      const found = application.collectd.lines(LINE).map((line) => line.replace(/^.*the key of /, ''));
      assert.deepEqual(found, said ? [said] : []);
      assert.deepEqual(application.collectd.complaints().filter((line) => !LINE.test(line)), []);
      assert.equal(application.output, '');
    });
  });
