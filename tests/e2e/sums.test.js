// SPDX-License-Identifier: MIT
'use strict';

// Consumers that leave take nothing away: the sums of routers and workers never fall.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { Stack } = require('./stack.js');

let stack;

before(async () => { stack = await Stack.start(); });
after(() => stack?.stop());

test('sums never fall when streams end', async () => {
  const room = await stack.sfu.addRoom('room-1');
  const left = { packets: 0 };
  const publish = async () => {
    const publication = await room.publish('audio', { peerId: 'alice' });
    publication.start();
    return publication;
  };
  const seen = (id, more) => stack.until(`mediasoup_${id}`, ([sample]) => sample?.value > more);
  const stays = await publish();
  for (let round = 0; round < 3; round += 1) {
    const speaker = await publish();
    const listeners = [await room.subscribe(speaker.producer, { peerId: 'bob' }), await room.subscribe(stays.producer, { peerId: 'carol' })];
    for (const { consumer } of listeners) {
      const [sample] = await seen(`consumers_packet_count{consumerId="${consumer.id}"}`, 50);
      left.packets += sample.value;
    }
    await seen('routers_rtp_packets_sent', left.packets - 1);
    for (const listener of listeners) await listener.close();
    await speaker.close();
    room.publications.delete(speaker);
    await stack.until('mediasoup_consumers_packet_count', (samples) => samples.length === 0, 'no consumer left');
  }
  const before = await stack.value('mediasoup_routers_rtp_packets_received');
  await seen('routers_rtp_packets_received', before + 100);
  for (const view of ['routers', 'workers']) {
    for (const field of ['rtp_bytes_sent', 'rtp_packets_sent', 'rtp_bytes_received', 'rtp_packets_received']) {
      const name = `mediasoup_${view}_${field}`;
      const series = await stack.prometheus.history(name);
      assert.equal(series.length, 1, name);
      const { values } = series[0];
      values.forEach((value, index) => assert.ok(index === 0 || value >= values[index - 1], `${name} fell: ${values}`));
      assert.ok(values.at(-1) >= left.packets, `${name} counts those that left`);
    }
  }
  assert.deepEqual(stack.complaints(), []);
});
