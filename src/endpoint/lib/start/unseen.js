// SPDX-License-Identifier: MIT
'use strict';

// Workers that were created before serve() are invisible: mediasoup's observers do not replay. An
// endpoint that shows half of an SFU is worse than none, so this looks for them the only way there
// is, among the children of the process, on Linux.

const fs = require('fs').promises;
const path = require('path');
const { performance } = require('perf_hooks');
const { EndpointError } = require('../errors');
const limits = require('../limits');
const { knownPids } = require('../tree');
const { readProcess } = require('../snapshot/usage');

const LOOK_AGAIN_MS = 50;
// The kernel keeps so much of a command's name.
const COMMAND_CHARS = 15;

async function childrenOf(pid) {
  const threads = await fs.readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    threads.map((thread) => fs.readFile(`/proc/${pid}/task/${thread}/children`, 'latin1').catch(() => ''))
  );
  return lists.join(' ').split(/\s+/).filter(Boolean).map(Number);
}

async function isWorker(pid, names) {
  try {
    const stat = await fs.readFile(`/proc/${pid}/stat`, 'latin1');
    const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const state = stat[stat.lastIndexOf(')') + 2];
    return state !== 'Z' && names.includes(command);
  } catch (error) {
    return false;
  }
}

// The workers nobody watches: those that are older than `began`, and those of which that cannot be told. One that is
// clearly younger is being created by somebody who waits for it, and will be known.
async function unseenWorkers(began) {
  const names = ['mediasoup-worker', path.basename(process.env.MEDIASOUP_WORKER_BIN || '')]
    .filter((name) => name !== '')
    .map((name) => name.slice(0, COMMAND_CHARS));
  const unseen = { older: [], doubtful: [] };
  for (const pid of await childrenOf('self')) {
    if (!(await isWorker(pid, names))) continue;
    const reading = readProcess(pid);
    if (reading === undefined) continue;
    const olderByMs = reading.elapsedMs - (performance.now() - began);
    if (olderByMs > limits.WORKER_AGE_SLACK_MS) unseen.older.push(pid);
    else if (olderByMs > -limits.WORKER_AGE_SLACK_MS) unseen.doubtful.push(pid);
  }
  const known = knownPids();
  const isUnknown = (pid) => !known.has(pid);
  return { older: unseen.older.filter(isUnknown), doubtful: unseen.doubtful.filter(isUnknown) };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Rejects when there are workers nobody watches. One that closes has a moment to go, and one that may have been
// created just now the time that a worker takes to start.
async function checkForUnseen() {
  const began = performance.now();
  let unseen;
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    try {
      unseen = await unseenWorkers(began);
    } catch (error) {
      // No /proc, no answer.
      return;
    }
    if (unseen.older.length + unseen.doubtful.length === 0) return;
    if (waited >= (unseen.older.length > 0 ? limits.CLOSING_WORKERS_MS : limits.STARTING_WORKERS_MS)) break;
    await pause(LOOK_AGAIN_MS);
  }
  const pids = [...unseen.older, ...unseen.doubtful];
  throw new EndpointError(
    'ERR_WORKERS_EXIST',
    `${pids.length} mediasoup workers (${pids.slice(0, 8).join(', ')}) were created before serve() ` +
      'and cannot be watched: call serve() before the first createWorker()'
  );
}

module.exports = { checkForUnseen };
