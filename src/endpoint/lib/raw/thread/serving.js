// SPDX-License-Identifier: MIT
'use strict';

// The thread's servers, lib/server.js, and the snapshots that they wait for: those are asked of the main
// thread and come from there as chunks, and as rows that the thread itself renders.

const fs = require('fs');
const { Chunks, keyOf } = require('../../snapshot/chunks');
const { Server } = require('../../http/server');

// A snapshot with its number.
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
  // `post` sends a message to the main thread.
  constructor(post) {
    this.post = post;
    this.servers = new Map();
    this.snapshots = new Map();
    this.last = 0;
  }

  // What a Server takes for its collector.
  collectorOf(server) {
    const underWay = new Map();
    return {
      snapshot: (classes) => {
        const key = keyOf(classes);
        if (!underWay.has(key)) underWay.set(key, this.begin(server, classes, () => underWay.delete(key)));
        return underWay.get(key);
      },
    };
  }

  begin(server, classes, over) {
    this.last += 1;
    const number = this.last;
    const awaited = new Awaited(number, () => {
      if (!this.snapshots.delete(number)) return;
      over();
      // Told also of one that has ended, which is none the worse for it.
      this.post({ kind: 'abandon', server, snapshot: number });
    });
    this.snapshots.set(number, awaited);
    this.post({ kind: 'ask', server, snapshot: number, classes: [...classes] });
    return awaited;
  }

  // Nobody may be waiting any more.
  put(snapshot, bytes) {
    const awaited = this.snapshots.get(snapshot);
    if (awaited !== undefined && bytes.length > 0) awaited.put(bytes);
  }

  end(snapshot, state) {
    const awaited = this.snapshots.get(snapshot);
    if (awaited !== undefined) awaited.end(state);
  }

  // Resolves with { server, address } or { error }.
  async listen({ number, endpoint, at }) {
    const server = new Server(this.collectorOf(number), endpoint);
    try {
      const listening = server.listen(at);
      // It is bound by now, or the file is somebody else's. A thread cannot set the umask, and the main thread may be busy for long.
      if (at.path !== undefined && server.http.listening) fs.chmodSync(at.path, endpoint.mode);
      await listening;
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
