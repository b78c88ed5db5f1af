// SPDX-License-Identifier: MIT
'use strict';

// How long the view of all consumers takes, from the request to its last byte: ours out of collectd's memory, the seed's from the
// application.

const { Collectd } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { until } = require('../lib/wait.js');
const { read } = require('./lib/application.js');
const { pairs } = require('./lib/measure.js');

async function consumersView(context, application, peerName) {
  const port = await freePort();
  const view = () => read({ host: '127.0.0.1', port, path: '/consumers' });
  const collectd = await Collectd.start({ interval: 10, views: { Port: port },
    endpoints: [{ name: 'bench', Socket: application.sockets.public, MaxObjects: 100000, AppData: ['roomId', 'peerId'] }] });
  try {
    await until(async () => (await view()).bytes > 100 * application.consumers, { what: 'the consumers\' rows', timeout: 60000 });
    const result = await pairs({ runs: context.runsAt(application.consumers), ours: async () => (await view()).seconds * 1000, peer: async () => (await application.seed('/consumers')).seconds * 1000 });
    context.report.add({ figure: 'consumers_view', size: application.consumers, unit: 'ms', peerName, title: 'GET /consumers, to the last byte', ...result });
  } finally {
    await collectd.stop();
  }
}

module.exports = { consumersView };
