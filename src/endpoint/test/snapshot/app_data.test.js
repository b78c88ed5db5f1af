// SPDX-License-Identifier: MIT
'use strict';

// appData of every kind becomes valid, bounded JSON or nothing.

const assert = require('assert');
const { spawnSync } = require('child_process');
const { test } = require('node:test');
const vm = require('vm');
const { appDataText } = require('../../lib/snapshot/app_data');
const limits = require('../../lib/common/limits');
const { appDataOf, brokenProxy, nested, Peer } = require('../helpers/hostile');

// Returns what appDataText() makes of it, with the `value` of its text, which must be valid and bounded.
function parsed(appData, allow) {
  const { text, truncated } = appDataText(appData, allow, { class: 'consumers', id: 'c1' });
  assert.ok(text === undefined || Buffer.byteLength(text) <= limits.APP_DATA_BYTES, 'bounded');
  return { value: text === undefined ? undefined : JSON.parse(text), text, truncated };
}

// name in helpers/hostile.js: [what arrives, whether it was truncated]
const EXPECTED = {
  flat: [{ roomId: 'room-9', peerId: 'zoé', seat: 4, mod: true, left: null }],
  nested: [{ roomId: 'r', user: { name: 'n', tags: ['a', 'b'] } }],
  circular: [{ roomId: 'r', self: '[circular]', list: ['[circular]'] }],
  bigint: [{ id: '12345678901234567890', huge: '[bigint]' }],
  getter: [{ before: 1, after: 2, bad: '[unreadable]' }],
  toJSON: [{ roomId: 'r', bad: '[unreadable]', date: '1970-01-01T00:00:00.000Z' }],
  functions: [{ roomId: 'r', list: [null, null] }],
  numbers: [{ nan: null, infinite: null, zero: 0, small: 1e-7 }],
  collections: [{ map: { a: 1 }, set: [1, 'b'], bytes: '[Buffer]' }],
  classes: [{ roomId: 'r', peer: '[Peer]', pattern: '[RegExp]', error: '[Error]' }],
  proxy: [{ roomId: 'r', bad: '[unreadable]' }],
  proto: [JSON.parse('{"__proto__":{"polluted":true},"constructor":"c","roomId":"r"}')],
  surrogates: [{ half: 'a\ufffd', other: '\ufffdb', whole: '😀', nul: '\u0000' }],
  largeString: [{ before: 'b', roomId: 'r' }, true],
  hugeArray: [{ roomId: 'r' }, true],
  array: [{ 0: 'a', 1: { b: 1 } }],
  longKey: [{ roomId: 'r' }, true],
  quotes: [{ 'a"b\\c\n': '"\\\n\u2028</script>' }],
  empty: [undefined],
};

for (const [name, [value, truncated = false]] of Object.entries(EXPECTED)) {
  test(`hostile appData: ${name}`, () => {
    const result = parsed(appDataOf()[name]);
    assert.deepStrictEqual(result.value, value);
    assert.strictEqual(result.truncated, truncated);
  });
}

test('the table covers all hostile values', () => {
  const elsewhere = ['deep', 'manyKeys'];
  assert.deepStrictEqual(Object.keys(appDataOf()).sort(), [...Object.keys(EXPECTED), ...elsewhere].sort());
});

test('values that are not objects are left out', () => {
  for (const value of [undefined, null, 'text', 7, true, () => {}, Symbol('s'), new Date(0)]) {
    assert.deepStrictEqual(parsed(value), { value: undefined, text: undefined, truncated: false });
  }
});

test('objects that cannot be read at all are left out', () => {
  assert.strictEqual(parsed(brokenProxy()).text, undefined);
  assert.strictEqual(parsed({ toJSON() { throw new Error('no'); } }).text, undefined);
});

