// SPDX-License-Identifier: MIT
'use strict';

// Clients that keep connections without asking, or ask without reading: one that behaves is served all the same.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const net = require('node:net');
const { after, before, describe, test } = require('node:test');
const { sleep, until } = require('../lib/wait.js');
const { ViewsRig } = require('./client.js');
const { CONSUMERS, consumersOfEachGeneration } = require('./consumers.js');

const FLOOD = 1000;
const REQUEST = 'GET /consumers HTTP/1.1\r\nHost: localhost\r\n';

// `count` connections; `begin` is called with each once it is there, and `goOn` twice a second as long as it is open.
async function flood(rig, count, { begin = () => {}, goOn, options } = {}) {
  const sockets = new Set();
  const opened = Array.from({ length: count }, () => new Promise((done, fail) => {
    const socket = net.connect({ port: rig.target.port, host: '127.0.0.1', ...options?.() });
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket)).on('close', fail);
    socket.on('connect', () => { begin(socket); done(); });
  }).catch(() => {}));
  await Promise.all(opened);
  const timer = goOn && setInterval(() => { for (const socket of sockets) goOn(socket); }, 500);
  return { sockets, end() { clearInterval(timer); for (const socket of sockets) socket.destroy(); } };
}

// As a client should: one that is told to come again comes again, up to three times.
async function whenServed(rig) {
  for (let attempts = 1; ; attempts++) {
    const { status, headers, body } = await rig.ask('/consumers?fields=consumerId');
    if (status === 200) return JSON.parse(body);
    assert.deepEqual([status, headers['retry-after'], attempts < 4], [503, '5', true]);
    await sleep(1000 * headers['retry-after']);
  }
}

const isWhole = (body, parsed) => (parsed ? JSON.parse(body).length === CONSUMERS : body.subarray(-4).toString().trim().endsWith('}]'));

// One request after the other for so many milliseconds. Each is answered whole, or told to come again. (Only the first
// answer is parsed: what parses megabytes again and again takes nothing from the socket meanwhile, and then it is cut.)
async function askFor(rig, time, url, counts) {
  for (const end = Date.now() + time; Date.now() < end;) {
    try {
      const { status, headers, body } = await rig.ask(url);
      assert.ok(status === 200 || (status === 503 && headers['retry-after'] === '5'), `${status}`);
      if (status === 200 && url === '/consumers') assert.ok(isWhole(body, counts[200] === undefined));
      counts[status] = (counts[status] ?? 0) + 1;
      if (status === 503) await sleep(250);
    } catch (error) {
      if (error.code === 'ERR_ASSERTION') throw error;
      counts.cut = (counts.cut ?? 0) + 1;
    }
  }
}

describe('floods', () => {
  let rig;
  before(async () => {
    rig = await ViewsRig.start(consumersOfEachGeneration(), { endpoint: { Interval: 60, MaxObjects: 2 * CONSUMERS, Timeout: 20 } });
    await rig.when('/consumers?fields=kind', (rows) => rows.length === CONSUMERS, 60000);
  });
  after(() => rig?.close());

  // A byte now and then keeps the server from finding the connection idle.
  const FLOODS = {
    'say nothing': {},
    'say half of a request line': { begin: (socket) => socket.write('GET /cons') },
    'never come to the end of their headers': { begin: (socket) => socket.write(REQUEST), goOn: (socket) => socket.write('x') },
    'announce a body and never send it': { begin: (socket) => socket.write(`${REQUEST.replace('GET', 'POST')}Content-Length: 9999999\r\n\r\n`), goOn: (socket) => socket.write('x') },
    'ask and read nothing': { begin: (socket) => socket.pause().write(`${REQUEST}\r\n`) },
  };
  for (const [what, behaviour] of Object.entries(FLOODS)) {
    test(`${FLOOD} connections that ${what}`, { timeout: 120000 }, async () => {
      const held = await flood(rig, FLOOD, behaviour);
      try {
        for (let i = 0; i < 3; i++) assert.equal((await whenServed(rig)).length, CONSUMERS);
        assert.ok(held.sockets.size > 0, 'it was not the end of the flood that was waited for');
      } finally {
        held.end();
      }
    });
  }

  test('80 clients that ask again and again: no answer is cut, and Prometheus is served', { timeout: 120000 }, async (t) => {
    const views = {}, scrapes = {};
    await Promise.all([...Array.from({ length: 80 }, () => askFor(rig, 10000, '/consumers', views)), askFor(rig, 10000, '/metrics?class=workers', scrapes)]);
    t.diagnostic(JSON.stringify({ views, scrapes }));
    assert.ok(!views.cut && !scrapes.cut && views[200] > 32 && views[503] > 0, JSON.stringify({ views, scrapes }));
    assert.deepEqual(Object.keys(scrapes), ['200']);
  });

  test('who reads a byte at a time is not waited for', async () => {
    const open = () => fs.readdirSync(`/proc/${rig.daemon.pid}/fd`).length;
    let before, since; // until nothing has changed for a second: earlier connections end one after the other
    await until(() => {
      if (open() !== before) [before, since] = [open(), Date.now()];
      return before < 20 && Date.now() - since > 1000;
    }, { what: 'the end of earlier connections', timeout: 60000, detail: open });
    const byte = { onread: { buffer: Buffer.alloc(1), callback: () => false } };
    const held = await flood(rig, 20, { options: () => byte, begin: (socket) => socket.write(`${REQUEST}\r\n`), goOn: (socket) => socket.resume() });
    try {
      await until(() => open() >= before + 20, { what: 'slow readers', detail: open });
      await until(() => open() <= before, { what: 'their end', timeout: 60000, every: 200, detail: open });
      assert.ok([...held.sockets].every((socket) => socket.bytesRead < 1000), 'none of them had read its answer');
    } finally {
      held.end();
    }
  });
});
