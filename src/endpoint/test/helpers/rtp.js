// SPDX-License-Identifier: MIT
'use strict';

// Real RTP over UDP: valid headers, and payloads that mediasoup takes for opus or for VP8 key frames.

const dgram = require('dgram');

// Payload descriptor (extended, start of partition 0, a picture id of seven bits), frame tag of a key
// frame, start code, 16 x 16 pixels.
const VP8_KEY_FRAME = Buffer.from('908000' + '100000' + '9d012a' + '10001000', 'hex');
const PICTURE_ID = 2;
const HEADER_BYTES = 12;
const PAYLOAD_BYTES = 60;
const EVERY_MS = 5;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class RtpSender {
  constructor(port, payloadType, clockRate) {
    this.port = port;
    this.payloadType = payloadType;
    this.ticks = (clockRate / 1000) * EVERY_MS;
    this.sequence = 1;
    this.timestamp = 1000;
    this.socket = dgram.createSocket('udp4');
    this.packetBytes = HEADER_BYTES + PAYLOAD_BYTES;
  }

  open() {
    return new Promise((resolve) => this.socket.connect(this.port, '127.0.0.1', resolve));
  }

  packet(ssrc, isAudio) {
    const packet = Buffer.alloc(HEADER_BYTES + PAYLOAD_BYTES, isAudio ? 0x55 : 0);
    packet[0] = 0x80;
    packet[1] = this.payloadType | (isAudio ? 0 : 0x80);
    packet.writeUInt16BE(this.sequence, 2);
    packet.writeUInt32BE(this.timestamp, 4);
    packet.writeUInt32BE(ssrc, 8);
    if (!isAudio) {
      VP8_KEY_FRAME.copy(packet, HEADER_BYTES);
      packet[HEADER_BYTES + PICTURE_ID] = this.sequence & 0x7f;
    }
    return packet;
  }

  async send(ssrcs, count, isAudio) {
    for (let i = 0; i < count; i += 1) {
      for (const ssrc of ssrcs) this.socket.send(this.packet(ssrc, isAudio));
      this.sequence = (this.sequence + 1) & 0xffff;
      this.timestamp += this.ticks;
      await sleep(EVERY_MS);
    }
  }
}

function sink() {
  const socket = dgram.createSocket('udp4');
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => resolve({ socket, port: socket.address().port }));
  });
}

module.exports = { RtpSender, sink };