test('nesting ends after 16 levels', () => {
  const { value, truncated } = parsed({ roomId: 'r', deep: nested(10000) });
  assert.strictEqual(truncated, true);
  let levels = 1;
  let at = value.deep;
  for (; typeof at === 'object'; at = at.down) levels += 1;
  assert.strictEqual(at, '[deep]');
  assert.strictEqual(levels, 16);
  assert.strictEqual(parsed({ deep: nested(14) }).truncated, false);
  assert.strictEqual(parsed({ deep: nested(15) }).truncated, true);
});

test('at the top, a class instance gives its members and a toJSON() its result', () => {
  const peer = new Peer();
  assert.deepStrictEqual(parsed(peer).value, { secret: 'not to be walked', self: '[circular]' });
  peer.toJSON = () => ({ roomId: 'r' });
  assert.deepStrictEqual(parsed(peer).value, { roomId: 'r' });
});

test('a toJSON() may return its own object', () => {
  const value = { a: 1, toJSON() { return this; } };
  assert.deepStrictEqual(parsed({ value }).value, { value: { a: 1 } });
});

test('a toJSON() that never ends is bounded', () => {
  const endless = () => ({ toJSON: endless });
  assert.deepStrictEqual(parsed({ a: 1, endless: endless() }), {
    value: { a: 1, endless: '[deep]' },
    text: '{"a":1,"endless":"[deep]"}',
    truncated: true,
  });
});

test('objects of another realm count as plain', () => {
  const foreign = vm.runInNewContext('({ roomId: "r", user: { list: [1] } })');
  assert.deepStrictEqual(parsed({ foreign }).value, { foreign: { roomId: 'r', user: { list: [1] } } });
});

test('scalars take precedence over nested values when there is no room for all', () => {
  const big = { list: ['x'.repeat(16000)] };
  const { value, truncated } = parsed({ first: big, roomId: 'r'.repeat(600), peerId: 'p' });
  assert.deepStrictEqual(Object.keys(value), ['roomId', 'peerId']);
  assert.strictEqual(truncated, true);
});

test('of too many keys the first are kept, as many as there is room for', () => {
  const { value, truncated } = parsed(appDataOf().manyKeys);
  const keys = Object.keys(value);
  assert.strictEqual(truncated, true);
  assert.ok(keys.length > 1000);
  assert.strictEqual(value.key0, 0);
});

test('the bound is in bytes, not in characters', () => {
  for (const letter of ['x', 'é', '漢', '😀', '\n', '\u0001']) {
    for (const length of [1000, 2700, 5400, 8000, 16000, 16384]) {
      const { value, text } = parsed({ a: letter.repeat(length), b: { c: letter.repeat(length) } });
      if (text !== undefined && value.a !== undefined) assert.strictEqual(value.a, letter.repeat(length));
    }
  }
  const exact = 'x'.repeat(limits.APP_DATA_BYTES - '{"a":""},'.length);
  assert.deepStrictEqual(parsed({ a: exact }).value, { a: exact });
  assert.strictEqual(parsed({ a: `${exact}xx` }).truncated, true);
});

test('a list of keys limits what leaves the application', () => {
  const appData = { roomId: 'r', token: 's3cret', peer: { id: 1 } };
  assert.deepStrictEqual(parsed(appData, ['roomId', 'missing']).value, { roomId: 'r' });
  assert.strictEqual(parsed(appData, []).text, undefined);
  assert.strictEqual(parsed(appData, ['constructor', 'toString']).text, undefined);
  const read = [];
  const watched = new Proxy(appData, { get: (target, key) => (read.push(key), target[key]) });
  parsed(watched, ['roomId']);
  assert.ok(!read.includes('token'), 'keys that are not listed are not read');
});

test('a function limits what leaves the application, and learns whose data it is', () => {
  const allow = (appData, about) => ({ ...about, room: appData.roomId });
  const { value } = parsed({ roomId: 'r', token: 's3cret' }, allow);
  assert.deepStrictEqual(value, { class: 'consumers', id: 'c1', room: 'r' });
  for (const nothing of [undefined, null, 'text', 1]) {
    assert.strictEqual(parsed({ a: 1 }, () => nothing).text, undefined);
  }
});

