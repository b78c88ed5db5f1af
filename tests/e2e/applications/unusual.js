// SPDX-License-Identifier: MIT
'use strict';

// An application with keys of its own. One of its rooms has a name that collectd's identifiers cannot hold, another is
// named on its transports only.

const { run } = require(process.env.APPLICATION);

run(async (sfu) => {
  const team = await sfu.addRoom(undefined, { appData: { meetingId: 'Team A/B' } });
  const hall = await sfu.addRoom(undefined, { appData: {} });
  for (const [room, above, loss] of [[team, {}, 0.3], [hall, { room: 'hall' }, 0]]) {
    const { producer } = await room.publish('audio', { appData: {}, transportAppData: { ...above, displayName: 'ann' } });
    await room.subscribe(producer, { appData: {}, transportAppData: { ...above, displayName: 'ben' }, loss });
  }
});
