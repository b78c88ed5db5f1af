// SPDX-License-Identifier: MIT
'use strict';

// An application whose objects carry no appData at all.

const { run } = require(process.env.APPLICATION);

run(async (sfu) => {
  for (let index = 0; index < 2; index += 1) {
    const room = await sfu.addRoom(undefined, { appData: {} });
    const { producer } = await room.publish('audio', { appData: {} });
    await room.subscribe(producer, { appData: {}, loss: index === 0 ? 0.3 : 0 });
  }
});
