// SPDX-License-Identifier: MIT
'use strict';

// Everything an endpoint can do wrong, one case a line, all in one collectd with an endpoint for each. Every
// endpoint is well at first, then at fault, then well again. A fault must cost that endpoint's rows for as
// long as it lasts, one log line when it begins and one when it ends, and nothing else.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { sleep, until } = require('../lib/wait.js');
const { Rig, speaksOf } = require('./rig.js');
const {
  answer, answerChunked, closeHalfway, endHalfway, flood, hang, hangHalfway, raw,
} = require('./fake_endpoint.js');
const { framed, ndjson, oneOfEach, row, snapshot, uuid } = require('./snapshots.js');

const INTERVAL = 1;
const TIMEOUT = 0.75;
const GOOD_POLLS = 3;
const BAD_POLLS = 4;

// A remedy begins, after the cause, with what to do.
const REMEDY = /; (start|restart|read|check|look|correct|make|update|install) /;

// The snapshot with its rows changed (after framing, so that the counts are those before), as an answer.
const changed = (change) => (name) => {
  const rows = framed(oneOfEach(name));
  return answer(ndjson(change(rows) ?? rows));
};
// The same for rows that the frame then counts.
const withRows = (change, frame) => (name) => {
  const rows = oneOfEach(name);
  return answer(snapshot(change(rows, name) ?? rows, frame));
};
const withText = (change) => (name) => answer(change(snapshot(oneOfEach(name))));
const withBytes = (search, bytes) => (name) => {
  const text = Buffer.from(snapshot(oneOfEach(name)));
  const at = text.indexOf(search);
  return answer(Buffer.concat([text.subarray(0, at), Buffer.from(bytes), text.subarray(at + search.length)]));
};
const ofGood = (behaviour) => (name) => behaviour(snapshot(oneOfEach(name)));
const ofClass = (rows, name) => rows.find((r) => r.row === name);
const withStat = (name, value) => withRows((rows) => { ofClass(rows, 'producers').stats[name] = value; });
const withStatText = (name, text) => withText((body) =>
  body.replace(new RegExp(`(inbound-rtp.*?"${name}":)[-\\d.]+`), `$1${text}`));

const deepJson = (depth) => `{"row":"routers","x":${'['.repeat(depth)}${']'.repeat(depth)}}\n`;

