// SPDX-License-Identifier: MIT
'use strict';

// How collectd ends while an endpoint hangs, that what an endpoint says of itself stays in its line of the log, and what is
// said of an application that can open no more files.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const path = require('node:path');
const { test } = require('node:test');
const { until } = require('../lib/wait.js');
const { answer, hang } = require('./fake_endpoint.js');
const { Rig } = require('./rig.js');
const { oneOfEach, snapshot } = require('./snapshots.js');

test('collectd ends within two seconds, whatever Timeout allows an endpoint that hangs', async () => {
  const rig = await Rig.open();
  try {
    let asked = 0;
    const hanging = hang();
    const fake = await rig.fake('sfu', (...request) => { asked += 1; return hanging(...request); });
    const daemon = await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: 0.25, Timeout: 15 }] });
    await until(() => asked > 0, { what: 'a request' });
    const before = Date.now();
    const { code, log } = await daemon.stop();
    const took = (Date.now() - before) / 1000;
    assert.equal(code, 0);
    assert.ok(took < 2.5 * daemon.slowdown, `it took ${took} s`);
    assert.deepEqual(log.filter((line) => /is down/.test(line)), []);
  } finally {
    await rig.close();
  }
});

test('the version that an endpoint says it has forges no line of the log', async () => {
  const rig = await Rig.open();
  try {
    const mediasoup = '3.19\n[error] mediasoup: forged\u001b[31m\u009b31m';
    const fake = await rig.fake('sfu', answer(snapshot(oneOfEach('sfu'), { endpoint: { mediasoup } })));
    const daemon = await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: 0.25 }] });
    await until(() => daemon.lines(/ answers: /).length > 0, { what: 'the line' });
    const [line] = daemon.lines(/ answers: /);
    assert.match(line, /mediasoup 3\.19 \[error\] mediasoup: forged \[31m {2}31m$/);
    assert.deepEqual(daemon.lines(/^\[error\]/), []);
  } finally {
    await rig.close();
  }
});

// The kernel takes connections to it, and Node closes them without a word in any log.
const HUNGRY = `const http = require('node:http');
const { openSync } = require('node:fs');
http.createServer((request, response) => response.end()).listen(process.argv[1], () => {
  try { for (;;) openSync('/dev/null'); } catch (error) { process.stdout.write('full'); }
});`;

test('an application that has reached its limit of open files is told from one that has ended', async () => {
  const rig = await Rig.open();
  const socket = path.join(rig.folder, 'hungry.sock');
  const application = spawn('sh', ['-c', 'ulimit -n 64; exec "$0" -e "$1" "$2"', process.execPath, HUNGRY, socket]);
  try {
    await new Promise((done) => { application.stdout.once('data', done); });
    const daemon = await rig.collectd({ endpoints: [{ name: 'sfu', Socket: socket, Interval: 0.25 }] });
    await rig.polls('sfu', 8, 0);
    const lines = daemon.lines(/is down/);
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0], /closed the connection after 0 bytes of its answer; .*log.*open files.*LimitNOFILE/);
  } finally {
    application.kill('SIGKILL');
    await rig.close();
  }
});
