// SPDX-License-Identifier: MIT
'use strict';

// The raw lane, and whether it is to be trusted. It reads what mediasoup keeps private, so it begins
// as `unproven`: it is `trusted` once its first answers were those of getStats(), which is asked of
// each kind of object of each worker. At the first doubt it is `off` for good, with one warning, and
// everything goes through mediasoup's public API again.

const { guard, reason, warn } = require('../errors');
const limits = require('../limits');
const { transportType } = require('../tree');
const { RawChannel, ANSWERED } = require('./channel');
const { codeOf } = require('./thread/decoder');
const { formatOf } = require('./frames');
const { folderOf, watchChannels } = require('./hook');
const { confirms } = require('./proof');
const { ThreadLink } = require('./thread_link');

// The first version whose channel speaks flatbuffers. Later ones have to prove themselves, as this one has.
const OLDEST_MINOR = 13;

function checkVersion({ version }) {
  const [major, minor] = String(version).split('.').map(Number);
  if (major !== 3 || !(minor >= OLDEST_MINOR)) {
    throw new Error(`it knows mediasoup 3.${OLDEST_MINOR} and later 3.x, and this is ${version}`);
  }
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) throw new Error('it needs a little-endian machine');
}

class RawLane {
  constructor(mediasoup) {
    this.state = 'unproven';
    this.users = 0;
    // By the pid of their worker. Each has `proven`: how many objects of a kind have been compared.
    this.channels = new Map();
    this.methods = undefined;
    // The thread keeps the texts of the nodes by their numbers; `gone` are those it may forget.
    this.number = 0;
    this.gone = [];
    try {
      checkVersion(mediasoup);
      const folder = folderOf(mediasoup);
      this.format = formatOf(folder);
      this.unwatch = watchChannels(folder, (sockets) => this.adopt(sockets));
      this.link = new ThreadLink(folder, {
        ready: (methods) => {
          this.methods = methods;
        },
        doubt: (why) => this.doubt(why),
      });
    } catch (error) {
      this.doubt(reason(error));
    }
  }

  get trusted() {
    return this.state === 'trusted';
  }

  adopt(sockets) {
    if (this.state === 'off') return;
    try {
      const channel = new RawChannel(sockets, this.format, (what) => {
        this.doubt(`a worker sent ${what}`);
      });
      channel.proven = new Map();
      this.channels.set(sockets.pid, channel);
      sockets.consumerSocket.once('close', () => {
        if (this.channels.get(sockets.pid) === channel) this.channels.delete(sockets.pid);
      });
    } catch (error) {
      this.doubt(reason(error));
    }
  }

  // The channel of a worker, undefined when there is none to be used.
  channelOf(worker) {
    if (this.state === 'off' || this.methods === undefined || worker.closed) return undefined;
    const channel = this.channels.get(worker.object.pid);
    if (channel === undefined) {
      this.doubt(`the channel of worker ${worker.object.pid} was not seen when it was made`);
      return undefined;
    }
    if (channel.worker !== worker) {
      channel.worker = worker;
      // mediasoup keeps the socket for a while, but answers nobody.
      worker.object.observer.once('close', guard(() => channel.end()));
    }
    return channel;
  }

  // What the lane keeps of a node: its kind as the proofs know it, its decoder, its number in messages to
  // the thread, the text the thread has of it and the request for its statistics.
  recordOf(node) {
    if (node.raw === undefined || node.raw.lane !== this) {
      const { kind, object } = node;
      const type = kind === 'transport' ? transportType(object) : String(object.type);
      this.number += 1;
      node.raw = {
        lane: this,
        key: `${kind} ${type}`,
        code: typeof object.id === 'string' ? codeOf(kind, type) : -1,
        isProven: false,
        number: this.number,
        sent: undefined,
        request: undefined,
      };
    }
    return node.raw;
  }

  // The request for a node's statistics, { bytes, idAt }.
  requestOf(node) {
    const record = this.recordOf(node);
    if (record.request === undefined) {
      record.request = this.format.request(this.methods[record.code], node.object.id);
    }
    return record.request;
  }

