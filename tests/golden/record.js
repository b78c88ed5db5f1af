// SPDX-License-Identifier: MIT
'use strict';

// Records real snapshots for the tests of their readers:
//
//   MEDIASOUP_DIRS=dir:dir node tests/golden/record.js
//
// For each mediasoup version it writes, beside itself,
//   snapshot-<version>.ndjson          a room with RTP, simulcast, a pipe, data, WebRTC, hostile appData
//   snapshot-<version>-stopped.ndjson  the same room while one of its workers does not answer
// Run by hand, when the protocol changes; no test runs it.

const fs = require('fs');
const path = require('path');
const { eventually, withApplication } = require('../../src/endpoint/test/helpers/application');
const { snapshot } = require('../../src/endpoint/test/helpers/snapshot');
const { versions } = require('../../src/endpoint/test/helpers/versions');

const PACKETS = 200;
const MESSAGES = 7;

function write(name, text) {
  fs.writeFileSync(path.join(__dirname, name), text);
  console.log(`${name}: ${text.split('\n').length - 1} rows, ${text.length} characters`);
}

async function fill(app) {
  const { pids } = await app.call('room');
  for (const stream of ['audio', 'video', 'simulcast']) await app.call('send', stream, PACKETS);
  await app.call('sendMessages', MESSAGES);
  await app.call('hostile');
  // A first one, so that shares of CPU are those between two snapshots.
  await snapshot(app.socket);
  return pids;
}

async function record(version) {
  await withApplication(version, { options: { deadline: 500 } }, async (app) => {
    const [pid] = await fill(app);
    const whole = await eventually(async () => {
      const { of, text } = await snapshot(app.socket);
      if (of('consumers').some(({ stats }) => stats === undefined)) throw new Error('no statistics yet');
      return text;
    });
    write(`snapshot-${version.version}.ndjson`, whole);
    process.kill(pid, 'SIGSTOP');
    try {
      write(`snapshot-${version.version}-stopped.ndjson`, (await snapshot(app.socket)).text);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });
}

(async () => {
  for (const version of versions()) await record(version);
})().catch((error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
