// SPDX-License-Identifier: MIT
'use strict';

// Reads the endpoint as a client does, and checks each snapshot against PROTOCOL.md and schema.json.

const assert = require('assert');
const http = require('http');
const https = require('https');
const { keyOf, OWN_ID, parentOf } = require('../../lib/check/relations');
const { faults } = require('./schema');

const MAX_ROW_BYTES = 256 * 1024;

// `where` is a socket's path or { host, port }, with `token` where one is to be sent, and `ca`, the certificate to trust,
// where TLS is spoken.
function request(where, path, { method = 'GET', headers } = {}) {
  const { token, ...target } = typeof where === 'string' ? { socketPath: where } : where;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const { request: begin } = target.ca === undefined ? http : https;
    const req = begin({ ...target, path, method, headers: { ...authorization, ...headers }, agent: false }, (res) => {
      const chunks = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('aborted', () => reject(new Error('aborted')));
      res.on('end', () =>
        resolve({ status: res.statusCode, headers: res.headers, text: Buffer.concat(chunks).toString() })
      );
    });
    req.on('error', reject);
    req.end();
  });
}

// Returns the rows of an NDJSON text, after checking everything that holds for any snapshot.
function parse(text) {
  assert.ok(text.endsWith('\n'), 'the last row ends in a newline');
  const lines = text.slice(0, -1).split('\n');
  const rows = lines.map((line) => JSON.parse(line));
  rows.forEach((row, i) => {
    assert.deepStrictEqual(faults(row), [], `row ${i}: ${lines[i].slice(0, 2000)}`);
    assert.ok(Buffer.byteLength(lines[i]) <= MAX_ROW_BYTES);
  });
  assert.strictEqual(rows[0].row, 'endpoint');
  const end = rows[rows.length - 1];
  assert.strictEqual(end.row, 'end');
  const counts = {};
  for (const { row } of rows.slice(0, -1)) counts[row] = (counts[row] || 0) + 1;
  assert.deepStrictEqual(end.counts, counts);
  checkOrder(rows);
  return rows;
}

function checkOrder(rows) {
  const events = rows.filter(({ row }) => row === 'connections');
  assert.deepStrictEqual(rows.slice(1, 1 + events.length), events, 'events come right after the endpoint row');
  events.forEach(({ number }, i) => assert.ok(i === 0 || number > events[i - 1].number, `${number} comes late`));
  const seen = new Set();
  for (const row of rows) {
    const parent = parentOf(row);
    if (parent) assert.ok(seen.has(parent), `${row.row} before its parent`);
    if (OWN_ID[row.row]) seen.add(keyOf(row.row, row[OWN_ID[row.row]]));
  }
}

// Asks for a snapshot of these classes, or of all, with the events after this number, or without events.
// Resolves with its rows and ways to find them.
async function snapshot(where, rows, events) {
  const wanted = Object.entries({ rows, events }).filter(([, value]) => value !== undefined);
  const { status, headers, text } = await request(where, `/v1/snapshot?${new URLSearchParams(wanted)}`);
  assert.strictEqual(status, 200, text);
  assert.strictEqual(headers['content-type'], 'application/x-ndjson');
  return view(parse(text), text);
}

function view(rows, text) {
  return {
    rows,
    text,
    of: (row) => rows.filter((one) => one.row === row),
    by: (member, value) => rows.filter((one) => one[member] === value),
    endpoint: rows[0],
    end: rows[rows.length - 1],
  };
}

module.exports = { request, snapshot };
