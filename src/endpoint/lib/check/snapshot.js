// SPDX-License-Identifier: MIT
'use strict';

// The bytes of a snapshot come in, its rows and what is wrong with them go out, held against PROTOCOL.md: each row
// by itself, and all of them together. A fault is { line, text }; lines count from 1.

const schema = require('../../schema.json');
const limits = require('../common/limits');
const { canonical, compile, isObject } = require('./json_schema');
const { identityOf, keyOf, OWN_ID, PARENT, parentOf, STREAMS } = require('./relations');

const ROW_MEMBERS = 128;
const DEPTH = 32;
const NEWLINE = 10;

const faultsOfRow = compile(schema);

function depthOf(value) {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

// Returns the JSON object of a line, or throws a text that says what it is instead.
function parseLine(bytes) {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) throw new Error('it is not UTF-8');
  let row;
  try {
    row = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${error.message}`);
  }
  if (!isObject(row)) throw new Error('it is not a JSON object');
  return row;
}

function* linesOf(body) {
  let from = 0;
  for (let to = body.indexOf(NEWLINE); to !== -1; to = body.indexOf(NEWLINE, from)) {
    yield body.slice(from, to);
    from = to + 1;
  }
  if (from < body.length) yield body.slice(from);
}

// Returns { rows, faults }: each row is { line, row, bytes }.
function parse(body) {
  const rows = [];
  const faults = [];
  let line = 0;
  for (const bytes of linesOf(body)) {
    line += 1;
    try {
      rows.push({ line, row: parseLine(bytes), bytes: bytes.length });
    } catch (error) {
      faults.push({ line, text: error.message });
    }
  }
  if (body.length > 0 && body[body.length - 1] !== NEWLINE) faults.push({ line, text: 'it does not end in a newline' });
  return { rows, faults };
}

// --- rules of one row ---

function sizes({ row, bytes }) {
  const members = [row, row.stats, row.counts].filter(isObject).reduce((sum, one) => sum + Object.keys(one).length, 0);
  const faults = [];
  if (bytes > limits.ROW_BYTES) faults.push(`it has more than ${limits.ROW_BYTES} bytes`);
  if (members > ROW_MEMBERS) faults.push(`it has more than ${ROW_MEMBERS} members, those of stats and counts included`);
  if (depthOf(row) > DEPTH) faults.push(`its values are nested more than ${DEPTH} levels deep`);
  const ids = Object.entries(row).filter(([name, value]) => /Id$/.test(name) && typeof value === 'string');
  for (const [name, id] of ids) {
    if (Buffer.byteLength(id) > limits.ID_BYTES) faults.push(`${name} has more than ${limits.ID_BYTES} bytes`);
  }
  return faults;
}

const faultsByItself = (entry) => [...faultsOfRow(entry.row).map(({ text }) => text), ...sizes(entry)];

// --- rules of all rows together ---

// The faults of the first and of the last row.
function ends(rows) {
  const faults = [];
  if (rows[0].row.row !== 'endpoint') faults.push({ line: rows[0].line, text: 'the first row must be the endpoint row' });
  for (const { line, row } of rows.slice(1)) if (row.row === 'endpoint') faults.push({ line, text: 'there must be one endpoint row' });
  const { line } = rows[rows.length - 1];
  const end = rows.find(({ row }) => row.row === 'end');
  if (end === undefined) faults.push({ line, text: 'there is no end row after it, so this is no snapshot' });
  else if (end.line !== line) faults.push({ line: end.line, text: 'the end row must be the last, and there must be one' });
  return faults;
}

function countsOf(rows) {
  const counts = {};
  for (const { row } of rows) if (row.row !== 'end') counts[row.row] = (counts[row.row] || 0) + 1;
  return counts;
}

function counts(rows) {
  const { line, row } = rows[rows.length - 1];
  if (row.row !== 'end' || !isObject(row.counts)) return [];
  const sent = countsOf(rows);
  const names = [...new Set([...Object.keys(sent), ...Object.keys(row.counts)])];
  const differing = names.filter((name) => (sent[name] || 0) !== (row.counts[name] || 0));
  return differing.map((name) => ({ line, text: `counts.${name} is ${row.counts[name] || 0}, and ${sent[name] || 0} were sent` }));
}

// Parents come before children.
function order(rows) {
  const seen = new Set();
  const faults = [];
  for (const { line, row } of rows) {
    const parent = parentOf(row);
    if (parent !== undefined && !seen.has(parent)) {
      faults.push({ line, text: `no row of ${PARENT[row.row][0]} before it has its ${PARENT[row.row][1]}` });
    }
    if (OWN_ID[row.row]) seen.add(keyOf(row.row, row[OWN_ID[row.row]]));
  }
  return faults;
}

const withoutStats = ({ stats, ...others }) => canonical(others);

// Rows of the same object are of different streams, and differ in nothing else.
function secondStream(row, first, ssrcs) {
  if (!isObject(row.stats) || !isObject(first.stats)) return 'has more than one row, and not each has stats';
  if (ssrcs.has(row.stats.ssrc)) return 'has two rows with the same ssrc';
  return withoutStats(row) === withoutStats(first) ? undefined : 'has rows that differ in more than stats';
}

// An object has one row, or one for each stream.
function identities(rows) {
  const known = new Map();
  const faults = [];
  for (const { line, row } of rows.filter((one) => OWN_ID[one.row.row])) {
    const key = keyOf(row.row, identityOf(row));
    const ssrc = isObject(row.stats) ? row.stats.ssrc : undefined;
    const before = known.get(key);
    if (before === undefined) {
      known.set(key, { first: row, ssrcs: new Set([ssrc]) });
      continue;
    }
    const text = STREAMS.includes(row.row) ? secondStream(row, before.first, before.ssrcs) : 'has two rows';
    if (text !== undefined) faults.push({ line, text: `the object with this ${OWN_ID[row.row]} ${text}` });
    before.ssrcs.add(ssrc);
  }
  return faults;
}

// --- all rules ---

// Returns { rows, faults } for a snapshot's bytes. Each row is { line, row, bytes }.
function check(body) {
  const { rows, faults } = parse(body);
  if (rows.length === 0) return { rows, faults: [...faults, { line: 0, text: 'the answer has no rows' }] };
  // Where a row cannot be read, others would be blamed for its absence.
  const rules = faults.length === 0 ? [ends, order, identities, counts] : [];
  for (const entry of rows) faults.push(...faultsByItself(entry).map((text) => ({ line: entry.line, text })));
  for (const rule of rules) faults.push(...rule(rows));
  const classes = new Map(rows.map(({ line, row }) => [line, row.row]));
  return { rows, faults: faults.map((fault) => ({ ...fault, row: classes.get(fault.line) })) };
}

// Returns the faults of a snapshot that was asked for these classes only, as texts.
function checkSelection(rows, classes) {
  const always = ['endpoint', 'workers', 'routers', 'transports', 'end'];
  const other = rows.find(({ row }) => ![...always, ...classes].includes(row.row));
  const withStats = rows.find(({ row }) => row.stats !== undefined && !classes.includes(row.row));
  const faults = [];
  if (other) faults.push(`GET with rows=${classes} gets a row of ${other.row.row}`);
  if (withStats) faults.push(`GET with rows=${classes} gets stats of ${withStats.row.row}`);
  return faults;
}

// Returns the members that schema.json does not know, as "class.member".
function unknownMembers(rows) {
  const unknown = new Set();
  for (const { row } of rows) {
    const definition = schema.definitions[row.row];
    if (definition === undefined) continue;
    for (const name of Object.keys(row)) if (!(name in definition.properties)) unknown.add(`${row.row}.${name}`);
  }
  return [...unknown].sort();
}

module.exports = { check, checkSelection, countsOf, unknownMembers };
