// SPDX-License-Identifier: MIT
'use strict';

// RTP over UDP without a browser: senders that keep a steady rate and count every packet they send, receivers
// that count every packet that arrives and answer sender reports. Packets and bytes are counted as mediasoup
// does in packetCount and byteCount: RTP only, and a packet is its header, extensions and payload.

const dgram = require('node:dgram');

const TICK = 20; // ms; the length of an opus packet
const MAX_BEHIND = 25; // ticks to make up for after the event loop was held up; more are left out
const NTP_EPOCH = 2208988800; // seconds from 1900 to 1970
const RTCP = { SR: 200, RR: 201, PSFB: 206, PLI: 1, FIR: 4 };

const isRtcp = (packet) => packet[1] >= 192 && packet[1] <= 223;

// Calls `each(payloadType, count or format, packet)` for every packet of a compound RTCP packet.
function eachRtcp(compound, each) {
  for (let offset = 0; offset + 4 <= compound.length;) {
    const size = 4 * (compound.readUInt16BE(offset + 2) + 1);
    each(compound[offset + 1], compound[offset] & 0x1f, compound.subarray(offset, offset + size));
    offset += size;
  }
}

function bind(socket) {
  return new Promise((done, fail) => {
    socket.once('error', fail);
    socket.bind(0, '127.0.0.1', () => done(socket.off('error', fail)));
  });
}

async function openSocket() {
  const socket = dgram.createSocket('udp4');
  await bind(socket);
  try {
    socket.setRecvBufferSize(1 << 20);
  } catch { /* the system's size is usually enough */ }
  return socket;
}

// The VP8 payload descriptor (RFC 7741): picture id of 15 bits, TL0PICIDX and temporal layer 0, then of the VP8
// payload header as much as tells a key frame.
function vp8Payload(size, { first, keyFrame, picture }) {
  const payload = Buffer.alloc(size, 0x2a);
  payload[0] = 0x80 | (first ? 0x10 : 0); // X, S; partition 0
  payload[1] = 0xe0; // I, L, T
  payload.writeUInt16BE(0x8000 | (picture & 0x7fff), 2);
  payload[4] = picture & 0xff; // TL0PICIDX
  payload[5] = 0x20; // TID 0, Y
  payload[6] = keyFrame ? 0x10 : 0x11; // P: 0 in a key frame
  if (first && keyFrame) Buffer.from([0x02, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01]).copy(payload, 7); // 640 x 480
  return payload;
}

// One RTP stream. `rid` goes into a header extension of id `ridId`. Video has `packetsPerFrame` packets every second
// tick (25 frames a second), audio one in `ticksPerPacket` ticks; each of `payloadSize` bytes.
class RtpStream {
  constructor({ kind, ssrc, payloadType, payloadSize, rid, ridId, packetsPerFrame = 2, ticksPerPacket = 1 }) {
    Object.assign(this, { kind, ssrc, payloadType, payloadSize, rid, ridId, packetsPerFrame, ticksPerPacket });
    this.sequence = 1000;
    this.timestamp = 0;
    this.picture = 0;
    this.wantsKeyFrame = true;
    this.muted = false; // true: it sends nothing, as a layer that a browser stops
    this.packets = 0;
    this.bytes = 0;
    this.payloadBytes = 0;
  }

  get size() {
    return this.#header(false).length + this.payloadSize;
  }

