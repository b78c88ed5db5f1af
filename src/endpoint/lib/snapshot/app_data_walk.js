// SPDX-License-Identifier: MIT
'use strict';

// Any value of appData as JSON text, within a budget of bytes, depth and work. Getters, proxies,
// cycles, sparse arrays and endless toJSON()s cost no more than the budget.

const { types } = require('util');
const limits = require('../common/limits');
const { drop, isThenable, keysOf, quote, read, scalar, UNREADABLE } = require('./app_data_values');

const MAX_NAME_CHARS = 64;

// Thrown when a value does not fit. It has no stack, since it is nobody's mistake.
const TOO_LARGE = { tooLarge: true };

// The budget of one object's appData, and the walk through it. Its methods return JSON text.
class Walk {
  constructor(source) {
    this.room = limits.APP_DATA_BYTES - '{}'.length;
    this.nodes = limits.APP_DATA_NODES;
    this.truncated = false;
    // Top-level members that did not fit.
    this.misses = 0;
    // Whether a toJSON() was asynchronous.
    this.isAsync = false;
    // The objects from `source` down to the value at hand, to recognise cycles.
    this.above = [source];
  }

  // Pays for the text, or throws TOO_LARGE.
  take(text) {
    this.room -= Buffer.byteLength(text);
    if (this.room < 0) throw TOO_LARGE;
    return text;
  }

  // Returns '' for a value that JSON.stringify would leave out.
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
    if (ArrayBuffer.isView(value)) return this.take(classText(value));
    this.above.push(value);
    try {
      const shown = typeof value.toJSON === 'function' ? value.toJSON(key) : value;
      if (shown === value) return this.body(value);
      if (!isThenable(shown)) return this.value(shown, key);
      drop(shown);
      this.isAsync = true;
      return this.take('"[promise]"');
    } finally {
      this.above.pop();
    }
  }

  body(value) {
    if (Array.isArray(value)) return this.list(elements(value));
    if (types.isSet(value)) return this.list(Set.prototype.values.call(value));
    if (types.isMap(value)) return this.members(Map.prototype.entries.call(value));
    return isPlain(value) ? this.members(properties(value)) : this.take(classText(value));
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

  // Returns a whole top-level member. When it does not fit, returns '' and its bytes are free again.
  tryMember(separator, key, value) {
    const before = this.room;
    if (this.misses === limits.APP_DATA_MISSES) return '';
    try {
      return this.member(separator, key, value);
    } catch (error) {
      if (error !== TOO_LARGE) throw error;
      this.room = before;
      this.truncated = true;
      this.misses += 1;
      return '';
    }
  }
}

// Whether it is an object literal or the like. Object.prototype of another realm counts as well: its
// own prototype is null too.
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

// An instance of a class is named, not walked: half of the application may hang on a socket or a peer.
function classText(value) {
  const prototype = Object.getPrototypeOf(value);
  const name = prototype && prototype.constructor && prototype.constructor.name;
  return quote(`[${typeof name === 'string' ? name.slice(0, MAX_NAME_CHARS) : 'object'}]`);
}

// One by one: a sparse array of a billion holes is read only as far as there is room.
function* elements(array) {
  for (let i = 0; i < array.length; i += 1) yield read(array, i);
}

function* properties(object) {
  for (const key of keysOf(object)) yield [key, read(object, key)];
}

module.exports = { Walk };
