// SPDX-License-Identifier: MIT
'use strict';

// One worker's channel, shared with mediasoup. Requests go out in batches under ids half the ring
// away from mediasoup's own; the answers to them, and nothing else, are taken out of what the worker
// says. All other bytes reach mediasoup's listener unchanged and in order, whole messages at a time,
// so that it can have its socket back whenever nothing of ours is under way.
//
// Two things set the pace. The worker deals with all requests that have reached it before it looks at RTP
// again: they go out in small pieces. Its answers come one by one, and each would wake the main thread:
// while some are to come, the socket is read once a millisecond only.
//
// Whatever is not understood is passed on and is a doubt.

const { guard } = require('../errors');
const { afterReading } = require('../requests');
const limits = require('../limits');
const { MESSAGE_BYTES, PREFIX_BYTES, bodyAt, idAt, isAccepted } = require('./frames');

const RING = 2 ** 32;

// States of a request.
const WAITING = 0;
const ANSWERED = 1;
const REFUSED = 2;
const LATE = 3;
const ENDED = 4;
// Not sent when the deadline passed.
const UNSENT = 5;

// How far apart two ids are on the ring.
function distance(a, b) {
  const ahead = (a - b + RING) % RING;
  return Math.min(ahead, RING - ahead);
}

// Requests whose answers belong together, with ids that follow each other.
class Batch {
  constructor(first, requests) {
    this.first = first;
    this.requests = requests;
    this.states = new Uint8Array(requests.length);
    this.waiting = requests.length;
    this.sent = 0;
    // The answers' bytes as runs of chunks, [{ chunk, start, end }]: most follow each other.
    this.runs = [];
    this.settled = false;
    this.overdue = 0;
  }

  has(id) {
    const index = id - this.first;
    if (index < 0 || index >= this.sent) return false;
    const state = this.states[index];
    return state === WAITING || state === LATE;
  }

  get unsent() {
    return this.requests.length - this.sent;
  }

  // How many are sent next.
  get piece() {
    const room = limits.RAW_WINDOW - (this.waiting - this.unsent);
    return room >= limits.RAW_PIECE ? Math.min(limits.RAW_PIECE, this.unsent) : 0;
  }

  // Those not sent yet end in this state.
  drop(state) {
    this.states.fill(state, this.sent);
    this.waiting -= this.unsent;
    this.requests.length = this.sent;
  }

  keep(chunk, start, end) {
    const last = this.runs[this.runs.length - 1];
    if (last !== undefined && last.chunk === chunk && last.end === start) last.end = end;
    else this.runs.push({ chunk, start, end });
  }

  // The answers, one behind the other as the worker sent them, in memory of their own.
  bytes() {
    const length = this.runs.reduce((sum, { start, end }) => sum + end - start, 0);
    const bytes = Buffer.allocUnsafeSlow(length);
    let at = 0;
    for (const { chunk, start, end } of this.runs) at += chunk.copy(bytes, at, start, end);
    this.runs = [];
    return bytes;
  }
}

class RawChannel {
  // `sockets` are { producerSocket, consumerSocket } as mediasoup's Channel got them, `doubt` is
  // told what was not understood.
  constructor({ producerSocket, consumerSocket }, { responseType }, doubt) {
    const listeners = consumerSocket.listeners('data');
    if (listeners.length !== 1) throw new Error("mediasoup's channel has not one reader");
    this.producer = producerSocket;
    this.consumer = consumerSocket;
    this.responseType = responseType;
    this.doubt = doubt;
    this.listener = listeners[0];
    this.nextId = RING / 2;
    this.foreignId = 0;
    this.pending = [];
    this.held = [];
    this.heldBytes = 0;
    this.wanted = 0;
    this.tapped = true;
    this.retired = false;
    this.resting = undefined;
    // Batches whose deadline has passed: all that has come is read before they are given up.
    this.urgent = 0;
    this.receive = (chunk) => this.read(chunk);
    this.ended = guard(() => this.end());
    consumerSocket.on('data', this.receive);
    consumerSocket.removeListener('data', this.listener);
    consumerSocket.once('close', this.ended);
  }

