// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { Chunks } = require('../../lib/snapshot/chunks');

test('readers are woken for each chunk and at the end, until they leave', () => {
  const chunks = new Chunks();
  const woken = [];
  const [one, two] = ['one', 'two'].map((name) => () => woken.push(name));
  chunks.join(one);
  chunks.join(two);
  chunks.put(Buffer.from('a'));
  chunks.leave(one);
  chunks.put(Buffer.from('b'));
  chunks.end('done');
  assert.deepStrictEqual(woken, ['one', 'two', 'two', 'two']);
  assert.strictEqual(String(Buffer.concat(chunks.chunks)), 'ab', 'all chunks are kept for late readers');
});

test('a reader may leave while it is woken', () => {
  const chunks = new Chunks();
  const woken = [];
  const leaving = () => {
    woken.push('leaving');
    chunks.leave(leaving);
  };
  chunks.join(leaving);
  chunks.join(() => woken.push('staying'));
  chunks.put(Buffer.from('a'));
  assert.deepStrictEqual(woken, ['leaving', 'staying']);
});

test('a reader that joins while others are woken is woken from the next chunk on', () => {
  const chunks = new Chunks();
  const woken = [];
  const late = () => woken.push('late');
  chunks.join(() => {
    woken.push('first');
    chunks.join(late);
  });
  chunks.put(Buffer.from('a'));
  assert.deepStrictEqual(woken, ['first']);
  chunks.put(Buffer.from('b'));
  assert.deepStrictEqual(woken, ['first', 'first', 'late']);
});

test('chunks end once', () => {
  const chunks = new Chunks();
  let woken = 0;
  chunks.join(() => (woken += 1));
  chunks.end('failed');
  chunks.end('done');
  assert.deepStrictEqual([chunks.state, woken], ['failed', 1]);
});

test('chunks are abandoned while nobody reads them, and when they have ended', () => {
  const chunks = new Chunks();
  const wake = () => {};
  const states = [chunks.abandoned];
  chunks.join(wake);
  states.push(chunks.abandoned);
  chunks.leave(wake);
  states.push(chunks.abandoned);
  chunks.join(wake);
  chunks.end('done');
  states.push(chunks.abandoned);
  assert.deepStrictEqual(states, [true, false, true, true]);
});
