'use strict';

// The requests to one worker. mediasoup's own have no deadline, so a worker that hangs would never
// let go of whoever waits for it. Here a request that misses its deadline is overdue until it is
// answered after all, and while a worker has overdue requests nobody sends it more: nothing piles up,
// and it is asked again as soon as it has answered.

const { performance } = require('perf_hooks');
const { guard } = require('./errors');

class Lane {
  constructor() {
    this.overdue = 0;
  }

  get responsive() {
    return this.overdue === 0;
  }

  // Sends the jobs, { call }, at once and resolves when all are answered or the deadline has
  // passed. Each job then has `state`: `answered` with `value` and the time `at`, `failed` with `value`, the error, or
  // `late`.
  ask(jobs, deadlineMs) {
    return new Promise((resolve) => {
      let waiting = jobs.length;
      let over = false;
      const finish = () => {
        over = true;
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        afterReading(() => {
          if (over) return;
          for (const job of jobs) if (job.state === 'asked') this.miss(job);
          finish();
        });
      }, deadlineMs);
      timer.unref();
      for (const job of jobs) {
        this.send(job, () => {
          waiting -= 1;
          if (waiting === 0 && !over) finish();
        });
      }
      if (jobs.length === 0) finish();
    });
  }

  miss(job) {
    job.state = 'late';
    this.overdue += 1;
  }

  send(job, settled) {
    const settle = (state, value) => {
      if (job.state === 'late') {
        this.overdue -= 1;
        return;
      }
      job.state = state;
      job.value = value;
      job.at = performance.now();
      settled();
    };
    job.state = 'asked';
    let promise;
    try {
      promise = Promise.resolve(job.call());
    } catch (error) {
      promise = Promise.reject(error);
    }
    promise.then(
      guard((value) => settle('answered', value)),
      guard((error) => settle('failed', error))
    );
  }
}

// An application that was busy for longer than the deadline finds its timers due before it has read
// the answers that wait in its sockets. The loop's poll phase comes between a timer and an
// immediate; a second round is for an answer in several reads.
function afterReading(fn) {
  setImmediate(() => setImmediate(guard(fn)));
}

module.exports = { afterReading, Lane };
