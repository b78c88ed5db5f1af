// SPDX-License-Identifier: MIT
'use strict';

// Monitoring changes nothing: mediasoup's own tests have the same results, by name, without the endpoint and with it,
// in both lanes, while seven clients read snapshots all the time.
//
// Some of mediasoup's tests wait for a fixed time, and fail on a busy machine without any endpoint too. So what fails is
// run once more, and fails only where it fails twice. What the readers find is never forgiven.

const { test } = require('node:test');
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { runTests, unpack } = require('./mediasoup_tests');

const folders = (process.env.HARMLESS_DIRS ?? '').split(':').filter(Boolean);
const nameOf = (folder) => /mediasoup-([0-9.]+)/.exec(path.basename(folder))[1];

// Starts the readers; the function it returns ends them and resolves with what they found.
function startReaders(sockets) {
  let output = '';
  const child = spawn(process.execPath, [path.join(__dirname, 'readers.js'), sockets], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.on('data', (chunk) => { output += chunk; });
  return () => new Promise((resolve) => {
    child.on('close', () => resolve(JSON.parse(output)));
    child.stdin.end();
  });
}

// Names whose status differs, with both statuses.
function differences(plain, monitored) {
  const names = new Set([...plain.keys(), ...monitored.keys()]);
  return [...names].filter((name) => plain.get(name) !== monitored.get(name)).map((name) => `${name}: ${plain.get(name)} -> ${monitored.get(name)}`);
}

// Runs the tests, and the files in which some fail again. A test has passed where it passed once.
async function runTwice(run) {
  const first = await run();
  const failed = [...first.results].filter(([, status]) => status === 'failed').map(([name]) => name.split(':')[0]);
  if (first.signal !== null || failed.length === 0) return first;
  const second = await run([...new Set(failed)]);
  for (const [name, status] of first.results)
    if (status === 'failed' && second.results.has(name)) first.results.set(name, second.results.get(name));
  return { ...second, results: first.results };
}

function assertWhole({ code, signal, results, output }) {
  assert.strictEqual(signal, null, output.slice(-3000));
  assert.ok(code === 0 || code === 1, output.slice(-3000));
  assert.ok(results.size > 100, output.slice(-3000));
}

assert.ok(folders.length > 0, 'HARMLESS_DIRS names the folders that tests/setup/worker prints');
for (const folder of folders) {
  test(`mediasoup ${nameOf(folder)}`, async (t) => {
    const home = unpack(folder);
    const sockets = fs.mkdtempSync(path.join(os.tmpdir(), 'harmless-'));
    t.after(() => fs.rmSync(sockets, { recursive: true }));
    const plain = await runTwice((files) => runTests(folder, home, 'plain', sockets, files));
    await t.test('passes its own tests without the endpoint', () => assertWhole(plain));
    for (const lane of ['public', 'raw'])
      await t.test(`has the same results with the endpoint, lane ${lane}`, async () => {
        const end = startReaders(sockets);
        const monitored = await runTwice((files) => runTests(folder, home, lane, sockets, files));
        const found = await end();
        assertWhole(monitored);
        assert.deepStrictEqual(found.faults, []);
        assert.deepStrictEqual(differences(plain.results, monitored.results), []);
        assert.ok(found.snapshots > 500, JSON.stringify(found));
        assert.ok(found.rows.consumers > 0 && found.rows.data_producers > 0, JSON.stringify(found));
        assert.ok(found.lanes[lane] > 100, JSON.stringify(found));
        console.log(`# ${nameOf(folder)} ${lane}: ${monitored.results.size} results, ${JSON.stringify(found)}`);
      });
  });
}
