// SPDX-License-Identifier: MIT
'use strict';

// Looks for workers that were created before serve(). They would stay invisible, because mediasoup's
// observers do not replay, and an endpoint that shows half of an SFU is worse than none. They are found
// among the children of this process, which Linux lists.

const fs = require('fs').promises;
const path = require('path');
const { performance } = require('perf_hooks');
const { EndpointError } = require('../common/errors');
const limits = require('../common/limits');
const { readProcess } = require('../snapshot/usage');
const { knownPids } = require('../tree/trees');

const LOOK_AGAIN_MS = 50;
// The kernel keeps this much of a command's name.
const COMMAND_CHARS = 15;
const SHOWN_PIDS = 8;

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

// Returns the pids of workers that no tree watches: those that are `older` than `began`, and those for
// which that is `doubtful`. A clearly younger one is being created just now and will be watched.
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

// Rejects with an EndpointError when there are workers that no tree watches. One that is closing gets a
// moment to exit, and one that may have been created just now gets the time a worker takes to start.
// Resolves where there is no /proc.
async function checkForUnseen() {
  const began = performance.now();
  let unseen;
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    try {
      unseen = await unseenWorkers(began);
    } catch (error) {
      return;
    }
    if (unseen.older.length + unseen.doubtful.length === 0) return;
    if (waited >= (unseen.older.length > 0 ? limits.CLOSING_WORKERS_MS : limits.STARTING_WORKERS_MS)) break;
    await pause(LOOK_AGAIN_MS);
  }
  const pids = [...unseen.older, ...unseen.doubtful];
  throw new EndpointError(
    'ERR_WORKERS_EXIST',
    `${pids.length} mediasoup workers (${pids.slice(0, SHOWN_PIDS).join(', ')}) were created before serve() ` +
      'and cannot be watched: call serve() before the first createWorker()'
  );
}

module.exports = { checkForUnseen };
