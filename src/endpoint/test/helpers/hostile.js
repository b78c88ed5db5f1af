// SPDX-License-Identifier: MIT
'use strict';

// What applications may put into appData, and worse.

class Peer {
  constructor() {
    this.secret = 'not to be walked';
    this.self = this;
  }
}

function nested(levels) {
  let value = { bottom: true };
  for (let i = 0; i < levels; i += 1) value = { down: value };
  return value;
}

function circular() {
  const value = { roomId: 'r' };
  value.self = value;
  value.list = [value];
  return value;
}

function throwing() {
  const value = { before: 1, after: 2 };
  Object.defineProperty(value, 'bad', {
    enumerable: true,
    get() {
      throw new Error('no');
    },
  });
  return value;
}

function brokenProxy() {
  const no = () => {
    throw new Error('no');
  };
  return new Proxy({}, { get: no, ownKeys: no, getPrototypeOf: no, getOwnPropertyDescriptor: no });
}

// Returns { name: value }, made anew for each caller.
function appDataOf() {
  return {
    flat: { roomId: 'room-9', peerId: 'zoé', seat: 4, mod: true, left: null },
    nested: { roomId: 'r', user: { name: 'n', tags: ['a', 'b'] } },
    circular: circular(),
    bigint: { id: BigInt('12345678901234567890'), huge: BigInt(1) << BigInt(5000) },
    getter: throwing(),
    toJSON: { roomId: 'r', bad: { toJSON() { throw new Error('no'); } }, date: new Date(0) },
    functions: { roomId: 'r', f() {}, s: Symbol('s'), u: undefined, list: [() => {}, undefined] },
    numbers: { nan: NaN, infinite: Infinity, zero: -0, small: 1e-7 },
    collections: { map: new Map([['a', 1], [{}, 2]]), set: new Set([1, 'b']), bytes: Buffer.alloc(9) },
    classes: { roomId: 'r', peer: new Peer(), pattern: /x/, error: new Error('e') },
    proxy: { roomId: 'r', bad: brokenProxy() },
    proto: JSON.parse('{"__proto__":{"polluted":true},"constructor":"c","roomId":"r"}'),
    surrogates: { half: 'a\ud83d', other: '\ude00b', whole: '😀', nul: '\u0000' },
    largeString: { before: 'b', large: 'x'.repeat(1024 * 1024), roomId: 'r' },
    deep: { roomId: 'r', deep: nested(10000) },
    hugeArray: { roomId: 'r', list: new Array(1e9) },
    array: ['a', { b: 1 }],
    manyKeys: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key${i}`, i])),
    longKey: { ['k'.repeat(20000)]: 1, roomId: 'r' },
    quotes: { 'a"b\\c\n': '"\\\n\u2028</script>' },
    empty: {},
  };
}

module.exports = { appDataOf, brokenProxy, nested, Peer };
