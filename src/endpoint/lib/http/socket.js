// SPDX-License-Identifier: MIT
'use strict';

// Listens on a Unix socket: makes its folder, makes room for its file, listens, and removes it again.
// Nothing is ever removed but sockets on which nobody listens.

const fs = require('fs');
const path = require('path');
const { EndpointError, reason } = require('../common/errors');
const { isSame, knock, lstat, OWN_NAME, ownPath, remove, removeStale, rename } = require('./socket_file');

const FOLDER_MODE = 0o755;

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

// Returns the status of the stale socket that is to be replaced, or undefined when there is no file.
async function staleSocket(file) {
  const found = lstat(file);
  if (found === undefined) return undefined;
  if (!found.isSocket()) {
    throw new EndpointError(
      'ERR_SOCKET_NOT_A_SOCKET',
      `${file} exists and is not a socket, so it is left alone; remove it or pass another path as option "socket"`
    );
  }
  const code = await knock(file);
  if (code === 'ECONNREFUSED') return found;
  if (code === 'ENOENT') return undefined;
  throw inUse(file, code);
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

// Returns the process id in the name of a socket of the same pattern, or in the own name of one that was
// never given another name; undefined for any other name.
function ownerIn(pattern) {
  const pieces = path.basename(pattern).split('%p').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const sibling = pieces.length > 1 ? new RegExp(`^${pieces[0]}(\\d+)${pieces.slice(1).join('\\1')}$`) : OWN_NAME;
  return (name) => {
    const match = OWN_NAME.exec(name) || sibling.exec(name);
    return match === null ? undefined : Number(match[1]);
  };
}

// Removes the sockets that exited processes of this pattern have left behind. Never rejects: what others have
// left is no reason not to serve.
async function removeStaleSiblings(pattern) {
  try {
    await removeStaleIn(pattern);
  } catch (error) {
    // Another user's, or the folder cannot be read for a moment.
  }
}

async function removeStaleIn(pattern) {
  const folder = path.dirname(pattern);
  const ownerOf = ownerIn(pattern);
  for (const name of await fs.promises.readdir(folder)) {
    const pid = ownerOf(name);
    if (pid === undefined || isRunning(pid)) continue;
    const file = path.join(folder, name);
    const found = lstat(file);
    if (found === undefined || !found.isSocket()) continue;
    if ((await knock(file)) === 'ECONNREFUSED') removeStale(file, found);
  }
}

// The socket's file while it is ours.
class SocketFile {
  constructor(file) {
    this.file = file;
    this.status = fs.lstatSync(file);
  }

  // Resolves with whether clients still find our socket there.
  async isInPlace() {
    try {
      return isSame(await fs.promises.lstat(this.file), this.status);
    } catch (error) {
      // A folder that cannot be read for a moment is no reason to listen anew.
      return error.code !== 'ENOENT';
    }
  }

  // Removes the file if it is still ours. Synchronous, so that it can run when the process exits.
  remove() {
    try {
      if (isSame(fs.lstatSync(this.file), this.status)) fs.unlinkSync(this.file);
    } catch (error) {
      // It is gone already.
    }
  }
}

// Binds the socket under a name of its own, and gives it its name once it has its permissions.
async function bind(server, { socket, mode }) {
  const stale = await staleSocket(socket);
  const own = ownPath(socket);
  try {
    await server.listen({ path: own });
    fs.chmodSync(own, mode);
    const file = new SocketFile(own);
    if (stale !== undefined && !removeStale(socket, stale)) throw inUse(socket);
    rename(own, socket);
    file.file = socket;
    return file;
  } catch (error) {
    remove(own);
    if (error instanceof EndpointError) throw error;
    throw error.code === 'EEXIST' ? inUse(socket) : denied(socket, error);
  }
}

// Listens with `server` (a Server or RemoteServer) on options.socket. Resolves with its SocketFile, rejects
// with an EndpointError. Then the server may listen under a name that nobody knows, and is to be closed.
async function listenOnSocket(server, options) {
  const { socket, pattern } = options;
  makeFolderOf(socket);
  await removeStaleSiblings(pattern);
  try {
    return await bind(server, options);
  } catch (error) {
    throw error instanceof EndpointError ? error : denied(socket, error);
  }
}

module.exports = { listenOnSocket, removeStaleSiblings };
