// SPDX-License-Identifier: MIT
'use strict';

// What breaks the protocol is found and named, in a fake endpoint's answers: each is a recorded snapshot with one
// thing changed.

const assert = require('assert');
const { test } = require('node:test');
const { checkAnswer } = require('../../lib/check/answer');
const { of } = require('../helpers/command');
const { recordedRows, recount, textOf, withFakeEndpoint } = require('../helpers/fake_endpoint');

const rowOf = (rows, row) => rows.findIndex((one) => one.row === row);
const first = (rows, row) => rows[rowOf(rows, row)];

// Returns the failures of what is changed by change(rows), or made of them when it returns something.
async function failures(change, answering) {
  const rows = recordedRows();
  const made = change(rows);
  const body = made === undefined || Array.isArray(made) ? textOf(made || rows) : made;
  return withFakeEndpoint(body, async (socket) => of(await checkAnswer({ socket }), 'failure'), answering);
}

const nested = (levels) => (levels === 0 ? 1 : { a: nested(levels - 1) });
const members = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, 1]));

// [what, how the rows are changed, the failures]
const FAULTS = [
  ['nothing', () => {}, []],
  ['no row at all', () => '', ['protocol: line 0: the answer has no rows']],
  ['not JSON', (rows) => `${textOf(rows.slice(0, 1))}{]\n${textOf(rows.slice(1))}`, [/^protocol: line 2: it is not JSON: /]],
  ['no object', (rows) => `${textOf(rows.slice(0, 1))}[1]\n${textOf(rows.slice(1))}`, ['protocol: line 2: it is not a JSON object']],
  ['an empty line', (rows) => `${textOf(rows.slice(0, 1))}\n${textOf(rows.slice(1))}`, [/^protocol: line 2: it is not JSON: /]],
  ['not UTF-8', (rows) => {
    rows[0].runtime = '@';
    const text = Buffer.from(textOf(rows));
    text[text.indexOf('@')] = 0xff;
    return text;
  }, ['protocol: line 1: it is not UTF-8']],
  ['no newline at the end', (rows) => textOf(rows).slice(0, -1), ['protocol: line 56 (end): it does not end in a newline']],
  ['no end row', (rows) => rows.slice(0, -1), [/^protocol: line 55 \(\w+\): there is no end row after it, so this is no snapshot$/]],
  ['rows after the end row', (rows) => [...rows, first(rows, 'usage')], ['protocol: line 56 (end): the end row must be the last, and there must be one']],
  ['two end rows', (rows) => [...rows, rows[rows.length - 1]], ['protocol: line 56 (end): the end row must be the last, and there must be one']],
  ['no endpoint row', (rows) => recount(rows.slice(1)), ['protocol: line 1 (usage): the first row must be the endpoint row']],
  ['two endpoint rows', (rows) => recount([rows[0], ...rows]), ['protocol: line 2 (endpoint): there must be one endpoint row']],
  ['another version', (rows) => { rows[0].protocol = 2; }, ['protocol: line 1 (endpoint): protocol must be 1, and is 2']],
  ['a wrong count', (rows) => { rows[rows.length - 1].counts.routers = 7; }, ['protocol: line 56 (end): counts.routers is 7, and 3 were sent']],
  ['a count that is left out', (rows) => { delete rows[rows.length - 1].counts.routers; }, ['protocol: line 56 (end): counts.routers is 0, and 3 were sent']],
  ['an unknown class', (rows) => { rows[1].row = 'sheep'; recount(rows); }, [/^protocol: line 2 \(sheep\): row must be one of endpoint, .*usage, .*, and is "sheep"$/]],
  ['a missing member', (rows) => { delete first(rows, 'consumers').paused; }, [/^protocol: line \d+ \(consumers\): paused is missing$/]],
  ['null', (rows) => { first(rows, 'consumers').mimeType = null; }, [/^protocol: line \d+ \(consumers\): mimeType must be a string, and is null$/]],
  ['a wrong type in many rows', (rows) => { for (const row of rows) if (row.row === 'transports') row.transportType = 'tcp'; },
    [/^protocol: line \d+ \(transports\): transportType must be one of webrtc, plain, pipe, direct, and is "tcp", and 28 more like it$/]],
  ['a parent after its child', (rows) => {
    const [router] = rows.splice(rowOf(rows, 'routers'), 1);
    rows.splice(rowOf(rows, 'transports') + 1, 0, router);
  }, [/^protocol: line \d+ \(transports\): no row of routers before it has its routerId$/]],
  ['an object without its parent', (rows) => { first(rows, 'consumers').transportId = 'nowhere'; }, [/\(consumers\): no row of transports before it has its transportId$/]],
  ['a router twice', (rows) => { rows.splice(rowOf(rows, 'routers'), 0, first(rows, 'routers')); return recount(rows); }, [/\(routers\): the object with this routerId has two rows$/]],
  ['a stream twice', (rows) => {
    const at = rows.findIndex(({ row, stats }) => row === 'producers' && stats);
    rows.splice(at, 0, rows[at]);
    return recount(rows);
  }, [/\(producers\): the object with this producerId has two rows with the same ssrc$/]],
  ['streams of one object that differ', (rows) => {
    const at = rows.findIndex(({ row, stats }) => row === 'producers' && stats);
    rows.splice(at, 0, { ...rows[at], paused: !rows[at].paused, stats: { ...rows[at].stats, ssrc: 1 } });
    return recount(rows);
  }, [/\(producers\): the object with this producerId has rows that differ in more than stats$/]],
  ['two rows of which one has no stats', (rows) => {
    const at = rows.findIndex(({ row, stats }) => row === 'producers' && stats);
    const { stats, ...silent } = rows[at];
    assert.ok(stats);
    rows.splice(at, 0, silent);
    return recount(rows);
  }, [/\(producers\): the object with this producerId has more than one row, and not each has stats$/]],
  ['a row that is too large', (rows) => { first(rows, 'routers').appData = { text: 'x'.repeat(256 * 1024) }; }, [/\(routers\): it has more than 262144 bytes$/]],
  ['too many members', (rows) => { Object.assign(first(rows, 'workers').stats, members(120)); }, [/\(workers\): it has more than 128 members/]],
  ['too deep', (rows) => { first(rows, 'routers').appData = nested(32); }, [/\(routers\): its values are nested more than 32 levels deep$/]],
  ['an id of 129 bytes in 128 characters', (rows) => {
    const id = `é${'x'.repeat(127)}`;
    for (const row of rows) if (row.dataConsumerId !== undefined) row.dataConsumerId = id;
  }, [/\(data_consumers\): dataConsumerId has more than 128 bytes$/]],
  ['control characters in an id', (rows) => { first(rows, 'data_consumers').dataConsumerId = 'a\u0007'; }, [/\(data_consumers\): dataConsumerId must match /]],
];

