// SPDX-License-Identifier: MIT
'use strict';

// collectd-mediasoup as a guest on a host that was there before: Debian's own collectd.conf, which loads rrdtool, more
// writers and chains of the operator's. Nobody says a word because of us, nobody gets what does not fit, and everybody
// gets what was theirs.

const assert = require('node:assert/strict');
const { before, describe, test } = require('node:test');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, row, snapshot } = require('../integration/snapshots.js');
const { freePort } = require('../lib/free_port.js');
const { until } = require('../lib/wait.js');
const { Host } = require('./host.js');

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const OBJECTS = ['routers', 'transports', 'producers', 'consumers', 'data_producers', 'data_consumers'];
const SUMMARIES = ['endpoint', 'usage', 'workers', 'groups', 'group_consumers', 'worst_consumers', 'stream_score_bucket'];

// What an operator may have: values that nobody is to get, some for one writer, and a rule that hands everything to
// the two writers that cannot take ours.
const rules = (chain) => `
LoadPlugin match_regex
<Chain "PreCache">
  <Rule "irq">
    <Match "regex">
      Plugin "^irq$"
    </Match>
    Target "stop"
  </Rule>
</Chain>
<Chain "${chain}">
  <Rule "users">
    <Match "regex">
      Plugin "^users$"
    </Match>
    <Target "write">
      Plugin "csv"
    </Target>
    Target "stop"
  </Rule>
  <Rule "all others">
    <Target "write">
      Plugin "rrdtool" "write_graphite/sink"
    </Target>
    Target "stop"
  </Rule>
  Target "write"
</Chain>
`;

const SITUATIONS = {
  'no chains': { },
  'chains that are read before ours': { operator: '00-operator.conf', chains: rules('PostCache') },
  'chains that are read after ours': { operator: 'zz-operator.conf', chains: rules('PostCache') },
  'a PostCacheChain of another name': { operator: 'zz-operator.conf', chains: `PostCacheChain "mine"\n${rules('mine')}` },
};

const room = () => answer(() => snapshot(oneOfEach('room-1')));

// Starts a host, hands it to `look`, and stops it.
async function on(options, look) {
  const host = await Host.start(options);
  try {
    return await look(host);
  } finally {
    await host.close();
  }
}

// The types of mediasoup's value lists that write_prometheus shows.
const typesIn = (metrics) => [...OBJECTS, ...SUMMARIES].filter((type) => new RegExp(`^collectd_mediasoup_${type}(_[a-z]|\\{)`, 'm').test(metrics));
const of = (plugin) => new RegExp(`(^|[/.])${plugin}([-./]|$)`);

// Until all of the host's writers have had several rounds of values.
async function settled(host) {
  if (host.fake) await host.polls(3);
  await until(() => host.rrd().some((name) => of('memory').test(name)), { what: 'memory in rrdtool' });
  await until(() => host.carbon.lines.some((line) => of('memory').test(line)), { what: 'memory in Graphite' });
  await until(() => host.csv().length > 0, { what: 'files of csv' });
}

// What collectd has to say on such a host without us.
const usual = {};

for (const user of ['root', 'nobody']) {
  describe(`collectd as ${user}`, () => {
    before(async () => {
      usual[user] = await on({ user }, async (host) => {
        await settled(host);
        return new Set(host.complaints());
      });
    });

    for (const [what, situation] of Object.entries(SITUATIONS))
      test(`${what}: nobody complains, and everybody has what is theirs`, () => on({ user, behaviour: room(), ...situation }, async (host) => {
        await settled(host);
        await until(async () => typesIn(await host.metrics()).length === SUMMARIES.length, { what: 'all summaries' });
        silent(host, user);
        strangersHaveTheirs(host, Boolean(situation.chains));
        await oursWhereTheyFit(host);
      }));

    test('without mediasoup-writers.conf all of this goes wrong', () =>
      on({ user, behaviour: room(), without: ['mediasoup-writers.conf'] }, async (host) => {
        await settled(host);
        const complaints = host.complaints().filter((line) => !usual[user].has(line));
        assert.ok(complaints.some((line) => /rrdtool plugin: .*invalid DS format/.test(line)), 'rrdtool complains');
        assert.ok(complaints.some((line) => /write_graphite plugin: .*buffer too small/.test(line)), 'write_graphite complains');
        assert.ok(host.rrd().some((name) => UUID.test(name)), 'rrdtool keeps a file for a UUID');
        assert.ok(host.csv().some((name) => UUID.test(name)), 'csv keeps a file for a UUID');
        assert.ok(host.carbon.lines.some((line) => /mediasoup/.test(line)), 'Graphite has some of ours');
        assert.ok(typesIn(await host.metrics()).includes('consumers'), 'write_prometheus has single objects');
      }));
  });
}

