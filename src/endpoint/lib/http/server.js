// SPDX-License-Identifier: MIT
'use strict';

// The HTTP server: requests come in, snapshots go out. It serves a few clients and trusts none:
// connections and waiting are bounded, and a client that does not read is dropped. Nothing here keeps
// the process alive.

const http = require('http');
const { guard, reason, warn } = require('../common/errors');
const limits = require('../common/limits');
const { Reading } = require('./reading');
const { Readings } = require('./readings');
const { refuse, understand } = require('./request');

const HEADERS = { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' };

// Names the client's end of a connection.
const clientOf = ({ remoteAddress, remotePort }) => `${remoteAddress} ${remotePort}`;

class Server {
  // `collector` has a method snapshot(classes, events) that returns a Chunks to be joined at once; `endpoint`
  // has the options `socket`, `allowRemote`, `token` and `tls`; `bounds` replaces the limits in tests.
  constructor(collector, endpoint, bounds = limits) {
    // Connections, those with TLS from before their handshake on.
    this.sockets = new Set();
    // With TLS a request knows the decrypted end of its connection only.
    this.encrypted = new WeakMap();
    // How many snapshots are under way on a connection.
    this.busy = new WeakMap();
    this.readings = new Readings(bounds);
    this.collector = collector;
    this.endpoint = endpoint;
    this.bounds = bounds;
    const options = { ...endpoint.tls, maxHeaderSize: bounds.REQUEST_LINE_BYTES, handshakeTimeout: bounds.REQUEST_MS };
    const { createServer } = endpoint.tls === undefined ? http : require('https');
    this.http = createServer(options, guard((req, res) => this.handle(req, res)));
    // A client may end its half of the connection when it has sent its request.
    this.http.httpAllowHalfOpen = true;
    this.http.headersTimeout = bounds.REQUEST_MS;
    this.http.requestTimeout = bounds.REQUEST_MS;
    this.http.keepAliveTimeout = bounds.IDLE_MS;
    this.http.setTimeout(bounds.IDLE_MS, guard((socket) => this.idle(socket)));
    this.http.on('connection', guard((socket) => this.connected(socket)));
    this.http.on('secureConnection', guard((socket) => this.secured(socket)));
    this.http.on('clientError', guard((error, socket) => socket.destroy()));
  }

  connected(socket) {
    if (this.sockets.size >= this.bounds.CONNECTIONS && !this.makeRoom()) {
      socket.destroy();
      return;
    }
    socket.unref();
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  // A handshake is over.
  secured(socket) {
    const encrypted = [...this.sockets].find((one) => clientOf(one) === clientOf(socket));
    if (encrypted === undefined) socket.destroy();
    else this.encrypted.set(socket, encrypted);
  }

  // The connection of a request.
  connectionOf({ socket }) {
    return this.encrypted.get(socket) || socket;
  }

  // Cuts the oldest connection that has never sent a whole request, or else the oldest that waits for none
  // of our answers. Returns whether there was one.
  makeRoom() {
    const waiting = [...this.sockets].filter((socket) => !this.busy.get(socket));
    const socket = waiting.find((one) => !this.busy.has(one)) || waiting[0];
    if (socket === undefined) return false;
    this.sockets.delete(socket);
    socket.destroy();
    return true;
  }

  // A connection may be silent while a snapshot is made for it, but not otherwise.
  idle(socket) {
    if (!this.busy.get(this.connectionOf({ socket }))) socket.destroy();
  }

  handle(req, res) {
    req.resume();
    const request = understand(req, this.endpoint);
    if (request.classes === undefined) {
      refuse(req, res, request);
      return;
    }
    if (req.method === 'HEAD') {
      res.writeHead(200, HEADERS);
      res.end();
      return;
    }
    // A few requests may be sent ahead of their answers, but no flood of them.
    if (this.busy.get(this.connectionOf(req)) >= this.bounds.PIPELINED) {
      req.socket.destroy();
      return;
    }
    if (!this.readings.hasRoom()) {
      refuse(req, res, { status: 503, error: 'other readers hold too many snapshots; ask again', after: this.bounds.STALL_MS });
      return;
    }
    this.answer(this.connectionOf(req), res, request);
  }

  answer(socket, res, { classes, events }) {
    this.busy.set(socket, (this.busy.get(socket) || 0) + 1);
    res.on('close', () => this.busy.set(socket, this.busy.get(socket) - 1));
    res.writeHead(200, HEADERS);
    const snapshot = this.collector.snapshot(classes, events);
    // It may have ended its half of the connection or gone; only writing tells.
    const hasten = () => {
      snapshot.isHasty = true;
    };
    socket.on('end', hasten);
    res.on('close', () => socket.removeListener('end', hasten));
    const reading = new Reading(snapshot, res, this.bounds.STALL_MS);
    this.readings.add(reading);
    reading.wake();
  }

  // `at` is what net.Server.listen() takes, { path } or { host, port }. Resolves when the server
  // listens, rejects with the system's error.
  listen(at) {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject);
      // Exclusive: the processes of a cluster would share it otherwise, and any of them would answer.
      this.http.listen({ ...at, exclusive: true }, () => {
        this.http.removeListener('error', reject);
        this.http.on('error', (error) => {
          warn(
            'WARN_SERVER',
            `the endpoint's server failed: ${reason(error)}; restart the application if the endpoint does not answer`
          );
        });
        this.http.unref();
        resolve();
      });
    });
  }

  // Returns what net.Server.address() returns.
  address() {
    return this.http.address();
  }

  // Cuts all connections, and resolves when the server no longer listens.
  close() {
    return new Promise((resolve) => {
      this.http.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }
}

module.exports = { Server };
