// SPDX-License-Identifier: MIT
'use strict';

// Users and groups, as /etc/passwd and /etc/group and the list of processes name them.

const fs = require('fs');

// Returns the entries of a file such as /etc/passwd, as lists of their fields.
function entries(file) {
  try {
    return fs.readFileSync(file, 'utf8').split('\n').map((line) => line.split(':')).filter((fields) => fields.length > 2);
  } catch (error) {
    return [];
  }
}

const nameIn = (file, id) => {
  const entry = entries(file).find((fields) => Number(fields[2]) === id);
  return entry === undefined ? String(id) : entry[0];
};
const userName = (uid) => nameIn('/etc/passwd', uid);
const groupName = (gid) => nameIn('/etc/group', gid);

// Returns { name, uid, gids } of a user by name, or undefined when there is none.
function userByName(name) {
  const entry = entries('/etc/passwd').find(([user]) => user === name);
  if (entry === undefined) return undefined;
  const others = entries('/etc/group').filter(([, , , members]) => (members || '').split(',').includes(name));
  return { name, uid: Number(entry[2]), gids: [Number(entry[3]), ...others.map(([, , gid]) => Number(gid))] };
}

// Returns { name, uid, gids } of the user that a process runs as.
function userOfProcess(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'latin1');
  const numbers = (field) => new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status)[1].split(/\s+/).filter(Boolean).map(Number);
  // The second one is the effective id.
  const uid = numbers('Uid')[1];
  return { name: userName(uid), uid, gids: [numbers('Gid')[1], ...numbers('Groups')] };
}

// Returns the pids of the processes of this name, [] where there is no /proc.
function processesNamed(name) {
  try {
    return fs.readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/comm`, 'latin1').trim() === name;
      } catch (error) {
        return false;
      }
    });
  } catch (error) {
    return [];
  }
}

module.exports = { groupName, processesNamed, userByName, userName, userOfProcess };
