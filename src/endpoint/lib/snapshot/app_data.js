// SPDX-License-Identifier: MIT
'use strict';

// An object's appData comes in, whatever it is; the text of a JSON object goes out, bounded in bytes,
// in depth and in the work it takes. Nothing an application puts there, no getter, proxy, cycle or
// gigabyte, may break a snapshot or hold up the event loop.
//
// This runs for every object of every snapshot, so the usual case, a handful of short scalars, has a
// fast path. What does not fit is left out by whole top-level keys, nested values first: scalars are
// what identifies an object.

const { reason, warn } = require('../common/errors');
const { noteLongWork } = require('../common/event_loop');
const limits = require('../common/limits');
const { drop, isThenable, keysOf, membersOf, quote, read, scalar, UNREADABLE } = require('./app_data_values');
const { Walk } = require('./app_data_walk');

const NOTHING = Object.freeze({ text: undefined, truncated: false });

// The fast path takes strings up to this length.
const SHORT_CHARS = 512;
// Characters that fit whatever they are: one takes at most three bytes of UTF-8. 2 for the braces.
const FLAT_CHARS = Math.floor(limits.APP_DATA_BYTES / 3) - 2;
const MAX_KEYS = limits.APP_DATA_NODES;
const MAX_REMEMBERED = 8;

// The fast path. Returns the text without its braces, or undefined when this is not an object of a
// few short scalars.
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

// Any object. Scalars get room first, then nested values as far as they fit; the text keeps the order
// of the keys.
function general(source, keys) {
  noteLongWork();
  const walk = new Walk(source);
  walk.truncated = keys.length > MAX_KEYS;
  const members = keys.slice(0, MAX_KEYS).map((key) => ({ key, value: read(source, key), text: '' }));
  const isNested = ({ value }) => typeof value === 'object' && value !== null;
  // Every member pays for a comma. The first needs none, but a byte is not worth another case.
  const render = (member) => {
    member.text = walk.tryMember(',', member.key, member.value);
  };
  members.filter((member) => !isNested(member)).forEach(render);
  members.filter(isNested).forEach(render);
  if (walk.isAsync) warnOfToJson();
  const text = members.map((member) => member.text).join('');
  return { text: `{${text.slice(1)}}`, truncated: walk.truncated };
}

function render(source, keys) {
  const text = flat(source, keys);
  if (text !== undefined) return { text: text === '' ? undefined : `{${text}}`, truncated: false };
  const { text: all, truncated } = general(source, keys);
  return { text: all === '{}' ? undefined : all, truncated };
}

// The appData of which a text was made, if it was a few short scalars. Most appData never changes,
// and comparing it is cheaper than making its text again.
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

function warnOfToJson() {
  warn(
    'WARN_APP_DATA',
    'a toJSON() in appData returned a promise, and what it stands for is missing from snapshots: ' +
      'make it return the value itself',
    'toJSON'
  );
}

// `what` says what the function did.
function warnOfFunction(what) {
  warn(
    'WARN_APP_DATA',
    `the function given as option "appData" ${what}: ` +
      'the rows of its objects have no appData; make it return an object, or undefined for none',
    what
  );
}

// Whether the value is a promise, which is told to warnOf() and then fails in silence.
function isPromised(value, warnOf) {
  if (!isThenable(value)) return false;
  drop(value);
  warnOf('returned a promise');
  return true;
}

// Returns the object that may leave the application, from which the listed keys are still to be taken
// when `allow` is a list; undefined when there is none.
function chosen(appData, allow, about) {
  let source = appData;
  if (typeof allow === 'function') {
    source = allow(appData, about);
    if (isPromised(source, warnOfFunction)) return undefined;
  }
  if (typeof source !== 'object' || source === null) return undefined;
  if (typeof source.toJSON === 'function') {
    source = source.toJSON('');
    if (isPromised(source, warnOfToJson)) return undefined;
  }
  return typeof source === 'object' && source !== null ? membersOf(source) : undefined;
}

// Returns { text, truncated }: `text` is a JSON object, or undefined when there is nothing to tell.
// Never throws. `allow` is the option appData; when it is a function, `about` tells it whose data this
// is. `holder` keeps what is remembered for the next time; while nothing changes, the same result object
// is returned.
function appDataText(appData, allow, about, holder = {}) {
  try {
    const source = chosen(appData, allow, about);
    if (source === undefined) return NOTHING;
    return remembered(source, Array.isArray(allow) ? allow : keysOf(source), holder);
  } catch (error) {
    if (typeof allow === 'function') warnOfFunction(`threw "${reason(error)}"`);
    return NOTHING;
  }
}

module.exports = { appDataText };
