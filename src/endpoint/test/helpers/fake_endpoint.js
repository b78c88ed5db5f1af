// SPDX-License-Identifier: MIT
'use strict';

// A fake endpoint, for what no real one does: it answers with the given bytes, right to other requests unless told
// otherwise.

const fs = require('fs');
const http = require('http');
const path = require('path');
const { temporaryFolder } = require('./application');
const { schema } = require('./schema');

const GOLDEN = path.join(__dirname, '../../../../tests/golden');

// A recording may be older than the counters that the endpoint row has now.
function upToDate(row) {
  const { required, properties } = schema.definitions[row.row];
  if (row.row !== 'endpoint') return row;
  const known = Object.entries(row).filter(([name]) => name in properties);
  return { ...Object.fromEntries(required.map((name) => [name, 0])), ...Object.fromEntries(known) };
}

// Returns the rows of a recorded snapshot.
const recording = (name) => fs.readFileSync(path.join(GOLDEN, name), 'utf8').trim().split('\n').map((line) => upToDate(JSON.parse(line)));

// Returns the rows of a recorded snapshot, fresh ones each time. They say that they are of now.
function recordedRows() {
  const rows = recording('snapshot-3.19.22.ndjson');
  rows[0].time = Date.now();
  for (const row of rows) delete row.appDataTruncated;
  return rows;
}

const textOf = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

// Makes the counts of the end row right again.
function recount(rows) {
  const counts = {};
  for (const { row } of rows.slice(0, -1)) counts[row] = (counts[row] || 0) + 1;
  rows[rows.length - 1].counts = counts;
  return rows;
}

const selected = (rows) => recount(rows.filter(({ row }) => ['endpoint', 'usage', 'workers', 'routers', 'transports', 'end'].includes(row))
  .map(({ stats, ...row }) => (row.row === 'usage' ? { ...row, stats } : row)));

const refusal = (status) => ({ status, type: 'application/json', body: '{"error":"so it is"}\n' });

// Returns { status, type, body } for a request, as a right endpoint does.
function rightAnswer({ method, url }, body) {
  if (method !== 'GET' && method !== 'HEAD') return refusal(405);
  if (url.startsWith('/v1/snapshot?rows=usage')) return { status: 200, type: 'application/x-ndjson', body: textOf(selected(recordedRows())) };
  if (url.startsWith('/v1/snapshot?')) return refusal(400);
  return url === '/v1/snapshot' ? { status: 200, type: 'application/x-ndjson', body } : refusal(404);
}

// Serves `body` on a socket and calls run(socket). `change(answer, req)` may return another answer, or undefined for
// none at all.
async function withFakeEndpoint(body, run, change = (answer) => answer) {
  const socket = path.join(temporaryFolder(), 's.sock');
  const server = http.createServer((req, res) => {
    const answer = change(rightAnswer(req, body), req);
    if (answer === undefined) {
      req.socket.destroy();
      return;
    }
    res.writeHead(answer.status, { 'Content-Type': answer.type, ...answer.headers });
    res.end(req.method === 'HEAD' ? undefined : answer.body, () => answer.cut && req.socket.destroy());
  });
  await new Promise((resolve) => server.listen(socket, resolve));
  try {
    return await run(socket);
  } finally {
    server.close();
    fs.rmSync(path.dirname(socket), { recursive: true, force: true });
  }
}

module.exports = { GOLDEN, recordedRows, recording, recount, textOf, withFakeEndpoint };
