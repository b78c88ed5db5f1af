// SPDX-License-Identifier: MIT
'use strict';

// Whether collectd's user may open the socket, by the modes of the socket and of the folders above it.

const fs = require('fs');
const path = require('path');
const { groupName, processesNamed, userByName, userName, userOfProcess } = require('./accounts');
const { failure, note, ok } = require('./finding');

const SEARCH = 1;
const WRITE = 2;
const MODE = 0o7777;

const described = ({ uid, gid, mode }) => `${userName(uid)}:${groupName(gid)}, mode 0${(mode & MODE).toString(8)}`;

// Returns { user, how }: who is going to read, and how that is known. `given` is the name of a user, or undefined.
function readerOf(given) {
  if (given !== undefined) return { user: userByName(given), how: `the user ${given}` };
  for (const pid of processesNamed('collectd')) {
    try {
      const user = userOfProcess(pid);
      return { user, how: `collectd, which runs as ${user.name} (process ${pid}),` };
    } catch (error) {
      // It has just ended.
    }
  }
  return { user: { name: 'root', uid: 0, gids: [0] }, how: 'root, as which Debian\'s collectd runs,', isAssumed: true };
}

// Whether the mode gives a user these permissions. Access control lists are not looked at.
function allows({ uid, gid, mode }, user, wanted) {
  if (user.uid === 0) return true;
  if (user.uid === uid) return ((mode >> 6) & wanted) === wanted;
  return ((user.gids.includes(gid) ? mode >> 3 : mode) & wanted) === wanted;
}

function foldersAbove(file) {
  const parent = path.dirname(file);
  return parent === file ? [] : [...foldersAbove(parent), parent];
}

// Returns the first thing on the way to the socket that keeps a user out, { file, status }, or undefined. Connecting
// takes the permission to write.
function obstacle(socket, user) {
  const real = path.join(fs.realpathSync(path.dirname(socket)), path.basename(socket));
  for (const file of foldersAbove(real)) {
    const status = fs.statSync(file);
    if (!allows(status, user, SEARCH)) return { file, status };
  }
  const status = fs.statSync(real);
  return allows(status, user, WRITE) ? undefined : { file: real, status };
}

function remedyFor({ file, status }, user, socket) {
  const group = groupName(status.gid);
  if (file !== socket) return `let ${user.name} enter ${file}: chmod o+x ${file}, or a group that both have (systemd: RuntimeDirectoryMode=0755)`;
  return `put ${user.name} into the group of the socket (usermod -a -G ${group} ${user.name}, then restart collectd), or serve({ mode: 0o666 })`;
}

// Returns the finding about a socket that is there. `given` is the name of a user, or undefined.
function checkReader(socket, given) {
  const { user, how, isAssumed } = readerOf(given);
  if (user === undefined) return failure('reader', `there is no user ${given}`, '/etc/passwd does not name it', 'pass the name of the user that collectd runs as');
  let found;
  try {
    found = obstacle(socket, user);
  } catch (error) {
    return note('reader', `whether ${how} may open the socket is not known: ${error.message}`);
  }
  if (found === undefined) {
    return isAssumed ? note('reader', `no collectd runs here; ${how} may open the socket`) : ok('reader', `${how} may open the socket`);
  }
  return failure('reader', `${how} may not open the socket`, `${found.file} belongs to ${described(found.status)}`, remedyFor(found, user, socket));
}

module.exports = { checkReader, described };