  forget(node) {
    if (node.raw !== undefined && node.raw.lane === this && this.state !== 'off') {
      this.gone.push(node.raw.number);
    }
  }

  // Whether the lane's answers for such objects of this worker were those of getStats().
  isProven(channel, node) {
    const record = this.recordOf(node);
    if (!record.isProven) record.isProven = channel.proven.has(record.key);
    return record.isProven;
  }

  // Compares the lane's answers with those of getStats(), where not enough of the kind have been yet.
  // Returns whether all of these nodes' kinds are proven.
  async prove(worker, nodes, deadlineMs) {
    const channel = this.channelOf(worker);
    if (channel === undefined) return false;
    const tried = new Map();
    for (const node of nodes) {
      const { key, code } = this.recordOf(node);
      const tries = tried.get(key) || 0;
      if (tries >= limits.PROOFS || channel.proven.get(key) >= limits.PROOFS) continue;
      if (code < 0) this.doubt(`a ${key} is of a type it does not know`);
      if (this.state === 'off') return false;
      tried.set(key, tries + 1);
      if (!node.closed && worker.lane.responsive) await this.proveWith(channel, worker, node, deadlineMs);
    }
    return this.state !== 'off' && nodes.every((node) => this.isProven(channel, node));
  }

  async proveWith(channel, worker, node, deadlineMs) {
    const request = this.requestOf(node);
    const { key, code } = node.raw;
    for (let attempt = 1; attempt <= limits.PROOFS; attempt += 1) {
      const call = () => node.object.getStats();
      const [first, last] = [{ call }, { call }];
      const asked = [
        worker.lane.ask([first], deadlineMs),
        channel.ask([request], deadlineMs, worker.lane),
        worker.lane.ask([last], deadlineMs),
      ];
      const [, batch] = await Promise.all(asked);
      const all = first.state === 'answered' && last.state === 'answered';
      // Closed meanwhile, or a worker that hangs: no proof, no doubt.
      if (!all || batch.states[0] !== ANSWERED) return;
      const bytes = batch.bytes();
      const { stats, doubt } = await this.link.ask({ kind: 'proof', code, bytes }, [bytes.buffer]);
      if (doubt !== undefined) {
        this.doubt(doubt);
        return;
      }
      if (confirms(first.value, stats, last.value)) {
        channel.proven.set(key, (channel.proven.get(key) || 0) + 1);
        if (this.state === 'unproven') this.state = 'trusted';
        return;
      }
    }
    this.doubt(`its answer for a ${key} is not that of getStats()`);
  }

  // Has the thread render a batch for a snapshot: resolves with { counts } or { doubt }.
  async render(batch, message) {
    const bytes = batch.bytes();
    const { gone } = this;
    this.gone = [];
    const more = { kind: 'batch', gone, first: batch.first, bytes };
    const result = await this.link.ask({ ...message, ...more }, [bytes.buffer]);
    if (result.doubt !== undefined) this.doubt(result.doubt);
    return result;
  }

  doubt(why) {
    if (this.state === 'off') return;
    this.turnOff();
    warn(
      'WARN_RAW_LANE',
      `the raw lane is off, statistics come through mediasoup's public API: ${why}`
    );
  }

  // mediasoup has back what is its own. The thread still serves, but needs no texts any more.
  turnOff() {
    this.state = 'off';
    if (this.link) this.link.tell({ kind: 'off' });
    if (this.unwatch) this.unwatch();
    for (const channel of this.channels.values()) channel.retire();
    this.channels.clear();
  }

  shut() {
    this.turnOff();
    if (this.link) this.link.close();
  }
}

// One lane for each tree: two would read the same channels.
function acquire(tree) {
  if (tree.raw === undefined) tree.raw = new RawLane(tree.mediasoup);
  tree.raw.users += 1;
  return tree.raw;
}

function release(tree) {
  tree.raw.users -= 1;
  if (tree.raw.users > 0) return;
  tree.raw.shut();
  tree.raw = undefined;
}

module.exports = { acquire, release };
