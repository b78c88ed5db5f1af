// SPDX-License-Identifier: MIT
'use strict';

// The raw lane takes only its own answers out of a channel, and gives mediasoup back what is its own. The
// classes of each real mediasoup make the messages.

const assert = require('assert');
const { EventEmitter } = require('events');
const { test } = require('node:test');
const { turn } = require('../../lib/common/event_loop');
const limits = require('../../lib/common/limits');
const { ANSWERED, ENDED, LATE, REFUSED } = require('../../lib/raw/batch');
const { RawChannel } = require('../../lib/raw/channel');
const { Requests } = require('../../lib/tree/requests');
const { eventually, patiently } = require('../helpers/application');
const { channelOf, feed, libraries, METHOD } = require('../helpers/channel');
const { random } = require('../helpers/messages');

const MINUTE = 60000;

function isWhole(bytes) {
  let at = 0;
  while (at < bytes.length) at += 4 + bytes.readUInt32LE(at);
  return at === bytes.length;
}

// Cuts bytes at random places, into large pieces or into a few bytes each, so that lengths are cut too.
function pieces(bytes, next) {
  const list = [];
  const most = next() < 0.5 ? 3000 : 6;
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(next() ** 3 * most);
    list.push(bytes.subarray(at, at + size));
    at += size;
  }
  return list;
}

