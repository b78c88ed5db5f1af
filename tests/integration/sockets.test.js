// SPDX-License-Identifier: MIT
'use strict';

// A Socket that is a glob: the processes of one application on a host, which come and go.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { until } = require('../lib/wait.js');
const { Rig, speaksOf } = require('./rig.js');
const { answer } = require('./fake_endpoint.js');
const { oneOfEach, snapshot } = require('./snapshots.js');

const process = (rig, name) => rig.fake(name, answer(() => snapshot(oneOfEach(name))), `app-${name}.sock`);

test('processes appear and vanish', async () => {
  const rig = await Rig.open();
  try {
    await process(rig, 'p1');
    await process(rig, 'p2');
    const daemon = await rig.collectd({ endpoints: [{ name: 'app', Socket: `${rig.folder}/app-*.sock`, Interval: 0.25 }] });
    const upNow = () => {
      const last = new Map();
      for (const list of rig.sink.find({ type: 'endpoint', plugin_instance: 'app' })) last.set(list.type_instance, list.value.up);
      return [...last].filter(([, up]) => up === 1).map(([name]) => name).sort();
    };
    await until(() => upNow().length === 2, { what: 'two processes', detail: () => daemon.log.join('\n') });
    assert.deepEqual(upNow(), ['process=0', 'process=1']);
    assert.ok(rig.sink.find({ type: 'routers' }).some((list) => list.plugin_instance === 'roomId=p2'));
    // Both have a worker of slot 0: they must not share an identity.
    await rig.polls('app', 4);
    for (const type of ['workers', 'usage']) assert.equal(rig.sink.identities({ type }).length, 2, `${rig.sink.identities({ type })}`);

    await process(rig, 'p3');
    await until(() => upNow().length === 3, { what: 'a third process', detail: () => daemon.log.join('\n') });

    const gone = rig.fakes.get('p1');
    await gone.vanish();
    rig.sink.clear();
    await until(() => rig.sink.find({ type: 'endpoint' }).length > 9, { what: 'polls without the first' });
    const rooms = new Set(rig.sink.find({ type: 'routers' }).slice(3).map((list) => list.plugin_instance));
    assert.deepEqual([...rooms].sort(), ['roomId=p2', 'roomId=p3']);

    // A new process takes the place that is free, and nobody else's place changes.
    await process(rig, 'p4');
    await until(() => rig.sink.find({ type: 'routers', plugin_instance: 'roomId=p4' }).length > 1, { what: 'a fourth process' });
    assert.deepEqual(upNow().slice(-3), ['process=0', 'process=1', 'process=2']);
    assert.deepEqual(rig.sink.problems, []);
  } finally {
    await rig.close();
  }
});

// One that began so many ms ago, with a socket named after its pid.
function processOf(rig, name, pid, age) {
  const began = Date.now() - age;
  const rows = () => oneOfEach(name).map((one) => (one.row === 'usage' ? { ...one, pid, elapsed: Date.now() - began } : one));
  return rig.fake(name, answer(() => snapshot(rows(), { endpoint: { pid } })), `app-${pid}.sock`);
}

test('a process that takes the place of one that has gone is a restart, one that is added is none', async () => {
  const rig = await Rig.open();
  try {
    await processOf(rig, 'p1', 101, 100000);
    await processOf(rig, 'p2', 102, 100000);
    await rig.collectd({ endpoints: [{ name: 'app', Socket: `${rig.folder}/app-*.sock`, Interval: 0.25 }] });
    const last = (type_instance) => rig.sink.last({ type: 'endpoint', plugin_instance: 'app', type_instance })?.value;
    const restarts = () => [0, 1, 2].map((number) => last(`process=${number}`)?.restarts);
    await until(() => last('process=1')?.up === 1, { what: 'two processes' });
    await processOf(rig, 'p3', 103, 10); // one more
    await until(() => last('process=2')?.up === 1, { what: 'three processes' });
    await rig.polls('app', 6);
    assert.deepEqual(restarts(), [0, 0, 0]);
    await rig.fakes.get('p2').vanish();
    await rig.polls('app', 4);
    await processOf(rig, 'p4', 104, 10); // in its place
    await until(() => last('process=1').restarts === 1, { what: 'a restart', detail: () => JSON.stringify(restarts()) });
    await rig.polls('app', 6);
    assert.deepEqual(restarts(), [0, 1, 0]);
    await rig.fakes.get('p1').vanish();
    await rig.polls('app', 4);
    await processOf(rig, 'p5', 105, 50000); // it has run beside the one that has gone, and answers only now
    await rig.polls('app', 6);
    assert.deepEqual(restarts(), [0, 1, 0]);
    assert.deepEqual(rig.sink.problems, []);
  } finally {
    await rig.close();
  }
});

test('a glob that matches nothing is an endpoint that is absent', async () => {
  const rig = await Rig.open();
  try {
    const daemon = await rig.collectd({ endpoints: [{ name: 'app', Socket: `${rig.folder}/app-*.sock`, Interval: 0.25 }] });
    await until(() => rig.sink.find({ type: 'endpoint', plugin_instance: 'app' }).length > 3, { what: 'polls', detail: () => daemon.log.join('\n') });
    assert.ok(rig.sink.find({ type: 'endpoint' }).every((list) => list.value.up === 0));
    const complaints = daemon.lines(speaksOf('app'), /^\[(error|warning)\]/);
    assert.equal(complaints.length, 1, complaints.join('\n'));
    assert.match(complaints[0], /app-\*\.sock/);

    await process(rig, 'late');
    await until(() => rig.sink.last({ type: 'endpoint' })?.value.up === 1, { what: 'the process that came late' });
  } finally {
    await rig.close();
  }
});

test('one process of a glob at fault does not cost the others', async () => {
  const rig = await Rig.open();
  try {
    await process(rig, 'well');
    const ill = await process(rig, 'ill');
    ill.behave(answer('', { status: '500 Internal Server Error' }));
    const daemon = await rig.collectd({ endpoints: [{ name: 'app', Socket: `${rig.folder}/app-*.sock`, Interval: 0.25 }] });
    const room = () => rig.sink.find({ type: 'routers', plugin_instance: 'roomId=well' }).length;
    await until(() => room() > 4, { what: 'the process that is well', detail: () => daemon.log.join('\n') });
    const states = new Set(rig.sink.find({ type: 'endpoint' }).map((list) => `${list.type_instance} ${list.value.up}`));
    assert.deepEqual([...states].sort(), ['process=0 0', 'process=1 1']);
    assert.equal(daemon.lines(/\b500\b/, speaksOf('app')).length, 1);
  } finally {
    await rig.close();
  }
});
