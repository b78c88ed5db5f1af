// SPDX-License-Identifier: MIT
'use strict';

// Synthetic rows, for figures of the C side alone: rooms of a hundred consumers, every field filled, counters that grow from one
// reading to the next.

const { row, snapshot, uuid } = require('../../integration/snapshots.js');

const ROOM_SIZE = 100;
const READINGS = 2; // that differ, in turn

function room(number, reading) {
  const name = `room-${number}`;
  const [routerId, transportId, producerId] = ['router', 'transport', 'producer'].map((what) => uuid(name, what));
  const consumers = Array.from({ length: ROOM_SIZE }, (_, n) => row.consumer(uuid(name, `consumer-${n}`), producerId, transportId,
    { appData: { peerId: `peer-${n}` }, stats: { byteCount: 1000 * reading, packetCount: 10 * reading } }));
  return [row.router(routerId, 0, { appData: { roomId: name } }), row.transport(transportId, routerId),
    row.producer(producerId, transportId, { appData: { peerId: 'speaker' } }), ...consumers];
}

const rowsAt = (consumers, reading) =>
  [row.worker(0), ...Array.from({ length: consumers / ROOM_SIZE }, (_, number) => room(number, reading)).flat()];

// The bodies of the protocol, one for each reading in turn.
function snapshots(consumers) {
  const readings = Array.from({ length: READINGS }, (_, n) => rowsAt(consumers, n + 1));
  return { rows: readings[0].length + 1, bodies: readings.map((rows) => Buffer.from(snapshot(rows))) };
}

// The same rows as curl_json takes them best: a map by id, the fields' numbers only, no labels.
function maps(consumers) {
  const readings = Array.from({ length: READINGS }, (_, n) => rowsAt(consumers, n + 1).filter(({ row: name }) => name === 'consumers'));
  const bodies = readings.map((rows) => Buffer.from(JSON.stringify(Object.fromEntries(rows.map(({ consumerId, stats }) =>
    [consumerId, Object.fromEntries(FIELDS.map(([name]) => [name, stats[name]]))])))));
  return { rows: consumers, bodies };
}

// A consumer's fields, and collectd's types for them.
const FIELDS = [
  ...['byteCount', 'packetCount', 'packetsDiscarded', 'packetsRetransmitted', 'packetsRepaired', 'rtxPacketsDiscarded', 'nackCount',
    'nackPacketCount', 'pliCount', 'firCount'].map((name) => [name, 'derive']),
  ...['bitrate', 'packetsLost', 'fractionLost', 'jitter', 'roundTripTime', 'score'].map((name) => [name, 'gauge']),
];

module.exports = { FIELDS, maps, snapshots };
