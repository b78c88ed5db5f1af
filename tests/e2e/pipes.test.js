// SPDX-License-Identifier: MIT
'use strict';

// A producer piped to a second router keeps its id there: two objects, one id, told apart by their transports.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { Stack } = require('./stack.js');

let stack;
before(async () => { stack = await Stack.start({ workers: 2, views: true }); });
after(() => stack?.stop());

test('a room on two routers is stored whole', async () => {
  const room = await stack.sfu.addRoom('room-1');
  const { producer } = await room.publish('audio', { peerId: 'alice' });
  const far = await room.pipe(producer, stack.sfu.workers[1]);
  const { consumer } = await far.room.subscribe(far.producer, { peerId: 'bob' });
  assert.equal(far.producer.id, producer.id);
  stack.sfu.start();
  await stack.until(`mediasoup_consumers_packet_count{consumerId="${consumer.id}"}`, ([sample]) => sample?.value > 50,
    'the consumer on the other router', 15000);
  assert.equal(await stack.value('mediasoup_endpoint_up'), 1);
  const producers = await stack.until('mediasoup_producers_packet_count', (samples) => samples.length === 2 && samples.every(({ value }) => value > 50),
    'the producer and its like on the other router');
  for (const { labels } of producers) assert.equal(labels.roomId, 'room-1');
  assert.deepEqual(producers.map(({ labels }) => labels.producerId), [producer.id, producer.id]);
  assert.deepEqual(producers.filter(({ labels }) => labels.transportId).length, 1, 'the piped one names its transport');
  let participants;
  await until(async () => {
    participants = await stack.view('participants');
    return participants.length === 2 && participants.every((one) => one.uplinkStreams + one.downlinkStreams === 1);
  }, { what: 'two participants', timeout: 15000, detail: () => JSON.stringify(participants) });
  assert.deepEqual(participants.map((one) => [one.room, one.participant, one.uplinkStreams, one.downlinkStreams, ...one.routerIds]), [
    ['room-1', 'alice', 1, 0, room.router.id], ['room-1', 'bob', 0, 1, far.room.router.id]], 'and none that the pipe would be');
  assert.deepEqual(stack.complaints(), []);
});
