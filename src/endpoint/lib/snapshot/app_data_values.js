// SPDX-License-Identifier: MIT
'use strict';

// Single values of appData: read without an exception, and scalars as JSON text.

const limits = require('../common/limits');

const BIGGEST_BIGINT = BigInt(1) << BigInt(1024);

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const SURROGATE = /[\ud800-\udfff]/;
// Characters that need no escape in a JSON string. Nearly all strings consist of these.
const PLAIN = /^[ !#-[\]-~]*$/;

// Stands for a value whose getter or proxy threw.
const UNREADABLE = Symbol('unreadable');

// Returns holder[key], or UNREADABLE; never throws.
function read(holder, key) {
  try {
    return holder[key];
  } catch (error) {
    return UNREADABLE;
  }
}

// Returns a string as JSON. Half a surrogate pair becomes U+FFFD: it is no Unicode text and would not
// survive UTF-8.
function quote(text) {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(SURROGATE.test(text) ? text.replace(LONE_SURROGATE, '\ufffd') : text);
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

module.exports = { quote, read, scalar, UNREADABLE };
