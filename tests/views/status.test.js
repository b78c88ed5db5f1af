// SPDX-License-Identifier: MIT
'use strict';

// GET /status of a real collectd: how each endpoint is, why, and what an operator should do. The application is a fake,
// since a real one cannot be made to speak a protocol that it does not know.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { after, before, describe, test } = require('node:test');
const { Collectd } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, text } = require('./client.js');

const COLLECTOR = path.resolve(__dirname, '../../src/endpoint/lib/collector.js');
const id = (what) => uuid('status', what);
const rowsOf = (appData) => [row.worker(0), row.router(id('r'), 0, { appData }), row.transport(id('t'), id('r')), row.producer(id('p'), id('t'))];
const well = () => answer(() => snapshot(rowsOf({ roomId: 'red' })));
const saying = (endpoint, appData = { roomId: 'red' }) => answer(() => snapshot(rowsOf(appData), { endpoint }));

const stateIs = (state) => ({ endpoints: [one] }) => one?.state === state;
const only = (list) => {
  assert.equal(list.length, 1, JSON.stringify(list));
  return list[0];
};

describe('the status of one endpoint', () => {
  let rig;
  before(async () => { rig = await ViewsRig.start(well()); });
  after(() => rig?.close());

  // The status once the endpoint is as `condition` wants it.
  const when = (condition) => rig.when('/status', condition);

  test('all is well', async () => {
    const begun = Date.now();
    const { status, problems, endpoints } = await when(({ endpoints: [one] }) => one?.roomNames);
    assert.deepEqual([status, problems], ['ok', []]);
    const one = only(endpoints);
    assert.deepEqual([one.endpoint, one.host, one.state, one.roomNames, one.roomRemedy, one.failure, one.remedy],
      ['views', 'testhost', 'up', 'roomId', undefined, undefined, undefined]);
    assert.deepEqual(one.appDataKeys, { routers: ['roomId'] });
    assert.deepEqual([one.mediasoup, one.lane, one.restarts, one.objectsSkipped, one.unanswered], ['3.19.22', 'public', 0, 0, 0]);
    assert.ok(one.age >= 0 && one.age < 5, `age ${one.age}`);
    assert.ok(Math.abs(one.lastReading - begun) < 10000 && Math.abs(one.since - begun) < 30000, JSON.stringify(one));
    assert.equal(one.lastReading, one.timestamp);
  });

  test('the application ends: down, why, since when, and what to do', async () => {
    await rig.endpoint.vanish();
    const gone = Date.now();
    const { status, problems, endpoints } = await when(stateIs('down'));
    const one = only(endpoints), problem = only(problems);
    assert.equal(status, 'trouble');
    assert.match(one.failure, /^cannot connect to .*\.sock: No such file or directory$/);
    assert.match(one.remedy, /^start the mediasoup application/);
    assert.deepEqual(problem, { kind: 'down', level: 'bad', endpoint: 'views', host: 'testhost',
      text: `Endpoint "views" on testhost is down: ${one.failure}`, remedy: one.remedy });
    assert.ok(one.since >= gone - 1000 && one.since <= Date.now(), 'since when it is down');
    assert.ok(one.lastReading <= one.since && one.lastReading > gone - 10000, 'when it was last read');
    assert.ok(one.age < 5, 'the value list itself is new');
    assert.equal(one.mediasoup, '3.19.22', 'which it was');
    for (const key of ['pid', 'objectsSkipped', 'unanswered', 'appDataKeys', 'roomNames']) assert.equal(one[key], undefined, key);
  });

  test('the value list of an endpoint that is down has no figure of before', async () => {
    const [one] = await rig.json('/endpoint');
    const { up, restarts, workerDeaths, timestamp, age, since, lastReading, ...rest } = one;
    assert.equal(up, 0);
    const counters = /^(webRtcTransports\w+)$/; // they only grow, and stay as they were
    const figures = Object.entries(rest).filter(([key, value]) => typeof value === 'number' && !counters.test(key));
    assert.deepEqual(figures, []);
  });

  test('it comes back', async () => {
    await rig.endpoint.appear();
    const back = Date.now();
    const { status, endpoints } = await when(stateIs('up'));
    assert.equal(status, 'ok');
    assert.deepEqual([endpoints[0].failure, endpoints[0].remedy], [undefined, undefined]);
    assert.ok(endpoints[0].since >= back - 1000, 'since it is back');
  });

  test('another protocol (fake)', async () => {
    rig.endpoint.behave(saying({ protocol: 2 }));
    const { problems } = await when(stateIs('down'));
    assert.match(only(problems).text, /the endpoint speaks version 2/);
    assert.match(only(problems).remedy, /^install the same version of collectd-mediasoup in the application and in collectd/);
  });

  test('another failure takes the place of the one before', async () => {
    rig.endpoint.behave(answer('nobody', { status: '500 Internal Server Error' }));
    const { problems } = await when(({ problems: [one] }) => /500/.test(one?.text));
    assert.match(only(problems).remedy, /look in the application's log/);
  });

  test('no appData names a room', async () => {
    rig.endpoint.behave(saying({}, {}));
    const { status, problems, endpoints } = await when(({ endpoints: [one] }) => one?.roomNames === 'router');
    assert.equal(status, 'ok', 'a hint is no trouble');
    assert.deepEqual([only(problems).kind, only(problems).level], ['rooms', 'hint']);
    assert.equal(only(problems).remedy, "set the key in the application: router.appData.roomId = 'the name of the room'");
    assert.equal(endpoints[0].appDataKeys, undefined);
  });

  test('keys that name something else', async () => {
    rig.endpoint.behave(saying({}, { meetingId: 7, owner: 'ann' }));
    const { problems } = await when(({ endpoints: [one] }) => one?.appDataKeys);
    assert.match(only(problems).remedy, /^add RoomKeys "roomId" "KEY" to <Endpoint "views"> .*: meetingId, owner$/);
  });

  test('the lane public, though raw was asked for', async () => {
    rig.endpoint.behave(saying({ lane: 'public', laneReason: 'the raw lane is off: no hook' }));
    const { status, problems } = await when(({ problems: [one] }) => one?.kind === 'lane');
    assert.equal(status, 'trouble');
    assert.match(only(problems).text, /lane public, though raw was asked for: the raw lane is off: no hook$/);
  });

  test('the lane public by choice, in the words of the endpoint', async () => {
    const [, words] = /laneReason: this\.raw === undefined \? '([^']+)'/.exec(fs.readFileSync(COLLECTOR, 'utf8'));
    rig.endpoint.behave(saying({ lane: 'public', laneReason: words }));
    const { problems } = await when(({ endpoints: [one] }) => one?.laneReason === words);
    assert.deepEqual(problems, []);
  });

  test('it costs little: an answer that is known is not sent again', async () => {
    const first = await rig.ask('/status');
    assert.equal(first.headers['content-type'], 'application/json');
    const same = await rig.ask('/status', { headers: { 'If-None-Match': first.headers.etag } });
    assert.ok(same.status === 304 || same.headers.etag !== first.headers.etag);
    assert.equal((await rig.ask('/status', { method: 'HEAD' })).status, 200);
    const refused = await rig.ask('/status', { method: 'POST' });
    assert.deepEqual([refused.status, refused.headers.allow], [405, 'GET, HEAD']);
    assert.ok(text(first).startsWith('{"status":"ok","problems":'), 'the verdict comes first');
  });
});

