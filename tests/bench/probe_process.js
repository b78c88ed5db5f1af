// SPDX-License-Identifier: MIT
'use strict';

// Sends an RTP packet a millisecond through a worker and notes how long each took. A process of its own, so that neither the
// application's event loop nor the reader of its collections is in the figures.

const dgram = require('node:dgram');

const TICK = 1; // ms
const HEADER = 12;
const PAYLOAD = 32;

const now = () => Number(process.hrtime.bigint() % (1n << 52n)) / 1000; // microseconds
const sender = dgram.createSocket('udp4');
const receiver = dgram.createSocket('udp4');
const delays = []; // microseconds, of packets sent in each phase
let phase = 0;
let sequence = 0;

function packet(ssrc) {
  const bytes = Buffer.alloc(HEADER + PAYLOAD);
  bytes[0] = 0x80;
  bytes[1] = 111;
  bytes.writeUInt16BE((sequence += 1) & 0xffff, 2);
  bytes.writeUInt32BE((sequence * 48) >>> 0, 4);
  bytes.writeUInt32BE(ssrc, 8);
  bytes[HEADER] = phase;
  bytes.writeDoubleBE(now(), HEADER + 1);
  return bytes;
}

receiver.on('message', (bytes) => {
  if (bytes[1] >= 192 && bytes[1] <= 223) return; // RTCP
  const payload = bytes.subarray(-PAYLOAD); // the worker adds header extensions
  (delays[payload[0]] ??= []).push(now() - payload.readDoubleBE(1));
});

const commands = {
  open: () => new Promise((done) => receiver.bind(0, '127.0.0.1', () => done({ port: receiver.address().port }))),
  send({ port, ssrc }) {
    setInterval(() => sender.send(packet(ssrc), port, '127.0.0.1'), TICK);
  },
  phase(to) {
    phase = to;
  },
  lengths: (phases) => Array.from({ length: phases }, (_, n) => delays[n]?.length ?? 0),
  take: () => delays.splice(0),
};

process.on('message', async ({ id, command, argument }) => process.send({ id, value: await commands[command](argument) }));
process.on('disconnect', () => process.exit());
