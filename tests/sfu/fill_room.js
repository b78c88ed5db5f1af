// SPDX-License-Identifier: MIT
'use strict';

// Participants for a room, as ./demo and the page's tests show them; every third room has a bad network.

const BAD_NETWORK = { roundTripTime: 180, loss: 0.25 };
const NETWORKS = [{ roundTripTime: 20 }, { roundTripTime: 45, loss: 0.01 }, BAD_NETWORK];

// In every second room the participants' appData says all, in the others only the router knows the room.
const personIn = (room, index) => (peerId) => ({ peerId, appData: index % 2 ? { roomId: room.roomId, peerId } : { peerId } });

// alice (simulcast) and bob send audio and video; they, carol, and erin (who never connects) receive.
async function fillRoom(room, index) {
  const person = personIn(room, index);
  const network = NETWORKS[index % NETWORKS.length];
  const streams = {
    alice: [await room.publish('audio', person('alice')), await room.publish('video', { ...person('alice'), layers: 3 })],
    bob: [await room.publish('audio', person('bob')), await room.publish('video', person('bob'))],
  };
  for (const listener of ['alice', 'bob', 'carol']) {
    for (const [speaker, publications] of Object.entries(streams)) {
      if (speaker === listener) continue;
      for (const { producer } of publications) await room.subscribe(producer, { ...person(listener), ...network });
    }
  }
  await room.subscribeOverWebRtc(streams.bob.map(({ producer }) => producer), person('erin'));
}

module.exports = { fillRoom };
