// SPDX-License-Identifier: MIT
'use strict';

// The module that the raw lane's thread runs.

const assert = require('assert');
const path = require('path');
const { test } = require('node:test');
const { Worker } = require('worker_threads');
const { newest } = require('../../helpers/raw');

const LIB = path.join(__dirname, '../../../lib');
const folder = path.join(newest().module, 'node/lib');

// Calls run(thread, heard) with `file` running as a thread, with the newest mediasoup's classes.
async function withThread(file, run) {
  const thread = new Worker(file, { workerData: { folder }, env: {}, execArgv: [] });
  const messages = [];
  thread.on('message', (message) => messages.push(message));
  // Resolves with the first message for which isWanted() returns true.
  const heard = (isWanted) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = messages.find(isWanted);
        if (found !== undefined) resolve(found);
      };
      thread.on('message', look);
      thread.on('error', reject);
      look();
    });
  try {
    await run(thread, heard);
  } finally {
    await thread.terminate();
  }
}

test('the thread loads neither the collector nor the tree, and nothing else that it does not need', async () => {
  await withThread(path.join(__dirname, '../../helpers/loaded.js'), async (thread, heard) => {
    const { files } = await heard(({ kind }) => kind === 'loaded');
    const ours = files.filter((file) => file.startsWith(LIB + path.sep)).map((file) => path.relative(LIB, file));
    assert.deepStrictEqual(ours.sort(), [
      'common/errors.js',
      'common/limits.js',
      'common/loopback.js',
      'common/well_formed.js',
      'common/whole_require.js',
      'http/reading.js',
      'http/readings.js',
      'http/request.js',
      'http/server.js',
      'http/token.js',
      'raw/codes.js',
      'raw/frames.js',
      'raw/thread/decoder.js',
      'raw/thread/index.js',
      'raw/thread/rendering.js',
      'raw/thread/serving.js',
      'snapshot/chunks.js',
      'snapshot/classes.js',
      'snapshot/rows.js',
      'snapshot/sharing.js',
    ]);
  });
});

test('messages with a number are answered, and a failure is answered as a doubt', async () => {
  await withThread(path.join(LIB, 'raw/thread/index.js'), async (thread, heard) => {
    const { methods } = await heard(({ kind }) => kind === 'ready');
    assert.ok(methods.length > 0 && methods.every(Number.isInteger));
    const answer = (message) => {
      thread.postMessage(message);
      return heard(({ kind, number }) => kind === 'result' && number === message.number);
    };
    const nothing = { codes: [], kinds: [], numbers: [], gone: [], changed: [], prefixes: '', bytes: new Uint8Array() };
    const batch = { kind: 'batch', snapshot: 1, first: 1, ...nothing };
    assert.deepStrictEqual(await answer({ ...batch, number: 1 }), { kind: 'result', number: 1, counts: {} });
    thread.postMessage({ kind: 'off' });
    const { doubt } = await answer({ ...batch, number: 2 });
    assert.strictEqual(doubt, 'an earlier answer was in doubt');
    assert.match((await answer({ kind: 'unheard of', number: 3 })).doubt, /not a function/);
  });
});
