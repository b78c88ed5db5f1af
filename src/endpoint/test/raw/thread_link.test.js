// SPDX-License-Identifier: MIT
'use strict';

// The main thread's link to the raw lane's thread, with other threads in its place.

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');
const { test } = require('node:test');
const limits = require('../../lib/common/limits');
const { ThreadLink } = require('../../lib/raw/thread_link');
const { eventually, patiently, temporaryFolder } = require('../helpers/application');

const fakeThread = path.join(__dirname, '../helpers/fake_thread.js');

// Returns a link to a thread with this program, its `doubts` and the `methods` that it was told.
function linked(program) {
  const file = path.join(temporaryFolder(), 'thread.js');
  fs.writeFileSync(file, `const { parentPort, workerData } = require('worker_threads');\n${program}`);
  const [doubts, methods] = [[], []];
  const link = new ThreadLink('/the/folder', { ready: (list) => methods.push(list), doubt: (why) => doubts.push(why) }, file);
  return { doubts, link, methods };
}

const ECHO = `
  parentPort.postMessage({ kind: 'ready', methods: [workerData.folder] });
  parentPort.on('message', ({ number, kind, text }) => {
    if (kind === 'exit') process.exit();
    if (kind === 'say') parentPort.postMessage(JSON.parse(text));
    else if (number !== undefined) parentPort.postMessage({ kind: 'result', number, text });
  });`;

test('each question gets its own answer, and the thread knows the folder', async () => {
  const { doubts, link, methods } = linked(ECHO);
  const answers = await Promise.all(['a', 'b'].map((text) => link.askAlive({ kind: 'echo', text })));
  assert.deepStrictEqual(answers.map(({ text }) => text), ['a', 'b']);
  assert.deepStrictEqual(methods, [['/the/folder']]);
  link.close();
  await link.ended;
  assert.deepStrictEqual([doubts, await link.ask({})], [[], { doubt: 'its thread is gone' }]);
});

test('a server receives the messages for it', async () => {
  const { link } = linked(ECHO);
  const heard = [];
  link.servers.set(4, { receive: ({ snapshot }) => heard.push(snapshot) });
  for (const [server, snapshot] of [[4, 1], [5, 2], [4, 3]]) link.tell({ kind: 'say', text: JSON.stringify({ kind: 'ask', server, snapshot }) });
  await link.askAlive({ kind: 'echo' });
  assert.deepStrictEqual(heard, [1, 3]);
  link.close();
  await link.ended;
});

test('a thread that ends or throws is one doubt, and pending questions and servers learn of it', async () => {
  const ways = [[ECHO, /^its thread failed: it ended$/], ["parentPort.on('message', () => { throw new Error('a bug'); });", /^its thread failed: a bug$/]];
  for (const [program, why] of ways) {
    const { doubts, link } = linked(program);
    let lost = 0;
    link.servers.set(1, { lost: () => (lost += 1) });
    assert.deepStrictEqual(await link.askAlive({ kind: 'exit' }), { doubt: 'its thread is gone' });
    await link.ended;
    assert.strictEqual(doubts.length, 1);
    assert.match(doubts[0], why);
    assert.strictEqual(link.open, false);
    await eventually(() => assert.strictEqual(lost, 1));
  }
});

test('a message that cannot be posted is a doubt, not an exception', async () => {
  for (const post of [(link) => link.ask({ kind: 'proof', bytes: () => {} }), (link) => link.tell({ bytes: () => {} })]) {
    const doubts = [];
    const link = new ThreadLink('', { ready() {}, doubt: (why) => doubts.push(why) }, fakeThread);
    const said = await post(link);
    if (said !== undefined) assert.match(said.doubt, /thread is gone/);
    assert.match(doubts.join(), /^its thread failed: .*could not be cloned/);
    assert.strictEqual(link.open, false);
    await link.ended;
  }
});

const ON_LEAVE = (then) => `
  parentPort.postMessage({ kind: 'ready' });
  parentPort.on('message', ({ kind }) => {
    if (kind !== 'leave') return;
    ${then}
  });`;

test('the thread is told to leave, and ended only when it does not', async () => {
  const codes = [];
  const before = process.listenerCount('exit');
  for (const then of ['process.exit(7);', '']) {
    const { doubts, link, methods } = linked(ON_LEAVE(then));
    await eventually(() => assert.strictEqual(methods.length, 1));
    link.thread.on('exit', (code) => codes.push(code));
    link.close();
    await link.ended;
    assert.deepStrictEqual(doubts, []);
  }
  assert.deepStrictEqual(codes, [7, 1]);
  assert.strictEqual(process.listenerCount('exit'), before);
});

// Runs a program that opens a link to a thread, and returns its exit code and how long it took to exit.
function exiting(then) {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'thread.js'), `const { parentPort, workerData } = require('worker_threads');\n${ON_LEAVE(then)}`);
  const program = `
    const { ThreadLink } = require(${JSON.stringify(require.resolve('../../lib/raw/thread_link'))});
    let at;
    process.on('exit', () => (at = Date.now()));
    const ready = () => setTimeout(() => process.exit(3), 10);
    new ThreadLink('', { ready, doubt() {} }, ${JSON.stringify(path.join(folder, 'thread.js'))});
    process.on('exit', () => console.log(Date.now() - at));
    setTimeout(() => {}, 5000);`;
  const { status, stdout } = spawnSync(process.execPath, ['-e', program], { timeout: 10000 });
  return { status, ms: Number(stdout.toString()) };
}

test('a process that exits waits until the thread has left, but not for long', () => {
  const left = exiting("for (const end = Date.now() + 50; Date.now() < end; ); Atomics.store(workerData.left, 0, 1); Atomics.notify(workerData.left, 0);");
  assert.strictEqual(left.status, 3);
  assert.ok(left.ms >= 40 && left.ms < 190, `${left.ms} ms`);
  const stuck = exiting('');
  assert.strictEqual(stuck.status, 3);
  assert.ok(stuck.ms >= 190 && stuck.ms < 1000, `${stuck.ms} ms`);
});

test('a thread that never begins is a doubt', async (t) => {
  const { setTimeout: real } = global;
  global.setTimeout = (fn, ms, ...args) => real(fn, ms === limits.DECODING_MS ? 20 : ms, ...args);
  t.after(() => (global.setTimeout = real));
  const { doubts, link } = linked("parentPort.on('message', () => process.exit());");
  await patiently(link.ended);
  assert.deepStrictEqual(doubts, ['its thread failed: it has not begun for 10000 ms']);
});
