// SPDX-License-Identifier: MIT
'use strict';

// Answers' bytes come in, what getStats() would have resolved with goes out. Nothing is decoded here:
// mediasoup's own getStats() runs on objects of mediasoup's own classes, and their channel hands it the
// answer. So every version's fields, units and peculiarities are its own.

const { EventEmitter } = require('events');
const path = require('path');
const { DECODERS } = require('../codes');
const { classesOf, LENGTH_BYTES } = require('../frames');

// Stands in for mediasoup's Channel.
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

// Returns an object of mediasoup's class. Its file has the class's name; later versions call the class
// itself `...Impl`.
function objectOf(folder, className, channel, internal) {
  const exported = require(path.join(folder, `${className}.js`));
  const Class = exported[className] || exported[`${className}Impl`];
  if (typeof Class !== 'function') throw new Error(`mediasoup has no class ${className}`);
  return new Class({ internal, data: {}, channel, appData: {}, paused: false, producerPaused: false });
}

class Decoder {
  // `folder` is that of mediasoup's library. Throws when mediasoup is not as expected. `methods` are the
  // numbers of the requests that getStats() sends, by decoder.
  constructor(folder) {
    this.channel = new AnsweringChannel();
    const internal = {};
    for (const { id } of DECODERS) internal[id] = `the ${id}`;
    this.objects = DECODERS.map(({ className }) => objectOf(folder, className, this.channel, internal));
    const { flatbuffers, message, response } = classesOf(folder);
    this.flatbuffers = flatbuffers;
    this.Message = message.Message;
    this.responseType = message.Body.Response;
    this.Response = response.Response;
    this.methods = this.objects.map((object, code) => this.methodOf(object, DECODERS[code].id));
  }

  // Returns the number of the request that the object's getStats() sends, which must carry the object's
  // id and nothing else.
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

  // Returns the answers in these bytes as [request id, Response].
  answers(bytes) {
    const list = [];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length; ) {
      const start = at + LENGTH_BYTES;
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

  // Resolves with what getStats() makes of a Response.
  stats(code, response) {
    this.channel.answer = response;
    return this.objects[code].getStats();
  }
}

module.exports = { Decoder };
