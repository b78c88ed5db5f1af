// SPDX-License-Identifier: MIT
'use strict';

// Runs helpers/sfu.js, a mediasoup application, in a process of its own with the Node that its mediasoup
// needs, and calls its functions.

const { fork } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

function temporaryFolder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'endpoint-'));
}

class Application {
  constructor(version, { options = {}, script = 'sfu.js', env = {}, execArgv = [] } = {}) {
    this.folder = temporaryFolder();
    this.socket = path.join(this.folder, 'collectd.sock');
    this.waiting = new Map();
    this.nextId = 1;
    this.stderr = '';
    this.child = fork(path.join(__dirname, script), [], {
      execPath: version.node,
      execArgv,
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        MEDIASOUP_WORKER_BIN: version.worker,
        SFU_MEDIASOUP: version.module,
        SFU_OPTIONS: JSON.stringify({ socket: this.socket, ...options }),
        ...env,
      },
    });
    this.child.stderr.on('data', (data) => {
      this.stderr += data;
    });
    this.child.on('message', ({ id, value, error }) => {
      const { resolve, reject } = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) resolve(value);
      else reject(new Error(error));
    });
    this.exited = new Promise((resolve) => {
      this.child.on('exit', (code, signal) => {
        for (const { reject } of this.waiting.values()) reject(new Error(`gone: ${this.stderr}`));
        resolve({ code, signal });
      });
    });
  }

  // Calls a function of sfu.js.
  call(name, ...args) {
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, name, args });
    });
  }

  async stop() {
    this.child.kill('SIGKILL');
    await this.exited;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

async function withApplication(version, options, test) {
  const application = new Application(version, options);
  try {
    await application.call('ready');
    return await test(application);
  } finally {
    await application.stop();
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Repeats `attempt` until it does not throw, for at most `ms`.
async function eventually(attempt, ms = 8000) {
  const end = Date.now() + ms;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(50);
  }
}

// Waits for a promise whose timers do not keep the process alive.
function patiently(promise) {
  const alive = setInterval(() => {}, 1000);
  return promise.finally(() => clearInterval(alive));
}

module.exports = { eventually, patiently, sleep, temporaryFolder, withApplication };
