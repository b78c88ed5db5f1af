// SPDX-License-Identifier: MIT
'use strict';

// The raw lane's thread leaves while its server is busy with requests. ENDPOINT_CLOSES and ENDPOINT_EXITS say
// how often, for a long run.

const assert = require('assert');
const net = require('net');
const path = require('path');
const { spawn } = require('child_process');
const { once } = require('events');
const { test } = require('node:test');
const { temporaryFolder } = require('../helpers/application');
const { knownVersions } = require('../helpers/raw');

const version = knownVersions().pop();

const CLOSES = Number(process.env.ENDPOINT_CLOSES || 10);
const EXITS = Number(process.env.ENDPOINT_EXITS || 5);
const CLIENTS = 6;
const LOAD_MS = 30;

const PROGRAM = `
  const { serve } = require(${JSON.stringify(path.join(__dirname, '../..'))});
  const mediasoup = require(${JSON.stringify(version.module)});
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const [socket, closes] = process.argv.slice(1);
  (async () => {
    for (let i = 0; i < Number(closes); i += 1) {
      const endpoint = await serve({ socket, mediasoup, lane: 'raw' });
      await pause(${LOAD_MS});
      await endpoint.close();
    }
    await serve({ socket, mediasoup, lane: 'raw' });
    await pause(${LOAD_MS});
    process.exit(3);
  })();`;

// Sends requests without pause, again and again, until stop() is called.
function flood(socket) {
  let stopped = false;
  let client;
  const connect = () => {
    if (stopped) return;
    client = net.connect(socket);
    const send = () => client.write('GET /v1/snapshot?rows=workers HTTP/1.1\r\nHost: x\r\n\r\n');
    client.on('connect', send);
    client.on('data', send);
    client.on('error', () => {});
    client.on('close', () => setTimeout(connect, 1));
  };
  connect();
  return () => {
    stopped = true;
    client.destroy();
  };
}

async function endOf(closes) {
  const socket = path.join(temporaryFolder(), 's.sock');
  const child = spawn(version.node, ['-e', PROGRAM, socket, String(closes)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += data));
  const stops = Array.from({ length: CLIENTS }, () => flood(socket));
  const [code, signal] = await once(child, 'exit');
  for (const stop of stops) stop();
  return [code, signal, stderr];
}

test('an endpoint is closed again and again while clients ask', async () => {
  assert.deepStrictEqual(await endOf(CLOSES), [3, null, '']);
});

test('a process exits while clients ask', async () => {
  for (let i = 0; i < EXITS; i += 1) assert.deepStrictEqual(await endOf(0), [3, null, ''], `exit ${i}`);
});
