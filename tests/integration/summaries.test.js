// SPDX-License-Identifier: MIT
'use strict';

// Groups, distributions and the worst streams as collectd gives them to its writers; mistakes in <Group> blocks; and
// the shipped filter chain, which keeps the rows of single objects away from write_prometheus.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { freePort } = require('../lib/free_port.js');
const { shippedWriters } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');
const { request } = require('../views/client.js');
const { answer } = require('./fake_endpoint.js');
const { Rig } = require('./rig.js');
const { row, snapshot, uuid } = require('./snapshots.js');

const id = (what) => uuid('summaries', what);

// `rooms` with a producer and `size` consumers each, whose counters are at `count`.
function rowsOf(rooms, size, count) {
  const rows = [row.worker(0)];
  for (const room of rooms) {
    rows.push(row.router(id(room), 0, { appData: { roomId: room } }));
    rows.push(row.transport(id(`${room} t`), id(room)));
    rows.push(row.producer(id(`${room} p`), id(`${room} t`), { stats: { byteCount: count } }));
    for (let n = 0; n < size; n++)
      rows.push(row.consumer(id(`${room} ${n}`), id(`${room} p`), id(`${room} t`),
        { stats: { byteCount: count, score: n % 11, roundTripTime: 10 * (n + 1) } }));
  }
  return rows.sort((a, b) => rank(a) - rank(b));
}
const rank = ({ row: name }) => ['workers', 'routers', 'transports', 'producers', 'consumers'].indexOf(name);

const GROUPS = '<Group "room">\nBy "roomId"\nMaxGroups 2\n</Group>\n<Group "all">\n</Group>';

describe('summaries', () => {
  let rig;
  let count = 1000;
  let rooms = ['red', 'blue'];
  before(async () => {
    rig = await Rig.open();
    const fake = await rig.fake('sfu', answer(() => snapshot(rowsOf(rooms, 3, count))));
    await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: 0.25, MaxObjects: 0, Worst: 2, lines: ['Distributions true', GROUPS] }] });
    await rig.polls('sfu', 2);
  });
  after(() => rig?.close());

  const last = (type, type_instance, plugin_instance = 'sfu') => rig.sink.last({ type, type_instance, plugin_instance });
  const room = (name) => last('group_consumers', 'group=room,endpoint=sfu', `roomId=${name}`);

  test('a group counts what its members grow by', async () => {
    const before = room('red').value.bytes;
    count += 500;
    await until(() => room('red').value.bytes > before, { what: 'growth' });
    assert.equal(room('red').value.bytes - before, 1500);
    assert.equal(room('red').value.streams, 3);
    assert.equal(room('red').dstype.bytes, 'derive');
  });

  test('all together, though no object has a row of its own', async () => {
    assert.equal(last('group_consumers', 'group=all').value.streams, 6);
    assert.equal(last('group_producers', 'group=all').value.streams, 2);
    assert.deepEqual(rig.sink.identities({ type: 'consumers' }), []);
  });

  test('a room over MaxGroups is in __other__', async () => {
    rooms = ['red', 'blue', 'green'];
    await until(() => room('__other__'), { what: 'another group' });
    assert.equal(room('__other__').value.streams, 3);
    await until(() => last('groups', 'group=room').value.groups_other === 1, { what: 'the count of them' });
    assert.equal(last('groups', 'group=room').value.groups_max, 2);
    assert.equal(room('green'), undefined);
  });

  test('distributions are cumulative', () => {
    const bucket = (le) => last('stream_score_bucket', `of=consumers,kind=video,le=${le}`).value.value;
    const [low, high, all] = [bucket('0'), bucket('1'), bucket('+Inf')];
    assert.ok(low > 0 && high > low && all > high);
    assert.equal(all, last('stream_score', 'of=consumers,kind=video').value.count);
  });

  test('the worst have the metadata of their streams', () => {
    const [worst, next] = ['rank=1', 'rank=2'].map((rank_) => last('worst_consumers', rank_));
    assert.deepEqual([worst.value.score, next.value.score], [0, 0]);
    assert.match(worst.meta.consumerId, /^[0-9a-f-]{36}$/);
    assert.notEqual(worst.meta.consumerId, next.meta.consumerId);
    assert.ok('routerId' in worst.meta);
    assert.equal(last('worst_consumers', 'rank=3'), undefined);
  });
});

