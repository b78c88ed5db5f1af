// SPDX-License-Identifier: MIT
'use strict';

// Which names the check finds in rows: those that the plugin finds.

const assert = require('assert');
const { test } = require('node:test');
const { checkNames } = require('../../lib/check/names');

const rowsWith = (router, transport) => [
  { row: 'workers', worker: 0 },
  { row: 'routers', routerId: 'r', worker: 0, appData: router },
  { row: 'transports', transportId: 't', routerId: 'r', transportType: 'webrtc', appData: transport },
];
const rooms = (...appData) => checkNames(rowsWith(...appData)).find(({ subject }) => subject === 'rooms').text;

test('what stands for a value that cannot be passed on is no name', () => {
  for (const text of ['[Room]', '[object]', '[circular]', '[deep]', '[unreadable]', '[bigint]', '[promise]']) {
    assert.match(rooms({}, { room: text }), /^no room has a name: .*; 1 router counts as a room by its id$/, text);
    assert.strictEqual(rooms({ room: 'above' }, { room: text }), '1 room, named by room', text);
    assert.strictEqual(rooms({}, { roomId: text, room: 'blue' }), '1 room, named by room', text);
  }
});

test('a name may stand in brackets', () => {
  for (const text of ['[VIP]', '[blue]', '[Blue room]', '[]']) assert.strictEqual(rooms({}, { room: text }), '1 room, named by room', text);
});
