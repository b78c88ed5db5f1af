// SPDX-License-Identifier: MIT
'use strict';

// Debian's VictoriaMetrics with the shipped prometheus.yml, of which only the address to scrape and the intervals are replaced.

const { freePort } = require('../lib/free_port.js');
const { writeConfiguration } = require('../lib/prometheus.js');
const { ServerProcess } = require('../lib/server_process.js');

async function startVictoriaMetrics({ target, interval = '1s' }) {
  const port = await freePort();
  return ServerProcess.start({
    url: `http://127.0.0.1:${port}`,
    words: (folder) => ['victoria-metrics', `-storageDataPath=${folder}/data`, `-httpListenAddr=127.0.0.1:${port}`,
      // As docs/integrations.md says; and answers without delay.
      `-promscrape.config=${writeConfiguration(folder, { target, interval })}`, '-promscrape.config.strictParse=false',
      '-search.latencyOffset=0s', '-search.disableCache'],
  });
}

// The samples of an instant query, as Prometheus.query has them.
async function query(server, expression) {
  const { data } = await server.json(`/api/v1/query?query=${encodeURIComponent(expression)}`);
  return data.result.map(({ metric: { __name__: name, job, ...labels }, value }) => ({ name, labels, value: Number(value[1]) }));
}

module.exports = { query, startVictoriaMetrics };
