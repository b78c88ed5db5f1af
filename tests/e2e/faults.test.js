// SPDX-License-Identifier: MIT
'use strict';

// What ./demo says one should look for is to be seen in the views, and nobody else is blamed for it.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { FAULTS } = require('../sfu/faults.js');
const { Demo } = require('./demo.js');

const KILL_AFTER = 30; // seconds: collectd reads the room before
const of = (name) => FAULTS.find(({ peerId, roomId }) => peerId === name || roomId === name);
// A view's URL for who is in a room.
const url = (view, names) => `${view}?${Object.entries(names).map(([key, name]) => `appData.${key}=${name}`).join('&')}`;
const urlOf = (view, { roomId, peerId }) => url(view, { roomId, peerId });

let demo;
before(async () => {
  demo = await Demo.start({ faults: KILL_AFTER });
});
after(() => demo?.stop());

// Waits until all streams of who has a fault are bad for its cause, and no other of the room is: [streams, others].
async function blamed(view, { roomId, peerId, cause }) {
  const sorted = (rows) => [rows.filter(({ names }) => names.participant === peerId), rows.filter(({ names }) => names.participant !== peerId)];
  const rows = await demo.until(url(view, { roomId }), (found) => {
    const [streams, others] = sorted(found);
    return streams.length > 0 && streams.every((row) => row.bad && row.cause === cause) && others.every(({ bad }) => !bad);
  }, `only ${peerId}'s ${view} to be bad`);
  return sorted(rows).map(({ length }) => length);
}

// Waits until /participants says this of who has a fault.
const isSaid = (fault, figures) => demo.until(`participants?room=${fault.roomId}&participant=${fault.peerId}`,
  ([row]) => row && Object.entries(figures).every(([key, value]) => row[key] === value), `${fault.peerId} to be ${JSON.stringify(figures)}`);

const isHeidi = (state) => demo.until(urlOf('transports', of('heidi')),
  (rows) => rows.length === 1 && rows[0].connection === state, `heidi's transport to be ${state}`);

test('who cannot connect is connecting at first', () => isHeidi('connecting'));

test('the worker that is killed counts as dead, and its room is back on another', async () => {
  const { roomId } = of('room-5');
  const [{ routerId }] = await demo.until(url('routers', { roomId }), (rows) => rows.length === 1, 'the room');
  await demo.until('endpoint', ([row]) => row?.workerDeaths === 1, 'the worker to die');
  await demo.until('events', (events) => events.some(({ kind }) => kind === 'worker_died'), 'its death to be an event');
  await demo.until(url('routers', { roomId }), (rows) => rows.length === 1 && rows[0].routerId !== routerId, 'the room on another worker');
  await demo.until(`${url('producers', { roomId })}&state=flowing`, (rows) => rows.length === 6, 'all of its streams to flow');
  assert.match(demo.output, /the worker of room-5 died/);
});

test('who has a bad uplink is a bad sender, and nobody else in the room is', async () => {
  const [streams, others] = await blamed('producers', of('frank'));
  assert.equal(streams, 2);
  assert.ok(others >= 6, `${others} streams`);
  await isSaid(of('frank'), { quality: 'bad', uplinkStreamsBad: 2, uplinkCause: 'sender', downlinkStreamsBad: 0 });
});

test('who has a bad downlink is a bad receiver, and nobody else in the room is', async () => {
  const [streams, others] = await blamed('consumers', of('grace'));
  assert.equal(streams, 4);
  assert.ok(others >= 8, `${others} streams`);
  await isSaid(of('grace'), { quality: 'bad', downlinkStreamsBad: 4, downlinkCause: 'receiver', uplinkStreams: 0 });
});

test('who cannot connect is stuck half a minute later', async () => {
  await isHeidi('stuck');
  await isSaid(of('heidi'), { connection: 'stuck' });
});

test('the viewer comes and goes', async () => {
  const { peerId } = of('dave');
  await demo.until(url('consumers', { peerId }), (rows) => rows.length > 0, 'dave to come');
  await demo.until(url('consumers', { peerId }), (rows) => rows.length === 0, 'dave to go');
});

test('collectd has nothing to complain of', () => assert.deepEqual(demo.collectd.complaints(), []));
