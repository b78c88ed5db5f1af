// SPDX-License-Identifier: MIT
'use strict';

// The small validator says of every row what ajv says: of the recorded snapshots as they are, and of their rows
// with one thing changed.

const assert = require('assert');
const fs = require('fs');
const { test } = require('node:test');
const { compile } = require('../../lib/check/json_schema');
const { GOLDEN, recording: rowsOf } = require('../helpers/fake_endpoint');
const { Ajv, schema } = require('../helpers/schema');

const check = compile(schema);
const validate = new Ajv({ strict: false }).compile(schema);

const recorded = fs.readdirSync(GOLDEN).filter((name) => name.endsWith('.ndjson'));

const VALUES = [null, '', 'x', 'video', '\u0007', 'x'.repeat(129), '\u{1f600}'.repeat(128), -1, 0, 0.5, 11, 256, 1e300, true, false,
  {}, { a: 1 }, { a: 'x' }, [], ['a'], ['a', 'a'], [1], ['']];

// Calls change(holder, name) for each member of a row and of the objects in it, on a copy each.
function* changed(row, change, inside = []) {
  const holder = inside.reduce((object, name) => object[name], row);
  for (const name of Object.keys(holder)) {
    const copy = JSON.parse(JSON.stringify(row));
    change(inside.reduce((object, one) => object[one], copy), name);
    yield JSON.parse(JSON.stringify(copy)); // a hole in a list becomes null
    if (typeof holder[name] === 'object' && holder[name] !== null) yield* changed(row, change, [...inside, name]);
  }
}

function* mutants(row) {
  yield* changed(row, (holder, name) => { delete holder[name]; });
  for (const value of VALUES) yield* changed(row, (holder, name) => { holder[name] = value; });
  for (const value of VALUES) {
    for (const name of ['error', 'stats', 'worker', 'appDataTruncated', 'rtpObserverIds', 'unheardOf']) yield { ...row, [name]: value };
  }
}

// One row of each shape: of a class, with the same members.
function shapes(rows) {
  const found = new Map();
  for (const row of rows) found.set(`${row.row} ${Object.keys(row)} ${Object.keys(row.stats || {})}`, row);
  return [...found.values()];
}

const verdicts = { valid: 0, invalid: 0 };

function compare(row) {
  const isValid = validate(row);
  const faults = check(row);
  assert.strictEqual(faults.length === 0, isValid, `${JSON.stringify(row)}: ${JSON.stringify(faults)}, ajv: ${JSON.stringify(validate.errors)}`);
  verdicts[isValid ? 'valid' : 'invalid'] += 1;
}

for (const name of recorded) {
  test(`every row of ${name} is valid for both`, () => {
    for (const row of rowsOf(name)) assert.deepStrictEqual([check(row), validate(row)], [[], true]);
  });
}

test('both say the same of changed rows', () => {
  for (const row of shapes(recorded.flatMap(rowsOf))) for (const mutant of mutants(row)) compare(mutant);
  assert.ok(verdicts.valid > 2000 && verdicts.invalid > 20000, JSON.stringify(verdicts));
});

test('both say the same of what is no row', () => {
  for (const value of VALUES) compare(value);
  for (const value of VALUES) compare({ row: value });
});

test('both say the same of each keyword, also where schema.json does not use it so', () => {
  const schemas = [
    { type: 'null' }, { type: 'array', items: { type: 'integer' } }, { enum: [1, 'x', null] }, { const: { a: 1 } }, { const: ['a'] },
    { not: { type: 'string' } }, { not: { required: ['a'] } }, { if: { type: 'number' }, then: { minimum: 1 } },
    { if: { type: 'number' }, else: { minLength: 1 } }, { minProperties: 1 }, { additionalProperties: { type: 'string' } },
    { uniqueItems: false, minItems: 1 }, { definitions: { n: { type: 'number' } }, allOf: [{ $ref: '#/definitions/n' }, { maximum: 10 }] },
    { pattern: '^.$' }, { definitions: { deep: { properties: { a: { $ref: '#/definitions/deep' } }, required: ['a'] } }, $ref: '#/definitions/deep' },
  ];
  for (const one of schemas) {
    const [ours, ajvs] = [compile(one), new Ajv({ strict: false }).compile(one)];
    for (const value of VALUES) assert.strictEqual(ours(value).length === 0, ajvs(value), `${JSON.stringify(one)} of ${JSON.stringify(value)}`);
  }
});

test('a fault names the member, what it must be and what it is', () => {
  const row = recorded.flatMap(rowsOf).find((one) => one.row === 'consumers' && one.stats);
  const textsOf = (change) => {
    const copy = JSON.parse(JSON.stringify(row));
    change(copy);
    return check(copy).map(({ text }) => text);
  };
  assert.deepStrictEqual(textsOf((copy) => { copy.stats.score = 11; }), ['stats.score must be at most 10, and is 11']);
  assert.deepStrictEqual(textsOf((copy) => { copy.paused = null; }), ['paused must be true or false, and is null']);
  assert.deepStrictEqual(textsOf((copy) => { delete copy.kind; }), ['kind is missing']);
  assert.deepStrictEqual(textsOf((copy) => { copy.error = 'deadline'; }), ['the row must not have both stats and error']);
});

test('a schema with a keyword that it does not know is refused', () => {
  assert.throws(() => compile({ definitions: { a: { properties: { b: { multipleOf: 2 } } } } }), /the keyword "multipleOf" of JSON Schema is not known/);
  assert.throws(() => compile({ $ref: '#/definitions/none' }), /#\/definitions\/none, which is not there/);
});