function silent(host, user) {
  assert.deepEqual(host.complaints().filter((line) => !usual[user].has(line) || /mediasoup/.test(line)), []);
  assert.deepEqual(host.daemon.lines(/Available write targets|Dispatching value/), []);
}

// What other plugins read goes where it went without us: once, and where the operator's chains say.
function strangersHaveTheirs(host, chains) {
  const [rrd, csv, graphite] = [host.rrd(), host.csv(), host.carbon.lines];
  for (const plugin of ['load', 'memory', 'swap', 'protocols']) {
    assert.ok(rrd.some((name) => of(plugin).test(name)), `${plugin} in rrdtool`);
    assert.ok(graphite.some((line) => of(plugin).test(line)), `${plugin} in Graphite`);
    assert.equal(csv.some((name) => of(plugin).test(name)), !chains, `${plugin} in csv`);
  }
  assert.ok(csv.some((name) => of('users').test(name)), 'users in csv');
  assert.equal(rrd.some((name) => of('users').test(name)), !chains, 'users in rrdtool');
  assert.equal(rrd.some((name) => of('irq').test(name)), !chains, 'irq in rrdtool');
  assert.deepEqual(graphite.filter((line, at) => graphite.indexOf(line) !== at), [], 'no value twice');
}

async function oursWhereTheyFit(host) {
  assert.deepEqual(host.rrd().filter((name) => /mediasoup/.test(name) || UUID.test(name)), [], 'nothing in rrdtool');
  assert.deepEqual(host.carbon.lines.filter((line) => /mediasoup/.test(line) || UUID.test(line)), [], 'nothing in Graphite');
  const csv = host.csv();
  assert.deepEqual(csv.filter((name) => UUID.test(name)), [], 'no file for a UUID');
  assert.ok(csv.some((name) => /mediasoup-roomId=room-1\/group_consumers-/.test(name)), 'summaries in csv');
  assert.deepEqual(typesIn(await host.metrics()), SUMMARIES, 'summaries in write_prometheus, and nothing else');
  for (const type of OBJECTS) assert.equal((await host.view(`/${type}`)).length, 1, `${type} in the views`);
  const listed = await host.command('LISTVAL');
  assert.ok(listed.some((line) => / testhost\/mediasoup-roomId=room-1\/consumers-.*id=/.test(line)), 'consumers in collectd\'s cache');
  assert.ok((await host.command('GETVAL "testhost/mediasoup-mediasoup/endpoint"')).some((line) => /^up=1\.0/.test(line)), 'the endpoint in collectd\'s cache');
}

