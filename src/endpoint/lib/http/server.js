// SPDX-License-Identifier: MIT
'use strict';

// The HTTP side: requests come in, sweeps go out. It serves few and trusts none: bounded connections,
// bounded waiting, and a reader that does not read is dropped. Nothing here keeps the process alive.

const http = require('http');
const { CLASSES } = require('../collector');
const { guard, reason, warn } = require('../errors');
const limits = require('../limits');
const { isLoopback } = require('../start/options');

const PATH = '/v1/snapshot';

// Browsers resolve whatever name a page gives them; a request for a name that is not ours comes from
// such a page. Returns the name, or undefined.
function foreignName(req, endpoint) {
  if (endpoint.socket !== undefined || endpoint.allowRemote) return undefined;
  const name = String(req.headers.host || '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === '' || isLoopback(name) ? undefined : name;
}

// Returns { classes } (a Set) or { status, error }.
function understand(req, endpoint) {
  const [path, query] = req.url.split(/\?(.*)/s);
  if (path !== PATH) {
    return { status: 404, error: `nothing at this path; the snapshot is at ${PATH}` };
  }
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    return { status: 405, error: `method ${req.method} is not supported; use GET or HEAD` };
  }
  const foreign = foreignName(req, endpoint);
  if (foreign !== undefined) {
    return { status: 400, error: 'the Host header names another host; use localhost or 127.0.0.1' };
  }
  const rows = new URLSearchParams(query || '').getAll('rows');
  if (rows.length === 0) return { classes: new Set(CLASSES) };
  const classes = new Set(rows.join().split(','));
  const unknown = [...classes].find((name) => !CLASSES.includes(name));
  if (unknown === undefined) return { classes };
  return {
    status: 400,
    error: `unknown class ${JSON.stringify(unknown.slice(0, 64))} in rows; known are ${CLASSES.join(', ')}`,
  };
}

function refuse(req, res, { status, error }) {
  const body = `${JSON.stringify({ error })}\n`;
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  if (status === 405) headers.Allow = 'GET, HEAD';
  res.writeHead(status, headers);
  res.end(req.method === 'HEAD' ? undefined : body);
}

// Hands a sweep's chunks to a response, at the reader's pace.
class Reading {
  constructor(sweep, res, stallMs) {
    this.sweep = sweep;
    this.res = res;
    this.stallMs = stallMs;
    this.next = 0;
    this.blocked = false;
    this.stall = undefined;
    this.wake = guard(() => this.pump());
    res.on('drain', guard(() => this.drained()));
    res.on('close', guard(() => this.stop()));
    res.on('error', guard(() => this.stop()));
    sweep.join(this.wake);
  }

  pump() {
    const { sweep, res } = this;
    while (!this.blocked && this.next < sweep.chunks.length) {
      this.blocked = !res.write(sweep.chunks[this.next]);
      this.next += 1;
    }
    if (this.blocked) {
      this.watch();
      return;
    }
    if (sweep.state === 'failed') res.destroy();
    if (sweep.state !== 'done') return;
    this.leave();
    res.end();
    // What the kernel did not take yet must be taken in time as well.
    if (!res.writableFinished) this.watch();
  }

  watch() {
    if (this.stall !== undefined) return;
    this.stall = setTimeout(guard(() => this.res.destroy()), this.stallMs);
    this.stall.unref();
  }

  drained() {
    this.blocked = false;
    clearTimeout(this.stall);
    this.stall = undefined;
    this.pump();
  }

  leave() {
    this.sweep.leave(this.wake);
  }

  stop() {
    clearTimeout(this.stall);
    this.leave();
  }
}

// Returns { listen(options), address(), close() }; `endpoint` is the parsed options.
class Server {
  constructor(collector, endpoint, bounds = limits) {
    this.sockets = new Set();
    // Snapshots under way on a connection.
    this.busy = new WeakMap();
    this.collector = collector;
    this.endpoint = endpoint;
    this.bounds = bounds;
    const options = { maxHeaderSize: bounds.REQUEST_LINE_BYTES };
    this.http = http.createServer(options, guard((req, res) => this.handle(req, res)));
    this.http.maxConnections = bounds.CONNECTIONS;
    this.http.headersTimeout = bounds.REQUEST_MS;
    this.http.requestTimeout = bounds.REQUEST_MS;
    this.http.keepAliveTimeout = bounds.IDLE_MS;
    this.http.setTimeout(bounds.IDLE_MS, guard((socket) => this.idle(socket)));
    this.http.on('connection', guard((socket) => this.connected(socket)));
    this.http.on('clientError', guard((error, socket) => socket.destroy()));
  }

  connected(socket) {
    socket.unref();
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  // A snapshot may take its time; a connection that is silent without one may not.
  idle(socket) {
    if (!this.busy.get(socket)) socket.destroy();
  }

  handle(req, res) {
    req.resume();
    const request = understand(req, this.endpoint);
    if (request.classes === undefined) {
      refuse(req, res, request);
      return;
    }
    const headers = { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' };
    if (req.method === 'HEAD') {
      res.writeHead(200, headers);
      res.end();
      return;
    }
    const { socket } = req;
    const busy = this.busy.get(socket) || 0;
    // Requests sent ahead of their answers are welcome, a flood of them is not.
    if (busy >= this.bounds.PIPELINED) {
      socket.destroy();
      return;
    }
    this.busy.set(socket, busy + 1);
    res.on('close', () => this.busy.set(socket, this.busy.get(socket) - 1));
    res.writeHead(200, headers);
    new Reading(this.collector.snapshot(request.classes), res, this.bounds.STALL_MS).wake();
  }

  // Resolves when the server listens, rejects with the system's error.
  listen(options) {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject);
      // Exclusive: a cluster would share it, and each answer come from another process.
      this.http.listen({ ...options, exclusive: true }, () => {
        this.http.removeListener('error', reject);
        this.http.on('error', (error) => {
          warn('WARN_SERVER', `the endpoint's server failed: ${reason(error)}`);
        });
        this.http.unref();
        resolve();
      });
    });
  }

  address() {
    return this.http.address();
  }

  close() {
    return new Promise((resolve) => {
      this.http.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }
}

module.exports = { Server };
