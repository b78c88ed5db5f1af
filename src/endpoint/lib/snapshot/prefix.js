// SPDX-License-Identifier: MIT
'use strict';

// The prefix of a node's rows: their text up to the statistics, which is all that the application's
// process knows of a node without asking its worker. Tens of thousands of objects have rows every few
// seconds, so the members that never change are rendered once and kept with the node, and so is the
// last prefix.

const crypto = require('crypto');
const limits = require('../common/limits');
const { wellFormed } = require('../common/well_formed');
const { transportType } = require('../tree/transport_type');
const { CLASS_OF } = require('./classes');
const { appDataMembers, appDataOf } = require('./node_app_data');
const { membersText } = require('./rows');

// Applications choose the ids of producers, and mediasoup takes any text. An id that is too long, has
// control characters or half of a surrogate pair, or looks like what is made here of such an id, is
// replaced by its readable beginning and a hash of the whole.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const HASHED = /~[0-9a-f]{32}$/;

function safeId(given) {
  const id = String(given);
  const isSafe = id.search(UNSAFE) < 0 && wellFormed(id) === id && !HASHED.test(id);
  if (isSafe && Buffer.byteLength(id) <= limits.ID_BYTES) return id;
  const hash = crypto.createHash('sha256').update(id, 'utf16le').digest('hex').slice(0, 32);
  return `${wellFormed(id.replace(UNSAFE, '_').slice(0, 24))}~${hash}`;
}

function boundedLabel(label) {
  return typeof label === 'string' ? wellFormed(label.slice(0, limits.LABEL_CHARS)) : undefined;
}

// Statistics and consumers spell a codec as the router does. A producer may spell it otherwise
// ("video/vp8"); here it gets the router's spelling. mediasoup copies rtpCapabilities whenever they are
// read, so they are read once a router.
const spellings = new WeakMap();

function spellingsOf(router) {
  if (!spellings.has(router)) {
    const { codecs = [] } = router.rtpCapabilities || {};
    spellings.set(router, new Map(codecs.map(({ mimeType }) => [mimeType.toLowerCase(), mimeType])));
  }
  return spellings.get(router);
}

function spelledAsBy(router, mimeType = '') {
  return spellingsOf(router).get(mimeType.toLowerCase()) || mimeType || undefined;
}

function media({ kind, rtpParameters }, router) {
  const { codecs, encodings } = rtpParameters;
  const codec = codecs.find(({ mimeType }) => !/\/rtx$/i.test(mimeType)) || {};
  return {
    kind,
    mimeType: spelledAsBy(router, codec.mimeType),
    clockRate: codec.clockRate,
    encodings: encodings ? encodings.length : undefined,
  };
}

// The members that never change, by kind.
const HEADS = {
  worker: ({ slot, object }) => ({ worker: slot, pid: object.pid }),
  router: ({ object, parent }) => ({ routerId: object.id, worker: parent.slot }),
  transport: ({ object, parent }) => ({
    transportId: object.id,
    routerId: parent.object.id,
    transportType: transportType(object),
  }),
  producer: ({ object, parent }) => ({
    producerId: safeId(object.id),
    transportId: parent.object.id,
    ...media(object, parent.parent.object),
    producerType: object.type,
  }),
  consumer: ({ object, parent }) => ({
    consumerId: safeId(object.id),
    producerId: safeId(object.producerId),
    transportId: parent.object.id,
    ...media(object, parent.parent.object),
    consumerType: object.type,
  }),
  dataProducer: ({ object, parent }) => ({
    dataProducerId: safeId(object.id),
    transportId: parent.object.id,
    label: boundedLabel(object.label),
    protocol: boundedLabel(object.protocol),
    dataProducerType: object.type,
  }),
  dataConsumer: ({ object, parent }) => ({
    dataConsumerId: safeId(object.id),
    dataProducerId: safeId(object.dataProducerId),
    transportId: parent.object.id,
    label: boundedLabel(object.label),
    protocol: boundedLabel(object.protocol),
    dataConsumerType: object.type,
  }),
};

function countsText(counts, kinds) {
  return kinds.map((kind) => `,"${kind}s":${counts[kind]}`).join('');
}

const BELOW = ['transport', 'producer', 'consumer', 'dataProducer', 'dataConsumer'];
const BELOW_ROUTER = [...BELOW, 'rtpObserver'];
const BELOW_WORKER = ['router', ...BELOW, 'webRtcServer'];

function rtpObserversText(nodes) {
  const ids = [...nodes].map(({ object }) => object.id);
  return ids.length > 0 ? `,"rtpObserverIds":${JSON.stringify(ids)}` : '';
}

// A consumer's pauses: 2 for its own plus 1 for its producer's.
const PAUSED = [
  ',"paused":false,"producerPaused":false',
  ',"paused":false,"producerPaused":true',
  ',"paused":true,"producerPaused":false',
  ',"paused":true,"producerPaused":true',
];

// A WebRTC transport's connection.
function connectionText(connection) {
  const { connectTime, protocol } = connection;
  return (
    `,"connection":"${connection.state()}"` +
    (connectTime === undefined ? '' : `,"connectTime":${connectTime}`) +
    (protocol === undefined ? '' : `,"protocol":"${protocol}"`)
  );
}

// Data producers and data consumers can be paused since mediasoup 3.13. What a version does not have is
// left out.
const flagText = (key, flag) => (typeof flag === 'boolean' ? `,"${key}":${flag}` : '');

// The text of the members that change, besides layers, appData and statistics, by kind.
const LIVE = {
  worker: ({ counts }) => countsText(counts, BELOW_WORKER),
  router: ({ counts, children }) =>
    countsText(counts, BELOW_ROUTER) +
    rtpObserversText([...children].filter(({ kind }) => kind === 'rtpObserver')),
  transport: ({ connection }) => (connection === undefined ? '' : connectionText(connection)),
  producer: ({ object, watched }) =>
    `,"paused":${object.paused === true}${watched ? rtpObserversText(watched) : ''}`,
  consumer: ({ object }) =>
    PAUSED[(object.paused === true ? 2 : 0) + (object.producerPaused === true ? 1 : 0)],
  dataProducer: ({ object }) => flagText('paused', object.paused),
  dataConsumer: ({ object }) =>
    flagText('paused', object.paused) + flagText('dataProducerPaused', object.dataProducerPaused),
};

function headOf(node) {
  if (node.head === undefined) {
    node.head = `{"row":"${CLASS_OF[node.kind]}"${membersText(HEADS[node.kind](node))}`;
  }
  return node.head;
}

// Returns the prefix of a node's rows, the very same string as before when nothing has changed.
// `allow` is the option appData, `more` an object of further members. Throws what the application's
// objects throw.
function prefixOf(node, { allow, more }) {
  const live = LIVE[node.kind] ? LIVE[node.kind](node) : '';
  // Apart from `live`, because joining them each time would cost more than comparing both.
  const layers = node.layers === undefined ? '' : node.layers.turn();
  const appData = appDataOf(node, allow);
  if (more !== undefined) return headOf(node) + live + appDataMembers(appData) + membersText(more);
  const { prefix } = node;
  const isSame = prefix !== undefined && prefix.live === live && prefix.layers === layers && prefix.appData === appData;
  if (isSame) return prefix.text;
  const text = headOf(node) + live + layers + appDataMembers(appData);
  node.prefix = { live, layers, appData, text };
  return text;
}

module.exports = { prefixOf };
