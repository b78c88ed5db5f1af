// SPDX-License-Identifier: MIT
'use strict';

// What becomes of a connection, as a table of what mediasoup tells of it.

const assert = require('assert');
const { test } = require('node:test');
const { Connection } = require('../../lib/tree/connection');

// Each step is [seconds, what, with]: `ask`, `ice`, `dtls`, `expire` and `close` are inputs, `is` compares
// the state. Then what must have happened, and the connectTime.
const CASES = {
  'never asked': [[[0, 'is', 'unused'], [99, 'is', 'unused'], [99, 'close']], []],
  'connected, and closed by the application': [
    [[0, 'ask'], [0, 'is', 'connecting'], [0.1, 'ice', 'connected'], [0.1, 'dtls', 'connecting'], [0.2, 'is', 'connecting'],
      [0.25, 'dtls', 'connected'], [0.3, 'is', 'connected'], [0.5, 'ice', 'completed'], [0.5, 'is', 'connected'], [60, 'close']],
    ['0.25 connected', '60 left'], 250],
  'the peer closes DTLS, then ICE is disconnected 30 s later': [
    [[1, 'ice', 'connected'], [1.2, 'dtls', 'connected'], [9, 'dtls', 'closed'], [9, 'is', 'left'], [39, 'ice', 'disconnected'],
      [80, 'expire'], [80, 'is', 'left'], [90, 'close']],
    ['1.2 connected', '9 left'], 200],
  'lost after 30 s': [
    [[0, 'ice', 'connected'], [1, 'dtls', 'connected'], [10, 'ice', 'disconnected'], [39.999, 'expire'], [39.999, 'is', 'disconnected'],
      [40, 'is', 'lost'], [40, 'expire'], [41, 'expire'], [50, 'is', 'lost'], [60, 'close']],
    ['1 connected', '40 lost'], 1000],
  'closed within 30 s after ICE was disconnected': [
    [[0, 'ice', 'connected'], [1, 'dtls', 'connected'], [10, 'ice', 'disconnected'], [15, 'close']],
    ['1 connected', '15 lost'], 1000],
  'back within 30 s, twice': [
    [[0, 'ice', 'connected'], [1, 'dtls', 'connected'], [10, 'ice', 'disconnected'], [39, 'ice', 'connected'], [39, 'is', 'connected'],
      [41, 'expire'], [50, 'ice', 'disconnected'], [79, 'expire'], [79, 'is', 'disconnected'], [79, 'ice', 'completed'], [85, 'expire']],
    ['1 connected'], 1000],
  'back after 30 s has been lost, and has no other end': [
    [[0, 'ice', 'connected'], [1, 'dtls', 'connected'], [10, 'ice', 'disconnected'], [40.5, 'ice', 'connected'], [41, 'is', 'connected'],
      [50, 'ice', 'disconnected'], [90, 'expire'], [90, 'is', 'lost'], [99, 'dtls', 'closed'], [99, 'is', 'left'], [99, 'close']],
    ['1 connected', '40.5 lost'], 1000],
  'ICE is disconnected and the peer closes DTLS': [
    [[0, 'ice', 'connected'], [1, 'dtls', 'connected'], [10, 'ice', 'disconnected'], [12, 'dtls', 'closed'], [45, 'expire']],
    ['1 connected', '12 left'], 1000],
  'ICE is disconnected for 30 s before the peer closes DTLS': [
    [[0, 'ice', 'connected'], [1, 'dtls', 'connected'], [10, 'ice', 'disconnected'], [41, 'dtls', 'closed']],
    ['1 connected', '41 lost'], 1000],
  'DTLS fails, then connects': [
    [[0, 'ask'], [0.1, 'ice', 'connected'], [0.2, 'dtls', 'connecting'], [2, 'dtls', 'failed'], [2, 'is', 'dtls_failed'],
      [3, 'dtls', 'connecting'], [40, 'is', 'dtls_failed'], [41, 'dtls', 'connected'], [41, 'is', 'connected'], [60, 'close']],
    ['2 dtls_failed', '41 connected'], 41000],
  'DTLS fails twice': [
    [[0, 'dtls', 'connecting'], [2, 'dtls', 'failed'], [3, 'dtls', 'connecting'], [4, 'dtls', 'failed'], [60, 'close']],
    ['2 dtls_failed']],
  'DTLS fails after it was connected': [
    [[0, 'dtls', 'connected'], [1, 'dtls', 'failed'], [1, 'is', 'dtls_failed'], [9, 'close']], ['0 connected'], 0],
  'connected again': [
    [[0, 'ask'], [1, 'dtls', 'connected'], [5, 'dtls', 'connecting'], [6, 'dtls', 'connected'], [7, 'close']],
    ['1 connected', '7 left'], 1000],
  'asked, and closed after 1 s': [[[7, 'ask'], [8, 'is', 'connecting'], [8, 'close']], []],
  'asked, and closed after 4.999 s': [[[7, 'ask'], [11.999, 'close']], []],
  'asked, and closed after 5 s': [[[7, 'ask'], [12, 'close']], ['12 never_connected']],
  'asked, and closed after 10 s': [[[7, 'ask'], [17, 'close']], ['17 never_connected']],
  'asked twice: the first time counts': [[[7, 'ask'], [36.9, 'ask'], [36.9, 'is', 'connecting'], [37, 'is', 'stuck'], [40, 'close']], ['40 never_connected']],
  'ICE alone connects, and goes again': [
    [[0, 'ice', 'connected'], [1, 'is', 'connecting'], [2, 'ice', 'disconnected'], [29, 'is', 'connecting'], [33, 'expire'],
      [33, 'is', 'stuck'], [34, 'close']],
    ['34 never_connected']],
  'ICE that is new is no sign': [[[0, 'ice', 'new'], [9, 'is', 'unused'], [9, 'close']], []],
  'ICE is disconnected when DTLS connects': [
    [[0, 'ice', 'connected'], [1, 'ice', 'disconnected'], [5, 'dtls', 'connected'], [5, 'is', 'disconnected'], [34, 'expire'], [35, 'expire']],
    ['5 connected', '35 lost'], 5000],
};

const INPUTS = {
  ask: (connection, state, now) => connection.ask(now),
  ice: (connection, state, now) => connection.changeIce(state, now),
  dtls: (connection, state, now) => connection.changeDtls(state, now),
  expire: (connection, state, now) => connection.expire(now),
  close: (connection, state, now) => connection.close(now),
  is: (connection, state, now) => assert.strictEqual(connection.state(now), state, `after ${now} ms`),
};

for (const [name, [steps, expected, connectTime]] of Object.entries(CASES)) {
  test(name, () => {
    const connection = new Connection();
    const happened = [];
    for (const [seconds, input, given] of steps) {
      const event = INPUTS[input](connection, given, 1000 * seconds);
      if (event !== undefined) happened.push(`${seconds} ${event}`);
    }
    assert.deepStrictEqual(happened, expected);
    assert.strictEqual(connection.connectTime, connectTime);
  });
}

test('lostAt is the time at which it will be lost, while there is one', () => {
  const connection = new Connection();
  assert.strictEqual(connection.lostAt, undefined);
  connection.changeDtls('connected', 1000);
  connection.changeIce('disconnected', 2000);
  connection.changeIce('disconnected', 3000);
  assert.strictEqual(connection.lostAt, 32000);
  connection.changeIce('connected', 4000);
  assert.strictEqual(connection.lostAt, undefined);
  connection.changeIce('disconnected', 5000);
  assert.strictEqual(connection.expire(35000), 'lost');
  assert.strictEqual(connection.lostAt, undefined, 'only once');
});
