// SPDX-License-Identifier: MIT
'use strict';

// The bookkeeping of requests to one worker. mediasoup's requests have no deadline, so whoever waits
// for a worker that hangs would wait for ever. Here a request that misses its deadline is overdue
// until it is answered after all. While a worker has overdue requests it is sent no more but a probe now
// and then: nothing piles up, and it is asked again as soon as it has answered. An answer may also be
// lost, because mediasoup throws away what does not fit into its buffer. A worker answers in order, so
// what is older than an answered probe is written off.

const { performance } = require('perf_hooks');
const { afterReading } = require('../common/event_loop');
const limits = require('../common/limits');

// Requests that are sent at once.
class Group {
  constructor(requests, resolve) {
    this.requests = requests;
    this.waiting = requests.length;
    this.resolve = resolve;
    this.timer = undefined;
  }

  settleOne() {
    this.waiting -= 1;
    if (this.waiting === 0) this.finish();
  }

  finish() {
    clearTimeout(this.timer);
    this.resolve();
  }
}

class Requests {
  constructor() {
    // Requests that have missed their deadline and are not answered yet, the raw lane's included.
    this.overdue = 0;
    // What can be written off: objects with a method writeOff(), older ones first.
    this.owed = new Set();
    // The time before which no further probe is sent, and how long the one after that waits.
    this.quietUntil = 0;
    this.quietMs = limits.PROBE_MS;
    // The time after which the snapshot under way sends nothing more.
    this.until = Infinity;
  }

  get responsive() {
    return this.overdue === 0;
  }

  // A snapshot begins, in which the worker has this long for all its answers together.
  begin(ms) {
    this.until = performance.now() + ms;
  }

  // Whether the worker has used that up: each answer may come in time, and all of them too late for the reader.
  get isOutOfTime() {
    return performance.now() >= this.until;
  }

  // Sends the requests, each an object with a method call() that returns a promise, at once.
  // Resolves when all are answered or the deadline has passed, and never rejects. Each request then
  // has a `state`: `answered` with its `value`, `failed` with the error as its `value`, or `late`.
  ask(requests, deadlineMs) {
    return new Promise((resolve) => {
      const group = new Group(requests, resolve);
      group.timer = setTimeout(() => afterReading(() => this.expire(group)), deadlineMs);
      group.timer.unref();
      for (const request of requests) this.send(request, group);
      if (requests.length === 0) group.finish();
    });
  }

  expire(group) {
    if (group.waiting === 0) return;
    const late = group.requests.filter(({ state }) => state === 'asked');
    for (const request of late) request.state = 'late';
    this.owe({
      writeOff: () => {
        for (const request of late) this.clear(request);
      },
    });
    this.overdue += late.length;
    group.finish();
  }

  // Remembers what has become overdue.
  owe(owed) {
    if (this.overdue === 0) this.owed.clear();
    this.owed.add(owed);
  }

  clear(request) {
    if (request.state !== 'late' || request.isCleared) return;
    request.isCleared = true;
    this.overdue -= 1;
  }

  // Sends a probe to a worker that has overdue requests, unless one was sent a short time ago. Resolves
  // when it is answered or after a moment. When it is answered, also later, all that was overdue
  // before it is written off.
  probe(call) {
    const now = performance.now();
    if (this.responsive || now < this.quietUntil) return Promise.resolve();
    this.quietUntil = now + this.quietMs;
    this.quietMs = Math.min(limits.PROBE_MAX_MS, this.quietMs * 2);
    const older = [...this.owed];
    const probe = { call };
    const answered = new Promise((resolve) => this.send(probe, { settleOne: resolve })).then(() => {
      this.quietUntil = 0;
      this.quietMs = limits.PROBE_MS;
      for (const owed of older) {
        if (this.owed.delete(owed)) owed.writeOff();
      }
    });
    let timer;
    const moment = new Promise((resolve) => {
      timer = setTimeout(resolve, limits.PROBE_WAIT_MS);
    });
    return Promise.race([answered, moment]).then(() => clearTimeout(timer));
  }

  send(request, group) {
    request.state = 'asked';
    let promise;
    try {
      promise = Promise.resolve(request.call());
    } catch (error) {
      promise = Promise.reject(error);
    }
    promise.then(
      (value) => this.settle(request, 'answered', value, group),
      (error) => this.settle(request, 'failed', error, group)
    );
  }

  settle(request, state, value, group) {
    if (request.state === 'late') {
      this.clear(request);
      return;
    }
    request.state = state;
    request.value = value;
    group.settleOne();
  }
}

module.exports = { Requests };
