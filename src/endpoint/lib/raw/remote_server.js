// SPDX-License-Identifier: MIT
'use strict';

// An endpoint's server, lib/server.js, in the raw lane's thread: HTTP is none of the main thread's work.
// Here are its requests for snapshots, which the main thread makes; what it makes of them itself goes to
// the thread as chunks, between the batches that the thread renders.

// Hands a sweep's chunks to the thread.
class Relay {
  constructor(sweep, link, over) {
    this.sweep = sweep;
    this.link = link;
    this.over = over;
    this.next = 0;
    this.wake = () => this.pump();
    sweep.join(this.wake);
  }

  pump() {
    const { chunks, number, state } = this.sweep;
    for (; this.next < chunks.length; this.next += 1) {
      const bytes = chunks[this.next];
      const isAlone = bytes.length === bytes.buffer.byteLength;
      this.link.tell({ kind: 'chunk', snapshot: number, bytes }, isAlone ? [bytes.buffer] : []);
    }
    if (state === 'running') return;
    this.link.tell({ kind: 'end', snapshot: number, state });
    this.leave();
  }

  leave() {
    this.sweep.leave(this.wake);
    this.over();
  }
}

class RemoteServer {
  // `lost` is called when the thread is gone that it was in.
  constructor(collector, { socket, allowRemote, mode }, link, lost) {
    this.collector = collector;
    this.endpoint = { socket, allowRemote, mode };
    this.link = link;
    this.onLost = lost;
    this.number = undefined;
    // By the numbers of the snapshots.
    this.relays = new Map();
  }

  // Resolves when the server listens, rejects with the system's error.
  async listen(at) {
    const { endpoint } = this;
    const { server, address, error, doubt } = await this.link.askAlive({ kind: 'listen', endpoint, at });
    if (doubt !== undefined) throw new Error(doubt);
    if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
    this.number = server;
    this.where = address;
    this.link.servers.set(server, this);
  }

  address() {
    return this.where;
  }

  receive({ kind, snapshot, classes }) {
    if (kind === 'ask') this.begin(snapshot, new Set(classes));
    else if (this.relays.has(snapshot)) this.relays.get(snapshot).leave();
  }

  begin(snapshot, classes) {
    const sweep = this.collector.snapshot(classes);
    sweep.number = snapshot;
    this.relays.set(snapshot, new Relay(sweep, this.link, () => this.relays.delete(snapshot)));
  }

  lost() {
    for (const relay of [...this.relays.values()]) relay.leave();
    this.onLost();
  }

  async close() {
    if (this.link.servers.delete(this.number)) await this.link.askAlive({ kind: 'close', server: this.number });
    if (!this.link.open) await this.link.ended;
  }
}

module.exports = { RemoteServer };
