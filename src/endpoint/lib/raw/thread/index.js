// SPDX-License-Identifier: MIT
'use strict';

// The raw lane's thread. It serves, and makes most of the rows that it serves: a batch of answers comes
// in as the worker sent them, together with the prefixes of the rows; the rows go to the snapshot's
// readers, and their number back to the main thread.
//
// Messages from the main thread; those with a number are answered by { kind: 'result', number, ... } or,
// when anything fails, by { kind: 'result', number, doubt }:
//
//   proof    code, bytes                 one answer         -> stats
//   batch    see raw/worker_part.js      a batch of answers -> counts
//   off                                  the raw lane is off
//   leave                                end at once
//   listen   endpoint, at                begin to serve     -> server, address or error
//   close    server                      stop serving
//   chunk    snapshot, bytes             rows that the main thread has made
//   end      snapshot, state             the snapshot is complete or has failed
//
// Messages to the main thread, besides results:
//
//   ready    methods                            the thread runs
//   ask      server, snapshot, classes, events  a snapshot is wanted
//   abandon  server, snapshot                   it is not wanted any more

const { parentPort, workerData } = require('worker_threads');
const { reason } = require('../../common/errors');
const { Decoder } = require('./decoder');
const { Rendering } = require('./rendering');
const { Serving } = require('./serving');

const post = (message) => parentPort.postMessage(message);
const decoder = new Decoder(workerData.folder);
const rendering = new Rendering(decoder);
const serving = new Serving(post);

const HANDLERS = {
  proof: (message) => rendering.prove(message),
  async batch(message) {
    const { rows, counts } = await rendering.render(message);
    serving.put(message.snapshot, Buffer.from(rows));
    return { counts };
  },
  off: () => rendering.forgetAll(),
  chunk: ({ snapshot, bytes }) => serving.put(snapshot, bytes),
  end: ({ snapshot, state }) => serving.end(snapshot, state),
  listen: (message) => serving.listen(message),
  close: (message) => serving.close(message),
};

// Ends the thread between two requests.
function leave() {
  Atomics.store(workerData.left, 0, 1);
  Atomics.notify(workerData.left, 0);
  process.exit();
}

// Messages are handled one after the other, in order, but for `leave`.
let last = Promise.resolve();
parentPort.on('message', (message) => {
  const { kind, number } = message;
  if (kind === 'leave') leave();
  last = last
    .then(() => HANDLERS[kind](message))
    .catch((error) => ({ doubt: reason(error) }))
    .then((result) => number !== undefined && post({ kind: 'result', number, ...result }));
});
post({ kind: 'ready', methods: decoder.methods });
