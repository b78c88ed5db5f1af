// SPDX-License-Identifier: MIT
'use strict';

// Runs applications, CommonJS and ESM, as processes of their own, with this package and a real mediasoup
// installed, or copies of mediasoup that do nothing.

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawn } = require('child_process');
const { eventually, temporaryFolder } = require('./application');
const { snapshot } = require('./snapshot');

const PACKAGE = path.join(__dirname, '../..');
const REGISTER = path.join(PACKAGE, 'register.js');

const STAY = 'setInterval(() => {}, 1000);';

// Makes the folder of an application with these files, and this mediasoup and this package installed.
function install(version, files) {
  const folder = temporaryFolder();
  fs.mkdirSync(path.join(folder, 'node_modules'));
  if (version) fs.symlinkSync(version.module, path.join(folder, 'node_modules/mediasoup'));
  fs.symlinkSync(PACKAGE, path.join(folder, 'node_modules/collectd-mediasoup'));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

const MANIFEST = '{"name":"mediasoup","main":"lib/index.js"}';
const PATIENCE_MS = 15000;

// Returns the code of a mediasoup that does nothing.
function copyOf(version) {
  return `
    const { EventEmitter } = require('events');
    exports.version = '${version}';
    exports.observer = new EventEmitter();
    exports.createWorker = async () => {};`;
}

// Runs node with these arguments in the folder, calls run(app), and removes the folder.
async function withProcess(version, folder, args, env, run) {
  const node = version ? version.node : process.execPath;
  const child = spawn(node, args, {
    cwd: env.CWD || folder,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NODE_PATH: '',
      MEDIASOUP_WORKER_BIN: version ? version.worker : '',
      COLLECTD_MEDIASOUP_SOCKET: path.join(folder, 's.sock'),
      ...env,
    },
  });
  const app = { stdout: '', stderr: '', socket: path.join(folder, 's.sock') };
  child.stdout.on('data', (data) => (app.stdout += data));
  child.stderr.on('data', (data) => (app.stderr += data));
  app.exited = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    await run(app);
  } finally {
    clearTimeout(patience);
    child.kill('SIGKILL');
    await app.exited;
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// Waits until the endpoint shows one worker with this appData.
const seen = (app, appData) =>
  eventually(async () => {
    const { of } = await snapshot(app.socket);
    assert.deepStrictEqual(of('workers').map((row) => row.appData), [appData], app.stderr);
  });

module.exports = { copyOf, install, MANIFEST, PACKAGE, REGISTER, seen, STAY, withProcess };
