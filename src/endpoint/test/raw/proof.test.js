// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { confirms } = require('../../lib/raw/proof');

const stats = { type: 'outbound-rtp', byteCount: 10, score: 10, muted: false, layers: { '0:0': 5 }, list: [1, 2] };
const agrees = (before, value, after) => confirms([before], JSON.stringify([value]), [after]);

test('equal values are confirmed, and so are numbers that lie between', () => {
  assert.ok(agrees(stats, stats, stats));
  assert.ok(agrees(stats, { ...stats, byteCount: 15 }, { ...stats, byteCount: 20 }));
  assert.ok(agrees({ ...stats, score: 10 }, { ...stats, score: 7 }, { ...stats, score: 5 }), 'also downwards');
  assert.ok(agrees(stats, { ...stats, layers: { '0:0': 6 } }, { ...stats, layers: { '0:0': 7 } }));
  assert.ok(agrees({ ...stats, muted: false }, { ...stats, muted: true }, { ...stats, muted: true }), 'a value may change in between');
});

test('members that JSON leaves out are not compared', () => {
  assert.ok(agrees({ ...stats, none: undefined, f() {} }, stats, stats));
});

const CONTRADICTIONS = {
  'a number outside': { ...stats, byteCount: 11 },
  'another text': { ...stats, type: 'inbound-rtp' },
  'another type': { ...stats, byteCount: '10' },
  'a missing member': { ...stats, score: undefined },
  'a member too many': { ...stats, more: 1 },
  'a nested difference': { ...stats, layers: { '0:0': 5, '0:1': 5 } },
  'a shorter list': { ...stats, list: [1] },
  'an object for a list': { ...stats, list: { 0: 1, 1: 2 } },
  nothing: null,
};

for (const [what, value] of Object.entries(CONTRADICTIONS)) {
  test(`${what} is no confirmation`, () => assert.strictEqual(agrees(stats, value, stats), false));
}

test('an answer with another number of streams is no confirmation', () => {
  assert.strictEqual(confirms([stats], JSON.stringify([stats, stats]), [stats]), false);
  assert.strictEqual(confirms([stats], '[]', [stats]), false);
});