// Returns the codes and messages of the warnings, and checks that no rejection stays unhandled.
async function warningsOf(run) {
  const warnings = [];
  const unhandled = [];
  const onWarning = ({ code, message }) => warnings.push(`${code} ${message}`);
  const onRejection = (error) => unhandled.push(error);
  process.on('warning', onWarning);
  process.on('unhandledRejection', onRejection);
  run();
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
  process.removeListener('warning', onWarning);
  process.removeListener('unhandledRejection', onRejection);
  assert.deepStrictEqual(unhandled, []);
  return warnings;
}

const rejects = async () => {
  throw new Error('no');
};
const thenable = () => ({
  then() {
    throw new Error('no');
  },
});

test('an asynchronous function is a warning, and what it rejects with is nobody\'s', async () => {
  const warnings = await warningsOf(() => {
    for (const allow of [rejects, thenable, async () => ({ roomId: 'r' })]) {
      assert.strictEqual(parsed({ a: 1 }, allow).text, undefined);
    }
  });
  assert.deepStrictEqual(warnings, [
    'WARN_APP_DATA collectd-mediasoup: the function given as option "appData" returned a promise: ' +
      'the rows of its objects have no appData; make it return an object, or undefined for none',
  ]);
});

test('an asynchronous toJSON() or getter is a placeholder, and what it rejects with is nobody\'s', async () => {
  const warnings = await warningsOf(() => {
    assert.strictEqual(parsed({ toJSON: rejects }).text, undefined);
    const value = { a: 1, b: { toJSON: rejects }, c: { toJSON: thenable }, list: [{ toJSON: rejects }] };
    assert.deepStrictEqual(parsed(value).value, { a: 1, b: '[promise]', c: '[promise]', list: ['[promise]'] });
    const withGetter = {
      get peer() {
        return rejects();
      },
    };
    assert.deepStrictEqual(parsed(withGetter).value, { peer: '[Promise]' });
  });
  assert.deepStrictEqual(warnings, [
    'WARN_APP_DATA collectd-mediasoup: a toJSON() in appData returned a promise, and what it stands for is missing ' +
      'from snapshots: make it return the value itself',
  ]);
});

test('a promise that the application keeps in appData remains its own', () => {
  const file = JSON.stringify(require.resolve('../../lib/snapshot/app_data'));
  const program = `
    process.on('unhandledRejection', ({ message }) => console.log(message));
    console.log(require(${file}).appDataText({ peer: Promise.reject(new Error('mine')) }).text);`;
  const { stdout } = spawnSync(process.execPath, ['-e', program]);
  assert.strictEqual(stdout.toString(), '{"peer":"[Promise]"}\nmine\n');
});

test('a Map is read as an object, and a Set as a list', () => {
  const map = new Map([['roomId', 'r1'], [1, 2], [{}, 3], ['user', new Map([['name', 'n']])], ['__proto__', 4]]);
  assert.strictEqual(parsed(map).text, '{"1":2,"roomId":"r1","user":{"name":"n"},"__proto__":4}');
  assert.deepStrictEqual(parsed(map, ['roomId']).value, { roomId: 'r1' });
  assert.deepStrictEqual(parsed(new Set(['a'])).value, { 0: 'a' });
  assert.deepStrictEqual(parsed(vm.runInNewContext('new Map([["roomId", "r2"]])')).value, { roomId: 'r2' });
  const endless = new Map(Array.from({ length: 100000 }, (_, i) => [`key${i}`, i]));
  assert.strictEqual(parsed(endless).truncated, true);
});

test('the keys of a huge object are listed once', () => {
  const huge = Object.fromEntries(Array.from({ length: limits.APP_DATA_HUGE + 1 }, (_, i) => [`key${i}`, i]));
  let lists = 0;
  const counted = new Proxy(huge, {
    ownKeys(target) {
      lists += 1;
      return Reflect.ownKeys(target);
    },
  });
  const first = parsed(counted);
  huge.key0 = 'new';
  const second = parsed(counted);
  assert.deepStrictEqual([first.truncated, second.truncated], [true, true]);
  assert.deepStrictEqual([first.value.key0, second.value.key0], [0, 'new']);
  assert.deepStrictEqual(parsed({ roomId: 'r', counted }).value, { roomId: 'r' });
  assert.strictEqual(lists, 1);
});

