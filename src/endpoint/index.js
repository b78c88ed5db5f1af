// SPDX-License-Identifier: MIT
'use strict';

// collectd-mediasoup, the control endpoint: serve() wires the stages together.
//
//   mediasoup's observers -> lib/objects.js      the tree of living objects
//   GET /v1/snapshot      -> lib/server.js       requests, readers
//                            lib/collect.js      walks the tree
//                            lib/public_sweep.js asks a worker's objects (lib/lane.js)
//                            lib/raw/sweep.js    the other way to ask them, opt-in (lib/raw/lane.js)
//                            lib/rows.js         their rows as text (lib/app_data.js, lib/usage.js)
//                            lib/sweep.js        the snapshot in the making
//
// With the raw lane, lib/server.js is in a thread of its own: lib/raw/remote_server.js.

const { Collector } = require('./lib/collector');
const { EndpointError, reason, warn } = require('./lib/errors');
const { find } = require('./lib/start/mediasoup');
const objects = require('./lib/tree');
const { parse } = require('./lib/start/options');
const raw = require('./lib/raw/lane');
const { RemoteServer } = require('./lib/raw/remote_server');
const { Server } = require('./lib/http/server');
const { listenOnSocket } = require('./lib/http/socket');
const { listenOnPort } = require('./lib/http/port');
const { checkForUnseen } = require('./lib/start/unseen');
const { version } = require('./package.json');

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

  // The raw lane's thread has failed, and no longer serves.
  async #takeOver(options) {
    if (this.#closing !== undefined) return;
    this.#forgetFile();
    try {
      await this.#listen(new Server(this.#collector, options), { ...options, port: this.port });
    } catch (error) {
      warn('WARN_SERVER', `the endpoint is not served any more: ${reason(error)}`);
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
    objects.release(this.#tree);
    this.#collector.close();
    await this.#takingOver;
    if (this.#server !== undefined) await this.#server.close();
    this.#forgetFile();
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
