// SPDX-License-Identifier: MIT
'use strict';

// Workers that no tree watches. Processes with the worker's name stand for them.

const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { once } = require('events');
const { test } = require('node:test');
const { Worker } = require('worker_threads');
const { checkForUnseen, UnseenWatch } = require('../../lib/start/unseen');
const { acquire, release } = require('../../lib/tree/trees');
const { sleep, temporaryFolder } = require('../helpers/application');
const { FakeMediasoup } = require('../helpers/fake');

// Old enough to be clearly older than the check.
const AGE_MS = 200;

// Starts a process whose command has this name, calls run(pid), and ends it.
async function withProcess(name, run) {
  const file = path.join(temporaryFolder(), name);
  fs.copyFileSync('/bin/sleep', file);
  const child = spawn(file, ['60']);
  const exited = new Promise((resolve) => child.on('exit', resolve));
  try {
    await sleep(AGE_MS);
    await run(child);
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

test('a worker from before serve() is an error that says what to do', async () => {
  await withProcess('mediasoup-worker', async ({ pid }) => {
    await assert.rejects(checkForUnseen(), {
      code: 'ERR_WORKERS_EXIST',
      message:
        `1 mediasoup workers (${pid}) were created before serve() and cannot be watched: ` +
        'call serve() before the first createWorker()',
    });
  });
});

test('a worker that a tree watches is fine', async () => {
  const mediasoup = new FakeMediasoup();
  const tree = acquire(mediasoup);
  await withProcess('mediasoup-worker', async ({ pid }) => {
    mediasoup.createWorker().pid = pid;
    await checkForUnseen();
  });
  release(tree);
});

test('a worker that is closing gets a moment to exit', async () => {
  await withProcess('mediasoup-worker', async (child) => {
    setTimeout(() => child.kill('SIGKILL'), AGE_MS);
    await checkForUnseen();
  });
});

test('other processes are fine, unless MEDIASOUP_WORKER_BIN names them', async (t) => {
  const { MEDIASOUP_WORKER_BIN: before } = process.env;
  t.after(() => {
    if (before === undefined) delete process.env.MEDIASOUP_WORKER_BIN;
    else process.env.MEDIASOUP_WORKER_BIN = before;
  });
  delete process.env.MEDIASOUP_WORKER_BIN;
  const name = 'a-worker-with-a-long-name';
  await withProcess(name, async ({ pid }) => {
    await checkForUnseen();
    process.env.MEDIASOUP_WORKER_BIN = `/opt/${name}`;
    await assert.rejects(checkForUnseen(), new RegExp(`\\(${pid}\\)`));
  });
});

test('workers that stay unseen are warned about once', async () => {
  const warnings = [];
  const listener = ({ code, message }) => warnings.push([code, message]);
  process.on('warning', listener);
  await withProcess('mediasoup-worker', async ({ pid }) => {
    const watch = new UnseenWatch();
    await watch.look(1000);
    await watch.look(3999);
    await watch.look(4998); // within a second of the look before
    await sleep(1);
    assert.deepStrictEqual(warnings, []);
    await watch.look(4999);
    await watch.look(9000);
    await sleep(1);
    assert.strictEqual(warnings.length, 1);
    assert.strictEqual(warnings[0][0], 'WARN_WORKERS_UNSEEN');
    assert.ok(warnings[0][1].includes(`mediasoup workers (${pid}) are missing from snapshots: another copy`));
  });
  process.removeListener('warning', listener);
});

test('a thread looks at its own children only', async () => {
  await withProcess('mediasoup-worker', async () => {
    const program = `
      const { parentPort } = require('worker_threads');
      require(${JSON.stringify(require.resolve('../../lib/start/unseen'))}).checkForUnseen()
        .then(() => parentPort.postMessage('fine'), (error) => parentPort.postMessage(error.message));`;
    const thread = new Worker(program, { eval: true });
    const [said] = await once(thread, 'message');
    assert.strictEqual(said, 'fine');
  });
});
