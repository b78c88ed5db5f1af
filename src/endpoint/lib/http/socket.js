// SPDX-License-Identifier: MIT
'use strict';

// The file of the Unix socket: makes room for it, listens, and takes it away again. It removes
// nothing but sockets on which nobody listens.

const fs = require('fs');
const net = require('net');
const path = require('path');
const { EndpointError, reason } = require('../errors');

const FOLDER_MODE = 0o755;

function lstat(file) {
  try {
    return fs.lstatSync(file);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw denied(file, error);
  }
}

function denied(file, error) {
  return new EndpointError(
    'ERR_SOCKET_DENIED',
    `cannot listen on ${file}: ${reason(error)}; ` +
      "give this process' user write access to the folder, or pass another path as option \"socket\""
  );
}

// Not mkdir's own `recursive`: on a file system that answers ENOENT whatever one does, as /proc, it
// never returns.
function makeFolders(folder) {
  if (fs.existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolders(parent);
  try {
    fs.mkdirSync(folder, { mode: FOLDER_MODE });
  } catch (error) {
    // Another process of the same application may be first.
    if (error.code !== 'EEXIST') throw error;
  }
}

function makeFolder(file) {
  const folder = path.dirname(file);
  try {
    makeFolders(folder);
    if (!fs.statSync(folder).isDirectory()) throw new Error('it is not a folder');
  } catch (error) {
    throw new EndpointError(
      'ERR_SOCKET_FOLDER',
      `the socket's folder ${folder} is missing and cannot be made: ${reason(error)}; ` +
        'make it beforehand (systemd: RuntimeDirectory=mediasoup) or pass another path as option "socket"'
    );
  }
}

// Resolves to undefined when somebody listens on the socket, else to the error code.
function knock(file) {
  return new Promise((resolve) => {
    const client = net.connect({ path: file });
    client.once('connect', () => {
      client.destroy();
      resolve(undefined);
    });
    client.once('error', (error) => resolve(error.code));
  });
}

// Removes the file if it is still the one that was found dead.
function removeDead(file, found) {
  const now = lstat(file);
  if (now !== undefined && now.isSocket() && now.ino === found.ino) fs.unlinkSync(file);
}

async function makeRoom(file) {
  const found = lstat(file);
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new EndpointError(
      'ERR_SOCKET_NOT_A_SOCKET',
      `${file} exists and is not a socket: it is left alone; remove it or pass another path as option "socket"`
    );
  }
  const code = await knock(file);
  if (code === 'ECONNREFUSED') {
    try {
      removeDead(file, found);
    } catch (error) {
      throw denied(file, error);
    }
  } else if (code !== 'ENOENT') {
    throw inUse(file, code);
  }
}

function inUse(file, code) {
  const cause = code === undefined || code === 'EAGAIN' ? 'somebody listens on it already' : code;
  return new EndpointError(
    'ERR_SOCKET_IN_USE',
    `cannot listen on ${file}: ${cause}; serve() is called once in a process, ` +
      'and several processes on a host need a path with %p, the process id, in it'
  );
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

// Sockets of the same pattern that processes left behind which are gone.
async function removeStaleSiblings(pattern) {
  const base = path.basename(pattern);
  if (!base.includes('%p')) return;
  const folder = path.dirname(pattern);
  const pieces = base.split('%p').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const sibling = new RegExp(`^${pieces[0]}(\\d+)${pieces.slice(1).join('\\1')}$`);
  for (const name of fs.readdirSync(folder)) {
    const match = sibling.exec(name);
    if (match === null || isRunning(Number(match[1]))) continue;
    const file = path.join(folder, name);
    const found = lstat(file);
    if (found === undefined || !found.isSocket()) continue;
    if ((await knock(file)) === 'ECONNREFUSED') removeDead(file, found);
  }
}

// Binds with the socket's permissions from its first moment; true where the umask can be set, which
// is not so in worker threads.
function setUmask(mask) {
  try {
    return process.umask(mask);
  } catch (error) {
    return undefined;
  }
}

async function bind(server, { socket, mode }) {
  const before = setUmask(0o777 & ~mode);
  let listening;
  try {
    // Binds before it returns.
    listening = server.listen({ path: socket });
  } finally {
    if (before !== undefined) setUmask(before);
  }
  try {
    await listening;
  } catch (error) {
    throw error.code === 'EADDRINUSE' ? inUse(socket) : denied(socket, error);
  }
  fs.chmodSync(socket, mode);
}

// Listens with `server` (lib/server.js) on options.socket. Returns a function that removes the file,
// if it is still this one; it is synchronous, to be of use when the process exits.
async function listenOnSocket(server, options) {
  const { socket, pattern } = options;
  makeFolder(socket);
  try {
    await removeStaleSiblings(pattern);
  } catch (error) {
    // Somebody else's leftovers are no reason not to serve.
  }
  await makeRoom(socket);
  await bind(server, options);
  const { ino } = fs.lstatSync(socket);
  return () => {
    try {
      if (fs.lstatSync(socket).ino === ino) fs.unlinkSync(socket);
    } catch (error) {
      // Gone already.
    }
  };
}

module.exports = { listenOnSocket };
