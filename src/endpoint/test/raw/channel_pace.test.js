// SPDX-License-Identifier: MIT
'use strict';

// How fast the raw lane sends requests and reads answers, and what it does when answers are late.

const assert = require('assert');
const { test } = require('node:test');
const { turn } = require('../../lib/common/event_loop');
const limits = require('../../lib/common/limits');
const { Requests } = require('../../lib/tree/requests');
const { ANSWERED, ENDED, LATE, UNSENT } = require('../../lib/raw/batch');
const { eventually, patiently } = require('../helpers/application');
const { channelOf, feed, libraries } = require('../helpers/channel');

const MINUTE = 60000;

for (const { name, folder, messages } of libraries()) {
  test(`${name}: requests go out in small pieces, as many as the window has room for`, async () => {
    const { channel, consumer, frames, sent } = channelOf(folder);
    const { RAW_PIECE: piece, RAW_WINDOW: wide } = limits;
    const rest = 8;
    const all = wide + 2 * piece + rest;
    const asked = channel.ask(frames(all), MINUTE, new Requests());
    const ids = () => sent.map((bytes) => messages.requests(bytes).map(([id]) => id));
    const answer = (list) => feed(consumer, Buffer.concat(list.map((id) => messages.response(id, true))));
    const lengths = () => ids().map(({ length }) => length);
    assert.deepStrictEqual(lengths(), [piece], 'one piece at once');
    await eventually(() => assert.deepStrictEqual(lengths(), Array(wide / piece).fill(piece)));
    await turn();
    answer(ids()[0].slice(1));
    await turn();
    assert.strictEqual(sent.length, wide / piece, 'no more than the window');
    answer([ids()[0][0], ...ids()[1]]);
    await eventually(() => assert.strictEqual(sent.length, wide / piece + 2));
    answer(ids().slice(2).flat());
    assert.deepStrictEqual(lengths(), [...Array(wide / piece + 2).fill(piece), rest]);
    assert.deepStrictEqual(ids().flat(), Array.from({ length: all }, (_, i) => 0x80000000 + i));
    answer(ids().slice(-1).flat());
    assert.ok([...(await asked).states].every((state) => state === ANSWERED));
  });

  test(`${name}: the socket is read at intervals while answers are due`, async () => {
    const { channel, consumer, frames } = channelOf(folder);
    const calls = [];
    consumer._handle = { readStop: () => calls.push('stop'), readStart: () => calls.push('start') };
    const asked = channel.ask(frames(2), MINUTE, new Requests());
    assert.deepStrictEqual(calls, ['stop']);
    await eventually(() => assert.deepStrictEqual(calls, ['stop', 'start']));
    feed(consumer, messages.response(0x80000000, true));
    assert.deepStrictEqual(calls.splice(0), ['stop', 'start', 'stop']);
    await eventually(() => assert.deepStrictEqual(calls, ['start']));
    feed(consumer, messages.response(0x80000001, true));
    await asked;
    assert.deepStrictEqual(calls, ['start'], 'nothing more is due');
    channel.ask(frames(1), MINUTE, new Requests());
    channel.end();
    assert.deepStrictEqual(calls, ['start', 'stop', 'start'], 'mediasoup has back a socket that is read');
  });

  test(`${name}: requests that were not sent before the deadline are not waited for`, async () => {
    const { channel, consumer, heard, frames, sent } = channelOf(folder);
    const requests = new Requests();
    const { RAW_WINDOW: wide } = limits;
    const count = wide + 10;
    const asked = channel.ask(frames(count), 20, requests);
    const { states } = await patiently(asked);
    assert.deepStrictEqual([states.indexOf(UNSENT), states.lastIndexOf(LATE), requests.overdue], [wide, wide - 1, wide]);
    const ids = sent.flatMap((bytes) => messages.requests(bytes).map(([id]) => id));
    assert.strictEqual(ids.length, wide);
    feed(consumer, Buffer.concat(ids.map((id) => messages.response(id, true))));
    await turn();
    assert.deepStrictEqual([requests.overdue, heard, channel.pending, sent.flatMap(messages.requests, messages).length], [0, [], [], wide]);
  });

  test(`${name}: each piece has a deadline of its own`, async () => {
    const { channel, consumer, frames, sent } = channelOf(folder);
    const { RAW_WINDOW: wide } = limits;
    const asked = patiently(channel.ask(frames(wide + 1), 30, new Requests()).then(({ states }) => [...states]));
    const answer = () => feed(consumer, Buffer.concat(sent.splice(0).flatMap((bytes) => messages.requests(bytes).map(([id]) => messages.response(id, true)))));
    while (sent.length < wide / limits.RAW_PIECE) await turn();
    // The application is busy beyond the deadline, and only then is the socket read.
    for (const end = Date.now() + 60; Date.now() < end; );
    await turn();
    answer();
    assert.strictEqual(sent.length, 1);
    for (let i = 0; i < 4; i += 1) await turn();
    answer();
    assert.ok((await asked).every((state) => state === ANSWERED));
  });

  test(`${name}: a channel that has ended sends nothing more`, async () => {
    const { channel, frames, sent } = channelOf(folder);
    const asked = channel.ask(frames(limits.RAW_WINDOW), MINUTE, new Requests());
    channel.end();
    await turn();
    assert.strictEqual(sent.length, 1);
    assert.ok((await asked).states.every((state) => state === ENDED));
  });
}
