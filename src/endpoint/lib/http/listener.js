// SPDX-License-Identifier: MIT
'use strict';

// Keeps an endpoint listening. Monitoring must never stop an application: where the socket or port
// cannot be had, because a predecessor still has it or the folder is not there yet, this warns once and
// goes on trying. It also notices when another program has removed the socket's file. Its timers do not
// keep the process alive.

const { EndpointError, guard, reason, warn } = require('../common/errors');
const limits = require('../common/limits');
const { listenOnPort } = require('./port');
const { listenOnSocket, removeStaleSiblings } = require('./socket');

// What trying again does not mend.
const MISTAKES = ['ERR_HOST_NOT_LOOPBACK'];

class Listener {
  // newServer() returns a Server or RemoteServer, a new one for each attempt. One that `isLost` has failed
  // with its thread, and the next one will not be in that thread.
  constructor(options, newServer) {
    this.options = options;
    this.newServer = newServer;
    this.port = options.port;
    // Whether clients reach the endpoint, as far as is known.
    this.listening = false;
    this.server = undefined;
    // The SocketFile, when it listens on a Unix socket.
    this.file = undefined;
    this.closed = false;
    this.timer = undefined;
    this.waitMs = limits.RETRY_MS;
    // Whether it has warned that it does not listen.
    this.hasWarned = false;
    // Attempts are made one after the other.
    this.last = Promise.resolve();
    this.removeFile = () => this.file && this.file.remove();
  }

  get where() {
    const { socket, host } = this.options;
    return socket === undefined ? `${host} port ${this.port}` : socket;
  }

  // Resolves after the first attempt. Rejects with an EndpointError when it makes no sense to try again.
  async open() {
    const error = await this.attempt();
    if (error !== undefined && MISTAKES.includes(error.code)) throw error;
  }

  // Listens anew: the server is gone, or its file is.
  reopen() {
    this.listening = false;
    this.waitMs = limits.RETRY_MS;
    return this.attempt();
  }

  // Resolves with undefined or the EndpointError.
  attempt() {
    clearTimeout(this.timer);
    this.last = this.last.then(() => this.tryOnce());
    return this.last;
  }

  async tryOnce() {
    if (this.closed || this.listening) return undefined;
    const server = this.newServer();
    let file;
    try {
      if (this.options.socket === undefined) this.port = await listenOnPort(server, { ...this.options, port: this.port });
      else file = await listenOnSocket(server, this.options);
    } catch (error) {
      await server.close();
      return server.isLost ? this.tryOnce() : this.failed(error);
    }
    await this.succeeded(server, file);
    return undefined;
  }

  async succeeded(server, file) {
    const before = this.server;
    Object.assign(this, { server, file, listening: true, waitMs: limits.RETRY_MS });
    if (before !== undefined) await before.close();
    if (this.hasWarned) warn('WARN_LISTENING', `the endpoint listens on ${this.where} now`, this.where);
    this.hasWarned = false;
    if (file === undefined) return;
    process.removeListener('exit', this.removeFile);
    process.on('exit', this.removeFile);
    this.later(limits.FILE_CHECK_MS, () => this.checkFile());
  }

  failed(error) {
    const known = error instanceof EndpointError ? error : new EndpointError('ERR_LISTEN', reason(error));
    if (this.closed || MISTAKES.includes(known.code)) return known;
    if (!this.hasWarned) {
      warn(known.code, `${known.message}; the endpoint tries again until it can listen there`, this.where);
    }
    this.hasWarned = true;
    this.later(this.waitMs, () => this.attempt());
    this.waitMs = Math.min(limits.RETRY_MAX_MS, this.waitMs * 2);
    return known;
  }

  later(ms, then) {
    clearTimeout(this.timer);
    if (this.closed) return;
    this.timer = setTimeout(guard(then), ms);
    this.timer.unref();
  }

  async checkFile() {
    const isInPlace = await this.file.isInPlace();
    if (this.closed || !this.listening) return;
    if (isInPlace) {
      // Of processes that were killed after this one had begun, as at a reload of pm2.
      await removeStaleSiblings(this.options.pattern);
      this.later(limits.FILE_CHECK_MS, () => this.checkFile());
      return;
    }
    warn('WARN_SOCKET_REMOVED', `another program has removed ${this.where}; the endpoint listens there anew`, this.where);
    await this.reopen();
  }

  // Stops listening and trying, and removes the socket's file if it is still ours.
  async close() {
    this.closed = true;
    this.listening = false;
    clearTimeout(this.timer);
    await this.last;
    if (this.server !== undefined) await this.server.close();
    this.removeFile();
    process.removeListener('exit', this.removeFile);
  }
}

module.exports = { Listener };
