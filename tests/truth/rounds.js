// SPDX-License-Identifier: MIT
'use strict';

// Does what trials.js says, and has compare.js say whether the rows told the truth. There are four lanes:
//
//   plain     all trials of a round at once, each in a room of its own
//   browser   one trial after the other in one room, which recovers in between: a browser costs the machine too much for more
//   control   rooms of both kinds beside each other, on a worker of their own, to which nothing is done for long
//   worker    one starved worker and one beside it, each with a room; nothing else is done meanwhile
//
// The first three run beside each other.

const { sleep, until } = require('../lib/wait.js');
const { browserRoom } = require('./browser_room.js');
const { compare } = require('./compare.js');
const { plainRoom } = require('./plain_room.js');
const { udpDrops } = require('./udp_drops.js');
const { look, ofRoom, watch } = require('./watch.js');

// For Stack.start. When mediasoup changes a consumer's layer, its score may be bad for two or three seconds, with loss that nobody
// suffers from; two readings in a row, which a cause needs, are further apart than that.
// A dozen rooms are 500 objects of one worker. On a busy machine each answer takes some ten milliseconds, so many are asked for at once.
const STACK = { collectd: { interval: 5 }, endpoint: { window: 256 } };
const HISTORY = 25; // seconds in which video has as many reports as mediasoup makes a score of
const SECONDS = { plain: 40, browser: 30, control: 30, worker: 20 }; // that a fault lasts
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

// Does to each room of `places` ({ trial, roomId, room }) at once what its trial says; answers the results.
async function during(meeting, places, seconds) {
  await untilWell(meeting, places.map(({ roomId }) => roomId));
  const drops = udpDrops();
  const readings = await readingsDuring(meeting, places.map(({ trial: { fault }, roomId, room }) => ({ fault, roomId, room })), seconds);
  const dropped = udpDrops() - drops;
  return places.map(({ trial, roomId }) => ({ trial, readings: readings.get(roomId), dropped, ...compare(trial, readings.get(roomId)) }));
}

const closeAll = (places) => Promise.all(places.map(({ room }) => room.close()));

// A place for each of the trials, whose room `make(trial, roomId)` answers.
async function placesFor(trials, tag, make) {
  const places = [];
  for (const trial of trials) places.push({ trial, roomId: `${trial.name}-${tag}`, room: await make(trial, `${trial.name}-${tag}`) });
  return places;
}

async function plainRound(meeting, trials, tag) {
  const places = await placesFor(trials, tag, (trial, roomId) => plainRoom(meeting.stack.sfu, roomId));
  try {
    await untilWell(meeting, places.map(({ roomId }) => roomId));
    await sleep(HISTORY * 1000);
    return await during(meeting, places, SECONDS.plain);
  } finally {
    await closeAll(places);
  }
}

async function browserRound(meeting, trials, tag) {
  const roomId = `browser-${tag}`, results = [];
  const room = await browserRoom(meeting, roomId);
  try {
    for (const trial of trials) results.push(...await during(meeting, [{ trial, roomId, room }], trial.seconds ?? SECONDS.browser));
    return results;
  } finally {
    await room.close();
  }
}

// Calls `use` with a function that begins a worker; these end with it.
async function withWorkers({ stack: { sfu: { mediasoup } } }, use) {
  const workers = [];
  const begin = async () => {
    workers.push(await mediasoup.createWorker({ logLevel: 'error' }));
    return workers.at(-1);
  };
  try {
    return await use(begin);
  } finally {
    for (const worker of workers) worker.close();
  }
}

const controlRound = (meeting, trials, tag) => withWorkers(meeting, async (begin) => {
  const worker = await begin();
  const places = await placesFor(trials, tag, ({ room }, roomId) => (room === 'browser' ? browserRoom(meeting, roomId, { worker }) : plainRoom(meeting.stack.sfu, roomId, { worker })));
  try {
    return await during(meeting, places, Math.max(...trials.map(({ seconds = SECONDS.control }) => seconds)));
  } finally {
    await closeAll(places);
  }
});

const workerRound = (meeting, trials, tag) => withWorkers(meeting, async (begin) => {
  const places = await placesFor(trials, tag, async (trial, roomId) => {
    const worker = await begin();
    return { worker, ...await plainRoom(meeting.stack.sfu, roomId, { worker }) };
  });
  try {
    return await during(meeting, places, SECONDS.worker);
  } finally {
    await closeAll(places);
  }
});

const BESIDE = { plain: plainRound, browser: browserRound, control: controlRound };
const ALONE = { worker: workerRound };

// A lane's rounds, one after the other, until each trial was done often enough. `done` is called with each round's results. Rooms that do
// not get well say nothing of the rows that a trial would have had: `again(error)` says whether to try again, or throws.
async function lane(meeting, where, round, trials, { tag, timesOf, done, again }) {
  for (let number = 1; ; number += 1) {
    const left = trials.filter((trial) => trial.where === where && number <= timesOf(trial));
    if (left.length === 0) return;
    let results;
    for (let attempt = 1; results === undefined; attempt += 1)
      results = await round(meeting, left, `${tag}${number}.${attempt}`).catch(again);
    done(results, number);
  }
}

const raise = (error) => { throw error; };
const LETTERS = 'abcdefgh';

// Does each of `trials` `times`, in up to `rooms` rooms of the same trial at once. `done(results, number)` gets what a round has found:
// [{ trial, readings, dropped, right, seconds, held, wrong }], as compare.js has them; `dropped` are packets that the
// system itself dropped.
// `alone()` is called before the trials that need the machine for themselves. `letters` begin the names of the rooms: who does
// trials once more gives others.
async function doAll(meeting, trials, { times = 1, rooms = 1, done, again = raise, alone = () => {}, letters = LETTERS }) {
  const shares = Array.from({ length: rooms }, (_, index) => Math.floor((times + rooms - 1 - index) / rooms));
  const lanes = (kinds, count) => Object.entries(kinds).flatMap(([where, round]) => shares.slice(0, count).map((share, index) => {
    const often = count === 1 ? times : share;
    const timesOf = (trial) => (trial.times === undefined ? often : index === 0 ? Math.min(often, trial.times) : 0);
    return lane(meeting, where, round, trials, { tag: letters[index], timesOf, done, again });
  }));
  await Promise.all(lanes(BESIDE, rooms));
  alone();
  await Promise.all(lanes(ALONE, 1));
}

module.exports = { STACK, doAll };
