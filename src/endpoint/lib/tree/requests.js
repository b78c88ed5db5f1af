// SPDX-License-Identifier: MIT
'use strict';

// The requests to one worker. mediasoup's own have no deadline, so a worker that hangs would never
// let go of whoever waits for it. Here a request that misses its deadline is overdue until it is
// answered after all, and while a worker has overdue requests nobody sends it more: nothing piles up,
// and it is asked again as soon as it has answered.

const { guard } = require('./errors');

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

class Lane {
  constructor() {
    this.overdue = 0;
  }

  get responsive() {
    return this.overdue === 0;
  }

  // Sends the requests, { call() }, at once and resolves when all are answered or the deadline has
  // passed. Each then has `state`: `answered` with `value`, `failed` with `value`, the error, or `late`.
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
    for (const request of group.requests) {
      if (request.state !== 'asked') continue;
      request.state = 'late';
      this.overdue += 1;
    }
    group.finish();
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
      this.overdue -= 1;
      return;
    }
    request.state = state;
    request.value = value;
    group.settleOne();
  }
}

// An application that was busy for longer than the deadline finds its timers due before it has read
// the answers that wait in its sockets. The loop's poll phase comes between a timer and an
// immediate; a second round is for an answer in several reads.
function afterReading(fn) {
  setImmediate(() => setImmediate(guard(fn)));
}

// Resolves in the next turn of the event loop.
const turn = () => new Promise((resolve) => setImmediate(resolve));

module.exports = { afterReading, Lane, turn };
