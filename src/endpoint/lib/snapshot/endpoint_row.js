// SPDX-License-Identifier: MIT
'use strict';

// The first row of a snapshot: who serves it, and how many objects there are.

const { version } = require('../../package.json');
const { plainRow } = require('./rows');

// Returns the row's text. `lane` is the members { lane, laneReason }; `events` is the number of the newest
// event of a connection.
function endpointRow(tree, lane, events) {
  const { counts, connections } = tree;
  const workers = [...tree.workers];
  const active = workers.filter((worker) => worker.counts.router > 0).length;
  return plainRow('endpoint', {
    protocol: 1,
    time: Date.now(),
    implementation: 'collectd-mediasoup',
    version,
    mediasoup: String(tree.mediasoup.version),
    runtime: `node ${process.version}`,
    pid: process.pid,
    ...lane,
    processes: 1 + workers.length,
    workers: workers.length,
    workersActive: active,
    workersIdle: workers.length - active,
    routers: counts.router,
    transports: counts.transport,
    producers: counts.producer,
    consumers: counts.consumer,
    dataProducers: counts.dataProducer,
    dataConsumers: counts.dataConsumer,
    webRtcServers: counts.webRtcServer,
    workerDeaths: tree.workerDeaths,
    webRtcTransportsCreated: connections.created,
    webRtcTransportsConnected: connections.counts.connected,
    webRtcTransportsLeft: connections.counts.left,
    webRtcTransportsLost: connections.counts.lost,
    webRtcTransportsDtlsFailed: connections.counts.dtls_failed,
    webRtcTransportsNeverConnected: connections.counts.never_connected,
    events,
  });
}

module.exports = { endpointRow };
