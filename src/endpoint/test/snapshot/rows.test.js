// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const limits = require('../../lib/common/limits');
const { answeredRows, membersText, plainRow, refusedRow, silentRow } = require('../../lib/snapshot/rows');

const PREFIX = '{"row":"x"';

// The members of each row besides `row`.
const read = (rows) =>
  rows.map((row) => {
    assert.ok(row.endsWith('}\n'), row);
    const { row: rowClass, ...members } = JSON.parse(row);
    assert.strictEqual(rowClass, 'x');
    return members;
  });

test('rows and members are JSON, without what is undefined', () => {
  assert.strictEqual(plainRow('end', { a: 1, b: undefined, c: 'é' }), '{"row":"end","a":1,"c":"é"}\n');
  assert.strictEqual(plainRow('end', {}), '{"row":"end"}\n');
  assert.strictEqual(membersText({ a: undefined }), '');
  assert.strictEqual(silentRow(PREFIX), '{"row":"x"}\n');
});

// kind: [what was answered, the statistics of the rows]
const ANSWERS = [
  ['worker', { ru_utime: 1 }, [{ ru_utime: 1 }]],
  ['worker', undefined, [undefined]],
  ['transport', [{ a: 1 }, { b: 2 }], [{ a: 1 }]],
  ['transport', [], [undefined]],
  ['transport', undefined, [undefined]],
  ['transport', { a: 1 }, [undefined]],
  ['dataProducer', [{ type: 'data-producer' }], [{ type: 'data-producer' }]],
  ['producer', [{ type: 'inbound-rtp', n: 1 }, { type: 'inbound-rtp', n: 2 }], [{ type: 'inbound-rtp', n: 1 }, { type: 'inbound-rtp', n: 2 }]],
  ['consumer', [{ type: 'outbound-rtp' }, { type: 'inbound-rtp' }, null], [{ type: 'outbound-rtp' }]],
  ['consumer', [{ type: 'inbound-rtp' }], [undefined]],
];

for (const [kind, answer, stats] of ANSWERS) {
  test(`the rows of a ${kind} whose worker answered ${JSON.stringify(answer)}`, () => {
    const expected = stats.map((one) => (one === undefined ? {} : { stats: one }));
    assert.deepStrictEqual(read(answeredRows(kind, PREFIX, answer)), expected);
  });
}

test('an error of any kind becomes a text of at most 256 characters', () => {
  const errors = [new Error('why'), 'text', 'x'.repeat(300), undefined, Object.create(null), '"\n'];
  const told = errors.map((error) => read([refusedRow(PREFIX, error)])[0].error);
  assert.deepStrictEqual(told, ['why', 'text', 'x'.repeat(256), 'undefined', 'unknown error', '"\n']);
});

test('statistics that are too large or not JSON cost only their own row', () => {
  const big = { type: 'outbound-rtp', label: 'x'.repeat(limits.ROW_BYTES) };
  const fine = { type: 'outbound-rtp', n: 1 };
  const circular = { type: 'outbound-rtp' };
  circular.self = circular;
  const rows = read(answeredRows('consumer', PREFIX, [big, fine, circular]));
  assert.strictEqual(rows[0].error, 'row too large');
  assert.deepStrictEqual(rows[1], { stats: fine });
  assert.match(rows[2].error, /circular/);
  assert.deepStrictEqual(rows.map((row) => 'stats' in row), [false, true, false]);
});

test('statistics that are no object cost only their own row', () => {
  const values = [null, 'text', 5, NaN, true, [1], Symbol('s'), () => 1, { toJSON: () => undefined }, { toJSON: () => 'x' }];
  for (const value of values) {
    const [row] = read(answeredRows('transport', PREFIX, [value]));
    assert.deepStrictEqual(row, { error: 'the statistics are no object' }, String(value));
  }
  assert.deepStrictEqual(read(answeredRows('worker', PREFIX, 'text')), [{ error: 'the statistics are no object' }]);
  assert.deepStrictEqual(read(answeredRows('transport', PREFIX, [undefined])), [{ error: 'the statistics are no object' }]);
});

test('half of a surrogate pair in an error does not make the row unreadable', () => {
  assert.strictEqual(read([refusedRow(PREFIX, '\udc00')])[0].error, '\ufffd');
  assert.strictEqual(read([refusedRow(PREFIX, `${'x'.repeat(limits.ERROR_CHARS - 1)}🎉`)])[0].error.slice(-1), '\ufffd');
});

test('a row may have exactly 256 KiB, whatever its characters', () => {
  for (const letter of ['x', 'é', '漢']) {
    const room = limits.ROW_BYTES - Buffer.byteLength(`${PREFIX},"stats":{"t":""}}\n`);
    const fits = letter.repeat(Math.floor(room / Buffer.byteLength(letter)));
    const [row] = answeredRows('worker', PREFIX, { t: fits });
    assert.ok(Buffer.byteLength(row) <= limits.ROW_BYTES);
    assert.strictEqual(JSON.parse(row).stats.t, fits);
    assert.strictEqual(read(answeredRows('worker', PREFIX, { t: fits + letter }))[0].error, 'row too large');
  }
});
