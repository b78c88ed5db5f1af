// SPDX-License-Identifier: MIT
'use strict';

// Looks for workers that were created before serve(). They would stay invisible, because mediasoup's
// observers do not replay, and an endpoint that shows half of an SFU is worse than none. They are found
// among the children of this process, which Linux lists.

const { promises: fs, readlinkSync } = require('fs');
const path = require('path');
const { performance } = require('perf_hooks');
const { EndpointError, warn } = require('../common/errors');
const limits = require('../common/limits');
const { readProcess } = require('../snapshot/usage');
const { knownPids } = require('../tree/trees');

const LOOK_AGAIN_MS = 50;
// Between two looks of UnseenWatch.
const PAUSE_MS = 1000;
// The kernel keeps this much of a command's name.
const COMMAND_CHARS = 15;
const SHOWN_PIDS = 8;

// Returns the children of this thread: those of other threads may be watched there. The link says which
// thread reads it, so it is read synchronously.
async function children() {
  const thread = readlinkSync('/proc/thread-self');
  return (await fs.readFile(`/proc/${thread}/children`, 'latin1')).split(/\s+/).filter(Boolean).map(Number);
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

function commands() {
  return ['mediasoup-worker', path.basename(process.env.MEDIASOUP_WORKER_BIN || '')]
    .filter((name) => name !== '')
    .map((name) => name.slice(0, COMMAND_CHARS));
}

// Returns the pids of workers that no tree watches: those that are `older` than `began`, and those for
// which that is `doubtful`. A clearly younger one is being created just now and will be watched.
async function unseenWorkers(began) {
  const names = commands();
  const unseen = { older: [], doubtful: [] };
  for (const pid of await children()) {
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

// Notices workers that another copy of mediasoup creates later.
class UnseenWatch {
  constructor() {
    // When workers that no tree watches were first noticed, by their pids.
    this.since = new Map();
    this.hasWarned = false;
    this.looked = -Infinity;
  }

  // To be called at each snapshot; looks once a second at most. Warns once of workers that stay unseen. One that
  // has just begun is soon watched, and one that is closing soon gone. Never rejects.
  async look(now = performance.now()) {
    if (this.hasWarned || now - this.looked < PAUSE_MS) return;
    this.looked = now;
    try {
      const known = knownPids();
      const unknown = (await children()).filter((pid) => !known.has(pid));
      for (const pid of this.since.keys()) if (!unknown.includes(pid)) this.since.delete(pid);
      for (const pid of unknown) {
        if (this.since.has(pid) || (await isWorker(pid, commands()))) await this.notice(pid, now);
      }
    } catch (error) {
      // There is no /proc.
    }
  }

  async notice(pid, now) {
    if (!this.since.has(pid)) this.since.set(pid, now);
    if (this.hasWarned || now - this.since.get(pid) < limits.STARTING_WORKERS_MS) return;
    this.hasWarned = true;
    const pids = [...this.since.keys()].slice(0, SHOWN_PIDS);
    warn(
      'WARN_WORKERS_UNSEEN',
      `mediasoup workers (${pids.join(', ')}) are missing from snapshots: another copy of mediasoup has created them, ` +
        'for example one in a bundle or in a dependency; pass the copy that creates the workers: ' +
        "serve({ mediasoup: require('mediasoup') }) from the same file"
    );
  }
}

module.exports = { checkForUnseen, UnseenWatch };
