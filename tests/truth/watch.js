// SPDX-License-Identifier: MIT
'use strict';

// What the views say of rooms, reading by reading, while a fault lasts.

const { sleep } = require('../lib/wait.js');

const EVERY = 500; // ms

const STREAMS = ['producers', 'consumers'];

// { workers, producers, consumers } of all rooms.
async function look(meeting) {
  const views = ['workers', ...STREAMS];
  const rows = await Promise.all(views.map((name) => meeting.view(name)));
  return Object.fromEntries(views.map((name, index) => [name, rows[index]]));
}

// What is of one room, and its worker. A room without rows has the worker that it had: `slots` remembers.
function ofRoom(roomId, all, slots = new Map()) {
  const room = Object.fromEntries(STREAMS.map((name) => [name, all[name].filter(({ names }) => names?.room === roomId)]));
  const slot = room.producers[0]?.worker ?? slots.get(roomId);
  slots.set(roomId, slot);
  return { ...room, workers: all.workers.filter(({ worker }) => worker === slot) };
}

// Looks for `seconds`; answers readings for compare.js by room id. `began` is a Map of when each room's fault began (ms).
async function watch(meeting, began, seconds) {
  const readings = new Map([...began.keys()].map((roomId) => [roomId, []])), slots = new Map();
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(EVERY)) {
    const all = await look(meeting), now = Date.now();
    for (const [roomId, since] of began) readings.get(roomId).push({ at: (now - since) / 1000, ...ofRoom(roomId, all, slots) });
  }
  return readings;
}

module.exports = { look, ofRoom, watch };
