// SPDX-License-Identifier: MIT
'use strict';

// Reads snapshots from every socket of a folder as long as it is there, six at a time without a pause and one every
// 20 ms, and holds each against the schema. Prints what it found when its standard input ends.

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { snapshot } = require('../../src/endpoint/test/helpers/snapshot');

const WITHOUT_PAUSE = 6;
const PAUSE_MS = 20;
const GONE = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

const [, , folder] = process.argv;
const found = { snapshots: 0, rows: {}, lanes: {}, faults: [] };
let ended = false;

const sockets = () => fs.readdirSync(folder).filter((name) => name.endsWith('.sock')).map((name) => path.join(folder, name));

function count({ endpoint, rows }) {
  found.snapshots += 1;
  found.lanes[endpoint.lane] = (found.lanes[endpoint.lane] ?? 0) + 1;
  for (const { row } of rows) found.rows[row] = (found.rows[row] ?? 0) + 1;
}

// An endpoint that closes ends the answers under way; its socket is gone then.
async function mayFail(error, socket) {
  if (!GONE.has(error.code) && error.message !== 'aborted') return false;
  for (let i = 0; i < 50 && fs.existsSync(socket); i += 1) await sleep(PAUSE_MS);
  return !fs.existsSync(socket);
}

async function read(pause) {
  while (!ended) {
    const [socket] = sockets();
    try {
      if (socket !== undefined) count(await snapshot(socket));
    } catch (error) {
      if (!(await mayFail(error, socket))) found.faults.push(`${path.basename(socket)}: ${error.stack.slice(0, 2000)}`);
    }
    await sleep(socket === undefined ? PAUSE_MS : pause);
  }
}

process.stdin.resume().on('end', () => { ended = true; });
const readers = Array.from({ length: WITHOUT_PAUSE }, () => read(0));
Promise.all([...readers, read(PAUSE_MS)]).then(() => process.stdout.write(JSON.stringify(found)));