  #header(marker) {
    const header = Buffer.alloc(this.rid ? 20 : 12);
    header[0] = this.rid ? 0x90 : 0x80;
    header[1] = (marker ? 0x80 : 0) | this.payloadType;
    header.writeUInt16BE(this.sequence & 0xffff, 2);
    header.writeUInt32BE(this.timestamp >>> 0, 4);
    header.writeUInt32BE(this.ssrc, 8);
    if (this.rid) {
      header.writeUInt32BE(0xbede0001, 12); // one-byte headers (RFC 8285), one word of them
      header[16] = this.ridId << 4; // length 1
      header.write(this.rid[0], 17, 'latin1');
    }
    return header;
  }

  #packet(payload, marker) {
    const packet = Buffer.concat([this.#header(marker), payload]);
    this.sequence += 1;
    return packet;
  }

  // The packets that are due at tick number `tick`.
  packetsAt(tick) {
    if (this.kind === 'audio') {
      if (tick % this.ticksPerPacket) return [];
      this.timestamp += 960 * this.ticksPerPacket;
      return [this.#packet(Buffer.alloc(this.payloadSize, 0x55), false)];
    }
    if (tick % 2) return [];
    const keyFrame = this.wantsKeyFrame;
    this.wantsKeyFrame = false;
    this.picture += 1;
    this.timestamp += 3600;
    return Array.from({ length: this.packetsPerFrame }, (_, index) => {
      const payload = vp8Payload(this.payloadSize, { first: index === 0, keyFrame, picture: this.picture });
      return this.#packet(payload, index === this.packetsPerFrame - 1);
    });
  }

  sent(packet) {
    this.packets += 1;
    this.bytes += packet.length;
    this.payloadBytes += this.payloadSize;
  }

  // Without it a consumer of simulcast cannot match the layers' clocks, and never changes the layer.
  senderReport() {
    const report = Buffer.alloc(28);
    const now = Date.now();
    report.writeUInt32BE(0x80c80006, 0);
    report.writeUInt32BE(this.ssrc, 4);
    report.writeUInt32BE(Math.floor(now / 1000) + NTP_EPOCH, 8);
    report.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), 12);
    report.writeUInt32BE(this.timestamp >>> 0, 16);
    report.writeUInt32BE(this.packets, 20);
    report.writeUInt32BE(this.payloadBytes >>> 0, 24);
    return report;
  }
}

// Sends any number of streams from one socket to a comedia PlainTransport with rtcpMux, over a way that loses `loss`
// (0..1) of the packets, evenly. What is lost has never left: it does not count as sent.
class RtpSender {
  static async open({ ip, port, loss = 0 }) {
    const sender = new RtpSender();
    Object.assign(sender, { ip, port, loss, lost: 0, streams: [], pending: new Set(), socket: await openSocket() });
    sender.socket.on('message', (packet) => sender.#receive(packet));
    sender.socket.on('error', () => {}); // a transport that has gone
    return sender;
  }

  add(options) {
    const stream = new RtpStream(options);
    this.streams.push(stream);
    return stream;
  }

  // A receiver, through the router, asks for a key frame.
  #receive(packet) {
    if (!isRtcp(packet)) return;
    eachRtcp(packet, (type, format, part) => {
      if (type !== RTCP.PSFB || (format !== RTCP.PLI && format !== RTCP.FIR)) return;
      const ssrc = part.readUInt32BE(format === RTCP.PLI ? 8 : 12);
      for (const stream of this.streams) if (stream.ssrc === ssrc) stream.wantsKeyFrame = true;
    });
  }

  #send(packet, then) {
    const sending = new Promise((done) => {
      this.socket.send(packet, this.port, this.ip, (error) => done(error || then?.()));
    });
    this.pending.add(sending);
    sending.then(() => this.pending.delete(sending));
  }

  // Whether the way loses the next packet.
  #loses() {
    this.lost += this.loss;
    if (this.lost < 1) return false;
    this.lost -= 1;
    return true;
  }

  #tick() {
    for (const stream of this.streams.filter(({ muted }) => !muted)) {
      for (const packet of stream.packetsAt(this.ticks)) if (!this.#loses()) this.#send(packet, () => stream.sent(packet));
      if (this.ticks % 50 === 0 && stream.packets > 0) this.#send(stream.senderReport());
    }
    this.ticks += 1;
  }

  start() {
    if (this.timer) return;
    let began = performance.now();
    this.ticks = 0;
    const catchUp = () => {
      let due = Math.floor((performance.now() - began) / TICK) - this.ticks;
      if (due > MAX_BEHIND) {
        began += (due - MAX_BEHIND) * TICK;
        due = MAX_BEHIND;
      }
      for (; due > 0; due -= 1) this.#tick();
    };
    this.timer = setInterval(catchUp, TICK);
  }

  // Sends what is due at the next tick, out of turn; resolves when it is sent and counted.
  async sendTick() {
    this.ticks ??= 0;
    this.#tick();
    await Promise.all(this.pending);
  }

  // Resolves when all that was begun is sent and counted.
  async stop() {
    clearInterval(this.timer);
    this.timer = undefined;
    await Promise.all(this.pending);
  }

  // { packets, bytes } of stream `ssrc`, of all streams without it.
  counts(ssrc) {
    const streams = this.streams.filter((stream) => ssrc === undefined || stream.ssrc === ssrc);
    return streams.reduce((sum, { packets, bytes }) => ({ packets: sum.packets + packets, bytes: sum.bytes + bytes }), { packets: 0, bytes: 0 });
  }

  // Ends it; a second time does nothing, as several producers may send with it.
  close() {
    this.closed ??= this.stop().then(() => new Promise((done) => this.socket.close(done)));
    return this.closed;
  }
}

