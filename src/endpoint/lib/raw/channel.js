// SPDX-License-Identifier: MIT
'use strict';

// One worker's channel, shared with mediasoup. Our requests go out in batches under ids of their own
// (ids.js), and the answers to them, and nothing else, are taken out of what the worker says
// (sorter.js). All other bytes reach mediasoup's listener unchanged and in order, whole messages at a
// time, so mediasoup can have its socket back whenever nothing of ours is under way.
//
// Two things set the pace. The worker handles all requests that have reached it before it looks at RTP
// again, so they go out in small pieces. Its answers come one by one, and each would wake the main
// thread, so the socket is read only once a millisecond while answers are due.
//
// Whatever is not understood is passed on, and is a doubt about the raw lane.

const { guard } = require('../common/errors');
const { afterReading } = require('../common/event_loop');
const limits = require('../common/limits');
const { Batch, ENDED } = require('./batch');
const { LENGTH_BYTES, bodyAt, idAt, isAccepted } = require('./frames');
const { Ids } = require('./ids');
const { Sorter } = require('./sorter');

class RawChannel {
  // { producerSocket, consumerSocket } are those that mediasoup's Channel was given; the latter has one
  // listener, mediasoup's, or this throws. `responseType` and
  // `messageBytes` are formatOf()'s. doubt(what) is called once
  // when something is not understood.
  constructor({ producerSocket, consumerSocket }, { responseType, messageBytes }, doubt) {
    const listeners = consumerSocket.listeners('data');
    if (listeners.length !== 1) {
      throw new Error(`mediasoup's channel has ${listeners.length} readers, not one`);
    }
    this.producer = producerSocket;
    this.consumer = consumerSocket;
    this.responseType = responseType;
    this.doubt = doubt;
    this.listener = listeners[0];
    this.ids = new Ids();
    this.sorter = new Sorter((bytes, start, end) => this.take(bytes, start, end), messageBytes);
    // Batches with requests whose answers may still come.
    this.pending = [];
    // Whether we read the socket in mediasoup's place.
    this.tapped = true;
    // Whether nothing more is to be sent.
    this.retired = false;
    // The timer while the socket is not read.
    this.resting = undefined;
    // Batches whose deadline has passed: everything that has come is read before they are given up.
    this.urgent = 0;
    this.receive = (chunk) => this.read(chunk);
    this.ended = guard(() => this.end());
    consumerSocket.on('data', this.receive);
    consumerSocket.removeListener('data', this.listener);
    consumerSocket.once('close', this.ended);
  }

  // Sends requests, frames as { bytes, idAt }, and resolves with their Batch when all are answered, the
  // deadline has passed or the channel has ended. `requests` is the worker's Requests.
  ask(frames, deadlineMs, requests) {
    return new Promise((resolve) => {
      const batch = new Batch(this.ids.reserve(frames.length), frames, requests, resolve, (lost) => this.lose(lost));
      if (frames.length === 0 || this.retired || !this.producer.writable) {
        batch.end();
        return;
      }
      batch.timer = setTimeout(() => this.expire(batch), deadlineMs);
      batch.timer.unref();
      this.pending.push(batch);
      this.send(batch);
      this.rest();
    });
  }

  // Sends what the batch's window has room for, one piece in each turn of the event loop. Each piece
  // has the whole deadline.
  send(batch) {
    const count = batch.settled ? 0 : batch.piece;
    if (count === 0) return;
    if (!this.producer.writable) {
      this.dropUnsent(batch);
      return;
    }
    this.producer.write(batch.take(count));
    batch.timer.refresh();
    if (batch.piece > 0) setImmediate(guard(() => this.send(batch)));
  }

  // Stops reading the socket for a moment. The stream's pause() would still read, into its own memory.
  rest() {
    const { _handle: handle } = this.consumer;
    if (this.urgent > 0 || this.resting !== undefined || !handle || !handle.readStop) return;
    if (this.pending.every(({ settled }) => settled)) return;
    handle.readStop();
    this.resting = setTimeout(guard(() => this.wake()), limits.RAW_REST_MS);
  }

  wake() {
    clearTimeout(this.resting);
    this.resting = undefined;
    const { _handle: handle } = this.consumer;
    if (handle) handle.readStart();
  }

  read(chunk) {
    const sorted = this.sorter.push(chunk);
    if (sorted === undefined) return;
    const { runs, trouble } = sorted;
    // In one piece, so that it makes no difference if the listener throws.
    const foreign = runs.length === 1 ? runs[0] : Buffer.concat(runs);
    if (trouble !== undefined) this.end();
    for (const batch of this.pending) this.send(batch);
    this.rest();
    try {
      if (foreign.length > 0) this.listener.call(this.consumer, foreign);
    } finally {
      if (trouble !== undefined) this.doubt(trouble);
      else if (this.retired && this.tapped) this.retire();
    }
  }

  // Whether the message at bytes[start..end) is an answer to us; then it is kept. Throws when it makes
  // no sense.
  take(bytes, start, end) {
    const body = bodyAt(bytes, start + LENGTH_BYTES, this.responseType);
    if (body === 0) return false;
    const position = idAt(bytes, body);
    const id = position === 0 ? 0 : bytes.readUInt32LE(position);
    const batch = this.batchOf(id);
    if (batch === undefined) {
      if (this.ids.isNear(id)) throw new Error('an answer that nobody waits for');
      this.ids.foreign = id;
      return false;
    }
    batch.answer(id, isAccepted(bytes, body), bytes, start, end);
    if (batch.waiting === 0) this.finish(batch);
    return true;
  }

  batchOf(id) {
    for (const batch of this.pending) if (batch.has(id)) return batch;
    return undefined;
  }

  finish(batch) {
    this.pending = this.pending.filter((other) => other !== batch);
    batch.settle();
  }

  // The late answers to this batch have been lost.
  lose(batch) {
    batch.writeOff();
    if (batch.waiting === 0) this.finish(batch);
    if (this.retired && this.tapped) this.retire();
  }

  dropUnsent(batch) {
    batch.drop(ENDED);
    if (batch.waiting === 0) this.finish(batch);
  }

  // The deadline of the batch's latest piece has passed. If its answers have come and are read only
  // now, the next piece is sent with a deadline of its own.
  expire(batch) {
    const { sent } = batch;
    this.urgent += 1;
    if (this.resting !== undefined) this.wake();
    afterReading(() => {
      this.urgent -= 1;
      if (batch.sent === sent) batch.miss();
    });
  }

  // Sends nothing more, and gives the socket back when all answers are in.
  retire() {
    this.retired = true;
    for (const batch of [...this.pending]) this.dropUnsent(batch);
    if (this.pending.length === 0) this.end();
  }

  // Expects no more answers, and gives mediasoup its socket back, with what was held back of a message.
  end() {
    this.retired = true;
    const { pending } = this;
    this.pending = [];
    for (const batch of pending) batch.end();
    if (!this.tapped) return;
    this.tapped = false;
    if (this.resting !== undefined) this.wake();
    this.consumer.on('data', this.listener);
    this.consumer.removeListener('data', this.receive);
    this.consumer.removeListener('close', this.ended);
    const held = this.sorter.release();
    if (held.length > 0) this.listener.call(this.consumer, held);
  }
}

module.exports = { RawChannel };
