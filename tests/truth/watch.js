// SPDX-License-Identifier: MIT
'use strict';

// What the views say of rooms, reading by reading, while a fault lasts.

const { sleep } = require('../lib/wait.js');

const EVERY = 500; // ms

const VIEWS = ['producers', 'consumers'];

// { producers, consumers } of all rooms.
async function look(meeting) {
  const rows = await Promise.all(VIEWS.map((name) => meeting.view(name)));
  return Object.fromEntries(VIEWS.map((name, index) => [name, rows[index]]));
}

const ofRoom = (roomId, all) => Object.fromEntries(VIEWS.map((name) => [name, all[name].filter(({ names }) => names?.room === roomId)]));

// Looks for `seconds`; answers readings for compare.js by room id. `began` is a Map of when each room's fault began (ms).
async function watch(meeting, began, seconds) {
  const readings = new Map([...began.keys()].map((roomId) => [roomId, []]));
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(EVERY)) {
    const all = await look(meeting), now = Date.now();
    for (const [roomId, since] of began) readings.get(roomId).push({ at: (now - since) / 1000, ...ofRoom(roomId, all) });
  }
  return readings;
}

module.exports = { look, ofRoom, watch };
