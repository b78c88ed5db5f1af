// SPDX-License-Identifier: MIT
'use strict';

// What the raw lane knows of the messages on a worker's channel: flatbuffers behind a length of four
// bytes. Only the few fields that tell whose an answer is are read here; decoding is left to
// mediasoup's own classes. formatOf() throws when those classes build or read messages otherwise than
// is expected here.

const fs = require('fs');
const path = require('path');
const wholeRequire = require('../common/whole_require');

const LENGTH_BYTES = 4;
// mediasoup throws longer messages away than its class Channel says: 4 MiB, and 8 MiB from 3.21 on.
const LIMIT = /\bMESSAGE_MAX_LEN = (\d+);/;
const DEFAULT_MESSAGE_BYTES = 8 * 1024 * 1024;

// Slots of fields in a flatbuffers table; the first field's is 4.
const MESSAGE_TYPE = 4;
const MESSAGE_DATA = 6;
const ID = 4;
const ACCEPTED = 6;

// A request to check the format with.
const SAMPLE_ID = 0x87654321;
const SAMPLE_METHOD = 7;
const SAMPLE_HANDLER = 'handler';

// Returns the position of a table's field, 0 when the table leaves it out.
function field(bytes, table, slot) {
  const vtable = table - bytes.readInt32LE(table);
  if (slot >= bytes.readUInt16LE(vtable)) return 0;
  const offset = bytes.readUInt16LE(vtable + slot);
  return offset === 0 ? 0 : table + offset;
}

// Returns the position of the table that a message holds if it is of this type, else 0. `start` is
// where the message begins, behind its length. This and the next two throw a RangeError where the bytes
// are no message.
function bodyAt(bytes, start, type) {
  const message = start + bytes.readUInt32LE(start);
  const typeAt = field(bytes, message, MESSAGE_TYPE);
  if (typeAt === 0 || bytes[typeAt] !== type) return 0;
  const dataAt = field(bytes, message, MESSAGE_DATA);
  return dataAt === 0 ? 0 : dataAt + bytes.readUInt32LE(dataAt);
}

// Returns the position of the id in the body of a request or response, 0 when it has none.
function idAt(bytes, body) {
  return field(bytes, body, ID);
}

// Whether a response says that the request was accepted.
function isAccepted(bytes, body) {
  const at = field(bytes, body, ACCEPTED);
  return at !== 0 && bytes[at] !== 0;
}

// Returns mediasoup's generated classes, { flatbuffers, message, request, response }, from the folder
// of its library.
function classesOf(folder) {
  const load = (name) => wholeRequire(path.join(folder, 'fbs', name));
  return {
    flatbuffers: wholeRequire(wholeRequire.resolve('flatbuffers', { paths: [folder] })),
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

// An id that we write must be the id that mediasoup's classes read, and must change nothing else.
function checkRequests(classes) {
  const { flatbuffers, message, request } = classes;
  const bytes = buildRequest(classes, 1, SAMPLE_METHOD, SAMPLE_HANDLER);
  const at = idAt(bytes, bodyAt(bytes, LENGTH_BYTES, message.Body.Request));
  expect(at !== 0 && bytes.readUInt32LE(0) === bytes.length - LENGTH_BYTES, 'request');
  bytes.writeUInt32LE(SAMPLE_ID, at);
  expect(bytes.equals(buildRequest(classes, SAMPLE_ID, SAMPLE_METHOD, SAMPLE_HANDLER)), 'request id');
  const buffer = new flatbuffers.ByteBuffer(new Uint8Array(bytes.subarray(LENGTH_BYTES)));
  const read = message.Message.getRootAsMessage(buffer).data(new request.Request());
  expect(read.id() === SAMPLE_ID && read.method() === SAMPLE_METHOD && read.handlerId() === SAMPLE_HANDLER, 'request');
}

function checkResponses(classes) {
  const { message } = classes;
  expect(message.Body.Request !== message.Body.Response, 'message type');
  for (const accepted of [true, false]) {
    const bytes = buildResponse(classes, SAMPLE_ID, accepted);
    const body = bodyAt(bytes, LENGTH_BYTES, message.Body.Response);
    expect(body !== 0 && bytes.readUInt32LE(idAt(bytes, body)) === SAMPLE_ID, 'response id');
    expect(isAccepted(bytes, body) === accepted, 'response');
    expect(bodyAt(bytes, LENGTH_BYTES, message.Body.Request) === 0, 'message type');
  }
}

function longestMessage(folder) {
  const match = LIMIT.exec(fs.readFileSync(path.join(folder, 'Channel.js'), 'utf8'));
  return match === null ? DEFAULT_MESSAGE_BYTES : Number(match[1]);
}

// Returns { responseType, messageBytes, request } for the mediasoup in `folder`: the type of responses for
// bodyAt(), how long a message can be, and request(method, handlerId), which returns the frame of a request as { bytes, idAt } with the
// position of the id that is to be written into it. Throws when a class is missing or anything is not
// as expected.
function formatOf(folder) {
  const classes = classesOf(folder);
  checkRequests(classes);
  checkResponses(classes);
  return {
    responseType: classes.message.Body.Response,
    messageBytes: longestMessage(folder),
    request(method, handlerId) {
      const bytes = buildRequest(classes, 1, method, handlerId);
      return { bytes, idAt: idAt(bytes, bodyAt(bytes, LENGTH_BYTES, classes.message.Body.Request)) };
    },
  };
}

module.exports = { bodyAt, classesOf, formatOf, idAt, isAccepted, LENGTH_BYTES };
