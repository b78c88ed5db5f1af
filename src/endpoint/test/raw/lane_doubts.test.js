// SPDX-License-Identifier: MIT
'use strict';

// When the raw lane cannot be trusted, the endpoint warns once and uses the public API, and mediasoup has back
// what is its own.

const assert = require('assert');
const fs = require('fs');
const { test } = require('node:test');
const { eventually, withApplication } = require('../helpers/application');
const { knownVersions, otherVersions, trusted, warnings, withRaw } = require('../helpers/raw');
const { certificate } = require('../helpers/certificate');
const { request, snapshot } = require('../helpers/snapshot');

const whole = async (app) => {
  const { end, rows } = await snapshot(app.socket);
  assert.deepStrictEqual([end.counts.consumers, end.unanswered], [6, 0]);
  assert.ok(rows.every(({ error }) => error === undefined));
};

async function assertOff(app) {
  await eventually(async () => {
    assert.strictEqual((await snapshot(app.socket)).endpoint.lane, 'public');
    assert.deepStrictEqual(warnings(app), ['[WARN_RAW_LANE]'], app.stderr);
  });
  await whole(app);
  assert.deepStrictEqual(await app.call('changed'), [0, 0]);
  assert.deepStrictEqual(warnings(app), ['[WARN_RAW_LANE]'], 'one warning');
}

for (const version of otherVersions()) {
  test(`mediasoup ${version.version}: the raw lane declines with one warning`, async () => {
    await withRaw(version, {}, async (app) => {
      await app.call('room');
      for (let i = 0; i < 3; i += 1) {
        const { endpoint, end } = await snapshot(app.socket);
        assert.deepStrictEqual([endpoint.lane, end.counts.consumers], ['public', 6]);
      }
      assert.deepStrictEqual(warnings(app), ['[WARN_RAW_LANE]']);
      assert.ok(app.stderr.includes(version.version), app.stderr);
    });
  });
}

for (const version of knownVersions()) {
  const name = `mediasoup ${version.version}`;

  for (const kind of ['wrongAnswer', 'unknownField']) {
    test(`${name}: a doubt at the first answers (${kind}) leads to the public API and one warning`, async () => {
      await withRaw(version, {}, async (app) => {
        await app.call('room');
        await app.call('doubt', kind);
        await whole(app);
        await assertOff(app);
        assert.match(app.stderr, /is not that of getStats/);
      });
    });
  }

  for (const [kind, text] of [
    ['unexpectedFrame', /an answer that nobody waits for/],
    ['anotherType', /an answer is of another type/],
  ]) {
    test(`${name}: a doubt later (${kind}) leads to the public API and one warning`, async () => {
      await withRaw(version, {}, async (app) => {
        await app.call('room');
        await trusted(app);
        await Promise.all([whole(app), app.call('doubt', kind)]);
        await assertOff(app);
        assert.match(app.stderr, text);
      });
    });
  }

  test(`${name}: when the thread dies, running snapshots end without their end rows and the main thread serves`, async () => {
    await withRaw(version, { options: { mode: 0o600 } }, async (app) => {
      const { key, cert } = certificate(app.folder);
      const options = { port: 0, lane: 'raw', token: 'kept', tls: { key: String(key), cert: String(cert) } };
      const tcp = { host: '127.0.0.1', port: await app.call('serveAlso', '', options), ca: cert, token: 'kept' };
      assert.strictEqual((await request({ ...tcp, token: undefined }, '/v1/snapshot')).status, 401);
      await app.call('room');
      await trusted(app);
      const reading = Promise.allSettled([whole(app), snapshot(tcp)]);
      await app.call('doubt', 'threadDies');
      for (const { status, reason } of await reading) {
        assert.ok(status === 'fulfilled' || /ECONN|ENOENT|EPIPE|aborted/.test(`${reason.code} ${reason.message}`), reason);
      }
      await assertOff(app);
      assert.match(app.stderr, /its thread failed: it ended/);
      assert.strictEqual((await snapshot(tcp)).end.counts.consumers, 6);
      assert.strictEqual((await request({ ...tcp, token: undefined }, '/v1/snapshot')).status, 401);
      assert.strictEqual(fs.statSync(app.socket).mode & 0o777, 0o600);
      await app.call('closeEndpoint');
      assert.ok(!fs.existsSync(app.socket));
    });
  });

  test(`${name}: a missing class leads to the public API from the beginning and one warning`, async () => {
    await withRaw(version, { env: { SFU_WITHOUT_CLASS: 'request.js' } }, async (app) => {
      await app.call('room');
      await assertOff(app);
    });
  });

  test(`${name}: a worker from before the lane was opened leads to the public API and one warning`, async () => {
    await withApplication(version, { script: 'raw_sfu.js' }, async (app) => {
      await app.call('room');
      const other = await app.call('serveAlso', `${app.socket}2`, { lane: 'raw' });
      await eventually(async () => {
        const { endpoint, end } = await snapshot(other);
        assert.deepStrictEqual([endpoint.lane, end.counts.consumers], ['public', 6]);
        assert.deepStrictEqual(warnings(app), ['[WARN_RAW_LANE]']);
        assert.match(app.stderr, /the channel of worker \d+ was created before serve\(\) opened the lane/);
      });
    });
  });
}
