// SPDX-License-Identifier: MIT
'use strict';

// A worker that is stuck or dies costs its own rows, and nobody else's.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { Stack } = require('./stack.js');

let stack;
let sick;
let died;

// Waits until the consumers of `roomId` have got further than they were.
async function flows(roomId) {
  const before = await stack.value(`mediasoup_consumers_packet_count{roomId="${roomId}"}`);
  await stack.until(`mediasoup_consumers_packet_count{roomId="${roomId}"}`, ([sample]) => sample?.value > before + 50, `${roomId} to go on`);
}

before(async () => {
  stack = await Stack.start({ workers: 2, endpoint: { deadline: 300 } });
  for (const roomId of ['sick', 'well']) {
    const room = await stack.sfu.addRoom(roomId);
    const { producer } = await room.publish('audio', { peerId: 'alice' });
    await room.subscribe(producer, { peerId: 'bob' });
  }
  [sick] = stack.sfu.workers;
  died = new Promise((done) => sick.on('died', done));
  stack.sfu.start();
  await flows('sick');
  await flows('well');
});

after(async () => {
  try {
    process.kill(sick.pid, 'SIGCONT');
  } catch { /* it has ended, as it should */ }
  await stack?.stop();
});

test('a worker that does not answer is told apart, and the others go on', async () => {
  process.kill(sick.pid, 'SIGSTOP');
  await stack.until('mediasoup_workers_responding{worker="0"}', ([sample]) => sample?.value === 0);
  await stack.until('mediasoup_endpoint_unanswered', ([sample]) => sample?.value > 0);
  await flows('well');
  assert.equal(await stack.value('mediasoup_workers_responding{worker="1"}'), 1);
  assert.equal(await stack.value('mediasoup_consumers_num'), 2);
});

test('and is well again when it answers', async () => {
  process.kill(sick.pid, 'SIGCONT');
  await stack.until('mediasoup_workers_responding{worker="0"}', ([sample]) => sample?.value === 1);
  await stack.until('mediasoup_endpoint_unanswered', ([sample]) => sample?.value === 0);
  await flows('sick');
});

test('a worker that dies takes its own rows with it, and is counted', async () => {
  process.kill(sick.pid, 'SIGKILL');
  await died;
  await stack.until('mediasoup_endpoint_worker_deaths', ([sample]) => sample?.value === 1);
  await stack.until('mediasoup_consumers_packet_count{roomId="sick"}', (samples) => samples.length === 0, 'the dead worker\'s consumer to go');
  await flows('well');
  assert.equal(await stack.value('mediasoup_workers_total_num'), 1);
  assert.equal(await stack.value('mediasoup_consumers_num'), 1);
});

test('no snapshot failed meanwhile', async () => {
  assert.equal(await stack.value('min_over_time(mediasoup_endpoint_up[1h])'), 1);
});
