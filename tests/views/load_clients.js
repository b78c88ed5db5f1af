// SPDX-License-Identifier: MIT
'use strict';

// A thread of clients that ask for /consumers again and again, each in a loop of its own, and report on every answer.
// They end when they are told to, each after its answer under way.

const { parentPort, workerData } = require('node:worker_threads');
const { request, text } = require('./client.js');
const { examine } = require('./consumers.js');

let ended = false;
parentPort.once('message', () => { ended = true; });

async function ask(client) {
  const headers = client % 2 ? { 'Accept-Encoding': 'gzip' } : {};
  const answer = await request(workerData.target, '/consumers', { headers });
  if (answer.status !== 200) return { problems: [`status ${answer.status}`] };
  return examine(JSON.parse(text(answer)));
}

async function loop(client) {
  while (!ended) {
    const report = await ask(client).catch((error) => ({ problems: [error.message] }));
    parentPort.postMessage({ client, ...report });
  }
}

Promise.all(workerData.clients.map(loop)).then(() => parentPort.close());
