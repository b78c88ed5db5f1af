// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const limits = require('../../lib/common/limits');
const { Snapshot } = require('../../lib/snapshot/snapshot');

function reading(classes = []) {
  const snapshot = new Snapshot(new Set(classes));
  snapshot.join(() => {});
  return snapshot;
}

const textOf = ({ chunks }) => Buffer.concat(chunks).toString();

test('the end row counts the rows added here and those that the thread has made', () => {
  const snapshot = reading();
  snapshot.add('endpoint', ['{"row":"endpoint"}\n']);
  snapshot.add('consumers', ['{"a":1}\n', '{"a":2}\n']);
  assert.deepStrictEqual(snapshot.chunks, []);
  snapshot.flush();
  snapshot.flush();
  assert.strictEqual(snapshot.chunks.length, 1, 'no empty chunk');
  snapshot.count({ consumers: 3, routers: 1 });
  snapshot.unanswered = 4;
  snapshot.finish(12.5);
  const [, , , end] = textOf(snapshot).trim().split('\n').map((line) => JSON.parse(line));
  assert.deepStrictEqual(end, { row: 'end', counts: { endpoint: 1, consumers: 5, routers: 1 }, unanswered: 4, duration: 12.5 });
  assert.strictEqual(snapshot.state, 'done');
});

test('enough text becomes a chunk at once', () => {
  const snapshot = reading();
  snapshot.add('consumers', ['x'.repeat(limits.CHUNK_CHARS - 1)]);
  assert.strictEqual(snapshot.chunks.length, 0);
  snapshot.add('consumers', ['y']);
  assert.deepStrictEqual(snapshot.chunks.map(({ length }) => length), [limits.CHUNK_CHARS]);
});

test('a snapshot that fails drops the text that is not a chunk yet', () => {
  const snapshot = reading();
  snapshot.add('endpoint', ['{}\n']);
  snapshot.fail();
  snapshot.flush();
  assert.deepStrictEqual([snapshot.state, snapshot.chunks], ['failed', []]);
});

test('only living nodes with described parents are described, and only while somebody reads', async () => {
  const snapshot = new Snapshot(new Set());
  const kindOf = ({ kind }) => kind;
  const parent = { kind: 'transport', closed: false };
  assert.strictEqual(snapshot.describe(parent, kindOf), undefined, 'nobody reads');
  snapshot.join(() => {});
  assert.strictEqual(snapshot.describe(parent, kindOf), 'transport');
  assert.strictEqual(snapshot.describe({ ...parent, closed: true }, kindOf), undefined);
  const warned = new Promise((resolve) => process.once('warning', resolve));
  const broken = () => { throw new Error('no type'); };
  assert.strictEqual(snapshot.describe(parent, broken), undefined);
  const child = { kind: 'consumer', closed: false, parent };
  assert.strictEqual(snapshot.describe(child, kindOf), undefined, 'its parent was left out');
  assert.strictEqual(snapshot.describe({ kind: 'x', closed: false, parent: child }, kindOf), undefined, 'and so on');
  assert.strictEqual(snapshot.describe({ kind: 'other', closed: false, parent: {} }, kindOf), 'other');
  const { code, message } = await warned;
  assert.strictEqual(code, 'WARN_ROW');
  assert.match(message, /a transport and all below it are missing from snapshots: reading its members threw "no type"/);
});
