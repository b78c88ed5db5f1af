// SPDX-License-Identifier: MIT
'use strict';

// The file of a Unix socket. It is bound under a name of its own, and gets the name that clients use only
// when it has its permissions and listens. Two processes may do this at the same time, and other
// programs may remove files, so a file counts as ours or as the stale one only if it is the very same
// file, and never by its name.

const crypto = require('crypto');
const fs = require('fs');
const net = require('net');
const path = require('path');
const limits = require('../common/limits');

const OWN_PREFIX = '.cm-';
const OWN_NAME = /^\.cm-(\d+)-[0-9a-f]+$/;
// File systems without hard links say one of these.
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK'];

// Returns the file's status, or undefined when there is none.
function lstat(file) {
  try {
    return fs.lstatSync(file);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

// Whether these are of one file. The number of a file that has been removed may be given to another one
// unless a process still listens on it.
function isSame(one, other) {
  return one.dev === other.dev && one.ino === other.ino;
}

// Returns a new path in the folder of `file`, no longer than the system allows.
function ownPath(file) {
  const folder = path.join(path.dirname(file), '/');
  const name = `${OWN_PREFIX}${process.pid}-${crypto.randomBytes(3).toString('hex')}`;
  const room = limits.SOCKET_PATH_BYTES - Buffer.byteLength(folder);
  return folder + name.slice(-room);
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

// Renames `own` to `file`, or throws EEXIST when that name is taken.
function rename(own, file) {
  try {
    fs.linkSync(own, file);
  } catch (error) {
    if (!NO_LINKS.includes(error.code)) throw error;
    if (lstat(file) !== undefined) throw Object.assign(new Error(`${file} exists`), { code: 'EEXIST' });
    fs.renameSync(own, file);
    return;
  }
  fs.unlinkSync(own);
}

// Removes the stale socket `found`. Returns false when another process has put its own file in its place
// meanwhile. To see that, the file is moved aside and looked at there, and gets its name back if it is
// another's. Moving leaves the time of modification alone, and a file with a number that is used again is
// younger.
function removeStale(file, found) {
  const aside = ownPath(file);
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return true;
    throw error;
  }
  const moved = fs.lstatSync(aside);
  const isStale = isSame(moved, found) && moved.mtimeMs === found.mtimeMs;
  try {
    if (!isStale) rename(aside, file);
  } finally {
    remove(aside);
  }
  return isStale;
}

// Removes the file if there is one; never throws.
function remove(file) {
  try {
    fs.unlinkSync(file);
  } catch (error) {
    // It is gone already, or was renamed.
  }
}

module.exports = { isSame, knock, lstat, OWN_NAME, ownPath, remove, removeStale, rename };
