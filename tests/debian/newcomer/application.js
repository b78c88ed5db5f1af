// SPDX-License-Identifier: MIT
'use strict';

// The application of somebody who reads the README: one worker, a room, and two people in it. `serve` and `names` are the
// README's own lines, put where the README says; without them it is what the application was before.

const UNNAMED = `const router = await worker.createRouter({ mediaCodecs });
const transport = await router.createWebRtcTransport(options);
`;

const application = ({ serve = '', names = UNNAMED } = {}) => `${serve}
const mediasoup = require('mediasoup');

const opus = { mimeType: 'audio/opus', clockRate: 48000, channels: 2 };
const mediaCodecs = [{ kind: 'audio', ...opus }];
const options = { listenIps: [{ ip: '127.0.0.1' }] };

async function openRoom(worker, roomId, peerId) {
${names}
  const producer = await transport.produce({ kind: 'audio',
    rtpParameters: { codecs: [{ ...opus, payloadType: 100 }], encodings: [{ ssrc: 1111 }] } });
  await transport.consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities });
}

mediasoup.createWorker({ logLevel: 'warn' }).then((worker) => openRoom(worker, 'planning', 'anna'))
  .then(() => console.log('the application runs'));
`;

module.exports = { application };
