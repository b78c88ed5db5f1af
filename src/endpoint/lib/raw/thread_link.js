// SPDX-License-Identifier: MIT
'use strict';

// The main thread's link to the raw lane's thread (thread/index.js, which lists the messages). Messages
// go there and are answered in order, and the thread asks for snapshots. It is a thread of the
// application's process, so nothing that happens in it may reach the application or keep it alive.

const fs = require('fs');
const path = require('path');
const { Worker } = require('worker_threads');
const { guard, reason } = require('../common/errors');
const { afterReading } = require('../common/event_loop');
const limits = require('../common/limits');

// Not loaded here: the thread loads it. A bundle lies in another folder and does not have it; in one that is
// ESM there is no __dirname either.
const isWhole = typeof __dirname === 'string' && /[\\/]lib[\\/]raw$/.test(__dirname);
const THREAD_FILE = isWhole ? path.join(__dirname, 'thread/index.js') : '';
const GONE = { doubt: 'its thread is gone' };

class ThreadLink {
  // Starts the thread for the mediasoup in `folder`. ready(methods) is called when it runs, with the
  // number of the request that each decoder's getStats() sends; doubt(why) when it fails. Throws
  // when the thread's file is not there.
  constructor(folder, { ready, doubt }, file = THREAD_FILE) {
    if (!fs.existsSync(file)) {
      throw new Error('collectd-mediasoup has been bundled, without the file of its thread; leave it out of the bundle (external)');
    }
    // { resolve, timer } by the numbers of messages.
    this.waiting = new Map();
    this.number = 0;
    this.open = true;
    this.ready = ready;
    this.doubt = doubt;
    // RemoteServers by their numbers.
    this.servers = new Map();
    // The application's preloaded modules and its DEBUG are not for this thread.
    // The thread sets it when it leaves.
    this.left = new Int32Array(new SharedArrayBuffer(4));
    this.thread = new Worker(file, { workerData: { folder, left: this.left }, env: {}, execArgv: [] });
    this.thread.on('message', guard((message) => this.receive(message)));
    this.thread.on('messageerror', guard((error) => this.fail(reason(error))));
    this.thread.on('error', guard((error) => this.fail(reason(error))));
    // Resolves when the thread is gone, with its sockets.
    this.ended = new Promise((resolve) => {
      this.thread.on('exit', guard(() => this.end(resolve)));
    });
    this.onExit = guard(() => this.awaitLeaving());
    process.on('exit', this.onExit);
    // Only now: a listener for messages makes the thread keep the process alive.
    this.thread.unref();
    this.held = 0;
    this.leaving = undefined;
    this.starting = setTimeout(() => this.fail(`it has not begun for ${limits.DECODING_MS} ms`), limits.DECODING_MS);
    this.starting.unref();
  }

  receive(message) {
    const { kind, number, server } = message;
    if (kind === 'ready') this.begin(message.methods);
    else if (kind === 'result') this.settle(number, message);
    else if (this.servers.has(server)) this.servers.get(server).receive(message);
  }

  begin(methods) {
    clearTimeout(this.starting);
    this.ready(methods);
  }

  settle(number, result) {
    const waiter = this.waiting.get(number);
    if (waiter === undefined) return;
    this.waiting.delete(number);
    clearTimeout(waiter.timer);
    waiter.resolve(result);
  }

  // Sends a message. Resolves with the thread's answer, or { doubt }; never rejects. `transfer` lists the
  // ArrayBuffers that are handed over.
  ask(message, transfer) {
    return new Promise((resolve) => {
      if (!this.open) {
        resolve(GONE);
        return;
      }
      this.number += 1;
      const { number } = this;
      const late = () => {
        if (this.waiting.has(number)) this.fail(`it has not answered for ${limits.DECODING_MS} ms`);
      };
      const timer = setTimeout(() => afterReading(late), limits.DECODING_MS);
      timer.unref();
      this.waiting.set(number, { resolve, timer });
      this.post({ number, ...message }, transfer);
    });
  }

  // The same, for an answer that the application waits for: it keeps the process alive.
  async askAlive(message) {
    this.held += 1;
    if (this.open) this.thread.ref();
    const result = await this.ask(message);
    this.held -= 1;
    if (this.held === 0 && this.open) this.thread.unref();
    return result;
  }

  // Sends a message that has no answer.
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
    this.doubt(`its thread failed: ${why}`);
  }

  stop() {
    this.open = false;
    for (const number of [...this.waiting.keys()]) this.settle(number, GONE);
    this.leave();
  }

  // Tells the thread to leave. Ending it from here while its server parses a request would end the whole
  // process, so that is done only when it does not leave in time.
  leave() {
    try {
      this.thread.postMessage({ kind: 'leave' });
    } catch (error) {
      // It is gone already.
    }
    this.thread.ref();
    this.leaving = setTimeout(() => this.thread.terminate(), limits.LEAVING_MS);
    this.leaving.unref();
  }

  // The process ends, which would end the thread wherever it is.
  awaitLeaving() {
    if (this.open) this.thread.postMessage({ kind: 'leave' });
    Atomics.wait(this.left, 0, 0, limits.LEAVING_MS);
  }

  // Ends the thread on purpose: no doubt, and its servers are not told.
  close() {
    this.servers.clear();
    if (this.open) this.stop();
  }

  end(resolve) {
    clearTimeout(this.starting);
    clearTimeout(this.leaving);
    process.removeListener('exit', this.onExit);
    this.fail('it ended');
    resolve();
    for (const server of [...this.servers.values()]) server.lost();
  }
}

module.exports = { ThreadLink };
