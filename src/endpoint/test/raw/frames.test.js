// SPDX-License-Identifier: MIT
'use strict';

// What the raw lane knows of messages, against the classes of each real mediasoup.

const assert = require('assert');
const path = require('path');
const { test } = require('node:test');
const { bodyAt, classesOf, formatOf, idAt, isAccepted, LENGTH_BYTES } = require('../../lib/raw/frames');
const { libraries, METHOD } = require('../helpers/channel');

for (const { name, folder, messages } of libraries()) {
  const format = formatOf(folder);

  test(`${name}: an id is written where mediasoup reads it`, () => {
    const { bytes, idAt: at } = format.request(METHOD, 'object');
    bytes.writeUInt32LE(0xfedcba98, at);
    assert.deepStrictEqual(messages.requests(bytes), [[0xfedcba98, METHOD, 'object']]);
  });

  test(`${name}: messages may be as long as mediasoup's own channel takes them`, () => {
    const minor = Number(name.split('.')[1]);
    assert.strictEqual(format.messageBytes, minor < 21 ? 4 * 1024 * 1024 + 4 : 8 * 1024 * 1024);
  });

  test(`${name}: whose answer it is, and whether it was accepted`, () => {
    for (const [id, accepted] of [[1, true], [0xffffffff, false]]) {
      const bytes = messages.response(id, accepted);
      const body = bodyAt(bytes, LENGTH_BYTES, format.responseType);
      assert.strictEqual(bytes.readUInt32LE(idAt(bytes, body)), id);
      assert.strictEqual(isAccepted(bytes, body), accepted);
    }
  });

  test(`${name}: a notification and a request are no response`, () => {
    const others = [messages.notification(() => 0), format.request(METHOD, 'object').bytes];
    for (const bytes of others) assert.strictEqual(bodyAt(bytes, LENGTH_BYTES, format.responseType), 0);
  });

  test(`${name}: what is no message throws`, () => {
    for (const bytes of [Buffer.alloc(4), Buffer.alloc(12, 0xfe), messages.response(1, true).subarray(0, 8)]) {
      assert.throws(() => bodyAt(bytes, LENGTH_BYTES, format.responseType), RangeError);
    }
  });

  test(`${name}: classes that are missing or do something else are no format`, () => {
    const { request } = classesOf(folder);
    const { createRequest } = request.Request;
    const file = require.resolve(path.join(folder, 'fbs/request'));
    const { exports } = require.cache[file];
    try {
      require.cache[file].exports = {};
      assert.throws(() => formatOf(folder), TypeError);
      require.cache[file].exports = exports;
      request.Request.createRequest = (builder, id, method, ...others) => createRequest(builder, id, method + 1, ...others);
      assert.throws(() => formatOf(folder), /^Error: mediasoup's request is not as expected$/);
    } finally {
      require.cache[file].exports = exports;
      request.Request.createRequest = createRequest;
    }
    assert.strictEqual(formatOf(folder).responseType, format.responseType);
  });
}
