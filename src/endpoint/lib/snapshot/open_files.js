// SPDX-License-Identifier: MIT
'use strict';

// How many files and sockets a process has open, and how many it may: a worker has a socket for each
// transport, and at the limit no more can be made. Linux says how many in the size of /proc/<pid>/fd, since
// 6.2; before, that is 0 and the folder must be listed. It may hold thousands of names, so that is done aside,
// and a snapshot shows what was found since the one before.

const fs = require('fs');

const LIMIT = /^Max open files\s+(\d+)/m;

// Returns the process's soft limit, or undefined where that is unknown or there is none.
function readLimit(pid) {
  try {
    const found = LIMIT.exec(fs.readFileSync(`/proc/${pid}/limits`, 'latin1'));
    return found === null ? undefined : Number(found[1]);
  } catch (error) {
    return undefined;
  }
}

// Returns how many, 0 where the system does not say, or undefined where there is no such process.
function readSize(pid) {
  try {
    return fs.statSync(`/proc/${pid}/fd`).size;
  } catch (error) {
    return undefined;
  }
}

class OpenFiles {
  // `sizeOf` is readSize, or a test's.
  constructor(sizeOf = readSize) {
    this.sizeOf = sizeOf;
    // { limit, listed, isListing } by pid.
    this.known = new Map();
  }

  // Returns the members { openFiles, openFilesMax } of the process's row. One that is unknown is undefined.
  figures(pid) {
    const entry = this.known.get(pid) || { limit: readLimit(pid), listed: undefined, isListing: false };
    this.known.set(pid, entry);
    const size = this.sizeOf(pid);
    if (size === 0) this.list(pid, entry);
    return { openFiles: size === 0 ? entry.listed : size, openFilesMax: entry.limit };
  }

  list(pid, entry) {
    if (entry.isListing) return;
    entry.isListing = true;
    fs.readdir(`/proc/${pid}/fd`, (error, names) => {
      entry.isListing = false;
      // Listing one's own folder opens it.
      entry.listed = error ? undefined : names.length - (pid === process.pid ? 1 : 0);
    });
  }

  // Forgets all processes but these.
  keep(pids) {
    const living = new Set(pids);
    for (const pid of this.known.keys()) if (!living.has(pid)) this.known.delete(pid);
  }
}

module.exports = { OpenFiles };
