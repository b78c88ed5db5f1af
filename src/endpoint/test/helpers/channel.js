// SPDX-License-Identifier: MIT
'use strict';

// A raw channel between a recording socket and a listener in mediasoup's place, for each real mediasoup
// whose classes can make the messages.

const { EventEmitter } = require('events');
const path = require('path');
const { RawChannel } = require('../../lib/raw/channel');
const { formatOf } = require('../../lib/raw/frames');
const { Messages } = require('./messages');
const { knownVersions, newest } = require('./raw');

const METHOD = 7;

// { name, folder, messages } of each mediasoup: of those with workers, and of the newest.
function libraries() {
  return [...knownVersions(), newest()].map(({ version, module }) => {
    const folder = path.join(module, 'node/lib');
    return { name: `mediasoup ${version}`, folder, messages: new Messages(folder) };
  });
}

// Returns the channel, its sockets, what was `sent`, what mediasoup `heard` and the `doubts`.
// requests(count) makes frames to be asked.
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
  const requests = (count) =>
    Array.from({ length: count }, (_, i) => format.request(METHOD, `object-${i}`));
  return { channel, consumer, doubts, heard, listener, producer, requests, sent };
}

const feed = (consumer, bytes) => consumer.emit('data', bytes);

module.exports = { channelOf, feed, libraries, METHOD };
