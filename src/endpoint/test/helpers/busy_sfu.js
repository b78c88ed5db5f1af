// SPDX-License-Identifier: MIT
'use strict';

// The application of sfu.js with workers that have more or less to do, and README.md's sample that chooses one.

const fs = require('fs');
const { endpoint } = require('../..');
const { placeRouterOf } = require('./placing');
const { calls, mediasoup } = require('./sfu');

const OPUS = { mimeType: 'audio/opus', clockRate: 48000, channels: 2, payloadType: 100 };
const CODECS = [{ ...OPUS, kind: 'audio' }];
const NOBODY = { ip: '127.0.0.1', port: 9 };
const EVERY_MS = 20;
const PACKETS = 4; // each time

function opusPacket(sequence) {
  const packet = Buffer.alloc(72, 0x55);
  packet[0] = 0x80;
  packet[1] = OPUS.payloadType;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE((sequence * 960) >>> 0, 4);
  packet.writeUInt32BE(1234, 8);
  return packet;
}

function cpuMs(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function sendForEver(producer) {
  let sequence = 1;
  setInterval(() => {
    for (let i = 0; i < PACKETS; i += 1) producer.send(opusPacket((sequence += 1)));
  }, EVERY_MS);
}

Object.assign(calls, {
  // Makes a worker that sends 200 packets a second to each of so many consumers.
  async busyWorker(consumers) {
    const worker = await mediasoup.createWorker({ logLevel: 'none' });
    if (consumers === 0) return worker.pid;
    const router = await worker.createRouter({ mediaCodecs: CODECS });
    const speaker = await router.createDirectTransport();
    const rtpParameters = { codecs: [OPUS], encodings: [{ ssrc: 1234 }] };
    const producer = await speaker.produce({ kind: 'audio', rtpParameters });
    const listener = await router.createPlainTransport({ listenIp: { ip: '127.0.0.1' }, rtcpMux: true });
    await listener.connect(NOBODY);
    const { rtpCapabilities } = router;
    const consume = () => listener.consume({ producerId: producer.id, rtpCapabilities });
    await Promise.all(Array.from({ length: consumers }, consume));
    sendForEver(producer);
    return worker.pid;
  },

  async workers() {
    return endpoint().workers().map(({ worker, ...figures }) => ({ ...figures, isWorker: worker.pid === figures.pid }));
  },

  // Returns the CPU time in milliseconds that a worker has used in so many intervals: by the shares that workers()
  // told, and by the system.
  async cpuTimes(pid, intervals) {
    const find = () => endpoint().workers().find((worker) => worker.pid === pid);
    let { at } = find();
    let sum = 0;
    let before;
    for (let left = intervals + 1; left > 0; ) {
      const { at: now, cpu } = find();
      if (now !== at) {
        if (before === undefined) before = cpuMs(pid);
        else sum += cpu * (now - at);
        left -= 1;
      }
      at = now;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { told: sum, used: cpuMs(pid) - before };
  },

  // Places routers as README.md does, and returns the pids of their workers.
  async place(count) {
    const placeRouter = placeRouterOf(endpoint);
    const pidOf = new Map();
    for (const { worker } of endpoint().workers()) worker.observer.on('newrouter', ({ id }) => pidOf.set(id, worker.pid));
    const pids = [];
    for (let i = 0; i < count; i += 1) pids.push(pidOf.get((await placeRouter({ mediaCodecs: CODECS })).id));
    return pids;
  },
});
