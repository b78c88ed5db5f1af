// SPDX-License-Identifier: MIT
'use strict';

// The raw lane, and whether it is to be trusted. It reads what mediasoup keeps private, so it begins
// `unproven`. It is `trusted` once its answers have been those of getStats(), which is asked first for
// each kind of object of each worker. At the first doubt it is `off` for good, with one warning, and
// everything goes through mediasoup's public API again.

const { guard, reason, warn } = require('../common/errors');
const limits = require('../common/limits');
const { transportType } = require('../tree/transport_type');
const { ANSWERED } = require('./batch');
const { RawChannel } = require('./channel');
const { codeOf } = require('./codes');
const { formatOf } = require('./frames');
const { folderOf, watchChannels } = require('./hook');
const { confirms } = require('./proof');
const { ThreadLink } = require('./thread_link');

// The first version whose channel speaks flatbuffers. Later versions prove themselves as this one does.
const OLDEST_MINOR = 13;

// The first Node with which the lane's thread answers. With Node 16 it never begins.
const OLDEST_NODE = 18;

function checkSupport({ version }, node = process.versions.node) {
  if (parseInt(node, 10) < OLDEST_NODE) {
    throw new Error(`it supports Node ${OLDEST_NODE} and later, and this is ${node}`);
  }
  const [major, minor] = String(version).split('.').map(Number);
  if (major !== 3 || !(minor >= OLDEST_MINOR)) {
    throw new Error(`it supports mediasoup 3.${OLDEST_MINOR} and later 3.x, and this is ${version}`);
  }
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) {
    throw new Error('it supports little-endian machines, and this is none');
  }
}

class RawLane {
  // Never throws: a mediasoup that is not as expected is a doubt.
  constructor(mediasoup) {
    this.state = 'unproven';
    // What was in doubt, once it is off.
    this.why = undefined;
    this.users = 0;
    // RawChannels by the pids of their workers. Each has `proven`: how many objects of a kind have been
    // compared.
    this.channels = new Map();
    // The number of the request that each decoder's getStats() sends, once the thread is ready.
    this.methods = undefined;
    // The thread keeps the prefixes of nodes by their numbers. `number` is the latest, `gone` are those
    // that it may forget.
    this.number = 0;
    this.gone = [];
    try {
      checkSupport(mediasoup);
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

  // Why the lane is not used; a text.
  get reason() {
    if (this.state === 'off') return `the raw lane is off: ${this.why}`.slice(0, limits.ERROR_CHARS);
    return this.trusted ? 'the raw lane\'s thread does not serve at this address' : 'the raw lane\'s answers have not been compared with those of getStats() yet';
  }

  // mediasoup has made a channel.
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

  // Returns the channel of a worker, or undefined when it has none that can be used.
  channelOf(worker) {
    if (this.state === 'off' || this.methods === undefined || worker.closed) return undefined;
    const channel = this.channels.get(worker.object.pid);
    if (channel === undefined) {
      this.doubt(`the channel of worker ${worker.object.pid} was created before serve() opened the lane`);
      return undefined;
    }
    if (channel.worker !== worker) {
      channel.worker = worker;
      // mediasoup keeps the socket open for a while then, but handles no more answers.
      worker.object.observer.once('close', guard(() => channel.end()));
    }
    return channel;
  }

  // Returns what the lane keeps of a node: the `key` of its kind in proofs, the `code` of its decoder,
  // its `number` in messages to the thread, the prefix that the thread has (`sent`) and the `request`
  // for its statistics.
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

  // Returns the request for a node's statistics, a frame as { bytes, idAt }.
  requestOf(node) {
    const record = this.recordOf(node);
    if (record.request === undefined) {
      record.request = this.format.request(this.methods[record.code], node.object.id);
    }
    return record.request;
  }

  // A node has been removed from the tree.
  forget(node) {
    if (node.raw !== undefined && node.raw.lane === this && this.state !== 'off') {
      this.gone.push(node.raw.number);
    }
  }

  // Whether this channel's answers for such objects were those of getStats().
  isProven(channel, node) {
    const record = this.recordOf(node);
    if (!record.isProven) record.isProven = channel.proven.has(record.key);
    return record.isProven;
  }

  // Compares the lane's answers with those of getStats() where not enough objects of a kind have been
  // compared yet. Resolves with whether the kinds of all these nodes are proven.
  async prove(worker, nodes, deadlineMs) {
    const channel = this.channelOf(worker);
    if (channel === undefined) return false;
    const tried = new Map();
    for (const node of nodes) {
      const { key, code } = this.recordOf(node);
      const tries = tried.get(key) || 0;
      if (tries >= limits.PROOFS || channel.proven.get(key) >= limits.PROOFS) continue;
      if (code < 0) this.doubt(`it does not know objects of the type "${key}"`);
      if (this.state === 'off') return false;
      tried.set(key, tries + 1);
      if (!node.closed && worker.requests.responsive && !worker.requests.isOutOfTime) await this.proveWith(channel, worker, node, deadlineMs);
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
        worker.requests.ask([first], deadlineMs),
        channel.ask([request], deadlineMs, worker.requests),
        worker.requests.ask([last], deadlineMs),
      ];
      const [, batch] = await Promise.all(asked);
      const all = first.state === 'answered' && last.state === 'answered';
      // The object has closed or the worker hangs: neither proof nor doubt.
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
    this.doubt(`its answer for an object of the type "${key}" is not that of getStats()`);
  }

  // Has the thread render a batch's rows for a snapshot. `message` is what the thread needs besides the
  // answers. Resolves with { counts } or { doubt }.
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
    this.why = why;
    this.turnOff();
    warn(
      'WARN_RAW_LANE',
      `the raw lane is off: ${why}; statistics come through mediasoup's public API from now on, ` +
        'which costs the main thread more; leave out option "lane" to do without the raw lane'
    );
  }

  // Gives mediasoup back what is its own. The thread goes on serving, but needs no prefixes any more.
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

// Returns the raw lane of a tree, opened now if it has none: two would read the same channels. Each call
// needs a release().
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

module.exports = { acquire, checkSupport, release };
