// SPDX-License-Identifier: MIT
'use strict';

// What each file of these tests has: a mediasoup application, its endpoint, collectd with both plugins, a browser, and
// participants who come in. All of it ends with stop().

const assert = require('node:assert/strict');
const { Stack } = require('../e2e/stack.js');
const { launch } = require('./browser.js');
const { Participant } = require('./participant.js');

class Meeting {
  // `stack` is for Stack.start; without a `browser` nobody can join.
  static async start({ stack, browser = true } = {}) {
    const meeting = new Meeting();
    Object.assign(meeting, { participants: [], rooms: new Map() });
    try {
      meeting.stack = await Stack.start({ views: true, shipped: true, prometheus: false, ...stack });
      if (browser) meeting.browser = await launch();
    } catch (error) {
      await meeting.stop();
      throw error;
    }
    return meeting;
  }

  // The room, made when the first asks for it.
  room(roomId) {
    if (!this.rooms.has(roomId)) this.rooms.set(roomId, this.stack.sfu.addRoom(roomId));
    return this.rooms.get(roomId);
  }

  async join(peerId, { roomId = 'room-1', ...options } = {}) {
    const participant = await Participant.join({ browser: this.browser, room: () => this.room(roomId), peerId, ...options });
    this.participants.push(participant);
    return participant;
  }

  // Everybody who is named sends audio and video; `layers` are the encodings of video.
  async publish(participants, { layers = 2 } = {}) {
    for (const participant of participants) {
      await participant.publish('audio');
      await participant.publish('video', { layers });
    }
  }

  // A view of the plugin, as rows.
  view(name) {
    return this.stack.view(name);
  }

  // The rows of a view that are of this participant.
  async rowsOf(name, { peerId }) {
    return (await this.view(name)).filter((row) => row.appData?.peerId === peerId);
  }

  // Fails if a page or collectd has complained.
  assertQuiet() {
    assert.deepEqual(this.participants.flatMap(({ problems }) => problems), []);
    assert.deepEqual(this.stack.complaints(), []);
  }

  async stop() {
    await this.browser?.close();
    await this.stack?.stop();
  }
}

module.exports = { Meeting };
