// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { Ids } = require('../../lib/raw/ids');

const RING = 2 ** 32;

test('ids follow each other, half the ring away from mediasoup\'s', () => {
  const ids = new Ids();
  assert.deepStrictEqual([ids.reserve(3), ids.reserve(1), ids.reserve(0), ids.reserve(2)], [RING / 2, RING / 2 + 3, RING / 2 + 4, RING / 2 + 4]);
});

test('ids go round the ring, never 0 and never apart', () => {
  const ids = new Ids();
  ids.foreign = RING / 2;
  ids.next = RING - 2;
  assert.strictEqual(ids.reserve(2), RING - 2);
  assert.strictEqual(ids.reserve(1), 1);
  ids.next = RING - 2;
  assert.strictEqual(ids.reserve(3), 1);
});

test('ids keep away from mediasoup\'s, wherever those are', () => {
  for (const foreign of [0, 1, RING / 4, RING / 2 - 1, RING / 2, RING / 2 + 1, RING - 1]) {
    const ids = new Ids();
    ids.foreign = foreign;
    for (let i = 0; i < 5; i += 1) {
      const count = 1000;
      const first = ids.reserve(count);
      assert.ok(first >= 1 && first + count <= RING, `${first}`);
      const ahead = (first - foreign + RING) % RING;
      assert.ok(Math.min(ahead, RING - ahead) >= RING / 4, `${first} is near ${foreign}`);
    }
  }
});

test('where an id lies tells whether it may be ours', () => {
  const ids = new Ids();
  ids.next = 5;
  const near = [1, 4, 5, RING / 8, RING - 1, RING - RING / 8 + 6];
  const far = [0, RING / 8 + 5, RING / 2, RING - RING / 8];
  assert.deepStrictEqual([...near, ...far].filter((id) => ids.isNear(id)), near);
});
