// SPDX-License-Identifier: MIT
'use strict';

// The first row of a snapshot: who serves it, and how many objects there are.

const { version } = require('../../package.json');
const { plainRow } = require('./rows');

// Returns the row's text. `lane` is `public` or `raw`.
function endpointRow(tree, lane) {
  const { counts } = tree;
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
    lane,
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
    webRtcTransportsCreated: tree.webRtcTransportsCreated,
    iceFailures: tree.iceFailures,
    dtlsFailures: tree.dtlsFailures,
  });
}

module.exports = { endpointRow };
