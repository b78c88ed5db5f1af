// SPDX-License-Identifier: MIT
'use strict';

// The application's data of an object comes in, whatever it is; the text of a JSON object goes out,
// bounded in bytes, in depth and in the work it takes. Nothing an application puts there, no getter,
// proxy, cycle or gigabyte, may break a snapshot or hold the event loop.
//
// It runs for every object of every snapshot, so the usual case, a handful of short scalars, has a
// way of its own. What does not fit is left out by whole top-level keys, and nested values give way
// to scalars, because scalars are what identifies an object.

const { reason, warn } = require('../errors');
const limits = require('../limits');

const NOTHING = Object.freeze({ text: undefined, truncated: false });

// Longer strings are not worth the fast way.
const SHORT_CHARS = 512;
// Braces, and UTF-8's largest growth over UTF-16.
const FLAT_CHARS = Math.floor(limits.APP_DATA_BYTES / 3) - 2;
const MAX_KEYS = limits.APP_DATA_NODES;
const MAX_NAME_CHARS = 64;
const MAX_REMEMBERED = 8;
const BIGGEST_BIGINT = BigInt(1) << BigInt(1024);

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const SURROGATE = /[\ud800-\udfff]/;
// What stands in a JSON string as it is, and is nearly all there is.
const PLAIN = /^[ !#-[\]-~]*$/;

// Thrown when a value does not fit; no stack, it is not an error of anybody's.
const TOO_LARGE = { tooLarge: true };

// A JSON string. Half a surrogate pair is no Unicode text and would not survive UTF-8.
function quote(text) {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(SURROGATE.test(text) ? text.replace(LONE_SURROGATE, '\ufffd') : text);
}

// Scalars of bounded size as JSON text; '' for what JSON.stringify leaves out; undefined for others.
function scalar(value) {
  switch (typeof value) {
    case 'string':
      return value.length > limits.APP_DATA_BYTES ? undefined : quote(value);
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value < BIGGEST_BIGINT && value > -BIGGEST_BIGINT ? `"${value}"` : '"[bigint]"';
    case 'object':
      return value === null ? 'null' : undefined;
    default:
      return '';
  }
}

// What could not be read, in place of its value.
const UNREADABLE = Symbol('unreadable');

function read(holder, key) {
  try {
    return holder[key];
  } catch (error) {
    return UNREADABLE;
  }
}

// The text without its braces, or undefined when it is not an object of a few short scalars.
function flat(source, keys) {
  let text = '';
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i];
    const value = read(source, key);
    if (value === UNREADABLE) return undefined;
    if (typeof value === 'string' && value.length > SHORT_CHARS) return undefined;
    const piece = scalar(value);
    if (piece === undefined) return undefined;
    if (piece !== '') text += `${text === '' ? '' : ','}${quote(key)}:${piece}`;
    if (text.length > FLAT_CHARS) return undefined;
  }
  return text;
}

// Renders nested values, within what is left of the bytes and of the work.
class Walk {
  constructor(source) {
    this.room = limits.APP_DATA_BYTES - '{}'.length;
    this.nodes = limits.APP_DATA_NODES;
    this.truncated = false;
    this.above = [source];
  }

  take(text) {
    this.room -= Buffer.byteLength(text);
    if (this.room < 0) throw TOO_LARGE;
    return text;
  }

  // The text of a value; '' when JSON.stringify would leave it out.
  value(value, key) {
    this.nodes -= 1;
    if (this.nodes < 0) throw TOO_LARGE;
    if (value === UNREADABLE) return this.take('"[unreadable]"');
    if (typeof value === 'string' && value.length > this.room) throw TOO_LARGE;
    const text = scalar(value);
    if (text !== undefined) return this.take(text);
    try {
      return this.object(value, key);
    } catch (error) {
      if (error === TOO_LARGE) throw error;
      return this.take('"[unreadable]"');
    }
  }

  object(value, key) {
    if (this.above.includes(value)) return this.take('"[circular]"');
    if (this.above.length >= limits.APP_DATA_DEPTH) {
      this.truncated = true;
      return this.take('"[deep]"');
    }
    if (ArrayBuffer.isView(value)) return this.take(named(value));
    this.above.push(value);
    try {
      const shown = typeof value.toJSON === 'function' ? value.toJSON(key) : value;
      return shown === value ? this.body(value) : this.value(shown, key);
    } finally {
      this.above.pop();
    }
  }

  body(value) {
    if (Array.isArray(value)) return this.list(elements(value));
    if (value instanceof Set) return this.list(Set.prototype.values.call(value));
    if (value instanceof Map) return this.members(Map.prototype.entries.call(value));
    return isPlain(value) ? this.members(properties(value)) : this.take(named(value));
  }

  list(values) {
    let text = this.take('[');
    for (const value of values) {
      if (text !== '[') text += this.take(',');
      text += this.value(value) || this.take('null');
    }
    return text + this.take(']');
  }

