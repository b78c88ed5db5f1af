// SPDX-License-Identifier: MIT
'use strict';

// The numbers of the requests that mediasoup's own classes send.

const assert = require('assert');
const { test } = require('node:test');
const { Decoder } = require('../../../lib/raw/thread/decoder');
const { libraries } = require('../../helpers/channel');

for (const { name, folder } of libraries()) {
  test(`${name}: each kind of object is asked for its statistics by a request of its own`, () => {
    const { methods } = new Decoder(folder);
    assert.ok(methods.every(Number.isInteger));
    assert.strictEqual(new Set(methods).size, 5, 'all transports by the same');
  });
}
