'use strict';

// The main thread's side of thread.js: batches go to it and come back decoded, in order. It is a
// thread of the process, but nothing that happens in it may reach the application, nor keep it alive.

const path = require('path');
const { Worker } = require('worker_threads');
const { guard, reason } = require('../errors');
const { afterReading } = require('../lane');
const limits = require('../limits');

class Decoding {
  // `ready` is called with the numbers of the requests, by decoder, `doubt` when the thread fails.
  constructor(folder, { ready, doubt }, file = path.join(__dirname, 'thread.js')) {
    this.waiting = new Map();
    this.number = 0;
    this.open = true;
    this.ready = ready;
    this.doubt = doubt;
    // Neither the application's preloaded modules nor its DEBUG are for this thread.
    this.thread = new Worker(file, { workerData: { folder }, env: {}, execArgv: [] });
    this.thread.unref();
    this.thread.on('message', guard((message) => this.receive(message)));
    this.thread.on('messageerror', guard((error) => this.fail(reason(error))));
    this.thread.on('error', guard((error) => this.fail(reason(error))));
    this.thread.on('exit', guard(() => this.fail('it ended')));
  }

  receive(message) {
    if (message.number === 0) {
      this.ready(message.methods);
      return;
    }
    const waiter = this.waiting.get(message.number);
    if (waiter === undefined) return;
    this.waiting.delete(message.number);
    clearTimeout(waiter.timer);
    waiter.resolve(message);
  }

  // Resolves with what thread.js answers, or { doubt }; never rejects.
  ask(message, transfer) {
    return new Promise((resolve) => {
      if (!this.open) {
        resolve({ doubt: 'the decoding thread is gone' });
        return;
      }
      this.number += 1;
      const { number } = this;
      const late = () => {
        if (this.waiting.has(number)) this.fail('it does not answer');
      };
      const timer = setTimeout(() => afterReading(late), limits.DECODING_MS);
      timer.unref();
      this.waiting.set(number, { resolve, timer });
      this.thread.postMessage({ number, ...message }, transfer);
    });
  }

  fail(why) {
    if (!this.open) return;
    this.close();
    this.doubt(`the decoding thread failed: ${why}`);
  }

  close() {
    this.open = false;
    for (const { resolve, timer } of this.waiting.values()) {
      clearTimeout(timer);
      resolve({ doubt: 'the decoding thread is gone' });
    }
    this.waiting.clear();
    this.thread.terminate();
  }
}

module.exports = { Decoding };
