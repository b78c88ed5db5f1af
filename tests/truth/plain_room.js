// SPDX-License-Identifier: MIT
'use strict';

// A room of four participants without a browser: each has one plain transport to send audio and video and one to receive those
// of the three others. Nobody sends again what is lost, so mediasoup's score is that of the loss alone.

const PEERS = ['alice', 'bob', 'carol', 'dave'];
// Few packets, as a dozen such rooms run beside each other: audio in packets of 40 ms, video at 25 frames of one packet a second.
const STREAM = { audio: { ticksPerPacket: 2 }, video: { packetsPerFrame: 1 } };

class PlainParticipant {
  // `layers` are those of the video.
  static async join(room, peerId, { layers = 1 } = {}) {
    const participant = new PlainParticipant();
    const on = await room.openSender({ peerId });
    Object.assign(participant, { room, peerId, sender: on.sender, transports: { send: on.transport }, publications: {}, consumers: [] });
    for (const kind of ['audio', 'video'])
      participant.publications[kind] = await room.publish(kind, { peerId, on, stream: STREAM[kind], ...(kind === 'video' && { layers }) });
    return participant;
  }

  async consume(others) {
    const on = await this.room.openReceiver({ peerId: this.peerId });
    this.transports.recv = on.transport;
    for (const { producer } of others.flatMap(({ publications }) => Object.values(publications)))
      this.consumers.push((await this.room.subscribe(producer, { peerId: this.peerId, on })).consumer);
  }

  // The RTP of these streams comes to an end, or begins again.
  mute(streams, muted = true) {
    for (const stream of streams) stream.muted = muted;
  }

  // Only the lowest `count` layers of the video flow.
  keepLayers(count) {
    this.publications.video.streams.forEach((stream, layer) => { stream.muted = layer >= count; });
  }

  get streams() {
    return Object.values(this.publications).flatMap(({ streams }) => streams);
  }
}

// The participants by name, who all send and receive. alice's video has three layers.
async function plainRoom(sfu, roomId, { worker } = {}) {
  const room = await sfu.addRoom(roomId, { worker });
  const participants = [];
  for (const peerId of PEERS) participants.push(await PlainParticipant.join(room, peerId, { layers: peerId === 'alice' ? 3 : 1 }));
  for (const participant of participants) await participant.consume(participants.filter((other) => other !== participant));
  for (const { sender } of participants) sender.start();
  return { room, people: Object.fromEntries(participants.map((participant) => [participant.peerId, participant])), close: () => close(sfu, room) };
}

async function close(sfu, room) {
  await Promise.all([...room.publications].map((publication) => publication.close()));
  await Promise.all([...room.subscriptions].map((subscription) => subscription.close()));
  room.router.close();
  sfu.rooms.splice(sfu.rooms.indexOf(room), 1);
}

module.exports = { PEERS, plainRoom };
