// SPDX-License-Identifier: MIT
'use strict';

// What applications say in appData: the names of rooms and peers, and values that the filter finds. A stream inherits
// the appData of its transport, router and worker. The plugin says in `names` what it calls the room and the participant,
// by the RoomKeys and ParticipantKeys of its configuration; rows that came without metadata have only roomId and peerId.

const entriesOf = (value) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : []);

// Returns a Map: key -> [value, where it comes from: 'worker', 'router', 'transport' or 'stream']. The value nearest
// to the stream wins. `stream` may also be a router.
function inheritAppData(host, stream) {
  const transport = model.transports.get(keyOf(host, stream.transportId));
  const router = model.routers.get(keyOf(host, stream.routerId ?? transport?.routerId));
  const worker = model.workers.find((one) => one.host === host && String(one.worker) === String(router?.worker));
  const inherited = new Map();
  for (const [row, from] of [[worker, 'worker'], [router, 'router'], [transport, 'transport'], [stream, 'stream']]) {
    for (const [key, value] of entriesOf(row?.appData)) inherited.set(key, [value, from]);
  }
  return inherited;
}

// What the endpoint writes for a value that it cannot pass on, such as an instance of a class. It is no name.
const PLACEHOLDER = /^\[(object|circular|deep|unreadable|bigint|promise|[A-Z][\w$]*[a-z][\w$]*)\]$/;
const isPlaceholder = (value) => PLACEHOLDER.test(value);

function appDataValue(inherited, key) {
  const value = inherited.get(key)?.[0];
  return isPlaceholder(value) ? undefined : optionalText(value);
}

// "key=value, key=value"
function appDataText(inherited, exceptKey) {
  const pairs = [...inherited].filter(([key, [value]]) => key !== exceptKey && !isPlaceholder(value));
  return pairs.map(([key, [value]]) => cut(`${clean(key)}=${asText(value)}`, 60)).join(', ');
}

// undefined where the router's id stands for a room: then it has no name
function roomNameOf(row, inherited, routerId) {
  const name = row.names?.room;
  if (name === undefined) return appDataValue(inherited, 'roomId');
  return name === routerId ? undefined : optionalText(name);
}

const peerNameOf = (row, inherited) => optionalText(row.names?.participant) ?? appDataValue(inherited, 'peerId');

// Finds the rooms and peers of routers and streams. Called after each poll that has fetched facts.
function readFacts() {
  for (const router of model.routers.values()) {
    router.inherited = inheritAppData(router.host, router);
    router.room = roomNameOf(router, router.inherited, router.routerId);
  }
  for (const stream of model.streams.values()) {
    const { routerId } = stream.row;
    stream.routerKey = keyOf(stream.host, routerId);
    stream.inherited = inheritAppData(stream.host, { ...stream.facts, routerId });
    stream.room = roomNameOf(stream.facts, stream.inherited, routerId);
    stream.peer = peerNameOf(stream.facts, stream.inherited);
  }
  nameRouters();
  for (const stream of model.streams.values()) {
    if (stream.facts.names === undefined) stream.room ??= model.routers.get(stream.routerKey)?.room;
    stream.searchText = searchTextOf(stream);
  }
}

// A router without a name takes that of its transports and streams, if all of them name the same one.
function nameRouters() {
  const namesOf = new Map(); // routerKey -> names of rooms
  const addName = (key, name) => {
    if (name !== undefined) namesOf.set(key, (namesOf.get(key) ?? new Set()).add(name));
  };
  for (const transport of model.transports.values()) {
    addName(routerKey(transport), roomNameOf(transport, inheritAppData(transport.host, transport), transport.routerId));
  }
  for (const stream of model.streams.values()) addName(stream.routerKey, stream.room);
  for (const [key, router] of model.routers) {
    if (router.room === undefined && namesOf.get(key)?.size === 1) [router.room] = namesOf.get(key);
  }
}

function searchTextOf(stream) {
  const { facts, row } = stream;
  const values = [...stream.inherited.values()].map(([value]) => asText(value));
  const ids = [stream.id, facts.producerId, facts.transportId, row.routerId, row.ssrc, facts.rid];
  const names = [streamClass(stream.view), facts.kind, facts.mimeType, stream.host, stream.room];
  return [...ids, ...names, ...values].join('\n').toLowerCase();
}

/* --- names of streams --- */

// 'producer' or 'consumer'
const streamClass = (view) => view.slice(0, -1);

const peerName = (stream) => stream.peer ?? (appDataText(stream.inherited, 'roomId') || shortId(stream.id));

// The peer that a consumer receives from; undefined if it is not known.
function sourceName(consumer) {
  const producer = firstStream('producers', consumer.facts.producerId);
  return producer ? peerName(producer) : undefined;
}
