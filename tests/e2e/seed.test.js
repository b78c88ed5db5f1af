// SPDX-License-Identifier: MIT
'use strict';

// mediasoup-exporter beside our views, in one application: whatever it shows, ours shows as well, with equal values. What it
// leaves out or gets wrong is asserted too.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { loadMediasoup } = require('../sfu/sfu.js');
const { Everything } = require('./everything.js');
const { Seed } = require('./seed.js');

const VIEWS = ['workers', 'routers', 'producers', 'consumers'];
// From 3.13 on a router's dump has arrays for its maps, and the exporter takes their indices for ids.
const UNDERSTOOD = Number(loadMediasoup(process.env.MEDIASOUP_DIR).version.split('.')[1]) < 13;

// What ours says otherwise, or not at all. All are new since 3.7, but for the first.
const APART = {
  timestamp: 'since the machine began; ours is epoch milliseconds',
  channelMessageHandlers: 'every id that the worker knows, for mediasoup\'s developers',
  webRtcServerIds: 'ours says how many: webRtcServers',
  liburing: 'how the worker reaches the network, for mediasoup\'s developers',
};

let all;
let seed;
let rest;
let usage;

async function askSeed() {
  const answers = {};
  for (const view of VIEWS) answers[view] = await seed.ask(view);
  return answers;
}

const isPiped = ({ consumerId }) => all.isPiped(all.books.consumers.find(({ id }) => id === consumerId).transportId);
const isSteady = (row, field) => field !== 'timestamp' && (field !== 'roundTripTime' || !isPiped(row));
const steady = (row) => Object.fromEntries(Object.entries(row).filter(([field]) => isSteady(row, field)));
const resting = ({ consumers }) => consumers.rows.map(steady);
const ids = (view) => all.books[view].map(({ id }) => id);
const sorted = (list) => [...list].sort();
const unique = (list) => sorted(new Set(list));

// Ids come in any order, and maps as objects or as lists of keys with their values.
function comparable(field, value) {
  if (!field.startsWith('map')) return field.endsWith('Ids') ? sorted(value) : value;
  const entries = Array.isArray(value) ? value.map((entry) => [entry.key, entry.values ?? entry.value]) : Object.entries(value);
  return Object.fromEntries(entries.map(([key, inner]) => [key, Array.isArray(inner) ? sorted(inner) : inner]));
}

before(async () => {
  all = await Everything.start({ before: async () => { seed = await Seed.start(process.env.MEDIASOUP_DIR); } });
  const earlier = await all.atRest(async () => undefined);
  usage = { ours: earlier.views.usage, seed: await seed.ask('usage') };
  rest = await all.atRest(askSeed, resting);
});
after(async () => {
  await all?.stop();
  await seed?.stop();
});

// That `ours` has every field of `theirs`, with an equal value.
function assertShows(ours, theirs, what) {
  for (const [field, value] of Object.entries(theirs)) {
    if (!(field in APART)) assert.deepEqual(comparable(field, ours[field]), comparable(field, value), `${field} of ${what}`);
  }
}

