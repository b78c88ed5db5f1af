// SPDX-License-Identifier: MIT
'use strict';

// The views have every object that the application has, where it is, with what mediasoup says of it.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { isDeepStrictEqual } = require('node:util');
const { Everything } = require('./everything.js');

const ID = { routers: 'routerId', transports: 'transportId', producers: 'producerId', consumers: 'consumerId',
  data_producers: 'dataProducerId', data_consumers: 'dataConsumerId' };
const STREAM_TYPE = { producers: 'inbound-rtp', consumers: 'outbound-rtp' };

// What a view says otherwise than mediasoup's getStats(), or not at all.
const APART = {
  timestamp: 'since the machine began; ours is epoch milliseconds',
  bitrateByLayer: 'a figure for each layer; ours has one for each stream',
};
const isUnknown = (name, value) => name === 'roundTripTime' && value === 0;
// Transports go on with reports of their own: their bytes only grow, but these go up and down.
const isUnsteady = (view, name, { transportId }) => (view === 'transports' && /^(?!max|min).*bitrate$/i.test(name)) ||
  (name === 'roundTripTime' && all.isPiped(transportId));

let all;
let rest;

const asJson = (value) => JSON.parse(JSON.stringify(value));

// [{ key, where, stats }]: one for each stream of a producer or consumer, one for any other object.
async function askMediasoup(view) {
  const rows = await Promise.all(all.books[view].map(async ({ id, object, ...above }) => {
    const where = { [ID[view]]: id, ...above, appData: asJson(object.appData) };
    const answered = view === 'routers' ? [] : asJson(await object.getStats());
    const stats = answered.filter(({ type }) => [undefined, type].includes(STREAM_TYPE[view]));
    return (stats.length > 0 ? stats : [{}]).map((figures) => ({ key: [id, above.transportId, figures.ssrc].join(' '), where, stats: figures }));
  }));
  return rows.flat();
}

const askAll = async () => Object.fromEntries(await Promise.all(Object.keys(ID).map(async (view) => [view, await askMediasoup(view)])));
const resting = ({ transports, ...answer }) => Object.entries(answer).map(([view, rows]) => rows.map(({ key, where, stats }) =>
  [key, Object.entries(stats).filter(([name]) => name !== 'timestamp' && !isUnsteady(view, name, where))]));
const keyOf = (view, row) => [row[ID[view]], ['routers', 'transports'].includes(view) ? undefined : row.transportId, row.ssrc].join(' ');

before(async () => {
  all = await Everything.start();
  rest = await all.atRest(askAll, resting);
});
after(() => all?.stop());

describe('what mediasoup says', () => {
  for (const view of Object.keys(ID)) {
    test(`/${view} says as well, of each object and stream`, () => {
      const ours = new Map(rest.views[view].map((row) => [keyOf(view, row), row]));
      assert.deepEqual([...ours.keys()].sort(), rest.before[view].map(({ key }) => key).sort());
      assert.equal(ours.size, rest.views[view].length);
      rest.before[view].forEach(({ key, where, stats }, i) => {
        const row = ours.get(key);
        for (const [name, value] of Object.entries(where)) assert.deepEqual(row[name], value, `${name} of ${key}`);
        for (const [name, value] of Object.entries(stats)) {
          const moved = isUnsteady(view, name, where) || !isDeepStrictEqual(value, rest.after[view][i].stats[name]);
          if (moved || name in APART || isUnknown(name, value)) continue;
          assert.deepEqual(row[name], value, `${name} of ${key}`);
        }
      });
    });
  }
});

test('there was something to compare', () => {
  const { producers, consumers, data_consumers: dataConsumers } = rest.before;
  const streams = (publication) => producers.filter(({ where }) => where.producerId === publication.producer.id);
  assert.equal(streams(all.simulcast).length, 6, 'three streams, in two routers');
  assert.deepEqual(streams(all.silent).map(({ stats }) => stats), [{}]);
  assert.ok(streams(all.video).every(({ stats }) => stats.mimeType !== all.video.producer.rtpParameters.codecs[0].mimeType));
  assert.ok(consumers.some(({ stats }) => stats.packetsLost > 0 && stats.fractionLost > 0 && stats.roundTripTime > 0));
  assert.ok(dataConsumers.every(({ stats }) => stats.messagesSent === all.chat.messages));
});

test('a codec is spelled as mediasoup does, also before the first packet', () => {
  assert.equal(rest.views.producers.find(({ producerId }) => producerId === all.silent.producer.id).mimeType, 'audio/opus');
});

test('/workers, /usage and /endpoint: each worker, its routers, its process', () => {
  const { workers, usage, endpoint: [endpoint] } = rest.views;
  const routersOf = (slot) => all.books.routers.filter(({ worker }) => worker === slot).map(({ id }) => id).sort();
  const bySlot = (a, b) => a.worker - b.worker;
  assert.deepEqual(workers.sort(bySlot).map(({ worker, pid, routerIds }) => [worker, pid, [...routerIds].sort()]),
    all.books.workers.map(({ id, object }) => [id, object.pid, routersOf(id)]));
  assert.deepEqual(usage.map(({ pid, ppid, type }) => [type, pid, ppid]).sort(), [['parent', process.pid, process.ppid],
    ...all.books.workers.map(({ object }) => ['worker', object.pid, process.pid])].sort());
  const { books } = all;
  assert.deepEqual([endpoint.workers, endpoint.workersActive, endpoint.workersIdle, endpoint.routers, endpoint.transports, endpoint.producers,
    endpoint.consumers, endpoint.dataProducers, endpoint.dataConsumers],
  [3, 2, 1, books.routers.length, books.transports.length, books.producers.length, books.consumers.length, books.data_producers.length,
    books.data_consumers.length]);
});

test('collectd has nothing to complain of', () => assert.deepEqual(all.stack.complaints(), []));
