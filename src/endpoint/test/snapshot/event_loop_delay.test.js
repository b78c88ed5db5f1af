// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { spawnSync } = require('child_process');
const path = require('path');
const perfHooks = require('perf_hooks');
const { test } = require('node:test');
const { Worker } = require('worker_threads');
const limits = require('../../lib/common/limits');
const { EventLoopDelay } = require('../../lib/snapshot/event_loop_delay');
const { sleep } = require('../helpers/application');

const MODULE = path.join(__dirname, '../../lib/snapshot/event_loop_delay.js');
const BLOCKED_MS = 1000;
// A timer may have been due for this long before the loop was blocked.
const SEEN_MS = BLOCKED_MS - limits.LOOP_DELAY_MS - 10;

function block() {
  const end = Date.now() + BLOCKED_MS;
  while (Date.now() < end);
}

// Runs `use` with a delay that is closed after it.
async function withDelay(use) {
  const delay = new EventLoopDelay();
  try {
    return await use(delay);
  } finally {
    delay.close();
  }
}

test('a loop that was blocked shows for how long, once', () =>
  withDelay(async (delay) => {
    assert.deepStrictEqual(delay.figures(), {}, 'nothing was measured before');
    await sleep(300);
    block();
    await sleep(300);
    const { eventLoopDelayMean, eventLoopDelayP99, eventLoopDelayMax } = delay.figures();
    assert.ok(eventLoopDelayMax >= SEEN_MS, `${eventLoopDelayMax}`);
    assert.ok(eventLoopDelayP99 >= SEEN_MS, `${eventLoopDelayP99}: of a dozen calls, the latest is the 99th percentile`);
    // At most some twelve calls, one of which was late.
    assert.ok(eventLoopDelayMean >= SEEN_MS / 14 && eventLoopDelayMean < SEEN_MS, `${eventLoopDelayMean}`);
    await sleep(300);
    assert.ok(delay.figures().eventLoopDelayMax < SEEN_MS, 'seen again');
  }));

test('what blocks the loop right after figures are asked for is in the next ones', () =>
  withDelay(async (delay) => {
    delay.figures();
    await sleep(300);
    delay.figures();
    block();
    await sleep(300);
    assert.ok(delay.figures().eventLoopDelayMax >= SEEN_MS);
  }));

test('it never keeps the process alive', () => {
  const program = `new (require(${JSON.stringify(MODULE)}).EventLoopDelay)().figures()`;
  const { status, signal } = spawnSync(process.execPath, ['-e', program], { timeout: 20000 });
  assert.deepStrictEqual([status, signal], [0, null]);
});

test('in a thread it measures the loop of that thread', async () => {
  const program = `
    const { EventLoopDelay } = require(${JSON.stringify(MODULE)});
    const delay = new EventLoopDelay();
    delay.figures();
    setTimeout(() => { const end = Date.now() + ${BLOCKED_MS}; while (Date.now() < end); }, 300);
    setTimeout(() => require('worker_threads').parentPort.postMessage(delay.figures()), 1800);`;
  await withDelay(async (own) => {
    own.figures();
    const thread = new Worker(program, { eval: true });
    const exited = new Promise((resolve) => thread.on('exit', resolve));
    const { eventLoopDelayMax } = await new Promise((resolve, reject) => thread.on('message', resolve).on('error', reject));
    await exited;
    assert.ok(eventLoopDelayMax >= SEEN_MS, `${eventLoopDelayMax}`);
    assert.ok(own.figures().eventLoopDelayMax < SEEN_MS, 'this thread was not blocked');
  });
});

test('a runtime that cannot measure it has no such members', async () => {
  const { monitorEventLoopDelay } = perfHooks;
  try {
    for (const missing of [undefined, () => { throw new Error('not implemented'); }]) {
      perfHooks.monitorEventLoopDelay = missing;
      await withDelay(async (delay) => {
        delay.figures();
        assert.deepStrictEqual(delay.figures(), {});
      });
    }
  } finally {
    perfHooks.monitorEventLoopDelay = monitorEventLoopDelay;
  }
});

test('nothing is measured before the first figures, or after close()', async () => {
  const { monitorEventLoopDelay } = perfHooks;
  const calls = [];
  perfHooks.monitorEventLoopDelay = () => ({
    mean: 60e6, max: 70e6, percentile: () => 65e6,
    enable: () => calls.push('enable'), disable: () => calls.push('disable'), reset: () => calls.push('reset'),
  });
  try {
    const delay = new EventLoopDelay();
    assert.deepStrictEqual(calls, []);
    assert.deepStrictEqual(delay.figures(), { eventLoopDelayMean: 10, eventLoopDelayP99: 15, eventLoopDelayMax: 20 });
    delay.close();
    assert.deepStrictEqual(delay.figures(), {});
    assert.deepStrictEqual(calls, ['enable', 'reset', 'disable']);
  } finally {
    perfHooks.monitorEventLoopDelay = monitorEventLoopDelay;
  }
});
