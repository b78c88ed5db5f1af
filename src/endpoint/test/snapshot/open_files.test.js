// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const { test } = require('node:test');
const { OpenFiles } = require('../../lib/snapshot/open_files');
const { eventually } = require('../helpers/application');

const LIMIT = 321;

// Runs `use` with a process that has 50 files open, and may have LIMIT.
async function withChild(use) {
  const program = `
    for (let i = 0; i < 50; i += 1) require('fs').openSync('/dev/null');
    setInterval(() => {}, 1000);
    process.stdout.write('.');`;
  // Node itself raises its soft limit to the hard one.
  const child = spawn('bash', ['-c', `ulimit -n ${LIMIT}; exec "$0" -e "$1"`, process.execPath, program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return await use(child.pid, () => child.kill('SIGKILL') && exited);
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

const listed = (pid) => fs.readdirSync(`/proc/${pid}/fd`).length;

test('the files and the limit of another process, however the system says them', () =>
  withChild(async (pid, end) => {
    for (const files of [new OpenFiles(), new OpenFiles(() => 0)]) {
      files.figures(pid);
      await eventually(() => assert.deepStrictEqual(files.figures(pid), { openFiles: listed(pid), openFilesMax: LIMIT }));
      assert.ok(files.figures(pid).openFiles >= 50);
    }
    await end();
    assert.deepStrictEqual(new OpenFiles().figures(pid), { openFiles: undefined, openFilesMax: undefined });
  }));

test('the files of this process, without the one that listing opens', async () => {
  const direct = new OpenFiles();
  const aside = new OpenFiles(() => 0);
  assert.strictEqual(aside.figures(process.pid).openFiles, undefined, 'listing takes a while');
  const entry = aside.known.get(process.pid);
  const isDone = () => eventually(() => assert.ok(!entry.isListing));
  await eventually(async () => {
    aside.figures(process.pid);
    await isDone();
    // Listed here while nothing else lists.
    assert.strictEqual(entry.listed, listed(process.pid) - 1);
  });
  assert.ok(aside.figures(process.pid).openFiles > 3);
  await isDone();
  await eventually(() => {
    const { openFiles } = direct.figures(process.pid);
    // The first list is made by the system before Linux 6.2.
    assert.ok(Math.abs(openFiles - (listed(process.pid) - 1)) <= 1, `${openFiles}`);
  });
});

test('listing that has not ended is not begun again', async () => {
  const { readdir } = fs;
  const waiting = [];
  fs.readdir = (folder, done) => waiting.push(done);
  try {
    const files = new OpenFiles(() => 0);
    files.figures(1);
    files.figures(1);
    assert.strictEqual(waiting.length, 1);
    waiting[0](null, ['0', '1', '2']);
    assert.strictEqual(files.figures(1).openFiles, 3);
    waiting[1](new Error('no such process'));
    assert.strictEqual(files.figures(1).openFiles, undefined);
  } finally {
    fs.readdir = readdir;
  }
});

test('processes that are gone are forgotten', () => {
  const files = new OpenFiles(() => 5);
  files.figures(process.pid);
  files.figures(process.ppid);
  files.keep([process.pid]);
  assert.deepStrictEqual([...files.known.keys()], [process.pid]);
});
