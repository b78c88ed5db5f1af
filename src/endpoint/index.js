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
//   index.js, register.js, command.js
//   lib/             the collector, and what endpoint.workers() returns
//   check/           the command `collectd-mediasoup check`
//   raw/thread/      loads neither the collector nor the tree
//   raw/
//   public/  http/  start/
//   snapshot/
//   tree/
//   common/

const { Collector } = require('./lib/collector');
const { EndpointError, guard } = require('./lib/common/errors');
const { Listener } = require('./lib/http/listener');
const { Server } = require('./lib/http/server');
const raw = require('./lib/raw/lane');
const { RemoteServer } = require('./lib/raw/remote_server');
const { find } = require('./lib/start/mediasoup');
const { parse } = require('./lib/start/options');
const { checkForUnseen } = require('./lib/start/unseen');
const trees = require('./lib/tree/trees');
const { version } = require('./package.json');

// The endpoints of this process that are not closed, the oldest first.
const endpoints = new Set();

// What serve() resolves with; types/index.d.ts describes it.
class Endpoint {
  #tree;
  #raw;
  #collector;
  #options;
  #listener;
  #closing;

  constructor(options, tree) {
    if (options.socket !== undefined) this.socket = options.socket;
    else this.host = options.host;
    this.#tree = tree;
    this.#options = options;
    this.#raw = options.lane === 'raw' ? raw.acquire(tree) : undefined;
    this.#collector = new Collector(tree, options, this.#raw);
    this.#listener = new Listener(options, () => this.#newServer());
    endpoints.add(this);
  }

  get port() {
    return this.socket === undefined ? this.#listener.port : undefined;
  }

  get listening() {
    return this.#listener.listening;
  }

  // What each living worker does, for the choice of one. Asks no worker, and never throws.
  workers() {
    const list = guard(() => this.#collector.workerFigures.list());
    return (this.#closing === undefined && list()) || [];
  }

  async open() {
    await checkForUnseen();
    await this.#listener.open();
  }

  // A server in the raw lane's thread if there is one, else in this thread.
  #newServer() {
    const link = this.#raw && this.#raw.link;
    if (link === undefined || !link.open) return new Server(this.#collector, this.#options);
    // The thread has failed, and its servers are gone.
    const lost = () => this.#listener.reopen();
    return new RemoteServer(this.#collector, this.#options, link, lost);
  }

  // Stops serving and watching. May be called again.
  close() {
    if (this.#closing === undefined) this.#closing = this.#shut();
    return this.#closing;
  }

  async #shut() {
    endpoints.delete(this);
    if (this.#raw !== undefined) raw.release(this.#tree);
    trees.release(this.#tree);
    this.#collector.close();
    await this.#listener.close();
  }
}

// Begins to serve what PROTOCOL.md describes; types/index.d.ts describes the options. Resolves with an
// Endpoint, also when it cannot listen yet; rejects with an EndpointError when trying again would not
// help. To be called once, before the application's first createWorker(), because mediasoup's observers
// announce new objects only. Everything up to the first await happens before serve() returns, so a worker
// that is created right after the call is seen even if nobody waits for it.
async function serve(given) {
  const options = parse(given);
  const endpoint = new Endpoint(options, trees.acquire(find(options.mediasoup)));
  try {
    await endpoint.open();
  } catch (error) {
    await endpoint.close();
    throw error;
  }
  return endpoint;
}

// Returns the Endpoint of this process, also one that `register` began: the oldest that is not closed, or undefined.
function endpoint() {
  return endpoints.values().next().value;
}

module.exports = { serve, endpoint, EndpointError, version };
