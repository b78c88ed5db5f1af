// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { isLoopback } = require('../../lib/common/loopback');

test('loopback has many spellings', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.1.2.3']) {
    assert.strictEqual(isLoopback(host), true, host);
  }
});

test('other hosts are not loopback, even if they look like it', () => {
  const others = ['', '0.0.0.0', '::', '::ffff:10.0.0.1', '128.0.0.1', '127.0.0', '127.0.0.1.example.org', 'localhost.example', '[::1]', '1127.0.0.1'];
  for (const host of others) assert.strictEqual(isLoopback(host), false, host);
});
