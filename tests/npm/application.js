// SPDX-License-Identifier: MIT
'use strict';

// Applications in folders of their own, with the npm package as npm would install it, from its tarball, and a real
// mediasoup with its worker.

const assert = require('node:assert');
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { until } = require('../lib/wait.js');

const ENDPOINT = path.resolve(__dirname, '../../src/endpoint');
const BIN = path.join(__dirname, 'node_modules/.bin');
const { MEDIASOUP_DIR } = process.env;
assert.ok(MEDIASOUP_DIR, 'MEDIASOUP_DIR is not set: these tests need a real mediasoup worker; run ./check npm');
const MEDIASOUP = fs.realpathSync(path.join(MEDIASOUP_DIR, 'node_modules/mediasoup'));
const ENVIRONMENT = { ...process.env, NODE_OPTIONS: '', NODE_PATH: '', MEDIASOUP_WORKER_BIN: path.join(MEDIASOUP_DIR, 'mediasoup-worker'), NODE_TEST_CONTEXT: undefined };

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'npm-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

const run = (command, args, { cwd = scratch, env = {} } = {}) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', env: { ...ENVIRONMENT, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 180000 });

let packed;

// Returns the path of the package's tarball, made at the first call.
function tarball() {
  if (packed === undefined) {
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--offline', '--pack-destination', scratch], { cwd: ENDPOINT }));
    packed = path.join(scratch, filename);
  }
  return packed;
}

let count = 0;

function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

// Returns the folder of a new application with these files; nothing is installed in it.
function bare(files = {}) {
  count += 1;
  const folder = path.join(scratch, `app-${count}`);
  fs.mkdirSync(folder);
  write(folder, { 'package.json': '{"name":"app","version":"1.0.0","private":true}\n', ...files });
  return folder;
}

// The same with the package unpacked and mediasoup linked in node_modules.
function application(files) {
  const folder = bare(files);
  const own = path.join(folder, 'node_modules/collectd-mediasoup');
  fs.mkdirSync(own, { recursive: true });
  run('tar', ['-xzf', tarball(), '-C', own, '--strip-components=1']);
  fs.symlinkSync(MEDIASOUP, path.join(folder, 'node_modules/mediasoup'));
  return folder;
}

// Resolves with the rows of a snapshot.
function snapshot(socketPath) {
  return new Promise((resolve, reject) => {
    const req = http.get({ socketPath, path: '/v1/snapshot', agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (data) => (text += data));
      res.on('end', () => resolve(text.trim().split('\n').map((line) => JSON.parse(line))));
    });
    req.on('error', reject);
  });
}

// Resolves with the rows once there is a worker with this appData; fails with what the application has said.
async function seen(socket, appData, said = () => '') {
  let rows = [];
  await until(async () => {
    rows = await snapshot(socket).catch(() => []);
    return rows.some((row) => row.row === 'workers' && JSON.stringify(row.appData) === JSON.stringify(appData));
  }, { what: 'the application\'s worker in a snapshot', detail: said });
  return rows;
}

// Runs a command in a folder, calls run({ socket, said, child }) and ends it. SOCKET is in its environment; said()
// returns what it has written.
async function running(folder, [command, ...args], test, env = {}) {
  const socket = path.join(folder, 's.sock');
  const child = spawn(command, args, { cwd: folder, detached: true, env: { ...ENVIRONMENT, SOCKET: socket, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += data));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  try {
    await test({ socket, child, exited, said: () => text });
  } finally {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      // It has ended.
    }
    await exited;
  }
}

module.exports = { application, bare, BIN, ENVIRONMENT, MEDIASOUP, run, running, seen, snapshot, tarball, write };