// name: what happens while it is at fault, and what the log must say was the cause.
const FAULTS = {
  'absent': { act: (fake) => fake.vanish(), cause: /no such file|does not exist|not there|absent|no socket/i },
  'refusing': { act: (fake) => fake.becomeStale(), cause: /refused|nobody|not listening|couldn.t connect/i },
  'hanging': { behave: hang, cause: /time|no answer/i },
  'hanging-halfway': { behave: ofGood(hangHalfway), cause: /time|no answer/i },
  'closing-halfway': { behave: ofGood(closeHalfway), cause: /clos|partial|incomplete|end|transfer|outstanding/i },
  'ending-halfway': { behave: ofGood(endHalfway), cause: /end/i },
  'closing-at-once': { behave: () => raw(''), cause: /empty|clos|no answer|nothing/i },
  'status-500': { behave: () => answer('{"error":"it broke"}\n', { status: '500 Internal Server Error', type: 'application/json' }), cause: /\b500\b/ },
  'status-404': { behave: () => answer('not here', { status: '404 Not Found', type: 'text/plain' }), cause: /\b404\b/ },
  'not-http': { behave: () => raw('SSH-2.0-OpenSSH_9.2p1\r\n'), cause: /HTTP/ },
  'html': { behave: () => answer('<!DOCTYPE html><p>hello</p>\n', { type: 'text/html' }), cause: /JSON|content.type/i },
  'nothing': { behave: () => answer(''), cause: /empty|no .?end|no .?endpoint|without|nothing|missing/i },
  'wrong-protocol': { behave: withRows((rows) => rows, { endpoint: { protocol: 2 } }), cause: /protocol.*2/i },
  'no-protocol': { behave: withRows((rows) => rows, { endpoint: { protocol: undefined } }), cause: /protocol/i },
  'no-endpoint-row': { behave: changed((rows) => { rows.shift(); }), cause: /endpoint.? row|row .?endpoint/i },
  'two-endpoint-rows': { behave: changed((rows) => [rows[0], ...rows]), cause: /endpoint|count/i },
  'no-end-row': { behave: changed((rows) => { rows.pop(); }), cause: /\bend\b/i },
  'wrong-counts': { behave: changed((rows) => { rows.at(-1).counts.consumers = 2; }), cause: /count/i },
  'row-missing': { behave: changed((rows) => rows.filter((r) => r.row !== 'consumers')), cause: /count/i },
  'no-counts': { behave: changed((rows) => { delete rows.at(-1).counts; }), cause: /count/i },
  'data-after-end': { behave: changed((rows) => { rows.push(rows[1]); }), cause: /after.*\bend\b/i },
  'truncated-utf8': { behave: withBytes('chat', [0x63, 0xe2, 0x82]), cause: /utf-?8|invalid|JSON/i },
  'invalid-utf8': { behave: withBytes('chat', [0xff, 0xfe, 0xc0, 0xaf]), cause: /utf-?8|invalid|JSON/i },
  'broken-json': { behave: withText((body) => body.replace('"routerId":', '"routerId"')), cause: /JSON|parse|lexical/i },
  'row-not-an-object': { behave: withText((body) => body.replace('\n', '\n[1,2]\n')), cause: /object|row|JSON/i },
  'endless-row': { behave: () => flood('{"row":"', 'x', 16e6), cause: /row|line|long|large|256|262144|size/i },
  'row-too-large': { behave: withRows((rows) => { rows[1].appData = { x: 'y'.repeat(300000) }; }), cause: /row|line|long|large|256|262144|size/i },
  'too-deep': { behave: withText((body) => body.replace('\n', `\n${deepJson(10000)}`)), cause: /deep|nest|depth/i },
  'duplicate-ids': { behave: withRows((rows) => { rows.push(ofClass(rows, 'data_consumers')); }), cause: /twice|duplicate|already|unique/i },
  'unknown-parent': { behave: withRows((rows) => { ofClass(rows, 'transports').routerId = uuid('nobody'); }), cause: /parent|router|unknown/i },
  'child-first': { behave: withRows((rows) => rows.reverse()), cause: /parent|before|earlier/i },
  'row-not-text': { behave: changed((rows) => { rows[1].row = 7; }), cause: /row/i },
  'id-too-long': { behave: withRows((rows) => { ofClass(rows, 'data_consumers').dataConsumerId = 'i'.repeat(129); }), cause: /id|long|128/i },
  'id-missing': { behave: withRows((rows) => { delete ofClass(rows, 'data_consumers').dataConsumerId; }), cause: /id/i },
  'stats-not-an-object': { behave: withRows((rows) => { ofClass(rows, 'consumers').stats = 'none'; }), cause: /stats/i },
  'counter-not-a-number': { behave: withStat('byteCount', 'many'), cause: /byteCount/ },
  'counter-beyond-double': { behave: withStatText('byteCount', '1e400'), cause: /byteCount|number/ },
};

// Unusual, and all the same right: nothing may be logged, and every value must be the usual one.
const HARMLESS = {
  'one-byte-chunks': { behave: ofGood((body) => answerChunked(body, 1)) },
  'crlf': { behave: withText((body) => body.replaceAll('\n', '\r\n')) },
  'members-in-another-order': { behave: withText((body) => ndjson(body.trim().split('\n').map((line) =>
    Object.fromEntries(Object.entries(JSON.parse(line)).reverse())))) },
  'unknown-members': { behave: withRows((rows) => { for (const r of rows) r.novelty = { deep: [1, { x: null }] }; }) },
  'unknown-row-class': { behave: withRows((rows) => { rows.push({ row: 'novelties', noveltyId: 'n1', stats: { x: 1 } }); }) },
  'two-rows-a-line': { behave: withText((body) => body.replace('}\n{', '}{')) },
  'no-newline-at-the-end': { behave: withText((body) => body.trimEnd()) },
  'empty-lines': { behave: withText((body) => body.replaceAll('\n', '\n\n')) },
  'null-members': { behave: withText((body) => body.replaceAll('{"row":', '{"nothing":null,"row":')) },
  'counter-negative': { behave: withStat('byteCount', -1) },
  'counter-of-65-bits': { behave: withStat('byteCount', 2 ** 64) },
  'unknown-stats': { behave: withStat('jitterBufferDelay', 1.5) },
};

const nameOf = (list) => list.plugin_instance.replace(/^roomId=/, '');
// What differs from poll to poll although the snapshot does not.
const MOVING = ['snapshot_seconds', 'cpu_ratio', 'rows'];

function steady(list) {
  return Object.fromEntries(Object.entries(list.value).filter(([name]) => !MOVING.includes(name)));
}

