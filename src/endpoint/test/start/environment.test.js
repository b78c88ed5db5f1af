// SPDX-License-Identifier: MIT
'use strict';

// The environment variables of `register`.

const assert = require('assert');
const fs = require('fs');
const { test } = require('node:test');
const { fromEnvironment, fromFiles, unknownVariables, wantsTls } = require('../../lib/start/environment');

test('environment variables become options', () => {
  const options = fromEnvironment({
    COLLECTD_MEDIASOUP_SOCKET: '/tmp/s.sock',
    COLLECTD_MEDIASOUP_MODE: '600',
    COLLECTD_MEDIASOUP_HOST: '',
    COLLECTD_MEDIASOUP_PORT: '4000',
    COLLECTD_MEDIASOUP_APP_DATA: 'roomId, peerId,',
    COLLECTD_MEDIASOUP_DEADLINE: '500',
    COLLECTD_MEDIASOUP_WINDOW: 'many',
    COLLECTD_MEDIASOUP_ALLOW_REMOTE: '1',
    COLLECTD_MEDIASOUP_LANE: 'raw',
    COLLECTD_MEDIASOUP_TOKEN: 'kept',
    COLLECTD_MEDIASOUP_TLS_KEY: '/not/read/here',
    OTHER: 'x',
  });
  assert.deepStrictEqual(options, {
    socket: '/tmp/s.sock',
    mode: 0o600,
    port: 4000,
    appData: ['roomId', 'peerId'],
    deadline: 500,
    window: 'many',
    allowRemote: true,
    lane: 'raw',
    token: 'kept',
  });
  assert.deepStrictEqual(fromEnvironment({ COLLECTD_MEDIASOUP_APP_DATA: '' }), { appData: [] });
  assert.deepStrictEqual(fromEnvironment({}), {});
  assert.deepStrictEqual(fromEnvironment({ COLLECTD_MEDIASOUP_TOKEN: '' }), { token: '' }, 'a secret that came out empty does not open the door');
});

test('permissions and booleans may be written in any usual way', () => {
  for (const text of ['660', '0660', '0o660', '0O660']) {
    assert.strictEqual(fromEnvironment({ COLLECTD_MEDIASOUP_MODE: text }).mode, 0o660, text);
  }
  for (const text of ['888', '0x1b0', 'rw']) assert.strictEqual(fromEnvironment({ COLLECTD_MEDIASOUP_MODE: text }).mode, text);
  const flag = (text) => fromEnvironment({ COLLECTD_MEDIASOUP_ALLOW_REMOTE: text }).allowRemote;
  assert.deepStrictEqual(['1', 'true', 'TRUE', 'yes', 'on'].map(flag), Array(5).fill(true));
  assert.deepStrictEqual(['0', 'false', 'False', 'no', 'off'].map(flag), Array(5).fill(false));
  assert.strictEqual(flag('constructor'), 'constructor');
});

test('the files of TLS are read, both or none', () => {
  const environment = { COLLECTD_MEDIASOUP_TLS_KEY: __filename, COLLECTD_MEDIASOUP_TLS_CERT: '/nowhere/cert.pem' };
  const file = fs.readFileSync(__filename);
  assert.deepStrictEqual(fromFiles({ ...environment, COLLECTD_MEDIASOUP_TLS_CERT: __filename }), { tls: { key: file, cert: file } });
  const [failed, missing] = [/^cannot read COLLECTD_MEDIASOUP_TLS_CERT "\/nowhere\/cert\.pem": ENOENT.*; name a file in PEM/, /^cannot read COLLECTD_MEDIASOUP_TLS_CERT ""/];
  assert.throws(() => fromFiles(environment), { code: 'ERR_OPTION_INVALID', message: failed });
  assert.throws(() => fromFiles({ COLLECTD_MEDIASOUP_TLS_KEY: __filename }), { code: 'ERR_OPTION_INVALID', message: missing });
  const unset = { COLLECTD_MEDIASOUP_TLS_KEY: '', COLLECTD_MEDIASOUP_TLS_CERT: '' };
  assert.deepStrictEqual([fromFiles(unset), fromFiles({}), wantsTls(unset), wantsTls(environment)], [{}, {}, false, true]);
});

test('variables that are misspelt are found', () => {
  const environment = { COLLECTD_MEDIASOUP_TLS_CERT: '/c', COLLECTD_MEDIASOUP_TLSCERT: '/c', COLLECTD_MEDIASOUP_SOKET: '/s', COLLECTD_MEDIASOUP_SOCKET: '/s', COLLECTD_MEDIASOUP_toString: '', OTHER: '' };
  assert.deepStrictEqual(unknownVariables(environment), ['COLLECTD_MEDIASOUP_TLSCERT', 'COLLECTD_MEDIASOUP_SOKET', 'COLLECTD_MEDIASOUP_toString']);
});
