// SPDX-License-Identifier: MIT
'use strict';

// An endpoint's server (http/server.js) in the raw lane's thread, which takes the work of HTTP off the
// main thread. This is the main thread's end of it: it makes the snapshots that the thread asks for, and
// hands their chunks to the thread, between the batches that the thread renders itself.

// Hands the chunks of one snapshot to the thread.
class Relay {
  constructor(snapshot, link, over) {
    this.snapshot = snapshot;
    this.link = link;
    this.over = over;
    this.next = 0;
    this.wake = () => this.pump();
    snapshot.join(this.wake);
  }

  pump() {
    const { chunks, number, state } = this.snapshot;
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
    this.snapshot.leave(this.wake);
    this.over();
  }
}

// Stands in for a Server: has its listen(), address() and close().
class RemoteServer {
  // `link` is a ThreadLink. lost() is called when the thread has gone.
  constructor(collector, { socket, allowRemote, token, tls }, link, lost) {
    this.collector = collector;
    this.endpoint = { socket, allowRemote, token, tls };
    this.link = link;
    this.onLost = lost;
    this.number = undefined;
    this.where = undefined;
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

  get isLost() {
    return !this.link.open;
  }

  address() {
    return this.where;
  }

  // A message from the thread's server: `ask` or `abandon`.
  receive({ kind, snapshot, classes, events }) {
    if (kind === 'ask') this.begin(snapshot, new Set(classes), events);
    else if (this.relays.has(snapshot)) this.relays.get(snapshot).leave();
  }

  begin(number, classes, events) {
    const snapshot = this.collector.snapshot(classes, events);
    snapshot.number = number;
    this.relays.set(number, new Relay(snapshot, this.link, () => this.relays.delete(number)));
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
