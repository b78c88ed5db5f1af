// SPDX-License-Identifier: MIT
'use strict';

// Packets that the kernel really drops fire the alerts on loss, and only while it does.
//
// The loss is nftables' doing (one UDP packet in five, on arrival) in a network namespace, in which this file runs itself
// once more: Node cannot change its own. tc netem would hurt Prometheus' scrapes as well, and not every kernel has it.

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const { after, before, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { hurried } = require('./hurried.js');
const { Stack } = require('./stack.js');

const INSIDE = 'MEDIASOUP_LOSSY_NETWORK';
const LOST = 0.2;

function runInside() {
  const env = { ...process.env, [INSIDE]: '1' };
  delete env.NODE_TEST_CONTEXT; // a run of its own, in words
  const namespace = process.getuid() === 0 ? ['--net'] : ['--map-root-user', '--net'];
  // write_prometheus does not listen on a machine that has the address 127.0.0.1 only (AI_ADDRCONFIG).
  const inside = 'ip link set lo up && ip address add 192.0.2.1/32 dev lo && exec "$0" --test "$1"';
  return spawnSync('unshare', [...namespace, 'sh', '-c', inside, process.execPath, __filename], { env, encoding: 'utf8', timeout: 300000 });
}

const nft = (rules) => execFileSync('nft', ['-f', '-'], { input: rules });
const beginLoss = () => nft(`table inet loss {
  chain arrival {
    type filter hook input priority 0;
    meta l4proto udp numgen random mod 1000 < ${LOST * 1000} drop
  }
}`);
const endLoss = () => nft('delete table inet loss');

function testLoss() {
  let stack;
  const ALERTS = [['MediasoupLossHigh', { group: 'all' }], ['MediasoupRoomLossHigh', { group: 'room', roomId: 'room-1' }]];

  before(async () => {
    stack = await Stack.start({ shipped: true, changeRules: hurried });
    const room = await stack.sfu.addRoom('room-1');
    for (const peerId of ['alice', 'bob']) {
      const { producer } = await room.publish('video', { peerId, layers: 3 });
      for (const listener of ['carol', 'dave']) await room.subscribe(producer, { peerId: listener });
    }
    stack.sfu.start();
    await stack.until('mediasoup:group_packets:rate5m{group="all"} > 110', (samples) => samples.length === 2, 'packets in both directions');
  });
  after(() => stack?.stop());

  test('as long as nothing is lost, nothing is told', async () => {
    const ratios = await stack.query('mediasoup:group_loss:ratio5m');
    assert.equal(ratios.length, 4);
    for (const { value, labels } of ratios) assert.equal(value, 0, JSON.stringify(labels));
    assert.deepEqual(await stack.prometheus.alerts(), []);
  });

  test('what is lost fires, on the uplink and on the downlink', async () => {
    beginLoss();
    for (const [name, labels] of ALERTS) {
      for (const of of ['producers', 'consumers']) await stack.alert(name, 'firing', { ...labels, of });
    }
    // One packet in five at random, and a report now and then: it comes close, now nearer and now farther.
    const comesTo = (of, expected) => stack.until(`mediasoup:group_loss:ratio5m{group="all",of="${of}"}`,
      ([sample]) => sample !== undefined && Math.abs(sample.value - expected) < 0.05, `${expected} of the ${of}' packets to be lost`);
    await comesTo('producers', LOST);
    // Who listens misses what was lost on the uplink, too: 36 of the 80 that are sent for each 100.
    await comesTo('consumers', (1 - (1 - LOST) ** 2) / (1 - LOST));
  });

  test('and ends when nothing is lost any more', async () => {
    endLoss();
    await until(async () => (await stack.prometheus.alerts()).length === 0, { what: 'the alerts to end', timeout: 60000, every: 250 });
  });
}

if (process.env[INSIDE]) testLoss();
else test('packets that are lost fire the alerts on loss', () => {
  const { status, stdout, stderr, error } = runInside();
  assert.equal(status, 0, `${error ?? ''}${stdout}${stderr}`);
  assert.match(stdout, /# pass 3/);
});
