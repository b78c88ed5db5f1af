// SPDX-License-Identifier: MIT
'use strict';

// What goes wrong in ./demo, one thing a room, so that the page and the views can be seen to find it. `FAULTS` is also
// what the demo prints and what its test expects.

const { setTimeout: sleep } = require('node:timers/promises');
const { fillRoom } = require('./fill_room.js');

const LOST = 0.25; // of all packets; with 8 % streams score about 7, which is not bad yet
const KNOCKS = 60000; // ms that who cannot connect keeps trying before the application gives up; 30 s count as stuck
const PAUSE = 5000; // ms until the next attempt, or until the application replaces what has died
const FINGERPRINT = { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') }; // of a certificate that nobody has

const FAULTS = [
  { roomId: 'room-1', peerId: 'grace', what: 'receives badly: her downlink loses a quarter of the packets', cause: 'receiver' },
  { roomId: 'room-2', peerId: 'frank', what: 'sends badly: his uplink loses a quarter of the packets, and all who listen to him miss them', cause: 'sender' },
  { roomId: 'room-3', what: 'everybody receives badly' },
  { roomId: 'room-4', peerId: 'heidi', what: 'cannot connect: connecting at first, stuck after 30 s; half a minute later she tries anew' },
  { roomId: 'room-5', what: 'its worker is killed a minute after the start; the application begins another' },
  { peerId: 'dave', what: 'comes and goes, each time to another room' },
];
const [GRACE, FRANK, , HEIDI, CRASH] = FAULTS;

// Speaks to the room's first listeners over a line that loses packets.
async function addBadUplink(room, { peerId }) {
  for (const kind of ['audio', 'video']) {
    const { producer } = await room.publish(kind, { peerId, loss: LOST });
    for (const listener of ['alice', 'bob']) await room.subscribe(producer, { peerId: listener });
  }
}

// Listens to all of the room over a line that loses packets.
async function addBadDownlink(room, { peerId }) {
  for (const { producer } of [...room.publications]) await room.subscribe(producer, { peerId, roundTripTime: 180, loss: LOST });
}

// Asks to connect and never does, as somebody whose network blocks the server's ports.
async function knock(room, { peerId }) {
  const producers = [...room.publications].slice(0, 1).map(({ producer }) => producer);
  for (;;) {
    const { transport } = await room.subscribeOverWebRtc(producers, { peerId });
    await transport.connect({ dtlsParameters: { role: 'client', fingerprints: [FINGERPRINT] } });
    await sleep(KNOCKS);
    transport.close();
    await sleep(PAUSE);
  }
}

// A room on a worker of its own.
async function openRoom(sfu, { roomId }) {
  const worker = await sfu.addWorker();
  const room = await sfu.addRoom(roomId, { worker });
  await fillRoom(room, 0);
  return { worker, room };
}

// Kills the room's worker after `delay` ms, and does what an application does then.
async function crash(sfu, { worker, room }, delay) {
  await sleep(delay);
  const died = new Promise((done) => worker.once('died', done));
  process.kill(worker.pid, 'SIGKILL');
  const { message } = await died;
  console.error(`the worker of ${room.roomId} died: ${message}`);
  await sfu.forget(worker);
  await sleep(PAUSE);
  const { room: anew } = await openRoom(sfu, CRASH);
  anew.start();
}

// Adds all of it to the rooms of the demo; the worker is killed `killAfter` ms later.
async function addFaults(sfu, rooms, { killAfter }) {
  const roomOf = ({ roomId }) => rooms.find((room) => room.roomId === roomId);
  const complain = (error) => console.error(`a fault of the demo has stopped: ${error.message}`);
  await addBadDownlink(roomOf(GRACE), GRACE);
  await addBadUplink(roomOf(FRANK), FRANK);
  knock(roomOf(HEIDI), HEIDI).catch(complain);
  crash(sfu, await openRoom(sfu, CRASH), killAfter).catch(complain);
}

module.exports = { FAULTS, addFaults };
