// SPDX-License-Identifier: MIT
'use strict';

// The requests that mediasoup's own classes send for statistics.

const assert = require('assert');
const { test } = require('node:test');
const { Decoder } = require('../../../lib/raw/thread/decoder');
const { libraries } = require('../../helpers/channel');

for (const { name, folder } of libraries()) {
  test(`${name}: each kind of object has a request of its own for its statistics`, () => {
    const { methods } = new Decoder(folder);
    assert.ok(methods.every(Number.isInteger));
    assert.strictEqual(new Set(methods).size, 5, 'all transports have the same');
  });
}
