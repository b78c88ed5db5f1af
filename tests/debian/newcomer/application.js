// SPDX-License-Identifier: MIT
'use strict';

// The application of somebody who reads the README: one worker, a room with a name, and two people in it. What the README
// wants in it is put before the first line.

const mediasoup = require('mediasoup');

const OPUS = { mimeType: 'audio/opus', clockRate: 48000, channels: 2 };
const LISTEN = { listenIp: '127.0.0.1', rtcpMux: true };
const SPEECH = { codecs: [{ ...OPUS, payloadType: 100 }], encodings: [{ ssrc: 1111 }] };

async function main() {
  const worker = await mediasoup.createWorker({ logLevel: 'warn' });
  const router = await worker.createRouter({ mediaCodecs: [{ kind: 'audio', ...OPUS }], appData: { roomId: 'planning' } });
  const anna = await router.createPlainTransport({ ...LISTEN, comedia: true, appData: { peerId: 'anna' } });
  const producer = await anna.produce({ kind: 'audio', rtpParameters: SPEECH, appData: { peerId: 'anna' } });
  const ben = await router.createPlainTransport({ ...LISTEN, appData: { peerId: 'ben' } });
  await ben.consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities, appData: { peerId: 'ben' } });
  console.log('the application runs');
}

main();
