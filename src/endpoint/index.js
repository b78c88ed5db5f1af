// SPDX-License-Identifier: MIT
'use strict';

// collectd-mediasoup, the control endpoint: serve() wires the rooms of lib/ together.
//
//   mediasoup's observers -> tree/        the tree of living objects
//   GET /v1/snapshot      -> http/        requests, and readers of snapshots
//                            collector.js makes a snapshot of the tree: for each worker a part, by
//                            public/      mediasoup's public API, or
//                            raw/         the workers' channels, when option "lane" is "raw"
//                            snapshot/    the rows as text, and the snapshot in the making
//
// With the raw lane the server runs in a thread of its own (raw/thread/), which also makes the rows of
// the answers; raw/remote_server.js stands in for it here.
//
// Each room requires only rooms below it, which test/rooms.test.js checks:
//
//   index.js, register.js
//   lib/             the collector
//   raw/thread/      loads neither the collector nor the tree
//   raw/
//   public/  http/  start/
//   snapshot/
//   tree/
//   common/

const { Collector } = require('./lib/collector');
const { EndpointError, reason, warn } = require('./lib/common/errors');
const { listenOnPort } = require('./lib/http/port');
const { Server } = require('./lib/http/server');
const { listenOnSocket } = require('./lib/http/socket');
const raw = require('./lib/raw/lane');
const { RemoteServer } = require('./lib/raw/remote_server');
const { find } = require('./lib/start/mediasoup');
const { parse } = require('./lib/start/options');
const { checkForUnseen } = require('./lib/start/unseen');
const trees = require('./lib/tree/trees');
const { version } = require('./package.json');

// What serve() resolves with; types/index.d.ts describes it.
class Endpoint {
  #tree;
  #raw;
  #collector;
  #server;
  #removeFile;
  #takingOver;
  #closing;

  constructor(options, tree) {
    if (options.socket !== undefined) {
      this.socket = options.socket;
    } else {
      this.host = options.host;
      this.port = options.port;
    }
    this.#tree = tree;
    this.#raw = options.lane === 'raw' ? raw.acquire(tree) : undefined;
    this.#collector = new Collector(tree, options, this.#raw);
  }

  // Listens, in the raw lane's thread if there is one, else in this thread.
  async open(options) {
    await checkForUnseen();
    const link = this.#raw && this.#raw.link;
    if (link !== undefined && link.open) {
      const lost = () => {
        this.#takingOver = this.#takeOver(options);
      };
      try {
        await this.#listen(new RemoteServer(this.#collector, options, link, lost), options);
        return;
      } catch (error) {
        if (link.open) throw error;
        await link.ended;
      }
    }
    await this.#listen(new Server(this.#collector, options), options);
  }

  async #listen(server, options) {
    this.#server = server;
    if (options.socket === undefined) {
      this.port = await listenOnPort(server, options);
    } else {
      this.#removeFile = await listenOnSocket(server, options);
      process.on('exit', this.#removeFile);
    }
  }

  // Serves in this thread from now on: the raw lane's thread has failed, and its server is gone.
  async #takeOver(options) {
    if (this.#closing !== undefined) return;
    this.#forgetFile();
    try {
      await this.#listen(new Server(this.#collector, options), { ...options, port: this.port });
    } catch (error) {
      warn(
        'WARN_SERVER',
        "the endpoint no longer answers: the raw lane's thread has failed, and so has serving in the main thread: " +
          `${reason(error)}; restart the application`
      );
    }
  }

  #forgetFile() {
    if (this.#removeFile === undefined) return;
    this.#removeFile();
    process.removeListener('exit', this.#removeFile);
    this.#removeFile = undefined;
  }

  // Stops serving and watching. May be called again.
  close() {
    if (this.#closing === undefined) this.#closing = this.#shut();
    return this.#closing;
  }

  async #shut() {
    if (this.#raw !== undefined) raw.release(this.#tree);
    trees.release(this.#tree);
    this.#collector.close();
    await this.#takingOver;
    if (this.#server !== undefined) await this.#server.close();
    this.#forgetFile();
  }
}

// Begins to serve what PROTOCOL.md describes; types/index.d.ts describes the options. Resolves with an
// Endpoint, rejects with an EndpointError. To be called once, before the application's first
// createWorker(), because mediasoup's observers announce new objects only. Everything up to the first
// await happens before serve() returns, so a worker that is created right after the call is seen even if
// nobody waits for it.
async function serve(given) {
  const options = parse(given);
  const endpoint = new Endpoint(options, trees.acquire(find(options.mediasoup)));
  try {
    await endpoint.open(options);
  } catch (error) {
    await endpoint.close();
    throw error;
  }
  return endpoint;
}

module.exports = { serve, EndpointError, version };