// identity -> values of the last lists of an endpoint
function state(rig, name) {
  const lists = rig.sink.lists.filter((list) => nameOf(list) === name);
  return Object.fromEntries(lists.map((list) => [list.identity, steady(list)]));
}

describe('an endpoint at fault', () => {
  let rig;
  let end;
  const cases = { ...FAULTS, ...HARMLESS };
  const names = Object.keys(cases);
  const wholeBefore = {};
  const wholeAfter = {};

  before(async () => {
    rig = await Rig.open();
    const endpoints = [];
    for (const name of names) {
      const fake = await rig.fake(name, answer(() => snapshot(oneOfEach(name))));
      endpoints.push({ name, Socket: fake.path, Interval: INTERVAL, Timeout: TIMEOUT });
    }
    await rig.collectd({ endpoints, readThreads: 12 });
    await Promise.all(names.map((name) => rig.polls(name, GOOD_POLLS)));
    for (const name of names) wholeBefore[name] = state(rig, name);

    for (const name of names) {
      const { act, behave } = cases[name];
      if (act) await act(rig.fakes.get(name));
      else rig.fakes.get(name).behave(behave(name));
    }
    await Promise.all(names.map((name) => rig.polls(name, BAD_POLLS, name in FAULTS ? 0 : 1).catch((error) => {
      cases[name].failed = error;
    })));

    for (const name of names) {
      const fake = rig.fakes.get(name);
      if (cases[name].act) await fake.appear();
      fake.behave(answer(() => snapshot(oneOfEach(name))));
    }
    await Promise.all(names.map((name) => rig.polls(name, GOOD_POLLS)));
    for (const name of names) wholeAfter[name] = state(rig, name);
    end = await rig.close();
  });
  after(() => rig?.close());

  const endpointLists = (name) => rig.sink.find({ type: 'endpoint', plugin_instance: name });
  const logOf = (name, severity) => end.log.filter((line) => speaksOf(name).test(line) && line.startsWith(`[${severity}]`));

  for (const [name, { cause }] of Object.entries(FAULTS)) {
    test(name, () => {
      assert.equal(cases[name].failed, undefined);
      const lists = endpointLists(name);
      const down = lists.filter((list) => list.value.up === 0);
      const up = lists.filter((list) => list.value.up === 1);

      // One line when it begins, with the cause and a remedy; one when it is over.
      const complaints = [...logOf(name, 'error'), ...logOf(name, 'warning')];
      assert.equal(complaints.length, 1, `one complaint: ${complaints.join('\n')}`);
      assert.match(complaints[0], cause);
      assert.match(complaints[0], REMEDY);
      assert.equal(logOf(name, 'info').filter((line) => /answers/.test(line)).length, 2, 'at first and when it is over');

      // Whole or not at all: as many lists of every object as there were good polls.
      for (const identity of Object.keys(wholeBefore[name])) {
        if (identity === lists[0].identity) continue;
        const count = rig.sink.find({ identity }).length;
        assert.ok(Math.abs(count - up.length) <= 1, `${identity}: ${count} lists in ${up.length} good polls`);
      }
      assert.deepEqual(wholeAfter[name], wholeBefore[name], 'whole again');
      assert.equal(Object.keys(wholeBefore[name]).length, 9, 'one list of each class');

      // collectd goes on at the same pace.
      assert.ok(lists.every((list) => list.interval === INTERVAL), `interval ${lists.map((list) => list.interval)}`);
      const took = down.at(-1).time - down[0].time;
      assert.ok(took < (down.length - 1) * INTERVAL + 2 * INTERVAL, `${down.length} polls in ${took} s`);
    });
  }

  for (const name of Object.keys(HARMLESS)) {
    test(`${name} is no fault`, () => {
      assert.equal(cases[name].failed, undefined);
      const lists = endpointLists(name);
      assert.deepEqual(lists.filter((list) => list.value.up !== 1), []);
      assert.deepEqual([...logOf(name, 'error'), ...logOf(name, 'warning')], []);
      for (const [identity, value] of Object.entries(wholeBefore[name])) {
        const different = rig.sink.find({ identity }).map(steady).filter((v, i) => i > 0 && JSON.stringify(v) !== JSON.stringify(value));
        assert.deepEqual(different, [], identity);
      }
      assert.deepEqual(wholeAfter[name], wholeBefore[name]);
    });
  }

  test('collectd and its writers are well', () => {
    assert.deepEqual(rig.sink.problems, []);
    assert.equal(end.code, 0, `${end.signal} ${end.memory}`);
    const unrelated = end.log.filter((line) => /suspend|interval will be|uc_update|Value too old|write_http.*status/i.test(line));
    assert.deepEqual(unrelated, []);
  });
});