for (const [what, change, wanted] of FAULTS) {
  test(`a snapshot with ${what}`, async () => {
    const found = await failures(change);
    assert.strictEqual(found.length, wanted.length, found.join('\n'));
    wanted.forEach((text, i) => (text instanceof RegExp ? assert.match(found[i], text) : assert.strictEqual(found[i], text)));
  });
}

test('more than ten kinds of faults are not listed', async () => {
  const found = await failures((rows) => { for (const name of Object.keys(rows[0]).slice(1, 15)) rows[0][name] = null; });
  assert.deepStrictEqual([found.length, found[10]], [11, 'protocol: 4 more kinds of faults']);
});

test('a snapshot of 32 levels, 128 members and ids of 128 bytes is right', async () => {
  assert.deepStrictEqual(await failures((rows) => {
    first(rows, 'routers').appData = nested(31);
    const worker = first(rows, 'workers');
    Object.assign(worker.stats, members(128 - Object.keys(worker).length - Object.keys(worker.stats).length));
    first(rows, 'data_consumers').dataConsumerId = 'x'.repeat(128);
  }), []);
});

const answering = (wanted, change) => (answer, req) => (`${req.method} ${req.url}` === wanted ? change(answer) : answer);
const ALL = 'GET /v1/snapshot';

// [what, how the answer is changed, the failures]
const ANSWERS = [
  ['cuts the connection before it answers', answering(ALL, () => undefined), ['answer: there is none']],
  ['cuts the connection within the answer', answering(ALL, (answer) => ({ ...answer, headers: { 'Content-Length': 1e6 }, cut: true })), ['answer: it is not whole']],
  ['refuses', answering(ALL, () => ({ status: 503, type: 'text/plain', body: 'busy' })), ['answer: status 503']],
  ['sends another type', answering(ALL, (answer) => ({ ...answer, type: 'application/json' })), ['answer: its Content-Type is "application/json"']],
  ['answers anything to an unknown class', answering('GET /v1/snapshot?rows=unheard_of', (answer) => ({ ...answer, status: 200 })),
    ['protocol: GET of a class that there is not gets status 200 instead of 400']],
  ['gives no reason', answering('GET /v1/snapshot?rows=unheard_of', (answer) => ({ ...answer, body: 'no' })),
    ['protocol: GET of a class that there is not gets a body without the member "error", which says why']],
  ['knows an empty class', answering('GET /v1/snapshot?rows=workers,', (answer) => ({ ...answer, status: 200 })), ['protocol: GET of an empty class gets status 200 instead of 400']],
  ['takes any text for a number of events', answering('GET /v1/snapshot?events=some', (answer) => ({ ...answer, status: 200 })),
    ['protocol: GET of events that are no number gets status 200 instead of 400']],
  ['takes POST', answering('POST /v1/snapshot', (answer) => ({ ...answer, status: 200 })), ['protocol: POST gets status 200 instead of 405']],
  ['answers every path', answering('GET /v1/unheard_of', (answer) => ({ ...answer, status: 200 })), ['protocol: GET of another path gets status 200 instead of 404']],
  ['refuses HEAD', answering('HEAD /v1/snapshot', (answer) => ({ ...answer, status: 405 })), ['protocol: HEAD gets status 405 instead of 200']],
  ['sends classes that are not selected', answering('GET /v1/snapshot?rows=usage', (answer) => ({ ...answer, body: textOf(recordedRows()) })),
    [/^protocol: GET with rows=usage gets a row of \w+$/, /^protocol: GET with rows=usage gets stats of \w+$/]],
  ['refuses a selection', answering('GET /v1/snapshot?rows=usage', (answer) => ({ ...answer, status: 400 })), ['protocol: GET with rows=usage gets status 400 instead of 200']],
];

