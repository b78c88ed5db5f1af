// SPDX-License-Identifier: MIT
'use strict';

// A room of four participants in Chromium, who all send audio and video (alice in three layers, the others in two) and receive
// those of the others. dave receives over a line that can be made narrow.

const { Bottleneck } = require('./bottleneck.js');
const { PEERS } = require('./plain_room.js');

const CONSENT = 10; // seconds until mediasoup notices that nobody is there; 30 by default
const LAYERS = { alice: 3 };

async function join(meeting, roomId, peerId, line) {
  const narrow = (description) => (description.id === participant.transports.recv?.id ? line.between(description) : description);
  const participant = await meeting.join(peerId, { roomId, transport: { iceConsentTimeout: CONSENT }, ...(line && { offer: narrow }) });
  const keepLayers = (count) => participant.do('setMaxSpatialLayer', Math.min(count, LAYERS[peerId] ?? 2) - 1);
  return Object.assign(participant, { line, keepLayers });
}

// The participants by name, who all send and receive.
async function browserRoom(meeting, roomId, { worker } = {}) {
  meeting.rooms.set(roomId, meeting.stack.sfu.addRoom(roomId, { worker }));
  const line = await Bottleneck.open();
  const participants = await Promise.all(PEERS.map((peerId) => join(meeting, roomId, peerId, peerId === 'dave' ? line : undefined)));
  for (const participant of participants) await meeting.publish([participant], { layers: LAYERS[participant.peerId] ?? 2 });
  await Promise.all(participants.map(async (participant) => {
    for (const producer of participants.filter((other) => other !== participant).flatMap(({ producers }) => Object.values(producers)))
      await participant.consume(producer);
  }));
  const close = async () => {
    await Promise.all(participants.map((participant) => participant.close()));
    line.close();
    (await meeting.room(roomId)).router.close();
    meeting.rooms.delete(roomId);
  };
  return { people: Object.fromEntries(participants.map((participant) => [participant.peerId, participant])), close };
}

module.exports = { browserRoom };
