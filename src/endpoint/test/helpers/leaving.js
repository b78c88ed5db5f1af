// SPDX-License-Identifier: MIT
'use strict';

// To be run as a process of its own with a socket's path: serves while a transport is young, one is cut and
// thousands of events wait for their rows. Then it has nothing more to do.

const { serve } = require('../..');
const { FakeMediasoup, webRtcTransport } = require('./fake');

const CONNECTED = ['ice connected', 'dtls connecting', 'dtls connected'];

const mediasoup = new FakeMediasoup();
serve({ mediasoup, socket: process.argv[2] }).then(() => {
  const router = mediasoup.createWorker().router();
  for (let i = 0; i < 3000; i += 1) webRtcTransport(router).tell(...CONNECTED);
  webRtcTransport(router).tell(...CONNECTED, 'ice disconnected');
  webRtcTransport(router);
});