  // Sends requests, { bytes, idAt }, and resolves with their Batch when all are answered, the
  // deadline has passed or the channel has ended. `lane` counts what is overdue.
  ask(requests, deadlineMs, lane) {
    return new Promise((resolve) => {
      const batch = new Batch(this.reserve(requests.length), requests);
      batch.lane = lane;
      batch.settle = () => {
        if (batch.settled) return;
        batch.settled = true;
        clearTimeout(batch.timer);
        resolve(batch);
      };
      if (requests.length === 0 || this.retired || !this.producer.writable) {
        this.endBatch(batch);
        return;
      }
      batch.timer = setTimeout(() => this.expect(batch), deadlineMs);
      batch.timer.unref();
      this.pending.push(batch);
      this.send(batch);
      this.rest();
    });
  }

  // Sends what there is room for in the batch's window, a piece in each turn of the event loop.
  send(batch) {
    const count = batch.settled ? 0 : batch.piece;
    if (count === 0) return;
    if (!this.producer.writable) {
      this.dropUnsent(batch);
      return;
    }
    this.producer.write(this.join(batch, batch.sent + count));
    batch.sent += count;
    batch.timer.refresh();
    if (batch.piece > 0) setImmediate(guard(() => this.send(batch)));
  }

  // Does not read for a while. pause() would, into the stream's memory.
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

  // The requests of a batch that come next, up to this one.
  join({ requests, first, sent }, end) {
    let length = 0;
    for (let i = sent; i < end; i += 1) length += requests[i].bytes.length;
    const joined = Buffer.allocUnsafe(length);
    let at = 0;
    for (let i = sent; i < end; i += 1) {
      const { bytes, idAt: offset } = requests[i];
      joined.set(bytes, at);
      joined.writeUInt32LE(first + i, at + offset);
      at += bytes.length;
    }
    return joined;
  }

  dropUnsent(batch) {
    batch.drop(ENDED);
    if (batch.waiting > 0) return;
    this.forget(batch);
    batch.settle();
  }

  // mediasoup's ids are known by the answers to them.
  reserve(count) {
    if (this.nextId + count > RING) this.nextId = 1;
    if (distance(this.nextId, this.foreignId) < RING / 4) {
      this.nextId = (this.foreignId + RING / 2) % RING || 1;
      if (this.nextId + count > RING) this.nextId = 1;
    }
    const first = this.nextId;
    this.nextId += count;
    return first;
  }

