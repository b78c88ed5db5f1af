// SPDX-License-Identifier: MIT
'use strict';

// What the operating system knows of a process, from /proc. Memory comes from `status`, in kB, because
// `statm` counts in pages and Node does not know their size. The files are read synchronously: the
// kernel answers at once, out of memory, and promises would cost the main thread many times as much.

const fs = require('fs');
const { performance } = require('perf_hooks');

// The unit of times in /proc/<pid>/stat: USER_HZ is 100 wherever Node runs.
const TICK_MS = 10;

// Fields of /proc/<pid>/stat, counted from the one after the state, which follows the command's name.
const PPID = 0;
const USER_TIME = 10;
const SYSTEM_TIME = 11;
const START_TIME = 18;

function uptimeMs() {
  return parseFloat(fs.readFileSync('/proc/uptime', 'latin1')) * 1000;
}

// Returns { pid, state, ppid, cpuMs, elapsedMs, residentBytes }, or undefined when there is no /proc or no
// such process. `state` is /proc's letter for it: R runs, S sleeps, T is stopped, Z is dead, and so on.
function readProcess(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const status = fs.readFileSync(`/proc/${pid}/status`, 'latin1');
    const uptime = uptimeMs();
    // The command's name stands in parentheses, and may hold spaces and parentheses itself.
    const [state, ...numbers] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const fields = numbers.map(Number);
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status);
    return {
      pid,
      state,
      ppid: fields[PPID],
      cpuMs: (fields[USER_TIME] + fields[SYSTEM_TIME]) * TICK_MS,
      elapsedMs: Math.max(0, Math.round(uptime - fields[START_TIME] * TICK_MS)),
      residentBytes: resident ? Number(resident[1]) * 1024 : undefined,
    };
  } catch (error) {
    return undefined;
  }
}

// Turns readings into the figures of `usage` rows. A share of CPU is one between two readings, so the
// last reading of each process is kept.
class Usage {
  constructor() {
    // { cpuMs, now } by pid.
    this.last = new Map();
  }

  // `reading` is what readProcess() returned, not undefined. Returns the row's members.
  figures(reading) {
    const now = performance.now();
    const last = this.last.get(reading.pid);
    // With less CPU time than before it is another process of the same number.
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

  // Forgets all processes but these.
  keep(pids) {
    const living = new Set(pids);
    for (const pid of this.last.keys()) if (!living.has(pid)) this.last.delete(pid);
  }
}

module.exports = { readProcess, Usage };
