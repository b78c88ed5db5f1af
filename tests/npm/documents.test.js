// SPDX-License-Identifier: MIT
'use strict';

// The code of docs/applications.md for pm2, in its cluster.

const { test } = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { blocksOf } = require('../docs/blocks.js');
const { until } = require('../lib/wait.js');
const { application, ENVIRONMENT, run, snapshot } = require('./application.js');

const PM2 = path.join(__dirname, 'node_modules/pm2/bin/pm2');
const block = (text) => blocksOf('docs/applications.md', 'js').find((one) => one.includes(text));

test('each process of the cluster has a socket of its own', async () => {
  const folder = application({
    'app.js': `const mediasoup = require('mediasoup');
const { serve } = require('collectd-mediasoup');
${block('process.env.COLLECTD_SOCKET')}
mediasoup.createWorker({ logLevel: 'none' });
`,
  });
  fs.writeFileSync(path.join(folder, 'ecosystem.config.js'), block('module.exports').replace('/run/mediasoup', folder));
  const env = { ...ENVIRONMENT, PM2_HOME: path.join(folder, 'pm2'), PM2_DISCRETE_MODE: 'true' };
  const pm2 = (...args) => run(process.execPath, [PM2, ...args], { cwd: folder, env });
  const sockets = () => fs.readdirSync(folder).filter((name) => /^\d+\.sock$/.test(name)).sort();
  try {
    pm2('start', 'ecosystem.config.js');
    await until(async () => {
      const names = sockets();
      const answers = await Promise.all(names.map((name) => snapshot(path.join(folder, name)).catch(() => [{}])));
      return names.length === 2 && answers.every(([{ pid }, ...rows], index) => `${pid}.sock` === names[index] && rows.some(({ row }) => row === 'workers'));
    }, { what: 'two processes with their own sockets', timeout: 90000, every: 200, detail: () => sockets().join(' ') });
    assert.equal(sockets().length, 2);
  } finally {
    pm2('kill');
  }
});
