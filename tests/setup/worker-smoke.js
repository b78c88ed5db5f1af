// SPDX-License-Identifier: MIT
// Does this mediasoup work with this worker? Run in a directory where mediasoup is installed, with
// MEDIASOUP_WORKER_BIN set. Sends RTP into one router and waits for it in another, over SRTP, so that
// the channel, the libraries and the statistics have all been used once. Fails by throwing.
'use strict';

const assert = require('assert');
const dgram = require('dgram');
const mediasoup = require('module').createRequire(process.cwd() + '/')('mediasoup');

const mediaCodecs = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90000 },
];
const rtpParameters = {
  codecs: [{ mimeType: 'audio/opus', clockRate: 48000, channels: 2, payloadType: 100 }],
  encodings: [{ ssrc: 1111 }],
};

function rtpPacket(sequence) {
  const packet = Buffer.alloc(12 + 80);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(100, 1);
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(sequence * 960, 4);
  packet.writeUInt32BE(1111, 8);
  return packet;
}

async function arrivesOverSrtp(transport, producer, socket) {
  for (let sequence = 1; sequence <= 250; sequence++) {
    socket.send(rtpPacket(sequence), transport.tuple.localPort, '127.0.0.1');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [stats] = await producer.getStats();
    if (stats && stats.packetCount > 0) return stats;
  }
  throw new Error('5 s of RTP, and nothing came through');
}

async function main() {
  const worker = await mediasoup.createWorker({ logLevel: 'warn' });
  const otherWorker = await mediasoup.createWorker({ logLevel: 'warn' });
  const router = await worker.createRouter({ mediaCodecs });
  const otherRouter = await otherWorker.createRouter({ mediaCodecs });
  const webRtc = await router.createWebRtcTransport({ listenIps: ['127.0.0.1'] });
  assert.ok(webRtc.iceCandidates.length > 0 && webRtc.dtlsParameters.fingerprints.length > 0);
  const plain = await router.createPlainTransport({ listenIp: '127.0.0.1', rtcpMux: true, comedia: true });
  const producer = await plain.produce({ kind: 'audio', rtpParameters });
  const pipe = await router.pipeToRouter({ producerId: producer.id, router: otherRouter, enableSrtp: true });

  const socket = dgram.createSocket('udp4');
  const received = await arrivesOverSrtp(plain, pipe.pipeProducer, socket);
  socket.close();
  assert.strictEqual(received.type, 'inbound-rtp');
  assert.strictEqual((await producer.getStats())[0].ssrc, 1111);
  assert.ok((await plain.getStats())[0].bytesReceived > 0);
  assert.ok((await pipe.pipeConsumer.getStats()).some((stats) => stats.type === 'outbound-rtp'));
  assert.strictEqual((await webRtc.getStats())[0].dtlsState, 'new');
  assert.strictEqual((await webRtc.dump()).id, webRtc.id);
  assert.strictEqual((await router.dump()).id, router.id);
  assert.strictEqual((await worker.dump()).pid, worker.pid);
  assert.ok((await worker.getResourceUsage()).ru_maxrss > 0);
  worker.close();
  otherWorker.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
