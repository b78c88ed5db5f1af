// SPDX-License-Identifier: MIT
'use strict';

// The bookkeeping of requests to one worker. mediasoup's requests have no deadline, so whoever waits
// for a worker that hangs would wait for ever. Here a request that misses its deadline is overdue
// until it is answered after all. While a worker has overdue requests it is sent no more: nothing
// piles up, and it is asked again as soon as it has answered.

const { afterReading } = require('../common/event_loop');

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
  }

  get responsive() {
    return this.overdue === 0;
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

module.exports = { Requests };
