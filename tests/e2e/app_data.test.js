// SPDX-License-Identifier: MIT
'use strict';

// appData is whatever the application put there. It breaks nothing on its way, and no two objects get one name.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { Stack } = require('./stack.js');

const LONG = 'x'.repeat(10000);
const circular = { peerId: 'circular' };
circular.self = circular;

// name: [appData, the labels roomId and peerId that it should give (roomId is "room-1" when not told)]
const CASES = {
  nothing: [{}, {}],
  plain: [{ peerId: 'bob' }, { peerId: 'bob' }],
  'the same again': [{ peerId: 'bob' }, { peerId: 'bob' }],
  'a room of its own': [{ roomId: 'own', peerId: 'bob' }, { roomId: 'own', peerId: 'bob' }],
  nested: [{ peerId: 'nested', user: { roles: [{ deep: [1, { deeper: null }] }] } }, { peerId: 'nested' }],
  circular: [circular, { peerId: 'circular' }],
  BigInt: [{ peerId: 'big', at: 2n ** 80n }, { peerId: 'big' }],
  'throwing getter': [Object.defineProperty({ peerId: 'getter' }, 'bad', { enumerable: true, get() { throw new Error('no'); } }), { peerId: 'getter' }],
  'throwing toJSON': [{ peerId: 'json', toJSON() { throw new Error('no'); } }, {}],
  functions: [{ peerId: 'function', call() {}, symbol: Symbol('s'), nothing: undefined }, { peerId: 'function' }],
  number: [{ peerId: 42 }, { peerId: '42' }],
  boolean: [{ peerId: false }, { peerId: 'false' }],
  quote: [{ peerId: 'a"b' }, { peerId: 'a_b~e646a119048964d8' }],
  backslash: [{ peerId: 'a\\b' }, { peerId: 'a_b~e6b9b11904eabd96' }],
  newline: [{ peerId: 'a\nb\r\t\x7fc' }, { peerId: 'a_b___c~08bcae0a3cef1424' }],
  NUL: [{ peerId: 'a\0b' }, undefined],
  comma: [{ peerId: 'a,roomId=evil,' }, { peerId: 'a_roomId_evil_~8a26193a81f355ad' }],
  equals: [{ peerId: '=' }, { peerId: '_~af63b04c8601a1c8' }],
  slash: [{ peerId: 'a/b-c' }, { peerId: 'a_b-c~9eece1bc4331d2a5' }],
  emoji: [{ peerId: '🎥ü' }, { peerId: '🎥ü' }],
  'half an emoji': [{ peerId: 'a\ud83cb' }, undefined],
  'empty text': [{ peerId: '' }, {}],
  'hostile keys': [{ peerId: 'keys', 'a,b="c\\\n/': 1, __proto__: null, ['__proto__']: 2, '': 3 }, undefined],
  '10 kB': [{ peerId: LONG }, undefined],
  '10 kB again': [{ peerId: LONG }, undefined],
  '10 kB and one': [{ peerId: `${LONG}y` }, undefined],
  'many keys': [Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, index])), undefined],
};

let stack;
let changing;
const consumers = {}; // by the case's name

before(async () => {
  stack = await Stack.start();
  const room = await stack.sfu.addRoom('room-1');
  const { producer } = await room.publish('audio', { peerId: 'alice' });
  for (const [name, [appData]] of Object.entries(CASES)) ({ consumer: consumers[name] } = await room.subscribe(producer, { appData }));
  changing = (await room.subscribe(producer, { peerId: 'before' })).consumer;
  stack.sfu.start();
});

after(() => stack?.stop());

const count = Object.keys(CASES).length + 1;

test('every object is stored, once', async () => {
  await stack.until('mediasoup_consumers_byte_count', (samples) => samples.length === count && samples.every(({ value }) => value > 0), `all ${count} consumers`);
  const ids = (await stack.query('mediasoup_consumers_byte_count')).map(({ labels }) => labels.consumerId).sort();
  assert.deepEqual(ids, [...Object.values(consumers), changing].map(({ id }) => id).sort());
});

describe('appData becomes labels', () => {
  for (const [name, [, expected]] of Object.entries(CASES)) {
    test(name, async () => {
      const [{ labels: { roomId, peerId } }] = await stack.query(`mediasoup_consumers_byte_count{consumerId="${consumers[name].id}"}`);
      if (expected) assert.deepEqual({ roomId, peerId }, { roomId: 'room-1', peerId: undefined, ...expected });
    });
  }
});

test('appData that changes is followed, and the old name ends', async () => {
  changing.appData.peerId = 'after';
  const selector = `mediasoup_consumers_byte_count{consumerId="${changing.id}"}`;
  await stack.until(selector, (samples) => samples.length === 1 && samples[0].labels.peerId === 'after');
});

test('no two objects share a name in collectd', async () => {
  const lines = (await stack.metrics()).split('\n').filter((line) => line.startsWith('collectd_mediasoup_consumers_byte_count_total{'));
  const names = lines.map((line) => line.slice(0, line.lastIndexOf('"}')));
  assert.equal(new Set(names).size, names.length);
  for (const { id } of Object.values(consumers)) assert.equal(names.filter((text) => text.includes(`id=${id}`)).length, 1, id);
});

test('the snapshot is whole, Prometheus can read it all, and nobody complains', async () => {
  const rows = await stack.snapshot();
  assert.equal(rows.at(-1).row, 'end');
  assert.equal(rows.filter(({ row }) => row === 'consumers').length, count);
  const { health, lastError } = await stack.prometheus.target();
  assert.deepEqual({ health, lastError }, { health: 'up', lastError: '' });
  assert.deepEqual(stack.complaints(), []);
});
