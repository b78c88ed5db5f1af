// SPDX-License-Identifier: MIT
'use strict';

// The main thread's end of a server in the raw lane's thread, with a recording link.

const assert = require('assert');
const { test } = require('node:test');
const { RemoteServer } = require('../../lib/raw/remote_server');
const { Snapshot } = require('../../lib/snapshot/snapshot');

const PASSED = { socket: '/s.sock', allowRemote: false, token: 'kept', tls: { key: 'k', cert: 'c' } };
const OPTIONS = { ...PASSED, mode: 0o660, appData: () => {} };

// Returns a server whose link gives this answer to `listen`, the link, and the snapshots `made`.
function linked(answer) {
  const link = { open: true, servers: new Map(), ended: Promise.resolve(), asked: [], told: [] };
  link.askAlive = async (message) => {
    link.asked.push(message);
    return message.kind === 'listen' ? answer : {};
  };
  link.tell = (message, transfer) => link.told.push({ ...message, transfer });
  const made = [];
  const collector = {
    snapshot(classes, events) {
      made.push(new Snapshot(classes, events));
      return made[made.length - 1];
    },
  };
  const server = new RemoteServer(collector, OPTIONS, link, () => link.told.push('lost'));
  return { link, made, server };
}

test('the thread listens and closes, and gets only the options that it needs', async () => {
  const { link, server } = linked({ server: 3, address: '/s.sock' });
  await server.listen({ path: '/s.sock' });
  assert.deepStrictEqual(link.asked, [{ kind: 'listen', endpoint: PASSED, at: { path: '/s.sock' } }]);
  assert.deepStrictEqual([server.address(), link.servers.get(3)], ['/s.sock', server]);
  await server.close();
  await server.close();
  assert.deepStrictEqual(link.asked.slice(1), [{ kind: 'close', server: 3 }], 'once');
});

test('listen() rejects with the system\'s error or the reason of a doubt', async () => {
  const failing = linked({ error: { code: 'EADDRINUSE', message: 'address in use' } });
  await assert.rejects(failing.server.listen({}), { code: 'EADDRINUSE', message: 'address in use' });
  await assert.rejects(linked({ doubt: 'its thread is gone' }).server.listen({}), /^Error: its thread is gone$/);
  assert.strictEqual(failing.link.servers.size, 0);
});

test('a snapshot goes to the thread chunk by chunk until its end', () => {
  const { link, made, server } = linked();
  server.receive({ kind: 'ask', snapshot: 5, classes: ['workers'], events: 17 });
  const [snapshot] = made;
  assert.deepStrictEqual([snapshot.classes, snapshot.events, snapshot.number], [new Set(['workers']), 17, 5]);
  const alone = Buffer.from(new Uint8Array([1, 2]).buffer);
  const pooled = Buffer.from('ab');
  snapshot.put(alone);
  snapshot.put(pooled);
  snapshot.end('done');
  assert.deepStrictEqual(link.told, [
    { kind: 'chunk', snapshot: 5, bytes: alone, transfer: [alone.buffer] },
    { kind: 'chunk', snapshot: 5, bytes: pooled, transfer: [] },
    { kind: 'end', snapshot: 5, state: 'done', transfer: undefined },
  ]);
  assert.deepStrictEqual([snapshot.readers.size, server.relays.size], [0, 0]);
});

test('a snapshot is not read any more when it is abandoned or the thread is lost', () => {
  const { link, made, server } = linked();
  for (const number of [5, 6]) server.receive({ kind: 'ask', snapshot: number, classes: [] });
  server.receive({ kind: 'abandon', snapshot: 5 });
  server.receive({ kind: 'abandon', snapshot: 5 });
  assert.deepStrictEqual(made.map(({ abandoned }) => abandoned), [true, false]);
  server.lost();
  assert.deepStrictEqual([made[1].abandoned, link.told], [true, ['lost']]);
});