describe('the chain', () => {
  test('what is gone leaves write_prometheus', async () => {
    let workers = 2;
    const behaviour = answer(() => snapshot(Array.from({ length: workers }, (_, slot) => row.worker(slot))));
    await on({ user: 'root', behaviour }, async (host) => {
      const seen = async () => (await host.metrics()).includes('type="worker=1"');
      await until(seen, { what: 'the second worker' });
      workers = 1;
      await until(async () => !await seen(), { what: 'the end of the second worker', timeout: 20000 });
      assert.ok((await host.metrics()).includes('type="worker=0"'));
    });
  });

  test('rows of single objects are in Prometheus with one more word', () => on({ user: 'root', behaviour: room(),
    edit: { 'mediasoup-writers.conf': [['ObjectWriters "write_mediasoup"', 'ObjectWriters "write_prometheus" "write_mediasoup"']] } }, async (host) => {
    await until(async () => typesIn(await host.metrics()).length === OBJECTS.length + SUMMARIES.length, { what: 'all types' });
  }));

  // Without ObjectWriters a target gives all that reaches it to its Writers, and a rule may say what that is.
  test('rules with a match and a target each', () => on({ user: 'root', behaviour: room(),
    edit: { 'mediasoup-writers.conf': [['ObjectWriters "write_mediasoup" "network" "write_http/views" "threshold"', ''], ['<Rule "mediasoup">', `<Rule "mediasoup: single objects">
    <Match "regex">
      Plugin "^mediasoup$"
      Type "^(${OBJECTS.join('|')})$"
    </Match>
    <Target "mediasoup">
      Writers "write_mediasoup"
    </Target>
  </Rule>
  <Rule "mediasoup">`], ['LoadPlugin target_mediasoup', 'LoadPlugin target_mediasoup\nLoadPlugin match_regex']] } }, async (host) => {
    await settled(host);
    silent(host, 'root');
    await oursWhereTheyFit(host);
  }));

  test('collectd\'s own thresholds watch the values', () => on({ user: 'root', behaviour: room(), text: `
LoadPlugin threshold
<Plugin threshold>
  <Plugin "mediasoup">
    <Type "consumers">
      DataSource "score"
      FailureMin 11
    </Type>
  </Plugin>
</Plugin>
` }, async (host) => {
    const line = await host.daemon.waitForLog(/Notification: severity = FAILURE/);
    assert.match(line, /plugin = mediasoup, plugin_instance = roomId=room-1, type = consumers/);
  }));

  test('where none of its writers is loaded it says so once', () => on({ user: 'root', behaviour: room(),
    without: ['prometheus.conf', 'write_mediasoup.conf'], text: '' }, async (host) => {
    await host.polls(3);
    const notices = host.daemon.lines(/target_mediasoup: no writer stores .* none of those that (Object)?Writers names is loaded.*add yours to (Object)?Writers/);
    assert.deepEqual(notices.map((line) => /add yours to (\w+)/.exec(line)[1]).sort(), ['ObjectWriters', 'Writers']);
    assert.deepEqual(host.daemon.lines(/mediasoup/, /\[(error|warning)\]/), []);
    assert.deepEqual(host.daemon.lines(/Available write targets|Dispatching value/), []);
    assert.deepEqual(host.rrd().filter((name) => /mediasoup/.test(name)), []);
  }));

  test('a PreCacheChain of another name is warned about, with the remedy', async () => {
    const options = { user: 'root', behaviour: room(), chains: 'PreCacheChain "mine"' };
    await on(options, async (host) =>
      assert.equal(host.daemon.lines(/^\[warning\] target_mediasoup: PreCacheChain is "mine".*write <Chain "mine"> in mediasoup-writers\.conf/).length, 1));
    await on({ ...options, edit: { 'mediasoup-writers.conf': [['<Chain "PreCache">', '<Chain "mine">']] } }, async (host) => {
      await settled(host);
      silent(host, 'root');
      await oursWhereTheyFit(host);
    });
  });

  test('a mistake in the target costs the option it is in', () => on({ user: 'root', behaviour: room(),
    edit: { 'mediasoup-writers.conf': [['      Writers "write_prometheus"', '      Writer "csv"\n      Writers 1 "write_prometheus"']] } }, async (host) => {
    await settled(host);
    assert.equal(host.daemon.lines(/^\[error\] target_mediasoup: unknown option Writer in/).length, 1);
    assert.equal(host.daemon.lines(/^\[error\] target_mediasoup: Writers takes names in quotes.*value 1 is left out/).length, 1);
    await oursWhereTheyFit(host);
  }));
});

test('a collectd that receives ours by the network plugin is a host like any other', async () => {
  const port = await freePort();
  const types = require.resolve('../../collectd.conf.d/mediasoup.types.db');
  const receiving = `LoadPlugin network\n<Plugin network>\nListen "127.0.0.1" "${port}"\n</Plugin>
TypesDB "/usr/share/collectd/types.db" "${types}"
`;
  await on({ user: 'root', behaviour: room(), without: ['mediasoup.conf'], text: receiving, hostname: 'receiver' }, (receiver) =>
    on({ user: 'root', behaviour: room(), network: port }, async () => {
      await until(async () => (await receiver.view('/consumers')).length === 1, { what: 'the sender\'s consumer' });
      await until(async () => typesIn(await receiver.metrics()).includes('group_consumers'), { what: 'the sender\'s summaries' });
      assert.equal(typesIn(await receiver.metrics()).includes('consumers'), false);
      assert.deepEqual(receiver.rrd().filter((name) => /mediasoup/.test(name)), []);
      silent(receiver, 'root');
    }));
});
