// SPDX-License-Identifier: MIT
'use strict';

// The event loop, the heap and the open files of a real application, through each lane.

const assert = require('assert');
const fs = require('fs');
const { test } = require('node:test');
const { eventually, sleep, withApplication } = require('../helpers/application');
const { knownVersions, trusted, withRaw } = require('../helpers/raw');
const { snapshot } = require('../helpers/snapshot');
const { versions } = require('../helpers/versions');

const BLOCKED_MS = 200;
// A timer of 50 ms may have been due until it was called.
const SEEN_MS = BLOCKED_MS - 60;

const LANES = [
  ...versions().map((version) => [version, 'public', (use) => withApplication(version, {}, use)]),
  ...knownVersions().map((version) => [version, 'raw', (use) => withRaw(version, {}, use)]),
];

const ofParent = (rows) => rows.of('usage').find(({ type }) => type === 'parent');
const listed = (pid) => fs.readdirSync(`/proc/${pid}/fd`).length;

for (const [version, lane, withApp] of LANES) {
  test(`mediasoup ${version.version}, ${lane}: a loop that was blocked, the heap, and open files`, async () => {
    await withApp(async (app) => {
      await app.call('room');
      if (lane === 'raw') await trusted(app);
      await snapshot(app.socket, 'usage');
      await sleep(200);
      await app.call('block', BLOCKED_MS);
      await sleep(100);
      const rows = await snapshot(app.socket, 'usage');
      assert.strictEqual(rows.endpoint.lane, lane);
      const { eventLoopDelayMean, eventLoopDelayP99, eventLoopDelayMax } = ofParent(rows);
      assert.ok(eventLoopDelayMax >= SEEN_MS, `${eventLoopDelayMax}`);
      assert.ok(eventLoopDelayMean > 0 && eventLoopDelayMean <= eventLoopDelayP99, `${eventLoopDelayMean} ${eventLoopDelayP99}`);
      const { heapUsed, heapTotal, external } = await app.call('memory');
      const { externalMemory, ...parent } = ofParent(rows);
      assert.ok(Math.abs(parent.heapUsed - heapUsed) < heapUsed / 2 && parent.heapUsed <= parent.heapSize, `${parent.heapUsed} ${heapUsed}`);
      assert.ok(Math.abs(parent.heapSize - heapTotal) < heapTotal / 2 && externalMemory > external / 2, `${parent.heapSize} ${externalMemory}`);
      await checkFiles(app);
    });
  });
}

// Of the application and its workers.
async function checkFiles(app) {
  await eventually(async () => {
    const usage = (await snapshot(app.socket, 'usage')).of('usage');
    assert.strictEqual(usage.length, 3);
    for (const { pid, type, openFiles, openFilesMax, ...rest } of usage) {
      // The connection of the request itself comes and goes.
      assert.ok(Math.abs(openFiles - listed(pid)) <= (type === 'parent' ? 2 : 0), `${openFiles} of ${listed(pid)}`);
      assert.strictEqual(openFilesMax, Number(/^Max open files +(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/limits`, 'latin1'))[1]));
      assert.strictEqual('heapUsed' in rest, type === 'parent');
    }
  });
}
