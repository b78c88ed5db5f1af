// SPDX-License-Identifier: MIT
'use strict';

// The text of a node's rows up to the statistics.

const assert = require('assert');
const { test } = require('node:test');
const limits = require('../../lib/common/limits');
const { prefixOf } = require('../../lib/snapshot/prefix');
const trees = require('../../lib/tree/trees');
const { consumer, FakeMediasoup, FakeObject, producer, transport, webRtcTransport } = require('../helpers/fake');

// Calls run(mediasoup, nodeOf), where nodeOf(object) finds the object's node.
function withTree(run) {
  const mediasoup = new FakeMediasoup();
  const tree = trees.acquire(mediasoup);
  const find = (node, object) => {
    if (node.object === object) return node;
    for (const child of node.children || []) {
      const found = find(child, object);
      if (found) return found;
    }
    return undefined;
  };
  try {
    run(mediasoup, (object) => find(tree.root, object));
  } finally {
    trees.release(tree);
  }
}

const members = (node, options = {}) => JSON.parse(`${prefixOf(node, options)}}`);

test('workers, routers and transports count what is below them', () => {
  withTree((mediasoup, nodeOf) => {
    const { worker, router, transport: parent } = mediasoup.room(2);
    const below = { transports: 1, producers: 0, consumers: 2, dataProducers: 0, dataConsumers: 0 };
    assert.deepStrictEqual(members(nodeOf(worker)), {
      row: 'workers',
      worker: 0,
      pid: worker.pid,
      routers: 1,
      ...below,
      webRtcServers: 0,
    });
    assert.deepStrictEqual(members(nodeOf(router)), {
      row: 'routers',
      routerId: router.id,
      worker: 0,
      ...below,
      rtpObservers: 0,
    });
    assert.deepStrictEqual(members(nodeOf(parent)), {
      row: 'transports',
      transportId: parent.id,
      routerId: router.id,
      transportType: 'plain',
    });
  });
});

test('WebRTC transports say what their connection is like', () => {
  withTree((mediasoup, nodeOf) => {
    const object = webRtcTransport(mediasoup.room(0).router);
    const node = nodeOf(object);
    const connection = () => {
      const { row, transportId, routerId, ...rest } = members(node);
      return rest;
    };
    assert.deepStrictEqual(connection(), { transportType: 'webrtc', connection: 'unused' });
    const first = prefixOf(node, {});
    assert.strictEqual(prefixOf(node, {}), first, 'the same text while nothing changes');
    object.tell('ice connected');
    assert.deepStrictEqual(connection(), { transportType: 'webrtc', connection: 'connecting' });
    object.observer.emit('iceselectedtuplechange', { protocol: 'udp' });
    object.tell('dtls connected');
    const { connectTime, ...rest } = connection();
    assert.ok(Number.isInteger(connectTime) && connectTime >= 0 && connectTime < 5000, `${connectTime}`);
    assert.deepStrictEqual(rest, { transportType: 'webrtc', connection: 'connected', protocol: 'udp' });
  });
});

test('consumers of several layers say which they are', () => {
  withTree((mediasoup, nodeOf) => {
    const { transport: parent } = mediasoup.room(0);
    const currentLayers = { spatialLayer: 1, temporalLayer: 0 };
    const object = consumer(parent, { type: 'svc', currentLayers, preferredLayers: { spatialLayer: 2 } });
    const node = nodeOf(object);
    const { producerPaused, ...layers } = Object.fromEntries(Object.entries(members(node)).slice(-3));
    assert.deepStrictEqual([producerPaused, layers], [false, { currentLayers, preferredLayers: { spatialLayer: 2 } }]);
    const first = prefixOf(node, {});
    for (let i = 0; i < 20; i += 1) assert.strictEqual(prefixOf(node, {}), first, 'the same text while nothing changes');
  });
});

test('producers and consumers say what they carry', () => {
  withTree((mediasoup, nodeOf) => {
    const { transport: parent, consumers: [theConsumer] } = mediasoup.room(1);
    const theProducer = producer(parent, { appData: { peerId: 'p' } });
    const media = { transportId: parent.id, kind: 'audio', mimeType: 'audio/opus', clockRate: 48000, encodings: 1 };
    assert.deepStrictEqual(members(nodeOf(theProducer)), {
      row: 'producers',
      producerId: theProducer.id,
      ...media,
      producerType: 'simple',
      paused: false,
      appData: { peerId: 'p' },
    });
    assert.deepStrictEqual(members(nodeOf(theConsumer)), {
      row: 'consumers',
      consumerId: theConsumer.id,
      producerId: 'p',
      ...media,
      consumerType: 'simple',
      paused: false,
      producerPaused: false,
    });
  });
});

