// SPDX-License-Identifier: MIT
'use strict';

// Groups streams into rooms. A room has the streams of one host with the same name, or those of a router without one:
//   key, eventKey, host, id (its name, or its router's id), title, isRouter (it has no name), href, searchText, routers (by id), streams, and the members of a sum

// Streams by their state; `unknown` are those of rows that came without metadata.
const makeStates = () => Object.fromEntries([...STREAM_STATES, 'unknown'].map((state) => [state, 0]));

const makeSum = () => ({
  sent: 0, received: 0, // bit/s
  producers: 0, consumers: 0, bad: 0, // streams
  states: { producers: makeStates(), consumers: makeStates() },
  causes: new Map(), // cause -> streams that are in trouble because of it
  packetsLost: 0, packetsSent: 0, // of streams that count them
  weightedLoss: 0, weight: 0, // of streams that only report a ratio, weighted by bitrate
  loss: NaN, // ratio, set by finishSum
  score: NaN, // the worst
  time: 0, // of the newest sample
});

const makeTotals = () => ({ key: 'totals', eventKey: 'totals', ...makeSum() });

function addCause(sum, cause, streams) {
  if (cause && streams > 0) sum.causes.set(cause, (sum.causes.get(cause) ?? 0) + streams);
}

function addToSum(sum, stream) {
  const bitrate = isKnown(stream.row.bitrate) ? stream.row.bitrate : 0;
  const { score } = stream.row;
  sum[stream.view] += 1;
  sum[stream.view === 'consumers' ? 'sent' : 'received'] += bitrate;
  sum.states[stream.view][stream.state ?? 'unknown'] += 1;
  if (stream.row.timestamp > sum.time) sum.time = stream.row.timestamp;
  addCause(sum, stream.row.cause, 1);
  if (!stream.flows) return;
  if (stream.bad) sum.bad += 1;
  if (stream.packetsSent > 0) {
    sum.packetsLost += stream.packetsLost;
    sum.packetsSent += stream.packetsSent;
  } else if (isKnown(stream.loss)) {
    sum.weightedLoss += stream.loss * bitrate;
    sum.weight += bitrate;
  }
  if (isKnown(score) && !(sum.score <= score)) sum.score = score;
}

// How many streams of both views are in this state.
const countOf = ({ states }, state) => states.producers[state] + states.consumers[state];

function finishSum(sum) {
  if (sum.packetsSent > 0) sum.loss = sum.packetsLost / sum.packetsSent;
  else sum.loss = sum.weight > 0 ? sum.weightedLoss / sum.weight : NaN;
}

function sumOf(streams) {
  const sum = makeSum();
  const own = streams.filter(({ piped }) => !piped);
  for (const stream of own.length > 0 ? own : streams) addToSum(sum, stream);
  finishSum(sum);
  return sum;
}

// For rows that do not tell whether a room is called by its name or by the id of a router without one.
const LOOKS_LIKE_AN_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const roomBy = (host, room) => (model.routers.has(keyOf(host, room)) || LOOKS_LIKE_AN_ID.test(room) ? 'router' : 'roomId');

// A room without streams. `by` says what `id` is: 'roomId' or 'router'.
function makeRoom(host, by, id) {
  const isRouter = by === 'router', title = cut(isRouter ? `router ${shortId(id)}` : id, 120);
  const searchText = `${title}\n${id}\n${host}`.toLowerCase(), href = roomHref(host, by, id);
  const key = keyOf(host, by, id), eventKey = keyOf('room', host, id);
  return { key, eventKey, host, id, title, isRouter, href, searchText, routers: new Map(), streams: [], ...makeSum() };
}

// Returns the room `name` of a host, or the router's own room if `name` is undefined. Makes it if it is new.
function roomOf(host, routerId, name, router) {
  const by = name === undefined ? 'router' : 'roomId';
  const key = keyOf(host, by, name ?? routerId);
  let room = model.rooms.get(key);
  if (!room) {
    room = makeRoom(host, by, name ?? routerId);
    model.rooms.set(key, room);
  }
  if (router && !room.routers.has(routerId)) {
    room.routers.set(routerId, router);
    room.searchText += `\n${routerId}\n${appDataText(router.inherited)}`.toLowerCase();
  }
  return room;
}

// Builds the rooms and the totals from all streams.
function fillRooms() {
  const usedRouters = new Set();
  model.rooms = new Map();
  model.totals = makeTotals();
  for (const stream of model.streams.values()) {
    const room = roomOf(stream.host, stream.row.routerId, stream.room, model.routers.get(stream.routerKey));
    usedRouters.add(stream.routerKey);
    room.streams.push(stream);
    stream.roomKey = room.key;
    if (stream.piped) continue; // as in groups: what goes from router to router does not count twice
    addToSum(room, stream);
    addToSum(model.totals, stream);
  }
  for (const [key, router] of model.routers) {
    if (!usedRouters.has(key)) roomOf(router.host, router.routerId, router.room, router);
  }
  for (const sum of [...model.rooms.values(), model.totals]) finishSum(sum);
}