  read(chunk) {
    let bytes = chunk;
    if (this.heldBytes > 0) {
      this.hold(chunk);
      if (this.heldBytes < this.wanted) return;
      bytes = Buffer.concat(this.held, this.heldBytes);
      this.held = [];
      this.heldBytes = 0;
    }
    const { runs, trouble } = this.sort(bytes);
    // In one piece, so that it makes no difference should the listener throw.
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

  // Takes our answers out and holds back the beginning of a message. Returns the `runs` of bytes
  // that are mediasoup's and the `trouble`, if any.
  sort(bytes) {
    const runs = [];
    let passed = 0;
    let at = 0;
    let trouble;
    while (trouble === undefined && bytes.length - at >= PREFIX_BYTES) {
      const length = bytes.readUInt32LE(at);
      if (length > MESSAGE_BYTES) {
        trouble = `a message of ${length} bytes`;
        break;
      }
      const end = at + PREFIX_BYTES + length;
      this.wanted = end - at;
      if (end > bytes.length) break;
      let ours = false;
      try {
        ours = this.take(bytes, at, end);
      } catch (error) {
        trouble = `a message that cannot be read (${error.message})`;
      }
      if (ours) {
        if (at > passed) runs.push(bytes.subarray(passed, at));
        passed = end;
      }
      at = end;
    }
    const rest = trouble === undefined ? at : bytes.length;
    if (rest > passed) runs.push(passed === 0 && rest === bytes.length ? bytes : bytes.subarray(passed, rest));
    if (rest < bytes.length) {
      if (bytes.length - rest < PREFIX_BYTES) this.wanted = PREFIX_BYTES;
      this.hold(bytes.subarray(rest));
    }
    return { runs, trouble };
  }

  hold(bytes) {
    this.held.push(bytes);
    this.heldBytes += bytes.length;
  }

  // Whether the message is an answer to us.
  take(bytes, start, end) {
    const body = bodyAt(bytes, start + PREFIX_BYTES, this.responseType);
    if (body === 0) return false;
    const position = idAt(bytes, body);
    const id = position === 0 ? 0 : bytes.readUInt32LE(position);
    const batch = this.batchOf(id);
    if (batch === undefined) {
      if (id !== 0 && distance(id, this.nextId) < RING / 8) {
        throw new Error('an answer nobody waits for');
      }
      this.foreignId = id;
      return false;
    }
    const index = id - batch.first;
    if (batch.states[index] === LATE) this.settleLate(batch, index);
    else {
      batch.states[index] = isAccepted(bytes, body) ? ANSWERED : REFUSED;
      batch.keep(bytes, start, end);
    }
    this.settleOne(batch);
    return true;
  }

  batchOf(id) {
    for (const batch of this.pending) if (batch.has(id)) return batch;
    return undefined;
  }

  settleLate(batch, index) {
    batch.overdue -= 1;
    batch.lane.overdue -= 1;
    batch.states[index] = ANSWERED;
  }

  settleOne(batch) {
    batch.waiting -= 1;
    if (batch.waiting > 0) return;
    this.forget(batch);
    batch.settle();
  }

  // The deadline of what was sent last has passed. Where the answers to it are read only now, the next piece is
  // sent, and has a deadline of its own.
  expect(batch) {
    const { sent } = batch;
    this.urgent += 1;
    if (this.resting !== undefined) this.wake();
    afterReading(() => {
      this.urgent -= 1;
      if (batch.sent === sent) this.miss(batch);
    });
  }

  // What is still to come is swallowed when it comes.
  miss(batch) {
    if (batch.settled) return;
    batch.drop(UNSENT);
    for (let i = 0; i < batch.sent; i += 1) {
      if (batch.states[i] !== WAITING) continue;
      batch.states[i] = LATE;
      batch.overdue += 1;
    }
    batch.lane.overdue += batch.overdue;
    batch.settle();
  }

  forget(batch) {
    this.pending = this.pending.filter((other) => other !== batch);
  }

  endBatch(batch) {
    if (!batch.settled) batch.states = batch.states.map((state) => (state === WAITING ? ENDED : state));
    batch.lane.overdue -= batch.overdue;
    batch.overdue = 0;
    batch.settle();
  }

  // Sends nothing more, and gives the socket back when all answers are in.
  retire() {
    this.retired = true;
    for (const batch of [...this.pending]) this.dropUnsent(batch);
    if (this.pending.length === 0) this.end();
  }

  // Expects no answers any more, and gives the socket back with what was held back.
  end() {
    this.retired = true;
    const { pending } = this;
    this.pending = [];
    for (const batch of pending) this.endBatch(batch);
    if (!this.tapped) return;
    this.tapped = false;
    if (this.resting !== undefined) this.wake();
    this.consumer.on('data', this.listener);
    this.consumer.removeListener('data', this.receive);
    this.consumer.removeListener('close', this.ended);
    const held = Buffer.concat(this.held, this.heldBytes);
    this.held = [];
    this.heldBytes = 0;
    if (held.length > 0) this.listener.call(this.consumer, held);
  }
}

module.exports = { ANSWERED, ENDED, LATE, RawChannel, REFUSED, UNSENT };