test('the work is bounded for members that do not fit', () => {
  let reads = 0;
  const list = { get length() { reads += 1; return 0; } };
  const many = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`k${i}`, 'x'.repeat(9000)]));
  const { value, truncated } = parsed({ ...many, roomId: 'r', list });
  assert.deepStrictEqual([Object.keys(value), truncated, reads], [['k0'], true, 0]);
});

test('a function that throws lets nothing out, and is a warning', async () => {
  const warned = new Promise((resolve) => process.once('warning', resolve));
  const result = parsed({ token: 's3cret' }, () => {
    throw new Error('bug in the filter');
  });
  assert.deepStrictEqual(result, { value: undefined, text: undefined, truncated: false });
  const warning = await warned;
  assert.strictEqual(warning.code, 'WARN_APP_DATA');
  assert.match(warning.message, /the function given as option "appData" threw "bug in the filter": the rows of its objects have no appData/);
});

test('members that are left out take no room', () => {
  const user = {};
  for (let i = 0; i < 1000; i += 1) user[`a function with a long name, number ${i}`] = () => {};
  user.name = 'n';
  assert.deepStrictEqual(parsed({ user }), {
    value: { user: { name: 'n' } },
    text: '{"user":{"name":"n"}}',
    truncated: false,
  });
});

test('the work is bounded for members that take no room', () => {
  const many = Object.fromEntries(Array.from({ length: 100000 }, (_, i) => [`k${i}`, undefined]));
  assert.deepStrictEqual(parsed({ roomId: 'r', many }), {
    value: { roomId: 'r' },
    text: '{"roomId":"r"}',
    truncated: true,
  });
});

test('the work is bounded for a large graph', () => {
  let reads = 0;
  const row = () => {
    const value = {};
    for (let i = 0; i < 100; i += 1) {
      Object.defineProperty(value, `k${i}`, {
        enumerable: true,
        get() {
          reads += 1;
          return row();
        },
      });
    }
    return value;
  };
  const { value, truncated } = parsed({ roomId: 'r', graph: row() });
  assert.deepStrictEqual(value, { roomId: 'r' });
  assert.strictEqual(truncated, true);
  assert.ok(reads <= limits.APP_DATA_NODES * 2, `${reads} reads`);
});

test('the result is kept while appData stays the same, and made anew when it changes', () => {
  const holder = {};
  const text = (appData, allow) => appDataText(appData, allow, undefined, holder);
  const peer = { roomId: 'r', peerId: 1 };
  const first = text(peer);
  assert.strictEqual(text(peer), first, 'the same object');
  assert.strictEqual(text({ ...peer }), first, 'equal members count as the same');
  peer.peerId = 2;
  assert.strictEqual(text(peer).text, '{"roomId":"r","peerId":2}');
  peer.role = 'guest';
  assert.strictEqual(text(peer).text, '{"roomId":"r","peerId":2,"role":"guest"}');
  delete peer.roomId;
  assert.strictEqual(text(peer).text, '{"peerId":2,"role":"guest"}');
  assert.strictEqual(text(peer, ['role']).text, '{"role":"guest"}');
  assert.strictEqual(text(peer).text, '{"peerId":2,"role":"guest"}');
  const nested = { list: [1] };
  assert.strictEqual(text(nested).text, '{"list":[1]}');
  nested.list.push(2);
  assert.strictEqual(text(nested).text, '{"list":[1,2]}');
  let count = 0;
  const counting = {
    get count() {
      count += 1;
      return count;
    },
  };
  assert.notStrictEqual(text(counting).text, text(counting).text);
});
