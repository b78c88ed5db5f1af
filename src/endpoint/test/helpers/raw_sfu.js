// SPDX-License-Identifier: MIT
'use strict';

// The application of sfu.js for the tests of the raw lane: shows what the lane has changed in mediasoup,
// and gives every reason to doubt it.

const childProcess = require('child_process');
const path = require('path');
const { types } = require('util');
const { Messages } = require('./messages');
const { calls, objects, publish, sink, theTree } = require('./sfu');

const library = path.join(process.env.SFU_MEDIASOUP, 'node/lib');
const VP9 = { mimeType: 'video/VP9', clockRate: 90000, payloadType: 102 };

if (process.env.SFU_WITHOUT_CLASS) {
  const file = path.join(library, 'fbs', process.env.SFU_WITHOUT_CLASS);
  require.cache[require.resolve(file)].exports = {};
}

// The sockets from which mediasoup reads its workers' channels.
const sockets = [];
const { spawn } = childProcess;
childProcess.spawn = (...args) => {
  const child = spawn(...args);
  sockets.push(child.stdio[4]);
  return child;
};

function* below(node) {
  for (const child of node.children || []) {
    yield child;
    yield* below(child);
  }
}

const consumers = () => objects.crowdConsumers;

Object.assign(calls, {
  // Adds a consumer of an SVC stream, and resumes one of a simulcast stream.
  async layers() {
    const router = await objects.first.createRouter({ mediaCodecs: [{ kind: 'video', ...VP9 }] });
    const encodings = [{ ssrc: 4441, scalabilityMode: 'L3T3' }];
    const { producer } = await publish(router, 'video', VP9, encodings, { peerId: 'frank' });
    const transport = await router.createPlainTransport({ listenIp: { ip: '127.0.0.1' } });
    const { port } = await sink();
    await transport.connect({ ip: '127.0.0.1', port });
    const { rtpCapabilities } = router;
    const svc = await transport.consume({ producerId: producer.id, rtpCapabilities });
    await objects.pausedConsumer.resume();
    return [svc.type, objects.pausedConsumer.type];
  },

  // Does what applications do: sends requests, whose answers are counted, and waits for events.
  async busy() {
    const told = { paused: 0, resumed: 0, wrong: 0 };
    for (const consumer of consumers()) {
      consumer.on('producerpause', () => (told.paused += 1));
      consumer.on('producerresume', () => (told.resumed += 1));
    }
    const producer = objects.crowdProducer;
    await Promise.all([producer.pause(), ...consumers().map((consumer) => consumer.pause())]);
    const stats = await Promise.all(consumers().map((consumer) => consumer.getStats()));
    await Promise.all([producer.resume(), ...consumers().map((consumer) => consumer.resume())]);
    const dumps = await Promise.all(consumers().map((consumer) => consumer.dump()));
    dumps.forEach((dump, i) => {
      if (dump.id !== consumers()[i].id) told.wrong += 1;
      if (stats[i][0].ssrc !== consumers()[i].rtpParameters.encodings[0].ssrc) told.wrong += 1;
    });
    for (const consumer of consumers()) consumer.removeAllListeners();
    return told;
  },

  // What is not mediasoup's own: [wrapped constructors, readers of sockets].
  async changed() {
    const { Channel } = require(path.join(library, 'Channel.js'));
    const readers = sockets.map((socket) => socket.listeners('data'));
    const foreign = readers.filter((list) => list.length !== 1 || !/#?recvBuffer/.test(String(list[0])));
    return [types.isProxy(Channel) ? 1 : 0, foreign.length];
  },

  // From now on the crowd's producer is closed right before the worker reads a large batch of requests for
  // the crowd, so the worker closes these objects first.
  async closeProducerWhenAsked(count) {
    const channel = theTree().raw.channels.get(objects.crowdWorker.pid);
    const { ask } = channel;
    channel.ask = (frames, ...others) => {
      if (frames.length < count) return ask.call(channel, frames, ...others);
      objects.crowdProducer.close();
      const asked = ask.call(channel, frames, ...others);
      // Busy for so long that all answers are read at once.
      calls.block(200);
      return asked;
    };
  },

  // The next answer to a request of the raw lane is lost.
  async loseAnswer() {
    for (const { sorter } of theTree().raw.channels.values()) {
      const { take } = sorter;
      sorter.take = (bytes, start, end) => {
        const heard = [];
        const channel = [...theTree().raw.channels.values()].find((one) => one.sorter === sorter);
        const { batchOf } = channel;
        channel.batchOf = (id) => {
          const batch = batchOf.call(channel, id);
          if (batch === undefined) return undefined;
          heard.push(id);
          return { answer() {}, waiting: 1 };
        };
        const isOurs = take(bytes, start, end);
        delete channel.batchOf;
        if (heard.length > 0) sorter.take = take;
        return isOurs;
      };
    }
  },

  // From now on each consumer's appData takes a millisecond to read.
  async slowAppData() {
    for (const { appData } of consumers()) {
      Object.defineProperty(appData, 'slow', { enumerable: true, get: () => reads.one() });
    }
  },

  // Returns how often it was read, and how often in one turn of the event loop at most.
  async readsATurn() {
    return [reads.all, reads.most];
  },

  async doubt(kind) {
    await DOUBTS[kind](theTree());
  },
});

const reads = {
  all: 0,
  most: 0,
  now: 0,
  one() {
    if (this.now === 0) setImmediate(() => (this.now = 0));
    this.now += 1;
    this.all += 1;
    this.most = Math.max(this.most, this.now);
    const end = process.hrtime.bigint() + BigInt(1e6);
    while (process.hrtime.bigint() < end);
    return { nested: true };
  },
};

const DOUBTS = {
  wrongAnswer() {
    const { getStats: right } = objects.audioConsumer;
    objects.audioConsumer.getStats = async function wrong() {
      const [first, ...others] = await right.call(this);
      return [{ ...first, packetCount: first.packetCount + 1 }, ...others];
    };
  },
  unknownField() {
    const { getStats: right } = objects.webRtc;
    objects.webRtc.getStats = async function wrong() {
      const [first] = await right.call(this);
      return [{ ...first, unknown: 1 }];
    };
  },
  async threadDies({ raw }) {
    await raw.link.thread.terminate();
  },
  unexpectedFrame({ raw }) {
    const [{ consumer, ids }] = raw.channels.values();
    consumer.emit('data', new Messages(library).response(ids.next + 9, true));
  },
  anotherType({ root }) {
    for (const { kind, raw } of below(root)) if (kind === 'consumer') raw.code = 4;
  },
};
