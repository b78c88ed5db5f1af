// SPDX-License-Identifier: MIT
'use strict';

// How collectd ends while an endpoint hangs, and that what an endpoint says of itself stays in its line of the log.

const assert = require('node:assert/strict');
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
