// SPDX-License-Identifier: MIT
'use strict';

// What a client asks for, and the answers to those who ask for something else. PROTOCOL.md says which
// status means what.

const { isLoopback } = require('../common/loopback');
const { CLASSES } = require('../snapshot/classes');

const PATH = '/v1/snapshot';
const SHOWN_CHARS = 64;

// Returns the name in the Host header when it is not this machine's, else undefined. A browser resolves
// whatever name a page gives it, so a page could reach a loopback port under a name of its own. On a
// Unix socket, or when remote clients are allowed, any name will do.
function foreignName(req, endpoint) {
  if (endpoint.socket !== undefined || endpoint.allowRemote) return undefined;
  const name = String(req.headers.host || '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === '' || isLoopback(name) ? undefined : name;
}

// Returns { classes }, a Set of the selected classes, or the refusal { status, error }. `endpoint` has
// the options `socket` and `allowRemote`.
function understand(req, endpoint) {
  const [path, query] = req.url.split(/\?(.*)/s);
  if (path !== PATH) {
    return { status: 404, error: `there is nothing at this path; the snapshot is at ${PATH}` };
  }
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    return { status: 405, error: `method ${req.method} is not supported; use GET or HEAD` };
  }
  if (foreignName(req, endpoint) !== undefined) {
    return { status: 400, error: 'the Host header names another host; use localhost or 127.0.0.1' };
  }
  const rows = new URLSearchParams(query || '').getAll('rows');
  if (rows.length === 0) return { classes: new Set(CLASSES) };
  const classes = new Set(rows.join().split(','));
  const unknown = [...classes].find((name) => !CLASSES.includes(name));
  if (unknown === undefined) return { classes };
  const shown = JSON.stringify(unknown.slice(0, SHOWN_CHARS));
  return { status: 400, error: `unknown class ${shown} in rows; known are ${CLASSES.join(', ')}` };
}

// Answers with a refusal that understand() returned.
function refuse(req, res, { status, error }) {
  const body = `${JSON.stringify({ error })}\n`;
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  if (status === 405) headers.Allow = 'GET, HEAD';
  res.writeHead(status, headers);
  res.end(req.method === 'HEAD' ? undefined : body);
}

module.exports = { refuse, understand };
