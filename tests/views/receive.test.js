// SPDX-License-Identifier: MIT
'use strict';

// Rows of other hosts, as their write_http posts them.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { isDeepStrictEqual } = require('node:util');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, snapshot } = require('../integration/snapshots.js');
const { ViewsRig, forwarding } = require('./client.js');

const TOKEN = 'a secret';
const receiving = (lines) => `<Plugin write_mediasoup>\n<Receive>\n${lines.join('\n')}\n</Receive>\n</Plugin>`;
const basic = (text) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const bearer = (token) => ({ Authorization: `Bearer ${token}` });

const DATA_SOURCES = ['messages_received', 'bytes_received'];
const list = (changes) => ({
  values: [7, 700], dstypes: ['derive', 'derive'], dsnames: DATA_SOURCES, time: Date.now() / 1000, interval: 10, host: 'far',
  plugin: 'mediasoup', plugin_instance: 'roomId=far', type: 'data_producers', type_instance: 'id=d1',
  meta: { dataProducerId: 'd1', label: 'a "label"', 'appData.1': '"far"}', appData: '{"roomId":' }, ...changes,
});

describe('a host that receives', () => {
  let rig;
  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(oneOfEach('near'))), {
      extra: receiving([`Token "${TOKEN}"`, 'User "collector"', 'Password "pass:word"']),
    });
  });
  after(() => rig?.close());

  const post = (body, headers = bearer(TOKEN), url = '/') => rig.post(url, typeof body === 'string' ? body : JSON.stringify(body), headers);
  const far = async () => (await rig.json('/data_producers?host=far')).map(({ dataProducerId }) => dataProducerId);

  test('shows what was posted beside its own rows', async () => {
    assert.equal((await post([list()])).status, 200);
    const [row] = await rig.json('/data_producers?host=far');
    const { timestamp, age, ...rest } = row;
    assert.ok(Math.abs(timestamp - Date.now()) < 60000 && age >= 0);
    assert.deepEqual(rest, { messagesReceived: 7, bytesReceived: 700, dataProducerId: 'd1', label: 'a "label"', appData: { roomId: 'far' }, host: 'far' });
    await rig.when('/data_producers?host=testhost', (rows) => rows.length === 1);
  });

  test('user and password do as well', async () => {
    assert.equal((await post([], basic('collector:pass:word'))).status, 200);
  });

  const STRANGERS = {
    nobody: {}, 'a wrong token': bearer('a secreT'), 'a longer token': bearer(`${TOKEN}${TOKEN}`), 'an empty token': bearer(''),
    'a wrong user': basic('collectoR:pass:word'), 'a wrong password': basic('collector:pass'),
  };
  for (const [who, headers] of Object.entries(STRANGERS)) {
    test(`${who} is turned away`, async () => {
      const reply = await post([list({ type_instance: 'id=x', meta: { dataProducerId: 'x' } })], headers);
      assert.equal(reply.status, 401);
      assert.match(reply.headers['www-authenticate'], /Basic/);
      assert.ok(!(await far()).includes('x'));
    });
  }

  test('the log tells of strangers once, until somebody is let in again', async () => {
    const told = () => rig.daemon.lines(/a POST was refused: the secret is missing or wrong; send the Token, or the User and Password, of <Receive>/).length;
    const before = told();
    assert.ok(before > 0 && before < Object.keys(STRANGERS).length, `${before}`);
    assert.equal((await post([])).status, 200);
    for (let n = 0; n < 3; n += 1) assert.equal((await post([], {})).status, 401);
    assert.equal(told(), before + 1);
  });

  const bad = (changes) => [list({ type_instance: 'id=bad', meta: { dataProducerId: 'bad' } }), list(changes)];
  const FAULTS = {
    'not JSON': ['[', 400, /not JSON/],
    'not an array': ['{}', 400, /array/],
    'nested too deep': ['['.repeat(100000), 400, /the body is nested deeper than 8 levels/],
    'a number in it': ['[1]', 400, /value list 1/],
    'other data sources': [bad({ dsnames: ['messages_received', 'bytes_lost'] }), 400, /value list 2: data_producers: expected bytes_received as data source 2; does the sender run the same plugin version\?/],
    'too few values': [bad({ values: [7] }), 400, /value list 2: data_producers: expected 2 values; does the sender run the same plugin version\?/],
    'a counter without a value': [bad({ values: [7, null] }), 400, /bytes_received/],
    'no host': [bad({ host: '' }), 400, /host/],
    'too large': [' '.repeat(5 * 1024 * 1024), 413, /larger/],
  };
  for (const [what, [body, status, says]] of Object.entries(FAULTS)) {
    test(`${what}: an exact error, and nothing of it is taken`, async () => {
      const reply = await post(body);
      assert.equal(reply.status, status);
      assert.match(JSON.parse(reply.body.toString()).error, says);
      assert.ok(!(await far()).includes('bad'));
    });
  }

  test('what other plugins report is passed over', async () => {
    assert.equal((await post([{ plugin: 'cpu', type: 'cpu', values: [1] }, list({ type: 'unknown' })])).status, 200);
  });

  test('another path takes nothing', async () => {
    assert.equal((await post([list()], bearer(TOKEN), '/consumers')).status, 405);
  });

  test('a second collectd\'s write_http: both hosts, equal field by field', async () => {
    const appData = { roomId: 'ünï', text: '"\\ 😀 '.repeat(1500) };
    const rows = () => oneOfEach('second').map((row) => (row.row === 'routers' ? { ...row, appData } : row));
    const second = await ViewsRig.start(answer(() => snapshot(rows())), {
      endpoint: { Metadata: 'always' },
      extra: `Hostname "second"\n${forwarding({ port: rig.target.port, token: TOKEN })}`,
    });
    try {
      for (const view of ['workers', 'routers', 'transports', 'producers', 'consumers', 'data_producers', 'data_consumers', 'usage']) {
        const steady = ({ age, timestamp, cpuRatio, ...row }) => row;
        const [there] = await second.when(`/${view}`, (found) => found.length === 1);
        // What travels last is not always there first: the same, once it has arrived.
        const [here] = await rig.when(`/${view}?host=second`, ([found]) => found && isDeepStrictEqual(steady(found), steady(there)));
        assert.deepEqual(steady(here), steady(there), view);
      }
      assert.deepEqual((await rig.json('/routers?host=second'))[0].appData, appData);
    } finally {
      await second.close();
    }
  });
});

test('nothing is received unless it is asked for', async () => {
  const rig = await ViewsRig.start(answer(() => snapshot(oneOfEach('off'))));
  try {
    assert.equal((await rig.post('/', '[]', {})).status, 405);
  } finally {
    await rig.close();
  }
});

test('without a secret nothing is received, and the log says so', async () => {
  const rig = await ViewsRig.start(answer(() => snapshot(oneOfEach('open'))), { extra: receiving(['Path "/in"']) });
  try {
    assert.equal((await rig.post('/in', '[]', {})).status, 405);
    assert.equal(rig.daemon.log.filter((line) => /neither Token nor TokenFile nor User and Password/.test(line)).length, 1);
  } finally {
    await rig.close();
  }
});
