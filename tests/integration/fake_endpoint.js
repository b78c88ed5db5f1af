// SPDX-License-Identifier: MIT
'use strict';

// A fake control endpoint: it answers what a test tells it to, bad things above all. It stands in for
// broken applications only; what a healthy one says is tested against the real endpoint elsewhere.
//
// A behaviour is a function (socket, request, fake) that is called for each request; the functions below
// make the usual ones. It works on the bare socket, so that nothing is too broken to be said.

const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const CRLF = '\r\n';

// The usual answer: HTTP around a body that is a string or a Buffer.
function answer(body, { status = '200 OK', type = 'application/x-ndjson', headers = [] } = {}) {
  return (socket, request) => {
    const bytes = Buffer.from(typeof body === 'function' ? body(request) : body);
    const head = [`HTTP/1.1 ${status}`, `Content-Type: ${type}`, `Content-Length: ${bytes.length}`, ...headers];
    socket.write(Buffer.concat([Buffer.from(head.join(CRLF) + CRLF + CRLF), bytes]));
  };
}

// Chunked transfer encoding, `size` bytes a chunk.
function answerChunked(body, size = 1) {
  return (socket) => {
    const bytes = Buffer.from(body);
    const parts = [`HTTP/1.1 200 OK${CRLF}Content-Type: application/x-ndjson${CRLF}Transfer-Encoding: chunked${CRLF}${CRLF}`];
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      parts.push(`${piece.length.toString(16)}${CRLF}`, piece, CRLF);
    }
    parts.push(`0${CRLF}${CRLF}`);
    socket.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
  };
}

// Accepts the request and never says anything.
const hang = () => () => {};

// Says half of the body, then nothing more; the connection stays.
const hangHalfway = (body) => (socket) => {
  socket.write(`HTTP/1.1 200 OK${CRLF}Content-Length: ${Buffer.byteLength(body)}${CRLF}${CRLF}${half(body)}`);
};

// Says half of the body and closes.
const closeHalfway = (body) => (socket) => {
  socket.end(`HTTP/1.1 200 OK${CRLF}Content-Length: ${Buffer.byteLength(body)}${CRLF}${CRLF}${half(body)}`);
};

// The same without a Content-Length, where the close is a regular end of the body.
const endHalfway = (body) => (socket) => {
  socket.end(`HTTP/1.1 200 OK${CRLF}Connection: close${CRLF}${CRLF}${half(body)}`);
};

// Bytes as they are, then the connection is closed.
const raw = (bytes) => (socket) => socket.end(bytes);

// `head`, then `filler` again and again until `total` bytes are out or the reader has gone; then `tail`.
function flood(head, filler, total, tail = '') {
  const block = Buffer.from(filler.repeat(Math.ceil(65536 / filler.length)));
  return async (socket) => {
    socket.write(`HTTP/1.1 200 OK${CRLF}Connection: close${CRLF}${CRLF}${head}`);
    for (let sent = 0; sent < total && !socket.destroyed; sent += block.length) {
      if (!socket.write(block)) await drained(socket);
    }
    if (!socket.destroyed) socket.end(tail);
  };
}

function half(body) {
  return body.slice(0, Math.floor(body.length / 2));
}

function drained(socket) {
  return new Promise((done) => {
    const finish = () => {
      socket.off('drain', finish).off('close', finish);
      done();
    };
    socket.on('drain', finish).on('close', finish);
  });
}

class FakeEndpoint {
  constructor(socketPath) {
    this.path = socketPath;
    this.requests = [];
    this.served = 0;
    this.open = new Set();
  }

  static async listen(socketPath, behaviour) {
    const fake = new FakeEndpoint(socketPath);
    fs.mkdirSync(path.dirname(socketPath), { recursive: true });
    fake.behave(behaviour);
    await fake.appear();
    return fake;
  }

  // What every request gets from now on.
  behave(behaviour) {
    this.behaviour = behaviour;
    this.requestsOfBehaviour = 0;
  }

  // A behaviour for each request in turn; the last one stays.
  behaveInTurn(behaviours) {
    this.behave((socket, request, fake) =>
      behaviours[Math.min(fake.requestsOfBehaviour, behaviours.length) - 1](socket, request, fake));
  }

  async appear() {
    fs.rmSync(this.path, { force: true });
    this.server = net.createServer((socket) => this.#converse(socket));
    await new Promise((done, failed) => this.server.on('error', failed).listen(this.path, done));
  }

  // No more socket file: the application has ended as it should.
  async vanish() {
    await this.#close();
    fs.rmSync(this.path, { force: true });
  }

  // The socket file without anybody behind it: the application was killed.
  async becomeStale() {
    const aside = `${this.path}.aside`;
    fs.renameSync(this.path, aside);
    await this.#close();
    fs.renameSync(aside, this.path);
  }

  async #close() {
    if (!this.server?.listening) return;
    // Node removes the file of a socket that it closes; a file that was moved aside stays.
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  #converse(socket) {
    this.open.add(socket);
    socket.on('close', () => this.open.delete(socket)).on('error', () => {});
    let head = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      head += chunk;
      for (let end = head.indexOf('\r\n\r\n'); end >= 0; end = head.indexOf('\r\n\r\n')) {
        const request = head.slice(0, end);
        head = head.slice(end + 4);
        this.#serve(socket, request);
      }
    });
  }

  #serve(socket, request) {
    const [method, url] = request.split(' ');
    this.requests.push({ method, url, at: Date.now(), text: request });
    this.requestsOfBehaviour += 1;
    this.served += 1;
    this.behaviour(socket, { method, url }, this);
  }
}

module.exports = {
  FakeEndpoint, answer, answerChunked, closeHalfway, endHalfway, flood, hang, hangHalfway, raw,
};