// What a receiver has got of one stream, and from gaps in the sequence numbers what it misses.
class Reception {
  constructor(packet) {
    Object.assign(this, { packets: 0, bytes: 0, base: packet.readUInt16BE(2), highest: packet.readUInt16BE(2), reported: { expected: 0, missed: 0 } });
  }

  add(packet) {
    this.packets += 1;
    this.bytes += packet.length;
    const ahead = (packet.readUInt16BE(2) - this.highest) & 0xffff;
    if (ahead < 0x8000) this.highest += ahead;
  }

  // The loss since the last report and in all, as if `loss` (0..1) more had been missed.
  report(loss) {
    const expected = this.highest - this.base + 1;
    const missed = Math.max(0, expected - this.packets) + Math.round(this.packets * loss);
    const since = { expected: expected - this.reported.expected, missed: missed - this.reported.missed };
    this.reported = { expected, missed };
    return { missed, fraction: since.expected > 0 ? Math.max(0, since.missed / since.expected) : 0 };
  }
}

// Receives what a PlainTransport sends, and answers its sender reports as one to whom the way takes
// `roundTripTime` ms and who misses `loss` (0..1) of the packets, besides those that really do not arrive.
class RtpReceiver {
  static async open({ roundTripTime = 40, loss = 0 } = {}) {
    const receiver = new RtpReceiver();
    Object.assign(receiver, { roundTripTime, loss, streams: new Map(), timers: new Set(), socket: await openSocket() });
    receiver.port = receiver.socket.address().port;
    receiver.socket.on('message', (packet, from) => receiver.#receive(packet, from));
    receiver.socket.on('error', () => {});
    return receiver;
  }

  #receive(packet, from) {
    if (isRtcp(packet)) {
      eachRtcp(packet, (type, count, part) => { if (type === RTCP.SR) this.#answer(part, from); });
      return;
    }
    const ssrc = packet.readUInt32BE(8);
    if (!this.streams.has(ssrc)) this.streams.set(ssrc, new Reception(packet));
    this.streams.get(ssrc).add(packet);
  }

  #answer(senderReport, { address, port }) {
    const ssrc = senderReport.readUInt32BE(4);
    const stream = this.streams.get(ssrc);
    if (!stream) return;
    const report = Buffer.alloc(32);
    report.writeUInt32BE(0x81c90007, 0);
    report.writeUInt32BE(1, 4);
    report.writeUInt32BE(ssrc, 8);
    const { missed, fraction } = stream.report(this.loss);
    report.writeUInt32BE(missed & 0x7fffff, 12);
    report[12] = Math.min(255, Math.round(fraction * 256));
    report.writeUInt32BE(stream.highest >>> 0, 16);
    senderReport.copy(report, 24, 10, 14); // LSR: the middle of the NTP time
    report.writeUInt32BE(1, 28); // DLSR: next to no delay; 0 would mean that no report has come
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.socket.send(report, port, address, () => {});
    }, this.roundTripTime);
    this.timers.add(timer);
  }

  // { packets, bytes } of stream `ssrc`, of all streams without it.
  counts(ssrc) {
    const sum = { packets: 0, bytes: 0 };
    for (const [key, { packets, bytes }] of this.streams) {
      if (ssrc !== undefined && key !== ssrc) continue;
      sum.packets += packets;
      sum.bytes += bytes;
    }
    return sum;
  }

  // Answers no sender report any more, so that mediasoup's figures of the stream come to rest.
  stop() {
    this.socket.removeAllListeners('message');
    for (const timer of this.timers) clearTimeout(timer);
  }

  // Ends it; a second time does nothing, as several consumers may send to it.
  close() {
    this.stop();
    this.closed ??= new Promise((done) => this.socket.close(done));
    return this.closed;
  }
}

module.exports = { RtpSender, RtpReceiver };
