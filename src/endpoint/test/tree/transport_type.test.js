// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { transportType } = require('../../lib/tree/transport_type');

test('a transport has a type even where mediasoup does not tell it', () => {
  class WebRtcTransport {}
  class PlainTransport {}
  class PipeTransport {}
  class DirectTransport {}
  class A {}
  assert.strictEqual(transportType({ type: 'pipe' }), 'pipe');
  const types = [WebRtcTransport, PlainTransport, PipeTransport, DirectTransport].map((Type) => transportType(new Type()));
  assert.deepStrictEqual(types, ['webrtc', 'plain', 'pipe', 'direct']);
  const renamed = [{ iceState: 'new' }, { tuple: 1, rtcpTuple: 2 }, { tuple: 1 }, {}];
  const guesses = renamed.map((members) => transportType(Object.assign(new A(), members)));
  assert.deepStrictEqual(guesses, ['webrtc', 'plain', 'pipe', 'direct']);
});
