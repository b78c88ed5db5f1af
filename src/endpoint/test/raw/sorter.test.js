// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { Sorter } = require('../../lib/raw/sorter');

const MESSAGE_BYTES = 1000;

const message = (text) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
};

// Returns a sorter to which messages with a capital letter are ours, and messages with X make no sense.
function sorting() {
  const ours = [];
  const sorter = new Sorter((bytes, start, end) => {
    const text = bytes.toString('latin1', start + 4, end);
    if (text.startsWith('X')) throw new Error('no sense');
    if (!/^[A-Z]/.test(text)) return false;
    ours.push(text);
    return true;
  }, MESSAGE_BYTES);
  return { ours, sorter };
}

const joined = ({ runs }) => Buffer.concat(runs).toString('latin1');

test('our messages are taken out, and others are passed on in runs as long as possible', () => {
  const { ours, sorter } = sorting();
  const foreign = Buffer.concat(['a', 'bb'].map(message));
  const { runs, trouble } = sorter.push(Buffer.concat([foreign, message('Ours'), message('c'), message('Two')]));
  assert.deepStrictEqual(runs.map(String), [foreign, message('c')].map(String));
  assert.deepStrictEqual([ours, trouble], [['Ours', 'Two'], undefined]);
  const whole = Buffer.concat([message('d'), message('e')]);
  assert.strictEqual(sorter.push(whole).runs[0], whole, 'nothing is copied when all is foreign');
});

test('the beginning of a message is held back until the rest has come', () => {
  for (const at of [1, 3, 4, 5, 8, 9]) {
    const { ours, sorter } = sorting();
    const bytes = Buffer.concat([message('abcd'), message('Ours'), message('efgh')]);
    const seen = [];
    const feed = (piece) => {
      const sorted = sorter.push(piece);
      if (sorted !== undefined) seen.push(joined(sorted));
    };
    for (let from = 0; from < bytes.length; from += at) feed(bytes.subarray(from, from + at));
    assert.deepStrictEqual([ours, seen.join('')], [['Ours'], Buffer.concat([message('abcd'), message('efgh')]).toString('latin1')], `${at}`);
    assert.strictEqual(sorter.release().length, 0);
  }
});

test('nothing is sorted while a long message is incomplete', () => {
  const { sorter } = sorting();
  const bytes = message('a'.repeat(100));
  assert.deepStrictEqual(sorter.push(bytes.subarray(0, 10)), { runs: [], trouble: undefined });
  assert.strictEqual(sorter.push(bytes.subarray(10, 50)), undefined);
  assert.strictEqual(joined(sorter.push(bytes.subarray(50))), bytes.toString('latin1'));
});

test('bytes that are held back can be released', () => {
  const { sorter } = sorting();
  sorter.push(message('abc').subarray(0, 2));
  sorter.push(message('abc').subarray(2, 5));
  assert.strictEqual(String(sorter.release()), String(message('abc').subarray(0, 5)));
  assert.strictEqual(joined(sorter.push(message('next'))), String(message('next')));
});

test('after trouble everything is passed on', () => {
  const long = Buffer.alloc(4);
  long.writeUInt32LE(MESSAGE_BYTES + 1);
  const cases = [
    [message('X'), 'a message that makes no sense (no sense)'],
    [long, `a message of ${MESSAGE_BYTES + 1} bytes, and mediasoup's have at most ${MESSAGE_BYTES}`],
  ];
  for (const [bytes, expected] of cases) {
    const { ours, sorter } = sorting();
    const after = Buffer.concat([message('Ours'), message('c').subarray(0, 2)]);
    const { runs, trouble } = sorter.push(Buffer.concat([message('Mine'), message('a'), bytes, after]));
    assert.strictEqual(trouble, expected);
    assert.deepStrictEqual(Buffer.concat(runs), Buffer.concat([message('a'), bytes, after]));
    assert.deepStrictEqual([ours, sorter.release().length], [['Mine'], 0]);
  }
});
