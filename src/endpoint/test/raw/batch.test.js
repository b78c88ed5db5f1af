// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const limits = require('../../lib/common/limits');
const { ANSWERED, Batch, ENDED, LATE, REFUSED, UNSENT } = require('../../lib/raw/batch');
const { Requests } = require('../../lib/tree/requests');

const FIRST = 100;

// Returns a batch of `count` small requests, the worker's Requests, and a list that it is put into when it is
// settled.
function batchOf(count) {
  const requests = new Requests();
  const settled = [];
  const frames = Array.from({ length: count }, (_, i) => ({ bytes: Buffer.from([i, 0, 0, 0, 0, 0xff]), idAt: 1 }));
  const batch = new Batch(FIRST, frames, requests, (one) => settled.push(one));
  return { batch, requests, settled };
}

const answer = (batch, id, accepted = true, chunk = Buffer.from('abcdef'), start = 0, end = 1) =>
  batch.answer(id, accepted, chunk, start, end);

test('requests are joined in order, each with its id', () => {
  const { batch } = batchOf(3);
  assert.deepStrictEqual([...batch.take(2)], [0, 100, 0, 0, 0, 0xff, 1, 101, 0, 0, 0, 0xff]);
  assert.deepStrictEqual([...batch.take(1)], [2, 102, 0, 0, 0, 0xff]);
  assert.deepStrictEqual([batch.sent, batch.unsent], [3, 0]);
});

test('pieces are whole while the window has room for them, except the last', () => {
  const { RAW_PIECE: piece, RAW_WINDOW: wide } = limits;
  const { batch } = batchOf(wide + piece + 1);
  for (let sent = 0; sent < wide; sent += piece) {
    assert.strictEqual(batch.piece, piece);
    batch.take(piece);
  }
  assert.strictEqual(batch.piece, 0, 'the window is full');
  for (let i = 0; i < piece - 1; i += 1) answer(batch, FIRST + i);
  assert.strictEqual(batch.piece, 0, 'not yet a whole piece');
  answer(batch, FIRST + piece - 1);
  assert.strictEqual(batch.piece, piece);
  batch.take(piece);
  for (let i = piece; i < 2 * piece; i += 1) answer(batch, FIRST + i);
  assert.strictEqual(batch.piece, 1);
});

test('a batch has an id while its answer may still come', () => {
  const { batch } = batchOf(3);
  batch.take(2);
  const known = () => [FIRST - 1, FIRST, FIRST + 1, FIRST + 2, FIRST + 3].filter((id) => batch.has(id));
  assert.deepStrictEqual(known(), [FIRST, FIRST + 1], 'not what is not sent');
  answer(batch, FIRST);
  assert.deepStrictEqual(known(), [FIRST + 1]);
  batch.miss();
  assert.deepStrictEqual(known(), [FIRST + 1], 'a late answer may still come');
  answer(batch, FIRST + 1);
  assert.deepStrictEqual(known(), []);
});

test('answers that follow each other make one run, and bytes() returns all', () => {
  const { batch } = batchOf(4);
  batch.take(4);
  const chunk = Buffer.from('abcdef');
  answer(batch, FIRST + 2, true, chunk, 0, 2);
  answer(batch, FIRST, false, chunk, 2, 3);
  answer(batch, FIRST + 1, true, chunk, 4, 6);
  answer(batch, FIRST + 3, true, Buffer.from('xyz'), 0, 3);
  assert.strictEqual(batch.runs.length, 3);
  assert.strictEqual(batch.waiting, 0);
  assert.deepStrictEqual([...batch.states], [REFUSED, ANSWERED, ANSWERED, ANSWERED]);
  const bytes = batch.bytes();
  assert.strictEqual(String(bytes), 'abcefxyz');
  assert.strictEqual(bytes.buffer.byteLength, bytes.length, 'in memory of its own');
});

test('after the deadline, sent requests are late and overdue, others stay unsent, and late answers are swallowed', () => {
  const { batch, requests, settled } = batchOf(4);
  batch.take(3);
  answer(batch, FIRST + 1);
  batch.miss();
  assert.deepStrictEqual([...batch.states], [LATE, ANSWERED, LATE, UNSENT]);
  assert.deepStrictEqual([requests.overdue, batch.waiting, settled], [2, 2, [batch]]);
  answer(batch, FIRST);
  assert.deepStrictEqual([requests.overdue, batch.waiting, batch.runs.length], [1, 1, 1]);
  batch.miss();
  assert.deepStrictEqual([requests.overdue, settled.length], [1, 1], 'only once');
  batch.end();
  assert.deepStrictEqual([requests.overdue, settled.length], [0, 1]);
  assert.deepStrictEqual([...batch.states], [ANSWERED, ANSWERED, LATE, UNSENT], 'the states that were told stay');
});

test('when the channel ends, nothing more is to come', () => {
  const { batch, requests, settled } = batchOf(3);
  batch.take(2);
  answer(batch, FIRST);
  batch.drop(ENDED);
  assert.deepStrictEqual([batch.waiting, batch.frames.length], [1, 2]);
  batch.end();
  assert.deepStrictEqual([...batch.states], [ANSWERED, ENDED, ENDED]);
  assert.deepStrictEqual([requests.overdue, settled], [0, [batch]]);
});
