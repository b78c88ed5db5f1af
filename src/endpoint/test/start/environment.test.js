// SPDX-License-Identifier: MIT
'use strict';

// The environment variables of `register`.

const assert = require('assert');
const { test } = require('node:test');
const { fromEnvironment } = require('../../lib/start/environment');

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
  });
  assert.deepStrictEqual(fromEnvironment({ COLLECTD_MEDIASOUP_APP_DATA: '' }), { appData: [] });
  assert.deepStrictEqual(fromEnvironment({}), {});
});
