// SPDX-License-Identifier: MIT
'use strict';

// A raw channel whose sockets record what is sent, with a listener in mediasoup's place.

const { EventEmitter } = require('events');
const path = require('path');
const { RawChannel } = require('../../lib/raw/channel');
const { formatOf } = require('../../lib/raw/frames');
const { Messages } = require('./messages');
const { knownVersions, newest } = require('./raw');

const METHOD = 7;

// Returns { name, folder, messages } for each mediasoup whose classes can make messages.
function libraries() {
  return [...knownVersions(), newest()].map(({ version, module }) => {
    const folder = path.join(module, 'node/lib');
    return { name: `mediasoup ${version}`, folder, messages: new Messages(folder) };
  });
}

// Returns the channel, its sockets, the bytes that were `sent`, those that mediasoup `heard`, and the
// `doubts`. frames(count) makes frames to send.
function channelOf(folder) {
  const consumer = new EventEmitter();
  const heard = [];
  const listener = (bytes) => heard.push(Buffer.from(bytes));
  consumer.on('data', listener);
  const sent = [];
  const producer = { writable: true, write: (bytes) => sent.push(bytes) };
  const doubts = [];
  const format = formatOf(folder);
  const sockets = { producerSocket: producer, consumerSocket: consumer };
  const channel = new RawChannel(sockets, format, (what) => doubts.push(what));
  const frames = (count) =>
    Array.from({ length: count }, (_, i) => format.request(METHOD, `object-${i}`));
  return { channel, consumer, doubts, heard, listener, producer, frames, sent };
}

const feed = (consumer, bytes) => consumer.emit('data', bytes);

module.exports = { channelOf, feed, libraries, METHOD };
