// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const limits = require('../../lib/common/limits');
const { KeptRows } = require('../../lib/snapshot/kept_rows');

function kept(count, bounds, rowOf = (number) => `${number}`) {
  const rows = new KeptRows(bounds);
  for (let number = 1; number <= count; number += 1) rows.add(rowOf(number));
  return rows;
}

const SMALL = { EVENTS: 4, EVENTS_BYTES: 100 };

test('a reader gets the rows that it has not had', () => {
  const rows = kept(3, SMALL);
  assert.deepStrictEqual([0, 1, 2, 3, 4, 999].map((number) => rows.after(number)), [['1', '2', '3'], ['2', '3'], ['3'], [], [], []]);
  assert.strictEqual(rows.newest, 3);
  assert.deepStrictEqual(rows.after(0), ['1', '2', '3'], 'reading changes nothing');
  assert.deepStrictEqual([kept(0, SMALL).newest, kept(0, SMALL).after(0)], [0, []]);
});

test('only the newest are kept', () => {
  for (const count of [4, 5, 8, 9, 1000]) {
    const expected = [3, 2, 1, 0].map((back) => `${count - back}`);
    assert.deepStrictEqual(kept(count, SMALL).after(0), expected);
    assert.deepStrictEqual(kept(count, SMALL).after(count - 2), expected.slice(2));
  }
  const many = kept(limits.EVENTS + 1);
  assert.deepStrictEqual([many.after(0).length, many.after(0)[0], many.newest], [10000, '2', 10001]);
});

test('there is a bound on their bytes, whatever characters they have', () => {
  const rows = kept(6, { EVENTS: 4, EVENTS_BYTES: 100 }, (number) => 'ä'.repeat(20) + number);
  assert.deepStrictEqual(rows.after(0).map((row) => row.slice(-1)), ['5', '6']);
  assert.strictEqual(rows.bytes, 82);
  rows.add('x'.repeat(101));
  assert.deepStrictEqual([rows.after(0), rows.bytes, rows.newest], [[], 0, 7]);
  rows.add('8');
  assert.deepStrictEqual([rows.after(0), rows.bytes, rows.newest], [['8'], 1, 8]);
  const large = kept(1000, limits, () => 'x'.repeat(16384));
  assert.strictEqual(large.after(0).length, limits.EVENTS_BYTES / 16384);
});

test('a row that could not be made has a number only', () => {
  const rows = kept(3, SMALL, (number) => (number === 2 ? '' : `${number}`));
  assert.deepStrictEqual([rows.after(0), rows.after(1), rows.newest], [['1', '3'], ['3'], 3]);
});
