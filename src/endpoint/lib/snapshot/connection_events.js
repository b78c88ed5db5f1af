// SPDX-License-Identifier: MIT
'use strict';

// What has happened to the connections of WebRTC transports, as rows of class `connections`, the newest of
// which are kept. A row is made at the moment of its event. When thousands happen at once, for example
// because a router closes, the rest is made in the next turns of the event loop.

const { reason, guard, warn } = require('../common/errors');
const { isTurnOver } = require('../common/event_loop');
const { KeptRows } = require('./kept_rows');
const { appDataMembers, inheritedAppData } = require('./node_app_data');
const { membersText } = require('./rows');

class ConnectionEvents {
  // `allow` is the option appData.
  constructor(allow) {
    this.allow = allow;
    this.number = 0;
    // Events whose rows are not made yet, as { node, head, tail }: members before and after the ids.
    this.waiting = [];
    // Whether rows are being made, or have to wait for the next turn.
    this.isBusy = false;
    this.kept = new KeptRows();
  }

  // The number of the newest event whose row is made, 0 before there is one.
  get newest() {
    return this.kept.newest;
  }

  // Returns the rows of the events with a greater number that are kept, the oldest first.
  after(number) {
    return this.kept.after(number);
  }

  // This has happened to the connection of the node.
  add(node, event) {
    this.number += 1;
    const { connectTime, protocol } = node.connection;
    const head = { number: this.number, time: Date.now(), event };
    const tail = { connectTime: event === 'connected' ? connectTime : undefined, protocol };
    this.waiting.push({ node, head, tail });
    if (!this.isBusy) this.makeRows();
  }

  // An application's getter may add events meanwhile.
  makeRows() {
    const { waiting } = this;
    let made = 0;
    this.isBusy = true;
    let isOver = false;
    while (made < waiting.length && !isOver) {
      this.kept.add(this.rowOf(waiting[made]));
      made += 1;
      isOver = isTurnOver();
    }
    this.waiting = waiting.slice(made);
    this.isBusy = isOver;
    if (isOver) setImmediate(guard(() => this.makeRows())).unref();
  }

  // Returns '' when the application's objects throw.
  rowOf({ node, head, tail }) {
    const router = node.parent;
    try {
      const ids = {
        transportId: node.object.id,
        routerId: router.object.id,
        worker: router.parent.slot,
        transportType: 'webrtc',
      };
      const appData = appDataMembers(inheritedAppData(node, this.allow));
      return `{"row":"connections"${membersText({ ...head, ...ids, ...tail })}${appData}}\n`;
    } catch (error) {
      guard(warn)(
        'WARN_ROW',
        `an event of a transport is missing from snapshots: reading its members threw ` +
          `"${reason(error)}"; look for getters of the application on that object`
      );
      return '';
    }
  }
}

module.exports = { ConnectionEvents };