  members(entries) {
    let text = this.take('{');
    for (const [key, value] of entries) {
      if (typeof key !== 'string' && typeof key !== 'number') continue;
      text += this.member(text === '{' ? '' : ',', String(key), value);
    }
    return text + this.take('}');
  }

  member(separator, key, value) {
    if (key.length > this.room) throw TOO_LARGE;
    const before = this.room;
    const name = this.take(`${separator}${quote(key)}:`);
    const text = this.value(value, key);
    if (text !== '') return name + text;
    this.room = before;
    return '';
  }

  // A whole top-level member, or '' and what it took is given back.
  tryMember(separator, key, value) {
    const before = this.room;
    try {
      return this.member(separator, key, value);
    } catch (error) {
      if (error !== TOO_LARGE) throw error;
      this.room = before;
      this.truncated = true;
      return '';
    }
  }
}

function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  // Object.prototype of another realm counts: its own prototype is null too.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

// Instances of classes are named, not walked: a socket or a peer hangs on half of the application.
function named(value) {
  const prototype = Object.getPrototypeOf(value);
  const name = prototype && prototype.constructor && prototype.constructor.name;
  return quote(`[${typeof name === 'string' ? name.slice(0, MAX_NAME_CHARS) : 'object'}]`);
}

// A sparse array of a billion holes is walked only as far as there is room.
function* elements(array) {
  for (let i = 0; i < array.length; i += 1) yield read(array, i);
}

function* properties(object) {
  for (const key of Object.keys(object)) yield [key, read(object, key)];
}

// Any object: its scalars first, then its nested values as far as they fit, told in the order of
// its keys.
function general(source, keys) {
  const walk = new Walk(source);
  walk.truncated = keys.length > MAX_KEYS;
  const members = keys.slice(0, MAX_KEYS).map((key) => ({ key, value: read(source, key), text: '' }));
  const isNested = ({ value }) => typeof value === 'object' && value !== null;
  // Each pays for a comma, the first one too: simpler, and a byte.
  const render = (member) => {
    member.text = walk.tryMember(',', member.key, member.value);
  };
  members.filter((member) => !isNested(member)).forEach(render);
  members.filter(isNested).forEach(render);
  const text = members.map((member) => member.text).join('');
  return { text: `{${text.slice(1)}}`, truncated: walk.truncated };
}

function render(source, keys) {
  const text = flat(source, keys);
  if (text !== undefined) return { text: text === '' ? undefined : `{${text}}`, truncated: false };
  const { text: all, truncated } = general(source, keys);
  return { text: all === '{}' ? undefined : all, truncated };
}

// What appData was when its text was made, as far as it is a few short scalars. Comparing it is
// cheaper than making its text again, and most of it never changes.
class Memory {
  constructor(source, keys, result) {
    this.keys = keys;
    this.values = keys.map((key) => read(source, key));
    this.isComparable = this.values.every(isShortScalar);
    this.result = result;
  }

  holds(source, keys) {
    if (!this.isComparable || keys.length !== this.keys.length) return false;
    for (let i = 0; i < keys.length; i += 1) {
      if (keys[i] !== this.keys[i] || !Object.is(read(source, keys[i]), this.values[i])) return false;
    }
    return true;
  }
}

function isShortScalar(value) {
  if (typeof value === 'string') return value.length <= SHORT_CHARS;
  return value === null || (typeof value !== 'object' && value !== UNREADABLE);
}

function remembered(source, keys, holder) {
  const { memory } = holder;
  if (memory !== undefined && memory.holds(source, keys)) return memory.result;
  const result = render(source, keys);
  holder.memory = keys.length <= MAX_REMEMBERED ? new Memory(source, keys, result) : undefined;
  return result;
}

// What the application lets out: everything, the keys it lists, or what its function returns.
function chosen(appData, allow, about) {
  let source = typeof allow === 'function' ? allow(appData, about) : appData;
  if (typeof source !== 'object' || source === null) return undefined;
  if (typeof source.toJSON === 'function') source = source.toJSON('');
  return typeof source === 'object' && source !== null ? source : undefined;
}

// The text of `appData` as { text, truncated }: a JSON object, or undefined when there is nothing.
// `allow` is the option of the same name, `about` tells its function whose data it is. `holder` keeps
// what is remembered for the next time.
function appDataText(appData, allow, about, holder = {}) {
  try {
    const source = chosen(appData, allow, about);
    if (source === undefined) return NOTHING;
    return remembered(source, Array.isArray(allow) ? allow : Object.keys(source), holder);
  } catch (error) {
    if (typeof allow === 'function') {
      warn('WARN_APP_DATA', `the appData function threw, its objects go without: ${reason(error)}`);
    }
    return NOTHING;
  }
}

module.exports = { appDataText };
