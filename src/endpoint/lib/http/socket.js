// SPDX-License-Identifier: MIT
'use strict';

// The file of the Unix socket: makes room for it, listens, and removes it again. Nothing is ever
// removed but sockets on which nobody listens.

const fs = require('fs');
const net = require('net');
const path = require('path');
const { EndpointError, reason } = require('../common/errors');

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
      'give the user of this process write access to the folder, or pass another path as option "socket"'
  );
}

// Unlike mkdir's own `recursive`, this returns on a file system that always answers ENOENT, such as
// /proc.
function makeFolders(folder) {
  if (fs.existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolders(parent);
  try {
    fs.mkdirSync(folder, { mode: FOLDER_MODE });
  } catch (error) {
    // Another process of the same application may have been faster.
    if (error.code !== 'EEXIST') throw error;
  }
}

function makeFolderOf(file) {
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

// Connects to a socket. Resolves with undefined when somebody listens on it, else with the error code.
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

// Removes the file unless another one has taken the place of the one `found`, its fs.Stats.
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
      `${file} exists and is not a socket, so it is left alone; remove it or pass another path as option "socket"`
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
  const isTaken = code === undefined || code === 'EAGAIN';
  const cause = isTaken ? 'another server listens on it already' : `connecting to it failed with ${code}`;
  return new EndpointError(
    'ERR_SOCKET_IN_USE',
    `cannot listen on ${file}: ${cause}; call serve() once in a process, ` +
      'and for several processes on a host pass a path with %p, the process id'
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

// Removes sockets of the same pattern that exited processes have left behind.
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

// Returns the umask before, or undefined in a worker thread, which cannot set it.
function setUmask(mask) {
  try {
    return process.umask(mask);
  } catch (error) {
    return undefined;
  }
}

// Binds the socket. Where the umask can be set, it has its permissions from its first moment.
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

// Listens with `server` (a Server or RemoteServer) on options.socket. Resolves with a function that
// removes the file if it is still this socket, synchronously, so that it can run when the process
// exits. Rejects with an EndpointError.
async function listenOnSocket(server, options) {
  const { socket, pattern } = options;
  makeFolderOf(socket);
  try {
    await removeStaleSiblings(pattern);
  } catch (error) {
    // What others have left behind is no reason not to serve.
  }
  await makeRoom(socket);
  await bind(server, options);
  const { ino } = fs.lstatSync(socket);
  return () => {
    try {
      if (fs.lstatSync(socket).ino === ino) fs.unlinkSync(socket);
    } catch (error) {
      // It is gone already.
    }
  };
}

module.exports = { listenOnSocket };