describe('what the exporter shows', () => {
  test('/workers: each, with its routers', () => {
    assert.deepEqual(sorted(rest.before.workers.rows.map(({ pid }) => pid)), sorted(all.books.workers.map(({ object }) => object.pid)));
    for (const worker of rest.before.workers.rows) {
      assertShows(rest.views.workers.find(({ pid }) => pid === worker.pid), worker, worker.pid);
    }
  });

  test('/routers: each, with its maps', () => {
    assert.deepEqual(sorted(rest.before.routers.rows.map(({ id }) => id)), sorted(ids('routers')));
    for (const router of rest.before.routers.rows) {
      assertShows(rest.views.routers.find(({ id }) => id === router.id), router, router.id);
    }
  });

  test('/usage: each process', () => {
    const of = (rows, { pid }) => rows.find((row) => row.pid === pid);
    assert.equal(usage.seed.rows.length, usage.ours.length);
    for (const theirs of usage.seed.rows) {
      const [earlier, later] = [of(usage.ours, theirs), of(rest.views.usage, theirs)];
      for (const field of ['pid', 'ppid', 'type']) assert.equal(later[field], theirs[field], field);
      // Read between two of ours.
      for (const field of ['ctime', 'elapsed', 'timestamp']) {
        assert.ok(earlier[field] <= theirs[field] && theirs[field] <= later[field], `${field}: ${earlier[field]}, ${theirs[field]}, ${later[field]}`);
      }
      // Of another moment, and the share of CPU of another span: of the same kind.
      assert.ok(later.memory > theirs.memory / 2 && later.memory < theirs.memory * 2, `memory: ${theirs.memory}, ${later.memory}`);
      assert.ok([theirs, earlier, later].every(({ cpu }) => cpu >= 0 && cpu < 1000), 'cpu');
    }
  });

  test('nothing else', async () => {
    for (const view of ['transports', 'data_producers', 'data_consumers', 'endpoint']) assert.equal((await seed.ask(view)).status, 404, view);
  });
});

describe('/producers', () => {
  test('the exporter shows none: it looks into a variable that it never declared, or under no id', () => {
    const { rows, complaints } = rest.before.producers;
    assert.deepEqual(rows, []);
    assert.ok(complaints.length > 0);
    for (const complaint of complaints) {
      assert.match(complaint, UNDERSTOOD ? /consumer is not defined/ : /undefined \(reading 'getStats'\)/);
    }
  });

  test('ours shows each stream of each, where it is', () => {
    const { producers } = rest.views;
    assert.deepEqual(unique(producers.map(({ producerId, transportId }) => `${producerId} ${transportId}`)),
      unique(all.books.producers.map(({ id, transportId }) => `${id} ${transportId}`)));
    const streams = producers.filter(({ producerId }) => producerId === all.simulcast.producer.id);
    assert.equal(streams.length, 6, 'three streams, here and where it was piped to');
    for (const { ssrc } of all.simulcast.streams) {
      const { packets, bytes } = all.simulcast.counts(ssrc);
      const [here] = streams.filter((row) => row.ssrc === ssrc);
      assert.deepEqual([here.packetCount, here.byteCount], [packets, bytes]);
    }
  });
});

describe('/consumers', () => {
  const streamsOf = (id) => rest.views.consumers.filter(({ consumerId }) => consumerId === id);
  test('ours shows each stream of each', () => {
    assert.deepEqual(unique(rest.views.consumers.map(({ consumerId }) => consumerId)), sorted(ids('consumers')));
    for (const { id, object } of all.books.consumers) assert.equal(streamsOf(id).length, object.rtpParameters.encodings.length, id);
  });

  if (UNDERSTOOD) {
    test('the exporter shows each, and ours whatever it shows', () => {
      const { rows, complaints } = rest.before.consumers;
      assert.deepEqual(complaints, []);
      assert.deepEqual(sorted(rows.map(({ consumerId }) => consumerId)), sorted(ids('consumers')));
      for (const row of rows) assertShows(streamsOf(row.consumerId).find(({ ssrc }) => ssrc === row.ssrc), steady(row), row.consumerId);
    });

    test('of a pipe consumer, which has a stream for each layer, the exporter shows the first', () => {
      const piped = all.books.consumers.filter(({ object }) => object.rtpParameters.encodings.length > 1);
      assert.equal(piped.length, 1);
      const [{ id }] = piped;
      assert.equal(rest.before.consumers.rows.filter(({ consumerId }) => consumerId === id).length, 1);
      assert.equal(streamsOf(id).length, 3);
    });
  } else {
    test('the exporter shows none', () => {
      const { rows, complaints } = rest.before.consumers;
      assert.deepEqual(rows, []);
      for (const complaint of complaints) assert.match(complaint, /undefined \(reading 'getStats'\)/);
      assert.ok(complaints.length > 0);
    });
  }
});
