// SPDX-License-Identifier: MIT
'use strict';

// What the main thread and the raw lane's thread must agree on: small numbers in place of kinds and
// decoders, since thousands of each go from one to the other.

const { CLASS_OF } = require('../snapshot/classes');

// A decoder's code is its place in this list. Each is the class of mediasoup whose getStats() decodes
// the answers for objects of this kind, and of this type where the kind is a transport, together with
// the name of that class's id.
const DECODERS = [
  { kind: 'producer', className: 'Producer', id: 'producerId' },
  { kind: 'consumer', className: 'Consumer', id: 'consumerId' },
  { kind: 'dataProducer', className: 'DataProducer', id: 'dataProducerId' },
  { kind: 'dataConsumer', className: 'DataConsumer', id: 'dataConsumerId' },
  { kind: 'transport', type: 'webrtc', className: 'WebRtcTransport', id: 'transportId' },
  { kind: 'transport', type: 'plain', className: 'PlainTransport', id: 'transportId' },
  { kind: 'transport', type: 'pipe', className: 'PipeTransport', id: 'transportId' },
  { kind: 'transport', type: 'direct', className: 'DirectTransport', id: 'transportId' },
];

// In place of a decoder's code: the object was not asked, or it has not answered in time.
const UNASKED = 255;
const UNANSWERED = 254;

// A kind's number is its place in this list.
const KINDS = Object.keys(CLASS_OF);
const NUMBER_OF_KIND = Object.fromEntries(KINDS.map((kind, number) => [kind, number]));

// Returns the code of the decoder for objects of this kind, or -1 when there is none. `transportType`
// counts for transports only.
function codeOf(kind, transportType) {
  return DECODERS.findIndex(
    (decoder) => decoder.kind === kind && (kind !== 'transport' || decoder.type === transportType)
  );
}

module.exports = { codeOf, DECODERS, KINDS, NUMBER_OF_KIND, UNANSWERED, UNASKED };
