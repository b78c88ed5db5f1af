// SPDX-License-Identifier: MIT
'use strict';

// What can be done to a participant of a room. Each is a function of the room ({ people, worker }), is complete when it has begun,
// and answers a function that ends it.

const network = require('../webrtc/network.js');
const { starve } = require('./starve.js');

const nothing = async () => () => {};

// `share` of the packets on the way from ("in") or to ("out") this one, on both of the transports, reports included: it is one line.
const lose = (peerId, direction, share) => async ({ people }) =>
  network.lose(Object.values(people[peerId].transports), { share, directions: [direction] });

const cut = (peerId) => async ({ people }) => network.lose(Object.values(people[peerId].transports));

// The client lives and sends nothing.
const silence = (peerId) => async ({ people }) => {
  const participant = people[peerId];
  participant.mute(participant.streams);
  return () => participant.mute(participant.streams, false);
};

// All layers but the lowest.
const stopLayers = (peerId) => async ({ people }) => {
  await people[peerId].keepLayers(1);
  return () => people[peerId].keepLayers(Infinity);
};

// As applications do: the producer is paused at the server, and then the client sends no more.
const pauseProducer = (peerId) => async ({ people }) => {
  const participant = people[peerId], { producer, streams } = participant.publications.audio;
  await producer.pause();
  participant.mute(streams);
  return async () => {
    participant.mute(streams, false);
    await producer.resume();
  };
};

const pauseConsumer = (peerId) => async ({ people }) => {
  const [consumer] = people[peerId].consumers;
  await consumer.pause();
  return () => consumer.resume();
};

// The line to this one carries so many bits a second.
const bandwidth = (peerId, rate) => async ({ people }) => {
  people[peerId].line.limit(rate);
  return () => people[peerId].line.limit(Infinity);
};

const starveWorker = async ({ worker }) => starve(worker);

module.exports = { bandwidth, cut, lose, nothing, pauseConsumer, pauseProducer, silence, starveWorker, stopLayers };
