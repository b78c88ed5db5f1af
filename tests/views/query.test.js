// SPDX-License-Identifier: MIT
'use strict';

// What a view may be asked for: every key it answers with, and an exact error for anything else.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, text } = require('./client.js');

const VIEWS = ['endpoint', 'usage', 'workers', 'routers', 'transports', 'producers', 'consumers', 'data_producers', 'data_consumers'];
const SHOWN_ONLY = ['timestamp', 'age', 'id', 'transportIds', 'rtpObserverIds', 'routerIds'];
const rows = oneOfEach('query').map((r) => (r.row === 'routers' ? { ...r, appData: { roomId: 'a,b/query' } } : r));
const quiet = row.consumer(uuid('query', 'quiet'), uuid('query', 'p'), rows.find((r) => r.row === 'transports').transportId,
  { producerPaused: true, stats: { ssrc: 77, score: 0 } });

describe('parameters', () => {
  let rig;
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot([...rows, quiet])), { endpoint: { Interval: 2 } });
    for (const view of VIEWS) await rig.when(`/${view}`, (list) => list.length > 0);
  });
  after(() => rig?.close());

  for (const view of VIEWS)
    test(`/${view}: each key it answers with can be asked for alone, and filtered by`, async () => {
      const [first] = await rig.when(`/${view}`, ([found]) => found && Object.values(found).length > 3);
      assert.equal('age' in first, true);
      for (const [key, value] of Object.entries(first)) {
        const [only] = await rig.json(`/${view}?fields=${key}`);
        assert.deepEqual(Object.keys(only), [key]);
        if (key === 'appData') assert.deepEqual(only, { appData: first.appData });
        if (typeof value === 'object' || SHOWN_ONLY.includes(key)) continue;
        const found = await rig.ask(`/${view}?${key}=${encodeURIComponent(value)}`);
        assert.equal(found.status, 200, `${key}: ${text(found)}`);
      }
    });

  test('fields that are asked for several times are all shown, each once', async () => {
    const [only] = await rig.json(`/consumers?fields=score&fields=kind,score&fields=${'kind,'.repeat(5000)}score`);
    assert.deepEqual(Object.keys(only).sort(), ['kind', 'score']);
    const refused = await rig.ask('/consumers?limit=1&limit=2');
    assert.deepEqual([refused.status, JSON.parse(text(refused)).error], [400, 'limit is given more than once']);
  });

  test('what the plugin computes is filtered by as well', async () => {
    assert.equal((await rig.json('/endpoint?up=1')).length, 1);
    assert.equal((await rig.json('/endpoint?up=0')).length, 0);
    assert.equal((await rig.json('/workers?responding=1&rtpBytesSent=1')).length, 0);
  });

  test('appData that is inherited is filtered by as well', async () => {
    for (const view of ['transports', 'producers', 'consumers']) {
      assert.equal((await rig.json(`/${view}?appData.roomId=a,b%2Fquery`)).length, view === 'consumers' ? 2 : 1, view);
      assert.equal((await rig.json(`/${view}?appData.roomId=a,c%2Fquery`)).length, 0, view);
    }
  });

  test('a consumer whose producer is paused is not among the worst', async () => {
    assert.notEqual((await rig.json('/consumers?worst=1'))[0].ssrc, 77);
    assert.equal((await rig.json('/consumers?worst=9')).at(-1).ssrc, 77);
  });

  for (const [url, says] of [
    ['/consumers?limit=0', /limit takes a whole number from 1 to 1000000000, not "0"/], ['/consumers?worst=0', /worst takes/], ['/consumers?offset=1x', /offset takes .*1x/],
    ['/workers?worst=3', /worst: \/workers has no score/], ['/consumers?fields=score,rtpBytesSend', /no field "rtpBytesSend"/],
    ['/consumers?fields=', /no field ""/], ['/consumers?fields=score,', /no field ""/], [`/consumers?fields=${'x'.repeat(500)}`, /no field "x{60}"/],
    ['/consumers?routerIds=1', /no parameter "routerIds"/], ['/consumers?fields=routerIds', /\/consumers has no field/],
    [`/consumers?${Array.from({ length: 17 }, () => 'score=1').join('&')}`, /there are more than 16 filters; leave out "score" or another one/]])
    test(`400 ${url.slice(0, 60)}`, async () => {
      const answered = await rig.ask(url);
      assert.equal(answered.status, 400);
      assert.match(JSON.parse(text(answered)).error, says);
    });
});
