// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const { performance } = require('perf_hooks');
const { test } = require('node:test');
const { eventually } = require('../helpers/application');
const { readProcess, Usage } = require('../../lib/snapshot/usage');

const reading = { pid: 7, ppid: 1, cpuMs: 500, elapsedMs: 1000, residentBytes: 4096 };

// Calls run(at) with a clock that at(ms) sets. Node 18 has a now() that cannot be assigned to.
function withClock(run) {
  const own = Object.getOwnPropertyDescriptor(performance, 'now');
  let time = 0;
  Object.defineProperty(performance, 'now', { configurable: true, value: () => time });
  try {
    run((ms) => {
      time = ms;
    });
  } finally {
    delete performance.now;
    if (own !== undefined) Object.defineProperty(performance, 'now', own);
  }
}

test('this process is read as the system knows it', () => {
  const { pid, state, ppid, cpuMs, elapsedMs, residentBytes } = readProcess(process.pid);
  assert.deepStrictEqual([pid, state, ppid], [process.pid, 'R', process.ppid]);
  const { user, system } = process.cpuUsage();
  assert.ok(Math.abs(cpuMs - (user + system) / 1000) < 100, `${cpuMs}`);
  assert.ok(Math.abs(elapsedMs - process.uptime() * 1000) < 1000, `${elapsedMs}`);
  const rss = process.memoryUsage().rss;
  assert.ok(Math.abs(residentBytes - rss) < rss / 4, `${residentBytes} ${rss}`);
});

test('a process may have spaces and parentheses in its name, and may be gone', async () => {
  // A process may give itself any name.
  const program = "require('fs').writeFileSync('/proc/self/comm', 'a) 1 2 (b'); process.stdout.write('.'); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  assert.match(fs.readFileSync(`/proc/${child.pid}/stat`, 'latin1'), /\(a\) 1 2 \(b\)/);
  assert.strictEqual(readProcess(child.pid).ppid, process.pid);
  child.kill('SIGSTOP');
  await eventually(() => assert.strictEqual(readProcess(child.pid).state, 'T'));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('exit', resolve));
  assert.strictEqual(readProcess(child.pid), undefined);
});

test('the share of CPU is that since the process began, and later that between two readings', () => {
  withClock((at) => {
    const usage = new Usage();
    at(10000);
    const first = usage.figures(reading);
    assert.ok(Math.abs(first.timestamp - Date.now()) < 60000);
    const { timestamp, ...rest } = first;
    assert.deepStrictEqual(rest, { pid: 7, ppid: 1, cpu: 50, memory: 4096, ctime: 500, elapsed: 1000 });
    at(12000);
    assert.strictEqual(usage.figures({ ...reading, cpuMs: 1000, elapsedMs: 3000 }).cpu, 25);
    assert.strictEqual(usage.figures({ ...reading, cpuMs: 1000, elapsedMs: 3000 }).cpu, 33.33, 'no time has passed');
  });
});

test('another process of the same number begins anew, and so does one that was forgotten', () => {
  withClock((at) => {
    const usage = new Usage();
    at(1000);
    usage.figures(reading);
    at(2000);
    assert.strictEqual(usage.figures({ ...reading, cpuMs: 10, elapsedMs: 100 }).cpu, 10);
    usage.keep([1, 2]);
    at(3000);
    assert.strictEqual(usage.figures({ ...reading, cpuMs: 20, elapsedMs: 40 }).cpu, 50);
    usage.keep([7]);
    at(4000);
    assert.strictEqual(usage.figures({ ...reading, cpuMs: 120, elapsedMs: 1040 }).cpu, 10);
    assert.strictEqual(usage.figures({ ...reading, pid: 8, elapsedMs: 0 }).cpu, 0);
  });
});