const MISTAKES = {
  'no name': ['<Group>\n</Group>', /Group.*one name/],
  'two names': ['<Group "a" "b">\n</Group>', /Group "a" "b".*one name/],
  'the name of another': ['<Group "good">\nBy "x"\n</Group>', /Group "good".*another <Group> of this endpoint has the name; choose another name/],
  'a key that is no text': ['<Group "key">\nBy 7\n</Group>', /<Group "key">: By 7/],
  'a key twice': ['<Group "twice">\nBy "roomId" "roomId"\n</Group>', /<Group "twice">: By .*the key "roomId" is given twice/],
  'too many keys': ['<Group "keys">\nBy "1" "2" "3" "4" "5" "6" "7" "8" "9"\n</Group>', /<Group "keys">: By .*up to 8 keys/],
  'what cannot be grouped': ['<Group "of">\nOf "consumers" "routers"\n</Group>', /<Group "of">: Of "consumers" "routers".*producers/],
  'a fraction of groups': ['<Group "half">\nMaxGroups 0.5\n</Group>', /<Group "half">: MaxGroups 0.5/],
  'an unknown option': ['<Group "odd">\nColour "blue"\n</Group>', /<Group "odd">: Colour "blue".*By, Of, MaxGroups/],
};

test('a mistake in a group disables the group, not its endpoint', async () => {
  const rig = await Rig.open();
  try {
    const fake = await rig.fake('sfu', answer(() => snapshot(rowsOf(['red'], 1, 1))));
    const groups = ['<Group "good">\nBy "roomId"\n</Group>', ...Object.values(MISTAKES).map(([text]) => text)];
    const daemon = await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: 0.25, lines: groups }] });
    await rig.polls('sfu', 2);
    for (const [what, [, says]] of Object.entries(MISTAKES)) {
      const lines = daemon.lines(/^\[error\]/, /<Endpoint "sfu">/, says);
      assert.equal(lines.length, 1, `${what}: ${says} in one of\n${daemon.lines(/Group/).join('\n')}`);
      assert.match(lines[0], what === 'an unknown option' ? /; this option is ignored$/ : /; this group is disabled$/);
    }
    assert.deepEqual(rig.sink.identities({ type: 'groups' }), ['sfu/groups-group=good', 'sfu/groups-group=odd']);
  } finally {
    await rig.close();
  }
});

test('no more than eight groups', async () => {
  const rig = await Rig.open();
  try {
    const fake = await rig.fake('sfu', answer(() => snapshot(rowsOf(['red'], 1, 1))));
    const groups = Array.from({ length: 9 }, (_, n) => `<Group "g${n}">\n</Group>`);
    const daemon = await rig.collectd({ endpoints: [{ name: 'sfu', Socket: fake.path, Interval: 0.25, lines: groups }] });
    await rig.polls('sfu', 1);
    assert.equal(daemon.lines(/Group "g8".*up to 8 <Group> blocks/).length, 1);
    assert.equal(rig.sink.identities({ type: 'groups' }).length, 8);
  } finally {
    await rig.close();
  }
});

test('mediasoup-writers.conf: single objects are in the views only, the rest is everywhere', async () => {
  const rig = await Rig.open();
  try {
    const [prometheusPort, viewsPort] = [await freePort(), await freePort()];
    const fake = await rig.fake('sfu', answer(() => snapshot(rowsOf(['red'], 3, 1))));
    await rig.collectd({ prometheusPort, views: { Port: viewsPort }, extra: shippedWriters([['"write_http/views"', '"write_http/sink"']]),
      endpoints: [{ name: 'sfu', Socket: fake.path, Interval: 0.25, Worst: 1, lines: ['Distributions true', GROUPS] }] });
    await rig.polls('sfu', 3);
    const metrics = (await request({ port: prometheusPort }, '/metrics')).body.toString();
    const types = [...new Set([...metrics.matchAll(/^# TYPE collectd_mediasoup_(\w+)/gm)].map(([, name]) => name))];
    for (const type of ['endpoint_up', 'workers_responding', 'group_consumers_bytes_total', 'stream_score_bucket_total', 'worst_consumers_score'])
      assert.ok(types.includes(type), `${type} in ${types}`);
    assert.deepEqual(types.filter((type) => /^(routers|transports|producers|consumers|data_)/.test(type)), []);
    assert.equal(JSON.parse((await request({ port: viewsPort }, '/consumers')).body).length, 3);
    const [worst] = JSON.parse((await request({ port: viewsPort }, '/worst_consumers')).body);
    assert.equal(worst.rank, 1);
    assert.match(worst.consumerId, /^[0-9a-f-]{36}$/);
    const [group] = JSON.parse((await request({ port: viewsPort }, '/group_consumers?group=room')).body);
    assert.deepEqual([group.appData, group.streams], [{ roomId: 'red' }, 3]);
    const [all] = JSON.parse((await request({ port: viewsPort }, '/group_consumers?group=all&endpoint=sfu')).body);
    assert.deepEqual([all.endpoint, all.streams], ['sfu', 3]);
  } finally {
    await rig.close();
  }
});
