// SPDX-License-Identifier: MIT
'use strict';

// What endpoint.workers() returns, for applications that choose a worker for a new router. In: what snapshots find
// out of workers in passing, and /proc where the latest reading is older than a moment. Out: plain objects. No
// worker is asked for it, so a worker that hangs delays nobody.

const { performance } = require('perf_hooks');
const limits = require('./common/limits');
const { readProcess } = require('./snapshot/usage');

// States in /proc of a process that does nothing: stopped, stopped by a debugger, and dead.
const STANDS_STILL = ['T', 't', 'Z', 'X'];

class WorkerFigures {
  // `read` is readProcess and `now` is a monotonic clock in milliseconds, or both are a test's.
  constructor(tree, read = readProcess, now = () => performance.now()) {
    this.tree = tree;
    this.read = read;
    this.now = now;
    // What is known of each worker, by its node; it goes with the node.
    this.known = new WeakMap();
  }

  knownOf(worker) {
    let known = this.known.get(worker);
    if (known === undefined) {
      known = {
        // When its process was last read or could not be read, and whether it stands still.
        lookedAt: -Infinity,
        standsStill: false,
        // The reading at which the next interval begins, as { cpuMs, now }, and the share in the latest interval.
        last: undefined,
        cpu: undefined,
        at: undefined,
        roundTrip: undefined,
        roundTripAt: undefined,
      };
      this.known.set(worker, known);
    }
    return known;
  }

  // Takes in what readProcess() returned for a worker's process; undefined where there is no /proc.
  note(worker, reading) {
    const now = this.now();
    const known = this.knownOf(worker);
    known.lookedAt = now;
    if (reading === undefined) return;
    known.standsStill = STANDS_STILL.includes(reading.state);
    const { last } = known;
    const spanMs = last === undefined ? reading.elapsedMs : now - last.now;
    if (spanMs >= limits.LOAD_MS) {
      const busyMs = last === undefined ? reading.cpuMs : reading.cpuMs - last.cpuMs;
      known.cpu = Math.max(0, busyMs / spanMs);
      known.at = Date.now();
    }
    if (last === undefined || spanMs >= limits.LOAD_MS) known.last = { cpuMs: reading.cpuMs, now };
  }

  // Takes in how many milliseconds a worker took to answer.
  noteAnswer(worker, ms) {
    const known = this.knownOf(worker);
    known.roundTrip = ms / 1000;
    known.roundTripAt = Date.now();
  }

  // Returns a WorkerFigures of types/index.d.ts for each living worker.
  list() {
    return [...this.tree.workers].map((worker) => this.figures(worker));
  }

  figures(worker) {
    const { object, slot, counts, requests } = worker;
    const known = this.knownOf(worker);
    if (this.now() - known.lookedAt >= limits.LOAD_MS) this.note(worker, this.read(object.pid));
    return {
      worker: object,
      pid: object.pid,
      slot,
      cpu: known.cpu,
      at: known.at,
      routers: counts.router,
      transports: counts.transport,
      producers: counts.producer,
      consumers: counts.consumer,
      responding: requests.responsive && !known.standsStill,
      roundTrip: known.roundTrip,
      roundTripAt: known.roundTripAt,
    };
  }
}

module.exports = { WorkerFigures };
