// SPDX-License-Identifier: MIT
'use strict';

// An application that keeps instances of classes in appData, as mediasoup-demo does: the worker's server, and who sends.

const { run } = require(process.env.APPLICATION);

class WebRtcServerImpl {
  constructor() {
    this.self = this;
  }
}

class Peer {
  constructor(name) {
    this.name = name;
  }
}

run(async (sfu) => {
  for (const [name, loss] of [['ann', 0.3], ['ben', 0]]) {
    const room = await sfu.addRoom(undefined, { appData: {} });
    const { producer } = await room.publish('audio', { appData: { peer: new Peer(name) }, transportAppData: { producing: true, consuming: false } });
    await room.subscribe(producer, { appData: { peer: new Peer('all') }, transportAppData: { producing: false, consuming: true }, loss });
  }
}, { workerAppData: () => ({ webRtcServer: new WebRtcServerImpl() }) });
