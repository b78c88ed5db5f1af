// SPDX-License-Identifier: MIT
'use strict';

// What the raw lane must know of the worker's channel: messages are flatbuffers behind a length of
// four bytes. Only the few fields that tell whose an answer is are read here; decoding is left to
// mediasoup's own classes. Where those classes build or read messages otherwise than expected here,
// formatOf() throws.

const path = require('path');

const PREFIX_BYTES = 4;
// mediasoup's own limit; longer ones it throws away.
const MESSAGE_BYTES = 4194304;

// Slots in flatbuffers' tables, the first field's being 4.
const MESSAGE_TYPE = 4;
const MESSAGE_DATA = 6;
const ID = 4;
const ACCEPTED = 6;

// The position of a table's field, 0 when the table leaves it out.
function field(bytes, table, slot) {
  const vtable = table - bytes.readInt32LE(table);
  if (slot >= bytes.readUInt16LE(vtable)) return 0;
  const offset = bytes.readUInt16LE(vtable + slot);
  return offset === 0 ? 0 : table + offset;
}

// The position of what a message holds when that is of this type, else 0. All of these throw a
// RangeError where the bytes are no message.
function bodyAt(bytes, start, type) {
  const message = start + bytes.readUInt32LE(start);
  const typeAt = field(bytes, message, MESSAGE_TYPE);
  if (typeAt === 0 || bytes[typeAt] !== type) return 0;
  const dataAt = field(bytes, message, MESSAGE_DATA);
  return dataAt === 0 ? 0 : dataAt + bytes.readUInt32LE(dataAt);
}

function idAt(bytes, body) {
  return field(bytes, body, ID);
}

function isAccepted(bytes, body) {
  const at = field(bytes, body, ACCEPTED);
  return at !== 0 && bytes[at] !== 0;
}

// mediasoup's generated classes, from the folder of its library.
function classesOf(folder) {
  const load = (name) => require(path.join(folder, 'fbs', name));
  return {
    flatbuffers: require(require.resolve('flatbuffers', { paths: [folder] })),
    message: load('message'),
    request: load('request'),
    response: load('response'),
  };
}

function buildRequest({ flatbuffers, message, request }, id, method, handlerId) {
  const builder = new flatbuffers.Builder(256);
  const handler = builder.createString(handlerId);
  const body = request.Request.createRequest(builder, id, method, handler, request.Body.NONE, 0);
  builder.finishSizePrefixed(message.Message.createMessage(builder, message.Body.Request, body));
  return Buffer.from(builder.asUint8Array());
}

function buildResponse({ flatbuffers, message, response }, id, accepted) {
  const builder = new flatbuffers.Builder(256);
  const body = response.Response.createResponse(builder, id, accepted, 0, 0, 0, 0);
  builder.finishSizePrefixed(message.Message.createMessage(builder, message.Body.Response, body));
  return Buffer.from(builder.asUint8Array());
}

function expect(condition, what) {
  if (!condition) throw new Error(`mediasoup's ${what} is not as expected`);
}

// An id the raw lane writes must be the id mediasoup's classes read, and nothing else may change.
function checkRequests(classes) {
  const { flatbuffers, message, request } = classes;
  const bytes = buildRequest(classes, 1, 7, 'handler');
  const at = idAt(bytes, bodyAt(bytes, PREFIX_BYTES, message.Body.Request));
  expect(at !== 0 && bytes.readUInt32LE(0) === bytes.length - PREFIX_BYTES, 'request');
  bytes.writeUInt32LE(0x87654321, at);
  expect(bytes.equals(buildRequest(classes, 0x87654321, 7, 'handler')), 'request id');
  const buffer = new flatbuffers.ByteBuffer(new Uint8Array(bytes.subarray(PREFIX_BYTES)));
  const read = message.Message.getRootAsMessage(buffer).data(new request.Request());
  expect(read.id() === 0x87654321 && read.method() === 7 && read.handlerId() === 'handler', 'request');
}

function checkResponses(classes) {
  const { message } = classes;
  expect(message.Body.Request !== message.Body.Response, 'message type');
  for (const accepted of [true, false]) {
    const bytes = buildResponse(classes, 0x87654321, accepted);
    const body = bodyAt(bytes, PREFIX_BYTES, message.Body.Response);
    expect(body !== 0 && bytes.readUInt32LE(idAt(bytes, body)) === 0x87654321, 'response id');
    expect(isAccepted(bytes, body) === accepted, 'response');
    expect(bodyAt(bytes, PREFIX_BYTES, message.Body.Request) === 0, 'message type');
  }
}

// Returns { responseType, request(method, handlerId) -> { bytes, idAt } } for the mediasoup in
// `folder`. Throws when it is not as expected.
function formatOf(folder) {
  const classes = classesOf(folder);
  checkRequests(classes);
  checkResponses(classes);
  return {
    responseType: classes.message.Body.Response,
    request(method, handlerId) {
      const bytes = buildRequest(classes, 1, method, handlerId);
      return { bytes, idAt: idAt(bytes, bodyAt(bytes, PREFIX_BYTES, classes.message.Body.Request)) };
    },
  };
}

module.exports = { MESSAGE_BYTES, PREFIX_BYTES, bodyAt, formatOf, idAt, isAccepted };
