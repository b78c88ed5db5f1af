// SPDX-License-Identifier: MIT
'use strict';

// Messages on a worker's channel, made and read by mediasoup's own generated classes.

const path = require('path');

// Returns a generator of random numbers from 0 to 1, the same ones for the same seed.
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

class Messages {
  constructor(folder) {
    const load = (name) => require(path.join(folder, 'fbs', name));
    this.flatbuffers = require(require.resolve('flatbuffers', { paths: [folder] }));
    this.message = load('message');
    this.request = load('request');
    this.response_ = load('response');
    this.notification_ = load('notification');
  }

  finish(builder, type, body) {
    builder.finishSizePrefixed(this.message.Message.createMessage(builder, type, body));
    return Buffer.from(builder.asUint8Array());
  }

  response(id, accepted, next = () => 0) {
    const builder = new this.flatbuffers.Builder(64);
    const error = accepted ? 0 : builder.createString('Error');
    const text = 'because'.repeat(Math.floor(next() * 100));
    const reason = accepted && next() < 0.5 ? 0 : builder.createString(text);
    const { Response } = this.response_;
    const body = Response.createResponse(builder, id, accepted, 0, 0, error, reason);
    return this.finish(builder, this.message.Body.Response, body);
  }

  notification(next) {
    const builder = new this.flatbuffers.Builder(64);
    const handler = builder.createString('x'.repeat(Math.floor(next() ** 4 * 20000)));
    const { Notification } = this.notification_;
    const body = Notification.createNotification(builder, handler, 1, 0, 0);
    return this.finish(builder, this.message.Body.Notification, body);
  }

  // Returns the requests in these bytes as [id, method, handlerId].
  requests(bytes) {
    const list = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 4 + bytes.readUInt32LE(at);
      const buffer = new this.flatbuffers.ByteBuffer(new Uint8Array(bytes.subarray(at + 4, end)));
      const read = this.message.Message.getRootAsMessage(buffer).data(new this.request.Request());
      list.push([read.id(), read.method(), read.handlerId()]);
      at = end;
    }
    return list;
  }
}

module.exports = { Messages, random };
