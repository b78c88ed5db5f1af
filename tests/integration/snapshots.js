// SPDX-License-Identifier: MIT
'use strict';

// Snapshots of the protocol (src/endpoint/PROTOCOL.md) for the fake endpoint: rows with every member, and
// the frame of the `endpoint` and `end` rows around them.

const crypto = require('node:crypto');

// A stable UUID for a name, so that tests can speak of "p1" of endpoint "a".
function uuid(...names) {
  const hex = crypto.createHash('sha1').update(names.join('/')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const row = {
  worker: (slot, more) => ({
    row: 'workers', worker: slot, pid: 1000 + slot, routers: 1, transports: 2, producers: 1, consumers: 1,
    dataProducers: 1, dataConsumers: 1, webRtcServers: 0, residentMemory: 12345678, channelRoundTripTime: 1.5,
    stats: { ru_utime: 1200, ru_stime: 340, ru_maxrss: 23456, ru_minflt: 78, ru_majflt: 9, ru_nvcsw: 1011, ru_nivcsw: 12 },
    ...more,
  }),
  router: (routerId, worker, more) => ({
    row: 'routers', routerId, worker, transports: 2, producers: 1, consumers: 1, dataProducers: 1,
    dataConsumers: 1, rtpObservers: 0, ...more,
  }),
  transport: (transportId, routerId, more) => ({
    row: 'transports', transportId, routerId, transportType: 'webrtc',
    stats: { type: 'webrtc-transport', transportId, timestamp: 5, bytesReceived: 1100, bytesSent: 1200,
      iceState: 'completed', dtlsState: 'connected', recvBitrate: 64000, sendBitrate: 65000 },
    ...more,
  }),
  producer: (producerId, transportId, { stats, ...more } = {}) => ({
    row: 'producers', producerId, transportId, kind: 'video', mimeType: 'video/VP8', clockRate: 90000,
    producerType: 'simple', encodings: 1, paused: false, ...more,
    stats: rtpStats('inbound-rtp', stats),
  }),
  consumer: (consumerId, producerId, transportId, { stats, ...more } = {}) => ({
    row: 'consumers', consumerId, producerId, transportId, kind: 'video', mimeType: 'video/VP8', clockRate: 90000,
    consumerType: 'simple', encodings: 1, paused: false, producerPaused: false, ...more,
    stats: rtpStats('outbound-rtp', stats),
  }),
  dataProducer: (dataProducerId, transportId, more) => ({
    row: 'data_producers', dataProducerId, transportId, label: 'chat', protocol: 'json', dataProducerType: 'sctp', paused: true,
    stats: { type: 'data-producer', timestamp: 5, label: 'chat', protocol: 'json', messagesReceived: 7, bytesReceived: 700 },
    ...more,
  }),
  dataConsumer: (dataConsumerId, dataProducerId, transportId, more) => ({
    row: 'data_consumers', dataConsumerId, dataProducerId, transportId, label: 'chat', protocol: 'json',
    dataConsumerType: 'sctp', paused: false, dataProducerPaused: true,
    stats: { type: 'data-consumer', timestamp: 5, label: 'chat', protocol: 'json', messagesSent: 6, bytesSent: 600, bufferedAmount: 50 },
    ...more,
  }),
  // What happened to the connection of a WebRTC transport, in words of the protocol.
  connection: (number, event, { appData, ...more } = {}) => ({
    row: 'connections', number, time: 1700000000000 + number, event, transportId: uuid('connection', String(number)),
    routerId: uuid('connection', 'router'), worker: 0, transportType: 'webrtc', ...(appData && { appData }),
    ...(event === 'connected' && { connectTime: 300 }), protocol: 'udp', ...more,
  }),
  usage: (more) => ({
    row: 'usage', type: 'parent', pid: 4321, ppid: 1, cpu: 12.5, memory: 87654321, ctime: 5432, elapsed: 98765,
    timestamp: 1700000000000, openFiles: 40, openFilesMax: 1024, eventLoopDelayMean: 0.25, eventLoopDelayP99: 1.5,
    eventLoopDelayMax: 212.5, heapUsed: 11000000, heapSize: 22000000, externalMemory: 3300000, ...more,
  }),
};

function rtpStats(type, stats) {
  return {
    type, timestamp: 5, ssrc: 22222222, rtxSsrc: 33333333, kind: 'video', mimeType: 'video/VP8',
    byteCount: 1000, packetCount: 100, packetsDiscarded: 1, packetsRetransmitted: 2, packetsRepaired: 3,
    rtxPacketsDiscarded: 4, nackCount: 5, nackPacketCount: 6, pliCount: 7, firCount: 8, bitrate: 64000,
    packetsLost: 9, fractionLost: 10, jitter: 11, roundTripTime: 12.5, score: 10, ...stats,
  };
}

const CLASSES = ['workers', 'routers', 'transports', 'producers', 'consumers', 'data_producers', 'data_consumers', 'usage'];
const MEMBER = { data_producers: 'dataProducers', data_consumers: 'dataConsumers' };

function endpointRow(rows, more) {
  const alive = (name) => rows.filter((r) => r.row === name).length;
  const counts = Object.fromEntries(CLASSES.slice(0, 7).map((name) => [MEMBER[name] ?? name, alive(name)]));
  return {
    row: 'endpoint', protocol: 1, time: Date.now(), implementation: 'fake', version: '0.0.0', mediasoup: '3.19.22',
    runtime: 'node v20.20.2', pid: 4321, lane: 'public', processes: 1 + alive('workers'), ...counts,
    workersActive: new Set(rows.filter((r) => r.row === 'routers').map((r) => r.worker)).size,
    workersIdle: 0, webRtcServers: 0, workerDeaths: 2, webRtcTransportsCreated: 30,
    webRtcTransportsConnected: 20, webRtcTransportsLeft: 11, webRtcTransportsLost: 3, webRtcTransportsDtlsFailed: 1,
    webRtcTransportsNeverConnected: 2, ...more,
  };
}

function endRow(rows, more) {
  const counts = {};
  for (const { row: name } of rows) counts[name] = (counts[name] ?? 0) + 1;
  return { row: 'end', counts, unanswered: 0, duration: 3, ...more };
}

// All rows of a snapshot, framed. `endpoint` and `end` add members to the frame or change them.
function framed(rows, { endpoint, end } = {}) {
  const all = [endpointRow(rows, endpoint), ...rows];
  return [...all, endRow(all, end)];
}

const ndjson = (rows) => rows.map((r) => `${JSON.stringify(r)}\n`).join('');
const snapshot = (rows, frame) => ndjson(framed(rows, frame));

const LAYERS = { currentLayers: { spatialLayer: 1, temporalLayer: 2 }, preferredLayers: { spatialLayer: 2, temporalLayer: 2 } };

// One of everything, with ids and a room of its own for each `name`, so that the value lists of many
// endpoints can be told apart.
function oneOfEach(name) {
  const id = (what) => uuid(name, what);
  return [
    row.usage(),
    row.worker(0),
    row.router(id('router'), 0, { appData: { roomId: name } }),
    row.transport(id('transport'), id('router'), { connection: 'connected', connectTime: 120, protocol: 'udp' }),
    row.producer(id('producer'), id('transport')),
    row.consumer(id('consumer'), id('producer'), id('transport'), LAYERS),
    row.dataProducer(id('dataProducer'), id('transport')),
    row.dataConsumer(id('dataConsumer'), id('dataProducer'), id('transport')),
  ];
}

module.exports = { endRow, framed, ndjson, oneOfEach, row, snapshot, uuid };
