// SPDX-License-Identifier: MIT
'use strict';

// A node of the tree and what its worker answered come in, the text of its rows goes out. The
// members that never change are rendered once and kept with the node: twenty thousand objects are
// told of every few seconds.

const crypto = require('crypto');
const { appDataText } = require('./app_data');
const { reason } = require('../errors');
const limits = require('../limits');
const { transportType } = require('../tree');

// kind of a node: its class of rows
const CLASS_OF = {
  worker: 'workers',
  router: 'routers',
  transport: 'transports',
  producer: 'producers',
  consumer: 'consumers',
  dataProducer: 'data_producers',
  dataConsumer: 'data_consumers',
};

// Whether its worker is asked for a node when these classes are selected.
function isAsked({ kind }, classes) {
  return kind !== 'router' && classes.has(CLASS_OF[kind]);
}

// What mediasoup answers: lists of statistics, of which these are the object's own.
const STATS_TYPE = { producer: 'inbound-rtp', consumer: 'outbound-rtp' };

// Ids are the application's to choose for producers. One that is too long stays unique by a hash.
function boundedId(id) {
  if (typeof id !== 'string' || Buffer.byteLength(id) <= limits.ID_BYTES) return id;
  const hash = crypto.createHash('sha256').update(id).digest('hex').slice(0, 32);
  return `${id.slice(0, 24)}~${hash}`;
}

function boundedLabel(label) {
  return typeof label === 'string' ? label.slice(0, limits.LABEL_CHARS) : undefined;
}

// A producer's codecs are spelled as its application likes ("video/vp8"), statistics and consumers as its router does.
function spelledAsBy(router, mimeType = '') {
  const { codecs = [] } = router.rtpCapabilities || {};
  const known = codecs.find((codec) => codec.mimeType.toLowerCase() === mimeType.toLowerCase());
  return known ? known.mimeType : mimeType || undefined;
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

// kind: the members that never change
const HEADS = {
  worker: ({ slot, object }) => ({ worker: slot, pid: object.pid }),
  router: ({ object, parent }) => ({ routerId: object.id, worker: parent.slot }),
  transport: ({ object, parent }) => ({
    transportId: object.id,
    routerId: parent.object.id,
    transportType: transportType(object),
  }),
  producer: ({ object, parent }) => ({
    producerId: boundedId(object.id),
    transportId: parent.object.id,
    ...media(object, parent.parent.object),
    producerType: object.type,
  }),
  consumer: ({ object, parent }) => ({
    consumerId: boundedId(object.id),
    producerId: boundedId(object.producerId),
    transportId: parent.object.id,
    ...media(object, parent.parent.object),
    consumerType: object.type,
  }),
  dataProducer: ({ object, parent }) => ({
    dataProducerId: boundedId(object.id),
    transportId: parent.object.id,
    label: boundedLabel(object.label),
    protocol: boundedLabel(object.protocol),
    dataProducerType: object.type,
  }),
  dataConsumer: ({ object, parent }) => ({
    dataConsumerId: boundedId(object.id),
    dataProducerId: boundedId(object.dataProducerId),
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

function idsText(nodes) {
  const ids = [...nodes].map(({ object }) => object.id);
  return ids.length > 0 ? `,"rtpObserverIds":${JSON.stringify(ids)}` : '';
}

// Of a consumer: itself, its producer.
const PAUSED = [
  ',"paused":false,"producerPaused":false',
  ',"paused":false,"producerPaused":true',
  ',"paused":true,"producerPaused":false',
  ',"paused":true,"producerPaused":true',
];

// kind: the members that change, besides appData and statistics
const LIVE = {
  worker: ({ counts }) => countsText(counts, BELOW_WORKER),
  router: ({ counts, children }) =>
    countsText(counts, BELOW_ROUTER) +
    idsText([...children].filter(({ kind }) => kind === 'rtpObserver')),
  producer: ({ object, watched }) =>
    `,"paused":${object.paused === true}${watched ? idsText(watched) : ''}`,
  consumer: ({ object }) =>
    PAUSED[(object.paused === true ? 2 : 0) + (object.producerPaused === true ? 1 : 0)],
};

// The members of a row as text, from an object of them: `,"a":1,"b":2`.
function membersText(members) {
  const text = JSON.stringify(members);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}

function head(node) {
  if (node.head === undefined) {
    node.head = `{"row":"${CLASS_OF[node.kind]}"${membersText(HEADS[node.kind](node))}`;
  }
  return node.head;
}

function readAppData(object) {
  try {
    return object.appData;
  } catch (error) {
    return undefined;
  }
}

// What appDataText() says of a node, the same object as before when nothing has changed.
function appDataOf(node, allow) {
  const about =
    typeof allow === 'function'
      ? { class: CLASS_OF[node.kind], id: node.kind === 'worker' ? node.slot : node.object.id }
      : undefined;
  return appDataText(readAppData(node.object), allow, about, node);
}

function appDataMembers({ text, truncated }) {
  return (text ? `,"appData":${text}` : '') + (truncated ? ',"appDataTruncated":true' : '');
}

// The statistics in an answer, one for each row.
function statsOf(kind, answer) {
  if (kind === 'worker') return answer ? [answer] : [];
  if (!Array.isArray(answer)) return [];
  const type = STATS_TYPE[kind];
  return type ? answer.filter((stats) => stats && stats.type === type) : answer.slice(0, 1);
}

function errorText(error) {
  return `,"error":${JSON.stringify(reason(error).slice(0, limits.ERROR_CHARS))}`;
}

function withStats(shared, stats) {
  let text;
  try {
    text = JSON.stringify(stats);
  } catch (error) {
    return `${shared}${errorText(error)}}\n`;
  }
  const row = `${shared},"stats":${text}}\n`;
  // No character takes more than three bytes of UTF-8.
  if (row.length * 3 <= limits.ROW_BYTES || Buffer.byteLength(row) <= limits.ROW_BYTES) return row;
  return `${shared}${errorText('row too large')}}\n`;
}

// The text of a node's row up to its statistics: what the main thread alone knows of it. `more` are
// further members, `allow` the option appData. As long as nothing changes, it is the same string.
function sharedText(node, { more, allow }) {
  const live = LIVE[node.kind] ? LIVE[node.kind](node) : '';
  const appData = appDataOf(node, allow);
  if (more !== undefined) return head(node) + live + appDataMembers(appData) + membersText(more);
  const { shared } = node;
  if (shared !== undefined && shared.live === live && shared.appData === appData) return shared.text;
  const text = head(node) + live + appDataMembers(appData);
  node.shared = { live, appData, text };
  return text;
}

function silentRow(shared) {
  return `${shared}}\n`;
}

function refusedRow(shared, error) {
  return `${shared}${errorText(error)}}\n`;
}

// The rows of a node of which its worker said `answer`.
function answeredRows(kind, shared, answer) {
  const stats = statsOf(kind, answer);
  if (stats.length === 0) return [silentRow(shared)];
  return stats.map((one) => withStats(shared, one));
}

// The rows of a node. `answer` is what its worker said, `error` why it did not; both may be
// undefined: it was not asked.
function objectRows(node, { answer, error, more, allow }) {
  const shared = sharedText(node, { more, allow });
  return error === undefined ? answeredRows(node.kind, shared, answer) : [refusedRow(shared, error)];
}

// A row that is not an object's.
function plainRow(row, members) {
  return `{"row":"${row}"${membersText(members)}}\n`;
}

module.exports = { answeredRows, CLASS_OF, isAsked, objectRows, plainRow, refusedRow, sharedText, silentRow };
