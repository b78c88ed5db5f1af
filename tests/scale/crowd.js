// SPDX-License-Identifier: MIT
'use strict';

// A large real SFU: many rooms with one microphone and many listeners each, who come and go. A room's consumers share one
// plain transport and one receiver, which counts every byte that arrives.

const { setImmediate: nextTurn } = require('node:timers/promises');
const { RtpReceiver } = require('../sfu/rtp.js');
const { listenOptions } = require('../sfu/sfu.js');
const { until } = require('../lib/wait.js');

const AT_ONCE = 50; // requests to the worker under way

async function inWindows(items, work) {
  for (let at = 0; at < items.length; at += AT_ONCE) await Promise.all(items.slice(at, at + AT_ONCE).map(work));
}

class CrowdedRoom {
  // `roundTripTime` in ms, and the share of packets that the listeners miss. `appData(roomId, n)` is the nth listener's.
  static async open(sfu, roomId, { roundTripTime, loss, appData = () => ({ peerId: 'listener' }) }) {
    const crowded = new CrowdedRoom();
    crowded.appData = appData;
    const room = await sfu.addRoom(roomId);
    const publication = await room.publish('audio', { peerId: 'speaker' });
    const receiver = await RtpReceiver.open({ roundTripTime, loss });
    const transport = await room.router.createPlainTransport({ ...listenOptions(sfu.mediasoup), rtcpMux: true, comedia: false });
    await transport.connect({ ip: '127.0.0.1', port: receiver.port });
    return Object.assign(crowded, { roomId, room, publication, receiver, transport, consumers: [] });
  }

  async join(count) {
    const { router } = this.room;
    const producerId = this.publication.producer.id;
    await inWindows(Array.from({ length: count }), async () => {
      this.consumers.push(await this.transport.consume({ producerId, rtpCapabilities: router.rtpCapabilities, appData: this.appData(this.roomId, this.consumers.length) }));
    });
  }

  leave(count) {
    for (const consumer of this.consumers.splice(0, count)) consumer.close();
  }

  get received() {
    return this.receiver.counts();
  }
}

class Crowd {
  static async open(sfu, { rooms, size, roundTripTimes, losses, appData }) {
    const crowd = new Crowd();
    crowd.rooms = [];
    for (let n = 0; n < rooms; n += 1) {
      const room = await CrowdedRoom.open(sfu, `room-${n}`,
        { roundTripTime: roundTripTimes[n % roundTripTimes.length], loss: losses[n % losses.length], appData });
      await room.join(size);
      crowd.rooms.push(room);
    }
    return crowd;
  }

  // Each microphone sends `count` packets; resolves when every listener has got them.
  async speak(count) {
    for (const room of this.rooms) {
      const due = room.received.packets + count * room.consumers.length;
      for (let n = 0; n < count; n += 1) {
        await room.publication.sender.sendTick();
        await nextTurn(); // a burst for all rooms at once would overflow the receivers' queues
      }
      await until(() => room.received.packets >= due, { what: `${count} packets for everybody in ${room.roomId}`, every: 5,
        detail: () => `${due - room.received.packets} of ${count * room.consumers.length} are missing` });
    }
  }

  // So many of each room leave, and as many come.
  async change(count) {
    for (const room of this.rooms) {
      room.leave(count);
      await room.join(count);
    }
  }

  async close() {
    await Promise.all(this.rooms.map(({ receiver }) => receiver.close()));
  }
}

module.exports = { Crowd };
