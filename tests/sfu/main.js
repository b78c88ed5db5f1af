// SPDX-License-Identifier: MIT
'use strict';

// The application behind ./demo: rooms in which participants talk, one viewer comes and goes, and one room has a
// bad network. Ends on SIGTERM, SIGINT, and when whoever started it has gone.
//
//   MEDIASOUP_DIR   a directory with mediasoup in its node_modules
//   SFU_SOCKET      where the control endpoint is to listen
//   SFU_WORKERS, SFU_ROOMS   2 and 4 when not set
//   SFU_FAULTS      1: what is in faults.js happens too, for which 4 rooms are needed; the worker is killed after
//   SFU_KILL_AFTER  seconds, 60 when not set

const { serve } = require('../../src/endpoint');
const { addFaults } = require('./faults.js');
const { fillRoom } = require('./fill_room.js');
const { Sfu, loadMediasoup } = require('./sfu.js');

const WORKERS = Number(process.env.SFU_WORKERS || 2);
const ROOMS = Number(process.env.SFU_ROOMS || 4);
const KILL_AFTER = 1000 * Number(process.env.SFU_KILL_AFTER || 60); // ms
const VISIT = 20000; // ms that the viewer stays, and is away

// dave looks into one room after the other, and takes two streams each time.
async function visit(sfu, rooms) {
  for (let turn = 0; ; turn += 1) {
    const room = rooms[turn % rooms.length];
    const wanted = [...room.publications].slice(-2);
    const taken = await Promise.all(wanted.map(({ producer }) => room.subscribe(producer, { peerId: 'dave' })));
    await new Promise((done) => setTimeout(done, VISIT));
    await Promise.all(taken.map((subscription) => subscription.close()));
    await new Promise((done) => setTimeout(done, VISIT));
  }
}

async function main() {
  const mediasoup = loadMediasoup(process.env.MEDIASOUP_DIR || '.');
  const endpoint = await serve({ socket: process.env.SFU_SOCKET, mediasoup });
  const sfu = await Sfu.create({ mediasoup, workers: WORKERS });
  const end = async (code) => {
    await Promise.allSettled([endpoint.close(), sfu.close()]);
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(signal, () => end(0));

  const rooms = [];
  for (let index = 0; index < ROOMS; index += 1) {
    const room = await sfu.addRoom(`room-${index + 1}`);
    await fillRoom(room, index);
    rooms.push(room);
  }
  const [first] = rooms;
  const chat = await first.openChat();
  setInterval(() => { if (!chat.dataProducer.closed) chat.send(`it is ${new Date().toISOString()}`); }, 1000);
  if (process.env.SFU_FAULTS === '1') await addFaults(sfu, rooms, { killAfter: KILL_AFTER });
  sfu.start();
  visit(sfu, rooms).catch((error) => console.error(`the viewer stays away: ${error.message}`));
  console.log(`mediasoup ${mediasoup.version}: ${sfu.workers.length} workers, ${sfu.rooms.length} rooms, ${sfu.publications.length} producers, ` +
    `${sfu.subscriptions.length} consumers with RTP`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
