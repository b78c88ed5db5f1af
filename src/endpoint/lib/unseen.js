'use strict';

// Workers that were created before serve() are invisible: mediasoup's observers do not replay. An
// endpoint that shows half of an SFU is worse than none, so this looks for them the only way there
// is, among the children of the process, on Linux.

const fs = require('fs').promises;
const path = require('path');
const { EndpointError } = require('./errors');
const limits = require('./limits');

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

async function unseenWorkers(tree) {
  const names = ['mediasoup-worker', path.basename(process.env.MEDIASOUP_WORKER_BIN || '')]
    .filter((name) => name !== '')
    .map((name) => name.slice(0, COMMAND_CHARS));
  const unseen = [];
  for (const pid of await childrenOf('self')) {
    if (await isWorker(pid, names)) unseen.push(pid);
  }
  const seen = new Set([...tree.workers].map(({ object }) => object.pid));
  return unseen.filter((pid) => !seen.has(pid));
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Rejects when there are workers the tree does not know. One that closes has a moment to go, and
// one that is being created while serve() runs a moment to come.
async function checkForUnseen(tree) {
  let unseen;
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    try {
      unseen = await unseenWorkers(tree);
    } catch (error) {
      // No /proc, no answer.
      return;
    }
    if (unseen.length === 0) return;
    if (waited >= limits.CLOSING_WORKERS_MS) break;
    await pause(LOOK_AGAIN_MS);
  }
  throw new EndpointError(
    'ERR_WORKERS_EXIST',
    `${unseen.length} mediasoup workers (${unseen.slice(0, 8).join(', ')}) were created before serve() ` +
      'and cannot be watched: call serve() before the first createWorker()'
  );
}

module.exports = { checkForUnseen };