test('data producers and data consumers have a label and a protocol', () => {
  withTree((mediasoup, nodeOf) => {
    const { transport: parent } = mediasoup.room(0);
    const data = { label: 'chat', protocol: 'text', type: 'sctp' };
    const adopted = (event, kind, more) => parent.adopt(event, new FakeObject(kind, { ...data, ...more }));
    const dataProducer = adopted('newdataproducer', 'dataProducer');
    const dataConsumer = adopted('newdataconsumer', 'dataConsumer', { dataProducerId: 'dp' });
    const rest = { transportId: parent.id, label: 'chat', protocol: 'text' };
    assert.deepStrictEqual(members(nodeOf(dataProducer)), {
      row: 'data_producers',
      dataProducerId: dataProducer.id,
      ...rest,
      dataProducerType: 'sctp',
    });
    assert.deepStrictEqual(members(nodeOf(dataConsumer)), {
      row: 'data_consumers',
      dataConsumerId: dataConsumer.id,
      dataProducerId: 'dp',
      ...rest,
      dataConsumerType: 'sctp',
    });
  });
});

test('half of a surrogate pair in a label, also where a long one is cut, does not make the row unreadable', () => {
  withTree((mediasoup, nodeOf) => {
    const { transport: parent } = mediasoup.room(0);
    const long = `${'x'.repeat(limits.LABEL_CHARS - 1)}🎉`;
    const object = parent.adopt('newdataproducer', new FakeObject('dataProducer', { label: 'a\udc00', protocol: long, type: 'sctp' }));
    const { label, protocol } = members(nodeOf(object));
    assert.deepStrictEqual([label, protocol], ['a\ufffd', `${'x'.repeat(limits.LABEL_CHARS - 1)}\ufffd`]);
  });
});

test('data producers and data consumers say whether they are paused, where mediasoup has it', () => {
  withTree((mediasoup, nodeOf) => {
    const { transport: parent } = mediasoup.room(0);
    const made = (event, kind, more) => parent.adopt(event, new FakeObject(kind, { label: '', type: 'direct', ...more }));
    const dataProducer = made('newdataproducer', 'dataProducer', { paused: false });
    const dataConsumer = made('newdataconsumer', 'dataConsumer', { paused: false, dataProducerPaused: false });
    const pauses = () => [dataProducer, dataConsumer].map((object) => {
      const { paused, dataProducerPaused } = members(nodeOf(object));
      return [paused, dataProducerPaused];
    });
    assert.deepStrictEqual(pauses(), [[false, undefined], [false, false]]);
    dataProducer.paused = true;
    dataConsumer.dataProducerPaused = true;
    assert.deepStrictEqual(pauses(), [[true, undefined], [false, true]]);
    dataConsumer.paused = true;
    assert.deepStrictEqual(pauses(), [[true, undefined], [true, true]]);
    const before = made('newdataconsumer', 'dataConsumer', {});
    const { paused, dataProducerPaused } = members(nodeOf(before));
    assert.deepStrictEqual([paused, dataProducerPaused], [undefined, undefined], 'mediasoup before 3.13');
  });
});

test('a prefix is made once and kept until something changes', () => {
  withTree((mediasoup, nodeOf) => {
    const { consumers: [object] } = mediasoup.room(1);
    const node = nodeOf(object);
    const first = prefixOf(node, {});
    const remembered = node.prefix;
    assert.strictEqual(remembered.text, first);
    assert.strictEqual(prefixOf(node, {}), first);
    assert.strictEqual(node.prefix, remembered, 'nothing was made anew');
    object.paused = true;
    assert.deepStrictEqual([members(node).paused, members(node).producerPaused], [true, false]);
    object.producerPaused = true;
    assert.deepStrictEqual([members(node).paused, members(node).producerPaused], [true, true]);
    object.appData.peerId = 'late';
    assert.deepStrictEqual(members(node).appData, { peerId: 'late' });
  });
});

test('further members come last and are not kept', () => {
  withTree((mediasoup, nodeOf) => {
    const node = nodeOf(mediasoup.createWorker());
    const plain = prefixOf(node, {});
    assert.strictEqual(prefixOf(node, { more: { residentMemory: 7 } }), `${plain},"residentMemory":7`);
    assert.strictEqual(prefixOf(node, { more: {} }), plain);
    assert.strictEqual(prefixOf(node, {}), plain);
  });
});

test('routers and producers name their RTP observers', () => {
  withTree((mediasoup, nodeOf) => {
    const { router, transport: parent } = mediasoup.room(0);
    const object = producer(parent);
    const watcher = router.adopt('newrtpobserver', new FakeObject('rtpObserver'));
    assert.strictEqual(members(nodeOf(object)).rtpObserverIds, undefined);
    watcher.observer.emit('addproducer', object);
    assert.deepStrictEqual(members(nodeOf(object)).rtpObserverIds, [watcher.id]);
    assert.deepStrictEqual([members(nodeOf(router)).rtpObservers, members(nodeOf(router)).rtpObserverIds], [1, [watcher.id]]);
  });
});

