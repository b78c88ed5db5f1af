// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { codeOf, DECODERS, KINDS, NUMBER_OF_KIND, UNANSWERED, UNASKED } = require('../../lib/raw/codes');
const { CLASS_OF } = require('../../lib/snapshot/classes');

test('each decoder has a code of its own, and so has the lack of an answer', () => {
  const codes = DECODERS.map(({ kind, type }) => codeOf(kind, type));
  assert.deepStrictEqual(codes, DECODERS.map((_, code) => code));
  assert.strictEqual(new Set([...codes, UNANSWERED, UNASKED]).size, DECODERS.length + 2);
  assert.ok(UNANSWERED < 256 && UNASKED < 256, 'they are sent as bytes');
});

test('only a transport is decoded by its type; what is unknown has no code', () => {
  assert.strictEqual(DECODERS[codeOf('consumer', 'pipe')].className, 'Consumer');
  assert.strictEqual(codeOf('transport', 'carrier pigeon'), -1);
  assert.strictEqual(codeOf('router', undefined), -1);
  assert.notStrictEqual(codeOf('transport', 'plain'), codeOf('transport', 'pipe'));
});

test('each kind with rows has a number', () => {
  assert.deepStrictEqual(KINDS, Object.keys(CLASS_OF));
  for (const kind of KINDS) assert.strictEqual(KINDS[NUMBER_OF_KIND[kind]], kind);
});
