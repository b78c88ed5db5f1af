// SPDX-License-Identifier: MIT
'use strict';

// Thousands of consumers that can be checked from the outside: a row's figures all follow from its number and from the
// snapshot that it came with, so that a row of two halves, or one of another object, shows.

const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');

const CONSUMERS = 20000;
const PER_ROOM = 20;
const id = (what) => uuid('load', what);
const numbers = Array.from({ length: CONSUMERS }, (_, n) => n);
const ids = numbers.map((n) => id(`c${n}`));
const roomOf = (n) => Math.floor(n / PER_ROOM);

// The figures of consumer `n` in snapshot `generation`.
const figures = (n, generation) => {
  const packetCount = generation * CONSUMERS + n;
  return { ssrc: n, packetCount, byteCount: 1000 * packetCount, bitrate: 8 * packetCount, jitter: packetCount / 2 };
};

// A behaviour: each request gets the next generation. `fake.served` counts them: the last one served.
function consumersOfEachGeneration() {
  const above = [row.worker(0), row.router(id('r'), 0), row.transport(id('t'), id('r')), row.producer(id('p'), id('t'))];
  return (socket, request, fake) => answer(snapshot([...above, ...numbers.map((n) =>
    row.consumer(ids[n], id('p'), id('t'), { appData: { roomId: `room-${roomOf(n)}` }, stats: figures(n, fake.served) }))]))(socket, request);
}

// What an answer of rows tells: how many different consumers it shows, of which generations, with which timestamps, and
// what of it cannot be. Rows older than the generation before are told as well: their writing did not keep up.
function examine(rows) {
  const times = new Map();
  const problems = [];
  const seen = new Set();
  for (const shown of rows) {
    const n = shown.ssrc;
    const generation = Math.floor(shown.packetCount / CONSUMERS);
    const expected = { ...figures(n, generation), consumerId: ids[n], kind: 'video', producerId: id('p'), transportId: id('t'), routerId: id('r') };
    for (const [key, value] of Object.entries(expected)) {
      if (shown[key] !== value) problems.push(`consumer ${n}: ${key} is ${shown[key]} instead of ${value}`);
    }
    if (shown.appData?.roomId !== `room-${roomOf(n)}`) problems.push(`consumer ${n}: another's appData`);
    if ((times.get(generation) ?? shown.timestamp) !== shown.timestamp) problems.push(`generation ${generation} has two timestamps`);
    times.set(generation, shown.timestamp);
    seen.add(n);
  }
  const generations = [...times.keys()].sort((a, b) => a - b);
  if (generations.at(-1) - generations[0] > 1) problems.push(`generations ${generations}: some rows were left behind`);
  if (seen.size !== rows.length) problems.push(`${rows.length - seen.size} consumers show twice`);
  return { consumers: seen.size, newest: generations.at(-1), timestamp: times.get(generations.at(-1)), problems: problems.slice(0, 5) };
}

module.exports = { CONSUMERS, PER_ROOM, consumersOfEachGeneration, examine, ids, roomOf };