describe('counters that are odd, and count', () => {
  // What is dispatched for a counter of this text.
  const ODD = {
    'fractional': { text: '1000.75', expected: 1000 },
    'huge': { text: '9007199254740993', expected: 9007199254740992 },
    'beyond-int64': { text: '1e19', expected: 0 },
    'exponent': { text: '1e3', expected: 1000 },
  };
  let rig;
  before(async () => {
    rig = await Rig.open();
    const endpoints = [];
    for (const [name, { text }] of Object.entries(ODD)) {
      const fake = await rig.fake(name, withStatText('byteCount', text)(name));
      endpoints.push({ name, Socket: fake.path, Interval: 0.25 });
    }
    await rig.collectd({ endpoints });
    await until(() => Object.keys(ODD).every((name) => rig.sink.find({ type: 'endpoint', plugin_instance: name }).length > 2),
      { what: 'three polls of each' });
  });
  after(() => rig?.close());

  for (const [name, { expected }] of Object.entries(ODD)) {
    test(name, () => {
      const list = rig.sink.last({ type: 'producers', plugin_instance: `roomId=${name}` });
      if (expected === undefined) {
        assert.equal(list, undefined);
        assert.equal(rig.sink.last({ type: 'endpoint', plugin_instance: name }).value.up, 0);
      } else {
        assert.equal(list.value.byte_count, expected);
      }
    });
  }
});

test('100 MB are not read into memory', async () => {
  const rig = await Rig.open();
  try {
    const name = 'flooding';
    const filler = `${JSON.stringify(row.usage({ pid: 1 }))}\n`;
    const head = ndjson(framed([]).slice(0, 1));
    const fake = await rig.fake(name, flood(head, filler, 100e6));
    const daemon = await rig.collectd({ endpoints: [{ name, Socket: fake.path, Interval: 1, Timeout: 10 }] });
    await rig.polls(name, 2, 0, 60000);
    const complaints = daemon.lines(speaksOf(name), /^\[(error|warning)\]/);
    assert.equal(complaints.length, 1, complaints.join('\n'));
    assert.match(complaints[0], /large|MB|MiB|bytes|size|twice|duplicate|rows/i);
    assert.ok(daemon.residentMemory() < 200 * 1024, `${daemon.residentMemory()} KiB`);
    fake.behave(answer(() => snapshot(oneOfEach(name))));
    await rig.polls(name, 2);
    assert.equal(rig.sink.last({ type: 'producers', plugin_instance: `roomId=${name}` }).value.byte_count, 1000);
  } finally {
    await rig.close();
  }
});

test('a snapshot of nobody but the endpoint itself is whole', async () => {
  const rig = await Rig.open();
  try {
    const fake = await rig.fake('idle', answer(() => snapshot([])));
    const daemon = await rig.collectd({ endpoints: [{ name: 'idle', Socket: fake.path, Interval: 0.25 }] });
    await rig.polls('idle', 3);
    assert.deepEqual(rig.sink.identities(), ['idle/endpoint']);
    const { value } = rig.sink.last({ type: 'endpoint' });
    assert.deepEqual([value.up, value.routers, value.consumers, value.worker_deaths], [1, 0, 0, 2]);
    assert.deepEqual(daemon.lines(/^\[(error|warning)\]/, /mediasoup/), []);
  } finally {
    await rig.close();
  }
});

test('an endpoint that hangs does not delay another', async () => {
  const rig = await Rig.open();
  try {
    const stuck = await rig.fake('stuck', hang());
    const lively = await rig.fake('lively', answer(() => snapshot(oneOfEach('lively'))));
    await rig.collectd({ endpoints: [
      { name: 'stuck', Socket: stuck.path, Interval: 0.25, Timeout: 2 },
      { name: 'lively', Socket: lively.path, Interval: 0.25 },
    ] });
    await rig.polls('lively', 2);
    const from = lively.requests.length;
    await sleep(2500);
    const polls = lively.requests.length - from;
    assert.ok(polls >= 8, `${polls} polls in 2.5 s at an interval of 0.25 s`);
    assert.ok(stuck.requests.length <= 3, `${stuck.requests.length} requests to one that hangs for 2 s each time`);
  } finally {
    await rig.close();
  }
});
