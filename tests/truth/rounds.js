// SPDX-License-Identifier: MIT
'use strict';

// Does what trials.js says, and has compare.js say whether the rows told the truth. The trials of a round:
//
//   plain     all at once, each in a room of its own
//   browser   one after the other in one room, which recovers in between: a browser costs the machine too much for more
//   worker    all at once, with nothing else on the machine, each in a room on a worker of its own

const { sleep, until } = require('../lib/wait.js');
const { browserRoom } = require('./browser_room.js');
const { compare } = require('./compare.js');
const { plainRoom } = require('./plain_room.js');
const { look, ofRoom, watch } = require('./watch.js');

// For Stack.start. When mediasoup changes a consumer's layer, its score may be bad for two or three seconds, with loss that nobody
// suffers from; two readings in a row, which a cause needs, are further apart than that.
const STACK = { collectd: { interval: 5 } };
const HISTORY = 25; // seconds in which video has as many reports as mediasoup makes a score of
const SECONDS = { plain: 40, browser: 30, worker: 30 }; // that a fault lasts
const PATIENCE = 60000;
// Of four participants: four of audio, and of video alice's layers and one or more of each other; each receives six.
const CONSUMERS = 24, PRODUCERS = 8;

const isWell = ({ producers, consumers }) => new Set(producers.map(({ producerId }) => producerId)).size === PRODUCERS && consumers.length === CONSUMERS &&
  [...producers, ...consumers].every(({ state, bad, cause }) => ['flowing', 'inactive'].includes(state) && !bad && cause === undefined);

const inShort = ({ producers, consumers }) => [...producers, ...consumers].filter(({ state, bad, cause }) => state !== 'flowing' || bad || cause !== undefined)
  .map(({ names, kind, consumerId, state, bad, cause, score }) => `${names.participant} ${consumerId ? 'receives' : 'sends'} ${kind}: ${state}${bad ? ', bad' : ''}, ${cause}, score ${score}`);

// Waits until all streams of these rooms are well.
async function untilWell(meeting, roomIds) {
  let rooms;
  await until(async () => {
    const all = await look(meeting);
    rooms = roomIds.map((roomId) => ofRoom(roomId, all));
    return rooms.every(isWell);
  }, { what: `rooms ${roomIds} to be well`, timeout: PATIENCE, every: 500, detail: () => JSON.stringify(rooms.map((room) => [room.producers.length, room.consumers.length, inShort(room)])) });
}

const told = (trial, readings) => ({ trial, readings, ...compare(trial, readings) });

// What the rooms' rows say while these faults ({ fault, roomId, room }) last.
async function readingsDuring(meeting, faults, seconds) {
  const began = new Map(), ends = [];
  try {
    for (const { fault, roomId, room } of faults) {
      ends.push(await fault(room));
      began.set(roomId, Date.now());
    }
    return await watch(meeting, began, seconds);
  } finally {
    for (const end of ends) await end();
  }
}

// The trials at once, each in a room that `make(trial, roomId)` answers.
async function atOnce(meeting, trials, { seconds, history }, make) {
  const rooms = new Map();
  for (const trial of trials) rooms.set(trial.name, await make(trial, trial.name));
  await untilWell(meeting, [...rooms.keys()]);
  await sleep(history * 1000);
  const readings = await readingsDuring(meeting, trials.map(({ name, fault }) => ({ fault, roomId: name, room: rooms.get(name) })), seconds);
  for (const room of rooms.values()) await room.close();
  return trials.map((trial) => told(trial, readings.get(trial.name)));
}

const plainRound = (meeting, trials) => atOnce(meeting, trials, { seconds: SECONDS.plain, history: HISTORY }, (trial, roomId) => plainRoom(meeting.stack.sfu, roomId));

async function workerRound(meeting, trials) {
  const workers = [];
  try {
    return await atOnce(meeting, trials, { seconds: SECONDS.worker, history: 0 }, async (trial, roomId) => {
      const worker = await meeting.stack.sfu.mediasoup.createWorker({ logLevel: 'error' });
      workers.push(worker);
      return { worker, ...await plainRoom(meeting.stack.sfu, roomId, { worker }) };
    });
  } finally {
    for (const worker of workers) worker.close();
  }
}

async function browserTrial(meeting, trial, room, roomId) {
  await untilWell(meeting, [roomId]);
  const readings = await readingsDuring(meeting, [{ fault: trial.fault, roomId, room }], trial.seconds ?? SECONDS.browser);
  return told(trial, readings.get(roomId));
}

async function browserRound(meeting, trials) {
  const roomId = 'browser', results = [];
  const room = await browserRoom(meeting, roomId);
  for (const trial of trials) results.push(await browserTrial(meeting, trial, room, roomId));
  await room.close();
  (await meeting.room(roomId)).router.close();
  meeting.rooms.delete(roomId);
  return results;
}

const ROUNDS = { plain: plainRound, browser: browserRound, worker: workerRound };

// Does each of `trials` once; answers [{ trial, readings, right, seconds, held, wrong }], as compare.js has them. `progress` is called with
// each kind of trials before it begins.
async function once(meeting, trials, progress = () => {}) {
  const results = [];
  for (const [where, round] of Object.entries(ROUNDS)) {
    const chosen = trials.filter((trial) => trial.where === where);
    if (chosen.length === 0) continue;
    progress(where);
    results.push(...await round(meeting, chosen));
  }
  return results;
}

module.exports = { STACK, once };
