// SPDX-License-Identifier: MIT
'use strict';

// The text of rows. A node's rows begin with its prefix (prefix.js); what its worker answered
// completes them. The raw lane's thread makes rows too, so nothing here needs the tree.

const { reason } = require('../common/errors');
const limits = require('../common/limits');
const { wellFormed } = require('../common/well_formed');

// mediasoup answers with lists of statistics. In those of a producer or consumer, entries of this
// type are its own streams.
const STATS_TYPE = { producer: 'inbound-rtp', consumer: 'outbound-rtp' };

// Returns the members of an object as they continue a row: `,"a":1,"b":2`.
function membersText(members) {
  const text = JSON.stringify(members);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}

// Returns the statistics in an answer, one for each row.
function statsOf(kind, answer) {
  if (kind === 'worker') return answer ? [answer] : [];
  if (!Array.isArray(answer)) return [];
  const type = STATS_TYPE[kind];
  return type ? answer.filter((stats) => stats && stats.type === type) : answer.slice(0, 1);
}

function errorText(error) {
  return `,"error":${JSON.stringify(wellFormed(reason(error).slice(0, limits.ERROR_CHARS)))}`;
}

function withStats(prefix, stats) {
  let text;
  try {
    text = JSON.stringify(stats);
  } catch (error) {
    return refusedRow(prefix, error);
  }
  // A row of which a reader cannot make sense costs the whole snapshot.
  if (text === undefined || text[0] !== '{') return refusedRow(prefix, 'the statistics are no object');
  const row = `${prefix},"stats":${text}}\n`;
  // No character takes more than three bytes of UTF-8.
  if (row.length * 3 <= limits.ROW_BYTES || Buffer.byteLength(row) <= limits.ROW_BYTES) return row;
  return refusedRow(prefix, 'row too large');
}

// The row of a node whose worker was not asked or had nothing to say.
function silentRow(prefix) {
  return `${prefix}}\n`;
}

// The row of a node whose statistics are unknown because of `error`, which may be anything.
function refusedRow(prefix, error) {
  return `${prefix}${errorText(error)}}\n`;
}

// Returns the rows of a node of this kind from what its worker answered, at least one.
function answeredRows(kind, prefix, answer) {
  const stats = statsOf(kind, answer);
  if (stats.length === 0) return [silentRow(prefix)];
  return stats.map((one) => withStats(prefix, one));
}

// The row of a class that is not about a node: `endpoint`, `usage`, `end`.
function plainRow(rowClass, members) {
  return `{"row":"${rowClass}"${membersText(members)}}\n`;
}

module.exports = { answeredRows, membersText, plainRow, refusedRow, silentRow };
