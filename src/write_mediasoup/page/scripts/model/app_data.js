// SPDX-License-Identifier: MIT
'use strict';

// What applications say in appData: the names of rooms and peers, and values that the filter finds. A stream inherits
// the appData of its transport, router and worker.

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

const appDataValue = (inherited, key) => optionalText(inherited.get(key)?.[0]);

// "key=value, key=value"
function appDataText(inherited, exceptKey) {
  const pairs = [...inherited].filter(([key]) => key !== exceptKey);
  return pairs.map(([key, [value]]) => cut(`${clean(key)}=${asText(value)}`, 60)).join(', ');
}

// Finds the rooms and peers of routers and streams. Called after each poll that has fetched facts.
function readFacts() {
  for (const router of model.routers.values()) {
    router.inherited = inheritAppData(router.host, router);
    router.room = appDataValue(router.inherited, 'roomId');
  }
  for (const stream of model.streams.values()) {
    const { routerId } = stream.row;
    stream.routerKey = keyOf(stream.host, routerId);
    stream.inherited = inheritAppData(stream.host, { ...stream.facts, routerId });
    stream.room = appDataValue(stream.inherited, 'roomId');
    stream.peer = appDataValue(stream.inherited, 'peerId');
  }
  nameRouters();
  for (const stream of model.streams.values()) {
    stream.room ??= model.routers.get(stream.routerKey)?.room;
    stream.searchText = searchTextOf(stream);
  }
}

// A router without a roomId takes that of its transports and streams, if all of them name the same one.
function nameRouters() {
  const namesOf = new Map(); // routerKey -> names of rooms
  const addName = (key, name) => {
    if (name !== undefined) namesOf.set(key, (namesOf.get(key) ?? new Set()).add(name));
  };
  for (const transport of model.transports.values()) {
    addName(routerKey(transport), optionalText(transport.appData?.roomId));
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
