'use strict';

// collectd-mediasoup, the control endpoint: serve() wires the stages together.
//
//   mediasoup's observers -> lib/objects.js      the tree of living objects
//   GET /v1/snapshot      -> lib/server.js       requests, readers
//                            lib/collect.js      walks the tree, asks the workers (lib/lane.js)
//                            lib/raw/lane.js     the other way to ask them, opt-in
//                            lib/rows.js         their rows as text (lib/app_data.js, lib/usage.js)
//                            lib/sweep.js        the snapshot in the making

const { Collector } = require('./lib/collect');
const { EndpointError } = require('./lib/errors');
const { find } = require('./lib/mediasoup');
const objects = require('./lib/objects');
const { parse } = require('./lib/options');
const raw = require('./lib/raw/lane');
const { Server } = require('./lib/server');
const { listenOnSocket } = require('./lib/socket');
const { listenOnPort } = require('./lib/port');
const { checkForUnseen } = require('./lib/unseen');
const { version } = require('./package.json');

class Endpoint {
  #tree;
  #isRaw;
  #collector;
  #server;
  #removeFile;
  #closing;

  constructor(options, tree) {
    if (options.socket !== undefined) {
      this.socket = options.socket;
    } else {
      this.host = options.host;
      this.port = options.port;
    }
    this.#tree = tree;
    this.#isRaw = options.lane === 'raw';
    this.#collector = new Collector(tree, options, this.#isRaw ? raw.acquire(tree) : undefined);
    this.#server = new Server(this.#collector, options);
  }

  async open(options) {
    await checkForUnseen();
    if (options.socket === undefined) {
      this.port = await listenOnPort(this.#server, options);
    } else {
      this.#removeFile = await listenOnSocket(this.#server, options);
      process.on('exit', this.#removeFile);
    }
  }

  // Stops serving and watching. May be called again.
  close() {
    if (this.#closing === undefined) this.#closing = this.#shut();
    return this.#closing;
  }

  async #shut() {
    if (this.#isRaw) raw.release(this.#tree);
    objects.release(this.#tree);
    this.#collector.close();
    await this.#server.close();
    if (this.#removeFile === undefined) return;
    this.#removeFile();
    process.removeListener('exit', this.#removeFile);
  }
}

// Begins to serve; PROTOCOL.md says what. Called once, before the application's first
// createWorker(): mediasoup's observers tell of new objects only. What happens up to the first
// await happens before serve() returns, so a worker created right after the call is seen even if
// nobody waits for it.
async function serve(given) {
  const options = parse(given);
  const endpoint = new Endpoint(options, objects.acquire(find(options.mediasoup)));
  try {
    await endpoint.open(options);
  } catch (error) {
    await endpoint.close();
    throw error;
  }
  return endpoint;
}

module.exports = { serve, EndpointError, version };
