// SPDX-License-Identifier: MIT
'use strict';

// Runs mediasoup's own tests, which its npm package carries compiled: plain, or with the endpoint in each file.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const TESTS = path.resolve(__dirname, '..');
const BUILD = path.resolve(TESTS, '../build/harmless');
const JEST = path.join(TESTS, 'node_modules/jest/bin/jest.js');

// jest does not look into node_modules, so the package is copied out of it. Its dependencies stay where they are.
function unpack(folder) {
  const home = path.join(BUILD, path.basename(folder));
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  fs.cpSync(path.join(folder, 'node_modules/mediasoup'), path.join(home, 'mediasoup'), { recursive: true });
  fs.symlinkSync(path.join(folder, 'node_modules'), path.join(home, 'node_modules'));
  return home;
}

function configuration(home, lane) {
  const file = path.join(home, `jest.${lane}.json`);
  fs.writeFileSync(file, JSON.stringify({
    rootDir: path.join(home, 'mediasoup'),
    testEnvironment: 'node',
    testRegex: 'node/lib/test/test-.*\\.js$',
    modulePaths: [path.join(TESTS, 'node_modules')],
    transform: {},
    testTimeout: 30000,
    ...(lane !== 'plain' && { setupFilesAfterEnv: [path.join(__dirname, 'serve_in_each_file.js')] }),
  }));
  return file;
}

// `lane` is plain (no endpoint), public or raw; `files` are the names of those to be run, all when there are none.
// Resolves with { results: name -> status, output, code, signal }.
function runTests(folder, home, lane, sockets, files = []) {
  const outcome = path.join(home, `results.${lane}.json`);
  const args = [JEST, '--config', configuration(home, lane), '--runInBand', '--forceExit', '--json', '--outputFile', outcome, ...files];
  const env = { ...process.env, MEDIASOUP_WORKER_BIN: path.join(folder, 'mediasoup-worker'), HARMLESS_LANE: lane, HARMLESS_SOCKETS: sockets };
  fs.rmSync(outcome, { force: true });
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(path.join(folder, 'node'), args, { cwd: path.join(home, 'mediasoup'), env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk; });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...read(outcome), output, code, signal }));
  });
}

function read(outcome) {
  const results = new Map();
  if (!fs.existsSync(outcome)) return { results };
  for (const file of JSON.parse(fs.readFileSync(outcome)).testResults) {
    const name = path.basename(file.name);
    results.set(name, file.status === 'failed' && file.assertionResults.length === 0 ? 'did not run' : 'ran');
    for (const { fullName, status } of file.assertionResults) results.set(`${name}: ${fullName}`, status);
  }
  return { results };
}

module.exports = { runTests, unpack };
