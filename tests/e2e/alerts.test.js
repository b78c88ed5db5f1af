// SPDX-License-Identifier: MIT
'use strict';

// The shipped alerts fire for what really happens: a worker that is stopped, one that is killed, an application that ends.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { Stack } = require('./stack.js');
const { hurried } = require('./hurried.js');

let stack;
let sick;
let died;

const ofTheHost = ({ name }) => name === 'MediasoupHostUdpDrops'; // which others can cause

const gone = (name) => until(async () => !(await stack.prometheus.alerts()).some((alert) => alert.name === name),
  { what: `${name} to end`, timeout: 60000, every: 250 });

before(async () => {
  stack = await Stack.start({ workers: 2, endpoint: { deadline: 300 }, shipped: true, changeRules: hurried });
  for (const roomId of ['sick', 'well']) {
    const room = await stack.sfu.addRoom(roomId);
    const { producer } = await room.publish('video', { peerId: 'alice', layers: 3 });
    await room.subscribe(producer, { peerId: 'bob' });
  }
  [sick] = stack.sfu.workers;
  died = new Promise((done) => sick.on('died', done));
  stack.sfu.start();
});

after(async () => {
  try {
    process.kill(sick.pid, 'SIGCONT');
  } catch { /* it has ended, as it should */ }
  await stack?.stop();
});

test('nobody is alarmed while all is well', async () => {
  await stack.until('mediasoup:group_packets:rate5m{group="all"} > 20', (samples) => samples.length === 2, 'packets in both directions');
  assert.deepEqual((await stack.prometheus.alerts()).filter((alert) => !ofTheHost(alert)), []);
});

test('a worker that is stopped: MediasoupWorkerStalled, of that worker only', async () => {
  process.kill(sick.pid, 'SIGSTOP');
  await stack.alert('MediasoupWorkerStalled', 'pending', { worker: '0' });
  const { labels, annotations } = await stack.alert('MediasoupWorkerStalled', 'firing', { worker: '0' });
  assert.deepEqual(labels, { worker: '0', instance: 'testhost', severity: 'critical' });
  assert.equal(annotations.summary, 'Worker 0 on testhost does not answer, or takes more than a second');
  const names = (await stack.prometheus.alerts()).filter((alert) => !ofTheHost(alert)).map(({ name }) => name);
  assert.deepEqual(names, ['MediasoupWorkerStalled']);
});

test('packets that the host drops: MediasoupHostUdpDrops', async () => {
  const { labels } = await stack.alert('MediasoupHostUdpDrops', 'firing');
  assert.deepEqual(labels, { protocols: 'Udp', type: 'RcvbufErrors', instance: 'testhost', severity: 'warning' });
});

test('it ends when the worker goes on', async () => {
  process.kill(sick.pid, 'SIGCONT');
  await gone('MediasoupWorkerStalled');
});

test('a worker that is killed: MediasoupWorkerDied', async () => {
  process.kill(sick.pid, 'SIGKILL');
  await died;
  const { labels, annotations } = await stack.alert('MediasoupWorkerDied', 'firing');
  assert.deepEqual(labels, { instance: 'testhost', severity: 'critical' });
  assert.equal(annotations.summary, 'A mediasoup worker died on testhost');
});

test('an application that ends: MediasoupEndpointDown', async () => {
  await stack.endpoint.close();
  await stack.alert('MediasoupEndpointDown', 'pending');
  const { annotations } = await stack.alert('MediasoupEndpointDown', 'firing', { instance: 'testhost' });
  assert.equal(annotations.summary, 'collectd cannot read the mediasoup application on testhost');
});
