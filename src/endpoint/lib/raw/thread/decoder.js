// SPDX-License-Identifier: MIT
'use strict';

// Answers' bytes come in, what getStats() would have resolved with goes out. Nothing is decoded here:
// mediasoup's own getStats() runs on objects of its own classes whose channel hands it the answer, so
// that every version's fields, units and peculiarities are its own.

const { EventEmitter } = require('events');
const path = require('path');
const { CLASS_OF } = require('../../snapshot/rows');

// A decoder's code is its place in this list: [kind, transportType, class, its id]
const DECODERS = [
  ['producer', undefined, 'Producer', 'producerId'],
  ['consumer', undefined, 'Consumer', 'consumerId'],
  ['dataProducer', undefined, 'DataProducer', 'dataProducerId'],
  ['dataConsumer', undefined, 'DataConsumer', 'dataConsumerId'],
  ['transport', 'webrtc', 'WebRtcTransport', 'transportId'],
  ['transport', 'plain', 'PlainTransport', 'transportId'],
  ['transport', 'pipe', 'PipeTransport', 'transportId'],
  ['transport', 'direct', 'DirectTransport', 'transportId'],
];

// The codes of an object that was not asked, and of one that has not answered.
const UNASKED = 255;
const UNANSWERED = 254;

// A kind's number is its place in this list.
const KINDS = Object.keys(CLASS_OF);

// The code of the decoder for such objects, or -1.
function codeOf(kind, transportType) {
  return DECODERS.findIndex(
    (decoder) => decoder[0] === kind && (kind !== 'transport' || decoder[1] === transportType)
  );
}

// Stands for mediasoup's Channel.
class AnsweringChannel extends EventEmitter {
  constructor() {
    super();
    this.setMaxListeners(0);
  }

  request(method, bodyType, bodyOffset, handlerId) {
    this.asked = { method, handlerId, bare: bodyType === undefined && bodyOffset === undefined };
    return this.answer;
  }
}

// An object of the class in this file, be it named after the file or, in later versions, `...Impl`.
function objectOf(folder, file, channel, internal) {
  const exported = require(path.join(folder, `${file}.js`));
  const Class = exported[file] || exported[`${file}Impl`];
  if (typeof Class !== 'function') throw new Error(`mediasoup has no class ${file}`);
  return new Class({ internal, data: {}, channel, appData: {}, paused: false, producerPaused: false });
}

class Decoder {
  // `folder` is that of mediasoup's library. Throws when it is not as expected.
  constructor(folder) {
    this.channel = new AnsweringChannel();
    const internal = {};
    for (const [, , , id] of DECODERS) internal[id] = `the ${id}`;
    this.objects = DECODERS.map(([, , file]) => objectOf(folder, file, this.channel, internal));
    const load = (name) => require(path.join(folder, 'fbs', name));
    this.flatbuffers = require(require.resolve('flatbuffers', { paths: [folder] }));
    this.Message = load('message').Message;
    this.responseType = load('message').Body.Response;
    this.Response = load('response').Response;
    this.methods = this.objects.map((object, code) => this.methodOf(object, DECODERS[code][3]));
  }

  // The number of the request that this object's getStats() sends, with its id and nothing else.
  methodOf(object, id) {
    this.channel.asked = undefined;
    this.channel.answer = new Promise(() => {});
    object.getStats().catch(() => {});
    const { method, handlerId, bare } = this.channel.asked || {};
    if (!Number.isInteger(method) || handlerId !== `the ${id}` || !bare) {
      throw new Error(`mediasoup asks for the statistics of a ${id} otherwise than expected`);
    }
    return method;
  }

  // The answers in these bytes, as [request id, Response].
  answers(bytes) {
    const list = [];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length; ) {
      const start = at + 4;
      at = start + view.getUint32(at, true);
      const message = this.Message.getRootAsMessage(
        new this.flatbuffers.ByteBuffer(bytes.subarray(start, at))
      );
      if (message.dataType() !== this.responseType) throw new Error('an answer is no response');
      const response = message.data(new this.Response());
      list.push([response.id(), response]);
    }
    return list;
  }

  // What getStats() resolves with.
  stats(code, response) {
    this.channel.answer = response;
    return this.objects[code].getStats();
  }
}

module.exports = { codeOf, Decoder, KINDS, UNANSWERED, UNASKED };
