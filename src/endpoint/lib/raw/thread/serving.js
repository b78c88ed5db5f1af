// SPDX-License-Identifier: MIT
'use strict';

// The thread's servers (http/server.js) and the snapshots that they wait for. Those are asked of the main
// thread; they come from there as chunks, and as rows that this thread renders.

const { Server } = require('../../http/server');
const { Chunks } = require('../../snapshot/chunks');
const { SharedSnapshots } = require('../../snapshot/sharing');

// A snapshot that the main thread makes. over() is called when it has ended or nobody reads it any more.
class Awaited extends Chunks {
  constructor(number, over) {
    super();
    this.number = number;
    this.over = over;
  }

  leave(wake) {
    super.leave(wake);
    if (this.readers.size === 0) this.over();
  }

  end(state) {
    super.end(state);
    this.over();
  }
}

class Serving {
  // post(message) sends to the main thread.
  constructor(post) {
    this.post = post;
    this.servers = new Map();
    // Awaited snapshots by their numbers.
    this.snapshots = new Map();
    this.last = 0;
  }

  // Returns what a Server takes for its collector. `server` is the number it will have.
  collectorOf(server) {
    return new SharedSnapshots((classes, events, over) => this.begin(server, { classes: [...classes], events }, over));
  }

  begin(server, wanted, over) {
    this.last += 1;
    const number = this.last;
    const awaited = new Awaited(number, () => {
      if (!this.snapshots.delete(number)) return;
      over();
      // Also for a snapshot that has ended: the main thread ignores that.
      this.post({ kind: 'abandon', server, snapshot: number });
    });
    this.snapshots.set(number, awaited);
    this.post({ kind: 'ask', server, snapshot: number, ...wanted });
    return awaited;
  }

  // Hands bytes to the readers of a snapshot, if there still are any.
  put(snapshot, bytes) {
    const awaited = this.snapshots.get(snapshot);
    if (awaited !== undefined && bytes.length > 0) awaited.put(bytes);
  }

  end(snapshot, state) {
    const awaited = this.snapshots.get(snapshot);
    if (awaited !== undefined) awaited.end(state);
  }

  // Begins to serve. `number` becomes the server's, `endpoint` has the options socket, allowRemote,
  // token and tls, and `at` is what Server.listen() takes. Resolves with { server, address } or { error }.
  async listen({ number, endpoint, at }) {
    const server = new Server(this.collectorOf(number), endpoint);
    try {
      await server.listen(at);
    } catch ({ code, message }) {
      return { error: { code, message } };
    }
    this.servers.set(number, server);
    return { server: number, address: server.address() };
  }

  async close({ server }) {
    await this.servers.get(server).close();
    this.servers.delete(server);
    return {};
  }
}

module.exports = { Serving };
