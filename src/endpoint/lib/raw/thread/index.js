// SPDX-License-Identifier: MIT
'use strict';

// The thread of the raw lane: it serves, and makes the rows that it serves. A batch comes in: the worker's
// answers as it sent them, and the text the main thread has for each row. The rows go to those who read the
// snapshot; how many they are, or what was in doubt, is the answer.

const { parentPort, workerData } = require('worker_threads');
const { reason } = require('../../errors');
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

let last = Promise.resolve();
parentPort.on('message', (message) => {
  const { kind, number } = message;
  last = last
    .then(() => HANDLERS[kind](message))
    .catch((error) => ({ doubt: reason(error) }))
    .then((result) => number !== undefined && post({ kind: 'result', number, ...result }));
});
post({ kind: 'ready', methods: decoder.methods });