test('a socket that collectd may not open', async () => {
  const rig = new ViewsRig();
  try {
    fs.chmodSync(rig.folder, 0o755);
    const fake = await rig.fake('views', well());
    fs.chmodSync(fake.path, 0o600);
    rig.target = { port: await freePort() };
    const asNobody = process.getuid() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    if (!asNobody.length) fs.chmodSync(fake.path, 0);
    rig.daemon = await Collectd.start({ views: { Port: rig.target.port }, runAs: asNobody,
      endpoints: [{ name: 'locked', Socket: fake.path, Interval: 0.25 }] });
    const { problems } = await rig.when('/status', stateIs('down'));
    assert.match(only(problems).text, /^Endpoint "locked" on testhost is down: .*: Permission denied$/);
    assert.match(only(problems).remedy, /let collectd's user read and write its socket/);
  } finally {
    await rig.close();
  }
});

test('nothing has come: the plugin is not loaded', async () => {
  const rig = new ViewsRig();
  try {
    rig.target = { port: await freePort() };
    await rig.collectd({ views: { Port: rig.target.port }, mediasoup: false });
    const { status, problems, endpoints } = await rig.json('/status');
    assert.deepEqual([status, only(problems).kind, endpoints], ['trouble', 'nothing', []]);
    assert.match(only(problems).remedy, /load the plugin mediasoup, .*mediasoup-writers\.conf/);
  } finally {
    await rig.close();
  }
});

// Another host whose collectd ends.
test('an endpoint that falls silent is said to be stale, by its host', async () => {
  const there = await ViewsRig.start(well(), { extra: '<Plugin write_mediasoup>\n<Receive>\nToken "secret"\n</Receive>\n</Plugin>' });
  const list = { values: [], dstypes: [], dsnames: [], time: Date.now() / 1000, interval: 0.5, host: 'far', plugin: 'mediasoup',
    plugin_instance: 'sfu', type: 'endpoint', type_instance: '', meta: { mediasoup: '3.13.5' } };
  try {
    const names = execFileSync('sed', ['-n', 's/^endpoint[ \t]*//p', path.resolve(__dirname, '../../collectd.conf.d/mediasoup.types.db')], { encoding: 'utf8' });
    for (const one of names.split(',')) {
      const [name, type] = one.trim().split(':');
      list.dsnames.push(name);
      list.dstypes.push(type.toLowerCase());
      list.values.push(name === 'up' ? 1 : 0);
    }
    const posted = await there.post('/', JSON.stringify([list]), { Authorization: 'Bearer secret' });
    assert.equal(posted.status, 200, text(posted));
    const far = ({ endpoints }) => endpoints.find(({ host }) => host === 'far');
    assert.equal(far(await there.when('/status', far)).state, 'up');
    const { problems, endpoints } = await there.when('/status', (status) => far(status).state === 'stale');
    assert.match(only(problems).text, /^Endpoint "sfu" on far is stale: no value list has come for more than 1 s$/);
    assert.match(only(problems).remedy, /its write_http reaches this one/);
    assert.deepEqual(endpoints.map(({ host, state }) => [host, state]), [['far', 'stale'], ['testhost', 'up']]);
    assert.deepEqual((await there.json('/endpoint')).map(({ host }) => host), ['testhost'], 'the view has current rows only');
  } finally {
    await there.close();
  }
});
