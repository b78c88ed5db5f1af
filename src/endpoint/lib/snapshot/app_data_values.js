// SPDX-License-Identifier: MIT
'use strict';

// Single values of appData: read without an exception, and scalars as JSON text.

const { types } = require('util');
const limits = require('../common/limits');
const { wellFormed } = require('../common/well_formed');

const BIGGEST_BIGINT = BigInt(1) << BigInt(1024);

// Characters that need no escape in a JSON string. Nearly all strings consist of these.
const PLAIN = /^[ !#-[\]-~]*$/;

// Stands for a value whose getter or proxy threw.
const UNREADABLE = Symbol('unreadable');

// Returns holder[key], or UNREADABLE; never throws.
function read(holder, key) {
  try {
    const value = holder[key];
    if (typeof value === 'object' && types.isPromise(value)) dropMade(holder, key, value);
    return value;
  } catch (error) {
    return UNREADABLE;
  }
}

// Lets a promise that a getter has made for us fail in silence. One that the application keeps there
// remains the application's.
function dropMade(holder, key, promise) {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  if (property === undefined || property.get !== undefined) drop(promise);
}

// Whether a function that we have called was asynchronous.
function isThenable(value) {
  return typeof value === 'object' && value !== null && typeof value.then === 'function';
}

// Lets a promise or thenable that was made for us fail in silence: a rejection that nobody handles ends the
// process.
function drop(thenable) {
  Promise.resolve(thenable).catch(() => {});
}

// The keys of huge objects, which are listed once.
const keysOfHuge = new WeakMap();
let isAnyHuge = false;
const MAX_KEYS = limits.APP_DATA_NODES + 1;

// Returns the keys of an object, at least one too many when there are too many.
function keysOf(object) {
  if (isAnyHuge && keysOfHuge.has(object)) return keysOfHuge.get(object);
  if (Array.isArray(object)) return indexesOf(object);
  const keys = Object.keys(object);
  if (keys.length <= limits.APP_DATA_HUGE) return keys;
  isAnyHuge = true;
  const first = keys.slice(0, MAX_KEYS);
  keysOfHuge.set(object, first);
  return first;
}

function indexesOf(array) {
  const keys = [];
  for (let i = 0; i < array.length && i < MAX_KEYS; i += 1) if (i in array) keys.push(String(i));
  return keys;
}

// Returns the entries of a Map, or the members of a Set by their number, as an object; other objects as
// they are.
function membersOf(object) {
  if (Object.getPrototypeOf(object) === Object.prototype) return object; // most are, and asking V8 for types is slow
  if (types.isMap(object)) return collected(Map.prototype.entries.call(object));
  if (types.isSet(object)) return Array.from(collect(Set.prototype.values.call(object)));
  return object;
}

function* collect(iterator) {
  let count = 0;
  for (const value of iterator) {
    if (count === MAX_KEYS) return;
    count += 1;
    yield value;
  }
}

function collected(entries) {
  const isKey = ([key]) => typeof key === 'string' || typeof key === 'number';
  return Object.fromEntries([...collect(entries)].filter(isKey));
}

// Returns a string as JSON.
function quote(text) {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(wellFormed(text));
}

// Returns a scalar of bounded size as JSON, '' for what JSON.stringify leaves out (undefined, a
// function, a symbol), and undefined for objects and strings that are too long.
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

module.exports = { drop, isThenable, keysOf, membersOf, quote, read, scalar, UNREADABLE };
