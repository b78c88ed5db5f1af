// SPDX-License-Identifier: MIT
'use strict';

// The main thread's link to thread.js: messages go to it and are answered, in order, and it asks for
// snapshots. It is a thread of the process, but nothing that happens in it may reach the application,
// nor keep it alive.

const path = require('path');
const { Worker } = require('worker_threads');
const { guard, reason } = require('../errors');
const { afterReading } = require('../requests');
const limits = require('../limits');

class ThreadLink {
  // `ready` is called with the numbers of the requests, by decoder, `doubt` when the thread fails.
  constructor(folder, { ready, doubt }, file = path.join(__dirname, 'thread/index.js')) {
    this.waiting = new Map();
    this.number = 0;
    this.open = true;
    this.ready = ready;
    this.doubt = doubt;
    // RemoteServers by their numbers.
    this.servers = new Map();
    // Neither the application's preloaded modules nor its DEBUG are for this thread.
    this.thread = new Worker(file, { workerData: { folder }, env: {}, execArgv: [] });
    this.thread.on('message', guard((message) => this.receive(message)));
    this.thread.on('messageerror', guard((error) => this.fail(reason(error))));
    this.thread.on('error', guard((error) => this.fail(reason(error))));
    // Resolves when the thread is gone, with its sockets.
    this.ended = new Promise((resolve) => {
      this.thread.on('exit', guard(() => this.end(resolve)));
    });
    // After the listeners, which would have it keep the process alive.
    this.thread.unref();
    this.held = 0;
  }

  receive(message) {
    const { kind, number, server } = message;
    if (kind === 'ready') this.ready(message.methods);
    else if (kind === 'result') this.settle(number, message);
    else if (this.servers.has(server)) this.servers.get(server).receive(message);
  }

  settle(number, result) {
    const waiter = this.waiting.get(number);
    if (waiter === undefined) return;
    this.waiting.delete(number);
    clearTimeout(waiter.timer);
    waiter.resolve(result);
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
      this.post({ number, ...message }, transfer);
    });
  }

  // The same, and the process stays alive until the answer: the application waits for it.
  async askAlive(message) {
    this.held += 1;
    if (this.open) this.thread.ref();
    const result = await this.ask(message);
    this.held -= 1;
    if (this.held === 0 && this.open) this.thread.unref();
    return result;
  }

  // Without an answer.
  tell(message, transfer) {
    if (this.open) this.post(message, transfer);
  }

  post(message, transfer) {
    try {
      this.thread.postMessage(message, transfer);
    } catch (error) {
      this.fail(reason(error));
    }
  }

  fail(why) {
    if (!this.open) return;
    this.stop();
    this.doubt(`the decoding thread failed: ${why}`);
  }

  stop() {
    this.open = false;
    for (const number of [...this.waiting.keys()]) this.settle(number, { doubt: 'the decoding thread is gone' });
    this.thread.terminate();
  }

  // On purpose: nobody misses it.
  close() {
    this.servers.clear();
    if (this.open) this.stop();
  }

  end(resolve) {
    this.fail('it ended');
    resolve();
    for (const server of [...this.servers.values()]) server.lost();
  }
}

module.exports = { ThreadLink };
