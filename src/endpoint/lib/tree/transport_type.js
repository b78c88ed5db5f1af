// SPDX-License-Identifier: MIT
'use strict';

const TYPE_BY_CLASS = {
  WebRtcTransport: 'webrtc',
  PlainTransport: 'plain',
  PlainRtpTransport: 'plain',
  PipeTransport: 'pipe',
  DirectTransport: 'direct',
};

// Returns `webrtc`, `plain`, `pipe` or `direct` for a mediasoup transport, or whatever its own `type`
// says, which exists from mediasoup 3.15 on. Before, the name of its class tells; where a bundler has
// renamed the class, the members that only that class has.
function transportType(transport) {
  if (typeof transport.type === 'string') return transport.type;
  const known = TYPE_BY_CLASS[transport.constructor.name];
  if (known) return known;
  if ('iceState' in transport) return 'webrtc';
  if ('rtcpTuple' in transport) return 'plain';
  return 'tuple' in transport ? 'pipe' : 'direct';
}

module.exports = { transportType };