for (const [what, change, wanted] of ANSWERS) {
  test(`an endpoint that ${what}`, async () => {
    const found = await failures(() => {}, change);
    assert.strictEqual(found.length, wanted.length, found.join('\n'));
    wanted.forEach((text, i) => (text instanceof RegExp ? assert.match(found[i], text) : assert.strictEqual(found[i], text)));
  });
}

test('an application that closes connections at once is told what that may come from', async () => {
  const [found] = await withFakeEndpoint(textOf(recordedRows()), async (socket) => checkAnswer({ socket }), answering(ALL, () => undefined));
  assert.deepStrictEqual([found.subject, found.text], ['answer', 'there is none']);
  assert.match(found.cause, /^the application has closed the connection \(.+\)$/);
  assert.match(found.remedy, /limit of open files: raise LimitNOFILE/);
});

test('each failure has a cause and a remedy; ours is to be reported', async () => {
  const rows = recordedRows();
  rows[0].protocol = 2;
  const remedies = [];
  for (const implementation of ['collectd-mediasoup', 'other']) {
    rows[0].implementation = implementation;
    const found = await withFakeEndpoint(textOf(rows), (socket) => checkAnswer({ socket }));
    const failure = found.find(({ level }) => level === 'failure');
    assert.strictEqual(failure.cause, 'the answer breaks the protocol, and the plugin may refuse it');
    remedies.push(failure.remedy);
  }
  assert.deepStrictEqual(remedies, ['please report it, with this text', 'make the endpoint send what PROTOCOL.md and schema.json of collectd-mediasoup say']);
});

const warnings = async (change) => {
  const rows = recordedRows();
  change(rows);
  return of(await withFakeEndpoint(textOf(rows), (socket) => checkAnswer({ socket })), 'warning');
};

test('warnings: clock, deaths, errors, large appData, unknown members', async () => {
  assert.deepStrictEqual(await warnings(() => {}), []);
  assert.deepStrictEqual(await warnings((rows) => { rows[0].time -= 600000; }), ['clock: the application\'s clock is 600 s behind']);
  assert.deepStrictEqual(await warnings((rows) => { rows[0].time += 600000; }), ['clock: the application\'s clock is 600 s ahead']);
  assert.deepStrictEqual(await warnings((rows) => { rows[0].workerDeaths = 2; }), ['workers: 2 workers died since the endpoint began']);
  assert.deepStrictEqual(await warnings((rows) => { first(rows, 'routers').error = 'deadline'; }), ['errors: 1 row without statistics, because of: deadline']);
  assert.deepStrictEqual(await warnings((rows) => { first(rows, 'routers').apdata = {}; }), ['protocol: members that it does not know: routers.apdata']);
  assert.ok((await warnings((rows) => { first(rows, 'routers').appDataTruncated = true; })).includes('appData: 1 row with appData larger than an endpoint passes on'));
});
