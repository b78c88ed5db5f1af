// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { EndpointError, guard, reason, warn } = require('../../lib/common/errors');

// Resolves with the process warnings that run() emits.
async function warningsOf(run) {
  const warnings = [];
  const listen = (warning) => warnings.push(warning);
  process.on('warning', listen);
  run();
  await new Promise((resolve) => setImmediate(resolve));
  process.removeListener('warning', listen);
  return warnings;
}

test('a warning names the package, and the same code is emitted once a minute', async (t) => {
  const { now } = Date;
  t.after(() => {
    Date.now = now;
  });
  let time = 1000000;
  Date.now = () => time;
  const warnings = await warningsOf(() => {
    warn('WARN_A', 'first');
    warn('WARN_A', 'too soon');
    warn('WARN_B', 'other');
    time += 59999;
    warn('WARN_A', 'still too soon');
    time += 1;
    warn('WARN_A', 'again');
  });
  assert.deepStrictEqual(
    warnings.map(({ name, code, message }) => [name, code, message]),
    [
      ['CollectdMediasoupWarning', 'WARN_A', 'collectd-mediasoup: first'],
      ['CollectdMediasoupWarning', 'WARN_B', 'collectd-mediasoup: other'],
      ['CollectdMediasoupWarning', 'WARN_A', 'collectd-mediasoup: again'],
    ]
  );
});

test('a guarded function returns what it did, and what it throws becomes a warning', async () => {
  const add = guard((a, b) => a + b);
  assert.strictEqual(add(2, 3), 5);
  const warnings = await warningsOf(() => {
    assert.strictEqual(guard(() => { throw new TypeError('a bug'); })(), undefined);
  });
  assert.deepStrictEqual(warnings.map(({ code }) => code), ['WARN_INTERNAL']);
  assert.match(warnings[0].message, /internal error in the endpoint: a bug; the application is not affected/);
});

test('a guarded function throws nothing even if emitting warnings throws', (t) => {
  const { emitWarning } = process;
  const { now } = Date;
  t.after(() => {
    process.emitWarning = emitWarning;
    Date.now = now;
  });
  // Late enough for every code to be emitted again.
  Date.now = () => now() + 3600000;
  let tried = 0;
  process.emitWarning = () => {
    tried += 1;
    throw new Error('no warnings here');
  };
  assert.strictEqual(guard(() => { throw new Error('a bug'); })(), undefined);
  assert.strictEqual(tried, 1);
});

test('anything thrown has a reason as text', () => {
  const odd = [
    [new Error('message'), 'message'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [{ message: 7 }, '7'],
    [Symbol('s'), 'Symbol(s)'],
    [Object.create(null), 'unknown error'],
    [{ get message() { throw new Error('no'); } }, 'unknown error'],
  ];
  for (const [error, text] of odd) assert.strictEqual(reason(error), text);
});

test('an EndpointError has a name, a code and a message', () => {
  const error = new EndpointError('ERR_X', 'why');
  assert.ok(error instanceof Error);
  assert.deepStrictEqual([error.name, error.code, error.message], ['EndpointError', 'ERR_X', 'why']);
});