for (const { name, folder, messages } of libraries()) {
  test(`${name}: mediasoup's classes understand the requests, whose ids are half the ring away`, () => {
    const { channel, frames, sent } = channelOf(folder);
    channel.ask(frames(3), MINUTE, new Requests());
    assert.strictEqual(sent.length, 1, 'in one piece');
    assert.deepStrictEqual(messages.requests(sent[0]), [
      [0x80000000, METHOD, 'object-0'],
      [0x80000001, METHOD, 'object-1'],
      [0x80000002, METHOD, 'object-2'],
    ]);
    channel.end();
  });

  for (let seed = 1; seed <= 40; seed += 1) {
    test(`${name}: only our answers are taken out, however the bytes are cut (${seed})`, async () => {
      const next = random(seed);
      const { channel, consumer, doubts, heard, frames, sent } = channelOf(folder);
      const count = 1 + Math.floor(next() * 300);
      const asked = channel.ask(frames(count), MINUTE, new Requests());
      const ours = [];
      const foreign = [];
      const waiting = [];
      let seen = 0;
      for (let id = 1; ours.length < count || next() < 0.7; id += 1) {
        for (; seen < sent.length; seen += 1) waiting.push(...messages.requests(sent[seen]).map(([first]) => first));
        const all = [];
        while (waiting.length > 0 && next() < 0.9) {
          const [answered] = waiting.splice(Math.floor(next() * waiting.length), 1);
          ours.push(messages.response(answered, next() < 0.9, next));
          all.push(ours[ours.length - 1]);
        }
        if (next() < 0.5) {
          foreign.push(next() < 0.5 ? messages.response(id, true, next) : messages.notification(next));
          all.push(foreign[foreign.length - 1]);
        }
        for (const piece of pieces(Buffer.concat(all), next)) feed(consumer, piece);
        await turn();
      }
      const batch = await asked;
      assert.ok(Buffer.concat(heard).equals(Buffer.concat(foreign)), "mediasoup's bytes, in order");
      assert.ok(heard.every(isWhole), 'whole messages only');
      assert.ok(batch.bytes().equals(Buffer.concat(ours)), 'ours, in order');
      assert.ok([...batch.states].every((state) => state === ANSWERED || state === REFUSED));
      assert.deepStrictEqual(doubts, []);
      assert.strictEqual(channel.pending.length, 0);
    });
  }

  test(`${name}: ids go round the ring and keep away from mediasoup's`, async () => {
    const { channel, consumer, heard, frames, sent, doubts } = channelOf(folder);
    const answer = async (count) => {
      const asked = channel.ask(frames(count), MINUTE, new Requests());
      const ids = messages.requests(sent[sent.length - 1]).map(([id]) => id);
      feed(consumer, Buffer.concat(ids.map((id) => messages.response(id, true))));
      assert.strictEqual((await asked).waiting, 0);
      return ids;
    };
    channel.ids.next = 2 ** 32 - 2;
    feed(consumer, messages.response(2 ** 31 - 5, true));
    assert.deepStrictEqual(await answer(2), [2 ** 32 - 2, 2 ** 32 - 1]);
    assert.deepStrictEqual(await answer(2), [1, 2], 'never 0 and never apart');
    channel.ids.next = 2 ** 32 - 2;
    assert.deepStrictEqual(await answer(3), [1, 2, 3]);
    feed(consumer, messages.response(2 ** 31 + 7, true));
    assert.deepStrictEqual(await answer(1), [4]);
    feed(consumer, messages.response(3 * 2 ** 30 + 10, true));
    assert.deepStrictEqual(await answer(1), [2 ** 30 + 10], 'half the ring away from mediasoup\'s latest');
    assert.strictEqual(heard.length, 3, 'mediasoup got its answers');
    assert.deepStrictEqual(doubts, []);
  });

  test(`${name}: an answer in time is kept, a late one is swallowed and no longer overdue`, async () => {
    const { channel, consumer, heard, frames } = channelOf(folder);
    const requests = new Requests();
    const asked = channel.ask(frames(3), 20, requests);
    const first = channel.ids.next - 3;
    feed(consumer, messages.response(first + 1, true));
    const { states } = await patiently(asked);
    assert.deepStrictEqual([...states], [LATE, ANSWERED, LATE]);
    assert.strictEqual(requests.overdue, 2);
    feed(consumer, messages.response(first, true));
    feed(consumer, messages.response(first + 2, false));
    assert.strictEqual(requests.overdue, 0);
    assert.deepStrictEqual([heard, channel.pending], [[], []]);
  });

  const DOUBTS = [
    ['an answer that nobody waits for', (channel) => messages.response(channel.ids.next + 5, true)],
    ['the same answer twice', (channel) => Buffer.concat([0, 0].map(() => messages.response(channel.ids.next - 2, true)))],
    ['a message too large', () => Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 2, 3])],
    ['garbage in a frame', () => Buffer.concat([Buffer.from([8, 0, 0, 0]), Buffer.alloc(8, 0xfe)])],
    ['an empty frame', () => Buffer.alloc(4)],
  ];
  for (const [what, make] of DOUBTS) {
    test(`${name}: ${what} is a doubt, and mediasoup gets it and everything after it`, async () => {
      const { channel, consumer, doubts, heard, listener, frames } = channelOf(folder);
      const requests = new Requests();
      const asked = channel.ask(frames(2), MINUTE, requests);
      const before = messages.notification(random(1));
      const bytes = make(channel);
      feed(consumer, Buffer.concat([before, bytes]));
      const after = messages.notification(random(2));
      feed(consumer, after);
      const seen = Buffer.concat(heard);
      const passed = what === 'the same answer twice' ? bytes.subarray(bytes.length / 2) : bytes;
      assert.ok(seen.equals(Buffer.concat([before, passed, after])));
      assert.strictEqual(doubts.length, 1);
      assert.deepStrictEqual(consumer.listeners('data'), [listener], 'mediasoup has its socket back');
      const { states } = await asked;
      assert.ok(states.includes(ENDED), 'the batch has ended');
      assert.strictEqual(requests.overdue, 0);
    });
  }

  test(`${name}: a channel that closes ends pending requests, late ones included`, async () => {
    const { channel, consumer, listener, frames } = channelOf(folder);
    const requests = new Requests();
    await patiently(channel.ask(frames(2), 10, requests));
    assert.strictEqual(requests.overdue, 2);
    const asked = channel.ask(frames(2), MINUTE, requests);
    consumer.emit('close');
    assert.deepStrictEqual([...(await asked).states], [ENDED, ENDED]);
    assert.strictEqual(requests.overdue, 0);
    assert.deepStrictEqual(consumer.listeners('data'), [listener]);
    assert.deepStrictEqual([...(await channel.ask(frames(1), MINUTE, requests)).states], [ENDED]);
  });

  test(`${name}: a retired channel does not send the requests that wait`, async () => {
    const { channel, consumer, listener, frames, sent } = channelOf(folder);
    const asked = channel.ask(frames(limits.RAW_WINDOW), MINUTE, new Requests());
    channel.retire();
    await turn();
    assert.strictEqual(sent.length, 1);
    const ids = messages.requests(sent[0]).map(([id]) => id);
    feed(consumer, Buffer.concat(ids.map((id) => messages.response(id, true))));
    const { states } = await asked;
    assert.deepStrictEqual([states.lastIndexOf(ANSWERED), states.indexOf(ENDED)], [ids.length - 1, ids.length]);
    assert.deepStrictEqual(consumer.listeners('data'), [listener]);
  });

  test(`${name}: a retired channel gives the socket back with its last answer, and half a message with it`, async () => {
    const { channel, consumer, heard, listener, frames, sent } = channelOf(folder);
    const asked = channel.ask(frames(1), MINUTE, new Requests());
    channel.retire();
    assert.notDeepStrictEqual(consumer.listeners('data'), [listener]);
    const notification = messages.notification(random(3));
    feed(consumer, Buffer.concat([messages.response(channel.ids.next - 1, true), notification.subarray(0, 9)]));
    assert.strictEqual((await asked).states[0], ANSWERED);
    await eventually(() => assert.deepStrictEqual(consumer.listeners('data'), [listener]));
    feed(consumer, notification.subarray(9));
    assert.ok(Buffer.concat(heard).equals(notification));
    await channel.ask(frames(1), MINUTE, new Requests());
    assert.strictEqual(sent.length, 1, 'it asks nothing more');
    assert.deepStrictEqual(consumer.listenerCount('close'), 0);
  });
}

test('a channel with more than one reader is left alone', () => {
  const consumer = new EventEmitter();
  consumer.on('data', () => {});
  consumer.on('data', () => {});
  const sockets = { producerSocket: {}, consumerSocket: consumer };
  assert.throws(() => new RawChannel(sockets, { responseType: 2 }, () => {}), /^Error: mediasoup's channel has 2 readers, not one$/);
  assert.strictEqual(consumer.listenerCount('data'), 2);
});
