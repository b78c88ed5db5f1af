// SPDX-License-Identifier: MIT
'use strict';

// Whether a decoded answer says what getStats() says of the same object, field by field. The worker is
// asked three times in a row, through getStats() first and last. So every value must equal one of
// theirs, or, if it is a number that moves, lie between the two.

const isObject = (value) => typeof value === 'object' && value !== null;

function sameKeys(a, b) {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b);
}

function agrees(before, value, after) {
  if (Object.is(value, before) || Object.is(value, after)) return true;
  if (typeof value === 'number' && typeof before === 'number' && typeof after === 'number') {
    return Math.min(before, after) <= value && value <= Math.max(before, after);
  }
  if (!isObject(value) || !isObject(before) || !isObject(after)) return false;
  if (Array.isArray(value) !== Array.isArray(before)) return false;
  if (!sameKeys(value, before) || !sameKeys(value, after)) return false;
  return Object.keys(value).every((key) => agrees(before[key], value[key], after[key]));
}

// Returns what a row would show of the statistics.
const shown = (stats) => JSON.parse(JSON.stringify(stats));

// `before` and `after` are what getStats() resolved with, `json` is the text of the decoded answer.
function confirms(before, json, after) {
  return agrees(shown(before), JSON.parse(json), shown(after));
}

module.exports = { confirms };
