// SPDX-License-Identifier: MIT
'use strict';

// What the operating system says of a process, from /proc; undefined where there is none, and for a
// process that is gone. Memory comes from `status`, in kB, because `statm` counts in pages and Node
// does not know their size. The kernel answers at once and out of memory, so these files are read
// synchronously: that costs the main thread a fraction of what promises do.

const fs = require('fs');
const { performance } = require('perf_hooks');

// USER_HZ, the unit of times in /proc/<pid>/stat: 100 on all that Node runs on.
const TICK_MS = 10;

// Fields of /proc/<pid>/stat, counted from the state, which follows the command's name.
const PPID = 1;
const USER_TIME = 11;
const SYSTEM_TIME = 12;
const START_TIME = 19;

function uptimeMs() {
  return parseFloat(fs.readFileSync('/proc/uptime', 'latin1')) * 1000;
}

// Returns { pid, ppid, cpuMs, elapsedMs, residentBytes } or undefined.
function readProcess(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const status = fs.readFileSync(`/proc/${pid}/status`, 'latin1');
    const uptime = uptimeMs();
    // The name stands in parentheses and may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status);
    return {
      pid,
      ppid: fields[PPID],
      cpuMs: (fields[USER_TIME] + fields[SYSTEM_TIME]) * TICK_MS,
      elapsedMs: Math.max(0, Math.round(uptime - fields[START_TIME] * TICK_MS)),
      residentBytes: resident ? Number(resident[1]) * 1024 : undefined,
    };
  } catch (error) {
    return undefined;
  }
}

// Turns readings into the rows' figures. Remembers the last reading of each process, because a
// share of CPU is one between two readings.
class Usage {
  constructor() {
    this.last = new Map();
  }

  // `reading` is what readProcess() returned, and not undefined.
  figures(reading) {
    const now = performance.now();
    const last = this.last.get(reading.pid);
    // Less CPU time than before: another process under the same number.
    const known = last !== undefined && last.cpuMs <= reading.cpuMs && now > last.now;
    const busyMs = known ? reading.cpuMs - last.cpuMs : reading.cpuMs;
    const spanMs = known ? now - last.now : reading.elapsedMs;
    this.last.set(reading.pid, { cpuMs: reading.cpuMs, now });
    return {
      pid: reading.pid,
      ppid: reading.ppid,
      cpu: spanMs > 0 ? Math.round((busyMs / spanMs) * 10000) / 100 : 0,
      memory: reading.residentBytes,
      ctime: reading.cpuMs,
      elapsed: reading.elapsedMs,
      timestamp: Date.now(),
    };
  }

  // Forgets the processes that are not among these.
  keep(pids) {
    const living = new Set(pids);
    for (const pid of this.last.keys()) if (!living.has(pid)) this.last.delete(pid);
  }
}

module.exports = { readProcess, Usage };
