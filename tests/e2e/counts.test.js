// SPDX-License-Identifier: MIT
'use strict';

// What Prometheus stores is what was sent and what arrived: to the packet, to the byte, and under the names of
// those whose it is.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { Stack } = require('./stack.js');

const ROOM = 'room-1';
const HOST = 'testhost';

let stack;
let publications;
let subscriptions;
let chat;

const sum = (list) => list.reduce((left, right) => ({ packets: left.packets + right.packets, bytes: left.bytes + right.bytes }), { packets: 0, bytes: 0 });

// { "<id> <rid or ssrc>": { packets, bytes, labels } } as stored.
async function stored(view, id) {
  const rows = {};
  for (const [field, unit] of [['packet_count', 'packets'], ['byte_count', 'bytes']]) {
    for (const { labels, value } of await stack.query(`mediasoup_${view}_${field}{roomId="${ROOM}"}`)) {
      const key = `${labels[id]} ${labels.rid ?? labels.ssrc ?? ''}`.trim();
      rows[key] = { ...rows[key], labels, [unit]: value };
    }
  }
  return rows;
}

function expectedProducers() {
  const rows = {};
  for (const { producer, streams, sender } of publications) {
    for (const stream of streams) {
      const layer = streams.length === 1 ? {} : stream.rid ? { rid: stream.rid } : { ssrc: String(stream.ssrc) };
      rows[[producer.id, ...Object.values(layer)].join(' ')] = { ...sender.counts(stream.ssrc), labels: {
        kind: producer.kind, mimeType: producer.kind === 'audio' ? 'audio/opus' : 'video/VP8', type: 'inbound-rtp', producerId: producer.id,
        ...layer, roomId: ROOM, peerId: producer.appData.peerId, instance: HOST } };
    }
  }
  return rows;
}

function expectedConsumers() {
  return Object.fromEntries(subscriptions.map((subscription) => {
    const { consumer } = subscription;
    return [consumer.id, { ...subscription.counts(), labels: {
      kind: consumer.kind, mimeType: consumer.kind === 'audio' ? 'audio/opus' : 'video/VP8', type: 'outbound-rtp', consumerId: consumer.id,
      roomId: ROOM, peerId: consumer.appData.peerId, instance: HOST } }];
  }));
}

const same = (left, right) => {
  try {
    assert.deepEqual(left, right);
    return true;
  } catch {
    return false;
  }
};

// Waits until what is stored is what is expected; says how they differ when that does not come.
async function arrives(found, expected) {
  await until(async () => same(await found(), expected()), { timeout: 60000, every: 250 }).catch(() => {});
  assert.deepEqual(await found(), expected());
}

before(async () => {
  stack = await Stack.start();
  const room = await stack.sfu.addRoom(ROOM);
  publications = [
    await room.publish('audio', { peerId: 'alice' }),
    await room.publish('video', { peerId: 'alice' }),
    await room.publish('video', { peerId: 'bob', layers: 3 }),
    await room.publish('video', { peerId: 'carol', layers: 3, rid: false }),
  ];
  subscriptions = [];
  for (const { producer } of publications) subscriptions.push(await room.subscribe(producer, { peerId: 'dave' }));
  chat = await room.openChat();
  await stack.until('mediasoup_consumers_packet_count', (samples) => samples.length === subscriptions.length, 'all consumers');
  stack.sfu.start();
  for (let index = 0; index < 10; index += 1) chat.send(`message ${index} 🎥`);
  await stack.until('mediasoup_consumers_packet_count', (samples) => samples.length === subscriptions.length && samples.every(({ value }) => value > 100),
    'a hundred packets in each consumer');
  await stack.sfu.stop();
});

after(() => stack?.stop());

describe('packets and bytes', () => {
  test('of each producer\'s streams are those sent', () => arrives(() => stored('producers', 'producerId'), expectedProducers));
  test('of each consumer are those received', () => arrives(() => stored('consumers', 'consumerId'), expectedConsumers));

  for (const [view, label] of [['routers', { roomId: ROOM }], ['workers', { worker: '0' }]]) {
    test(`are summed in ${view}`, async () => {
      const selector = Object.entries(label).map(([key, value]) => `${key}="${value}"`).join();
      const found = async () => Object.fromEntries(await Promise.all(['packets_received', 'bytes_received', 'packets_sent', 'bytes_sent'].map(
        async (field) => [field, (await stack.query(`mediasoup_${view}_rtp_${field}{${selector}}`))[0]?.value])));
      const sent = sum(publications.map((publication) => publication.counts()));
      const received = sum(subscriptions.map((subscription) => subscription.counts()));
      await arrives(found, () => ({ packets_received: sent.packets, bytes_received: sent.bytes, packets_sent: received.packets, bytes_sent: received.bytes }));
    });
  }

  test('of data channels are the messages sent', async () => {
    const found = async () => Object.fromEntries(await Promise.all(
      ['data_producers_messages_received', 'data_producers_bytes_received', 'data_consumers_messages_sent', 'data_consumers_bytes_sent'].map(
        async (field) => [field, (await stack.query(`mediasoup_${field}`)).map(({ value }) => value)])));
    await arrives(found, () => ({ data_producers_messages_received: [chat.messages], data_producers_bytes_received: [chat.bytes],
      data_consumers_messages_sent: [chat.messages], data_consumers_bytes_sent: [chat.bytes] }));
  });
});

describe('the application\'s figures', () => {
  const expected = { processes_num: 2, workers_total_num: 1, workers_active_num: 1, workers_idle_num: 0, routers_num: 1, producers_num: 4, consumers_num: 4 };
  for (const [name, value] of Object.entries(expected)) {
    test(`mediasoup_${name}`, async () => {
      assert.deepEqual(await stack.query(`mediasoup_${name}`), [{ name: `mediasoup_${name}`, labels: { instance: HOST }, value }]);
    });
  }

  test('its processes are this one and its worker\'s', async () => {
    const [worker] = stack.sfu.workers;
    const labels = (await stack.query('mediasoup_processes_memory_usage')).map((sample) => sample.labels);
    assert.deepEqual(labels.sort((a, b) => a.type.localeCompare(b.type)), [
      { type: 'parent', pid: String(process.pid), ppid: String(process.ppid), instance: HOST },
      { type: 'worker', pid: String(worker.pid), ppid: String(process.pid), instance: HOST },
    ]);
  });

  test('the summaries count them', async () => {
    await stack.until('mediasoup_processes_memory_usage_bucket_count', ([sample]) => sample?.value === 2);
    await stack.until('mediasoup_processes_memory_usage_bucket', (samples) => samples.length === 7);
  });
});

test('collectd has nothing to complain of', () => assert.deepEqual(stack.complaints(), []));