test('a codec has the router\'s spelling, and retransmission does not count as a codec', () => {
  withTree((mediasoup, nodeOf) => {
    const router = mediasoup.createWorker().router({ rtpCapabilities: { codecs: [{ mimeType: 'video/VP8' }] } });
    const parent = transport(router);
    const withCodecs = (...codecs) => nodeOf(producer(parent, { kind: 'video', rtpParameters: { codecs } }));
    const rtx = { mimeType: 'video/rtx', clockRate: 1 };
    const told = (...codecs) => {
      const { mimeType, clockRate, encodings } = members(withCodecs(...codecs));
      return [mimeType, clockRate, encodings];
    };
    assert.deepStrictEqual(told(rtx, { mimeType: 'VIDEO/vp8', clockRate: 90000 }), ['video/VP8', 90000, undefined]);
    assert.deepStrictEqual(told({ mimeType: 'video/H264', clockRate: 90000 }), ['video/H264', 90000, undefined]);
    for (const none of [[rtx], []]) assert.deepStrictEqual(told(...none), [undefined, undefined, undefined]);
  });
});

test('ids and labels are bounded, and ids stay unique', () => {
  withTree((mediasoup, nodeOf) => {
    const { transport: parent } = mediasoup.room(0);
    const idOf = (id) => members(nodeOf(consumer(parent, { id }))).consumerId;
    const exact = 'x'.repeat(limits.ID_BYTES);
    assert.strictEqual(idOf(exact), exact);
    const [one, other] = [idOf(`${exact}1`), idOf(`${exact}2`)];
    assert.match(one, /^x{24}~[0-9a-f]{32}$/);
    assert.notStrictEqual(one, other);
    assert.match(idOf('é'.repeat(100)), /^é{24}~/, 'the bound is in bytes');
    const label = 'l'.repeat(limits.LABEL_CHARS + 1);
    const data = parent.adopt('newdataproducer', new FakeObject('dataProducer', { label, protocol: 7, type: 'direct' }));
    assert.strictEqual(members(nodeOf(data)).label.length, limits.LABEL_CHARS);
    assert.strictEqual(members(nodeOf(data)).protocol, undefined);
  });
});

test('ids with characters that readers cannot take are replaced, and no id can take another\'s name', () => {
  withTree((mediasoup, nodeOf) => {
    const { transport: parent } = mediasoup.room(0);
    const idOf = (id) => members(nodeOf(consumer(parent, { id, producerId: id }))).producerId;
    const unsafe = ['a\u0000b', 'a\u0001b', 'a\u007fb', 'a\u0085b', 'a\u2028b', 'a\nb', 'a\ud83db'];
    const made = unsafe.map(idOf);
    assert.strictEqual(new Set(made).size, unsafe.length);
    for (const id of made) assert.match(id, /^a[_\ufffd]b~[0-9a-f]{32}$/);
    assert.notStrictEqual(idOf(made[0]), made[0], 'the id of another object');
    assert.strictEqual(idOf('a\u0000b'), made[0], 'consumers name their producer');
    assert.match(idOf('😀'.repeat(40)), /^(😀){12}~/);
    for (const fine of ['x', 'é "quoted" \\', '😀', 'a~0']) assert.strictEqual(idOf(fine), fine);
    assert.strictEqual(idOf(7), '7');
  });
});

test('the codecs of a router are read once', () => {
  withTree((mediasoup, nodeOf) => {
    let reads = 0;
    const router = mediasoup.createWorker().router();
    Object.defineProperty(router, 'rtpCapabilities', {
      get() {
        reads += 1;
        return { codecs: [{ mimeType: 'audio/OPUS' }] };
      },
    });
    const parent = transport(router);
    const told = [1, 2, 3].map(() => members(nodeOf(consumer(parent))).mimeType);
    assert.deepStrictEqual([told, reads], [['audio/OPUS', 'audio/OPUS', 'audio/OPUS'], 1]);
  });
});

test('the appData function learns whose data it is, and appData that throws is left out', () => {
  withTree((mediasoup, nodeOf) => {
    const { worker, router } = mediasoup.room(0);
    const allow = (appData, about) => about;
    assert.deepStrictEqual(members(nodeOf(worker), { allow }).appData, { class: 'workers', id: 0 });
    assert.deepStrictEqual(members(nodeOf(router), { allow }).appData, { class: 'routers', id: router.id });
    Object.defineProperty(router, 'appData', { get() { throw new Error('no'); } });
    assert.strictEqual(members(nodeOf(router)).appData, undefined);
    worker.appData = { large: 'x'.repeat(limits.APP_DATA_BYTES + 1), roomId: 'r' };
    const { appData, appDataTruncated } = members(nodeOf(worker));
    assert.deepStrictEqual([appData, appDataTruncated], [{ roomId: 'r' }, true]);
  });
});
