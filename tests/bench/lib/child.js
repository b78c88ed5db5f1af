// SPDX-License-Identifier: MIT
'use strict';

// A Node process that does what it is told: messages { id, command, argument } out, { id, value } or { id, error } back.

const { fork } = require('node:child_process');

const PATIENCE = 20000; // ms, for what it writes at its end

class Child {
  constructor(file, args = [], options = {}) {
    this.process = fork(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], ...options });
    this.waiting = new Map();
    this.last = 0;
    this.process.on('message', ({ id, value, error }) => {
      const { done, fail } = this.waiting.get(id);
      this.waiting.delete(id);
      if (error) fail(new Error(error));
      else done(value);
    });
    this.ended = new Promise((done) => this.process.on('exit', done));
    this.ended.then((code) => {
      for (const { fail } of this.waiting.values()) fail(new Error(`${file} ended with ${code}`));
    });
  }

  get pid() {
    return this.process.pid;
  }

  ask(command, argument) {
    return new Promise((done, fail) => {
      this.waiting.set((this.last += 1), { done, fail });
      this.process.send({ id: this.last, command, argument }, (error) => error && fail(error));
    });
  }

  // Ends it, whatever it is at.
  async stop() {
    this.waiting.clear();
    if (this.process.connected) this.process.disconnect(); // it goes by itself then
    const timer = setTimeout(() => this.process.kill('SIGKILL'), PATIENCE);
    await this.ended;
    clearTimeout(timer);
  }
}

module.exports = { Child };
