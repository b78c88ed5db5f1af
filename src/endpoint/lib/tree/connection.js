// SPDX-License-Identifier: MIT
'use strict';

// What becomes of one WebRTC transport's connection. In: the ICE and DTLS states that mediasoup tells of,
// with their times. Out: its state at any time, and what has happened to it. Nothing here reads a clock
// or an object of mediasoup.
//
// A transport connects at most once, and has at most one of the four ends: `left`, `lost`, `dtls_failed`
// and `never_connected`. All times are milliseconds of one steady clock. Methods that return what has
// happened return `connected`, one of the ends, or undefined.

const limits = require('../common/limits');

class Connection {
  constructor() {
    this.ice = 'new';
    this.dtls = 'new';
    // When it was first seen that the transport was asked to connect.
    this.askedAt = undefined;
    // Milliseconds from there to the first time that DTLS was connected.
    this.connectTime = undefined;
    // Whether DTLS has failed and has not connected since.
    this.hasFailed = false;
    // Since when ICE has been disconnected while DTLS is connected.
    this.cutAt = undefined;
    this.hasEnded = false;
    // `udp` or `tcp`, of the selected tuple.
    this.protocol = undefined;
  }

  get isAsked() {
    return this.askedAt !== undefined;
  }

  // When it will be lost unless ICE comes back, or undefined.
  get lostAt() {
    return this.cutAt === undefined || this.hasEnded ? undefined : this.cutAt + limits.LOST_MS;
  }

  ask(now) {
    if (this.askedAt === undefined) this.askedAt = now;
  }

  changeIce(state, now) {
    const happened = this.expire(now);
    if (state !== 'new') this.ask(now);
    this.ice = state;
    this.noteCut(now);
    return happened;
  }

  changeDtls(state, now) {
    const happened = this.expire(now);
    this.ask(now);
    this.dtls = state;
    if (state === 'connected') this.hasFailed = false;
    if (state === 'failed') this.hasFailed = true;
    this.noteCut(now);
    return this.outcomeOf(state, now) || happened;
  }

  outcomeOf(state, now) {
    if (state === 'closed') return this.end('left');
    if (this.connectTime !== undefined) return undefined;
    if (state === 'failed') return this.end('dtls_failed');
    if (state !== 'connected') return undefined;
    this.connectTime = Math.round(now - this.askedAt);
    return 'connected';
  }

  noteCut(now) {
    const isCut = this.dtls === 'connected' && this.ice === 'disconnected';
    if (!isCut) this.cutAt = undefined;
    else if (this.cutAt === undefined) this.cutAt = now;
  }

  // It is lost if ICE has been disconnected for long enough.
  expire(now) {
    return now >= this.lostAt ? this.end('lost') : undefined;
  }

  // The application has closed it.
  close(now) {
    if (this.dtls === 'connected') return this.end(this.cutAt === undefined ? 'left' : 'lost');
    const waited = this.isAsked ? now - this.askedAt : 0;
    if (this.connectTime !== undefined || waited < limits.TURNED_AWAY_MS) return undefined;
    return this.end('never_connected');
  }

  end(name) {
    if (this.hasEnded) return undefined;
    this.hasEnded = true;
    return name;
  }

  // Returns `unused`, `connecting`, `stuck`, `connected`, `disconnected`, `lost`, `left` or `dtls_failed`.
  state(now) {
    if (this.dtls === 'closed') return 'left';
    if (this.hasFailed) return 'dtls_failed';
    if (this.cutAt !== undefined) return now - this.cutAt < limits.LOST_MS ? 'disconnected' : 'lost';
    if (this.dtls === 'connected') return 'connected';
    if (!this.isAsked) return 'unused';
    return now - this.askedAt < limits.STUCK_MS ? 'connecting' : 'stuck';
  }
}

module.exports = { Connection };
