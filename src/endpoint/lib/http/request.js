// SPDX-License-Identifier: MIT
'use strict';

// What a client asks for, and the answers to those who ask for something else. PROTOCOL.md says which
// status means what.

const { isLoopback } = require('../common/loopback');
const { CLASSES } = require('../snapshot/classes');
const { hasToken } = require('./token');

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

const WHOLE_NUMBER = /^\d{1,15}$/;

const shown = (text) => JSON.stringify(text.slice(0, SHOWN_CHARS));

// Returns { classes }, a Set, or a refusal.
function classesIn(query) {
  const rows = query.getAll('rows');
  if (rows.length === 0) return { classes: new Set(CLASSES) };
  const classes = new Set(rows.join().split(','));
  const unknown = [...classes].find((name) => !CLASSES.includes(name));
  if (unknown === undefined) return { classes };
  return { status: 400, error: `unknown class ${shown(unknown)} in rows; known are ${CLASSES.join(', ')}` };
}

// Returns { events }, a number or undefined, or a refusal.
function eventsIn(query) {
  const all = query.getAll('events');
  if (all.length === 0) return { events: undefined };
  const text = all.join();
  if (WHOLE_NUMBER.test(text)) return { events: Number(text) };
  return {
    status: 400,
    error: `events is ${shown(text)}, and must be a whole number: that of the last event you have had, 0 for none`,
  };
}

// Returns { classes, events }: a Set of the selected classes, and the number after which events are wanted
// or undefined; or the refusal { status, error }. `endpoint` has the options `socket`, `allowRemote` and `token`.
function understand(req, endpoint) {
  if (!hasToken(req, endpoint.token)) {
    return { status: 401, error: 'the token is missing or wrong; send the header Authorization: Bearer TOKEN, with the token of serve()' };
  }
  const [path, text] = req.url.split(/\?(.*)/s);
  if (path !== PATH) {
    return { status: 404, error: `there is nothing at this path; the snapshot is at ${PATH}` };
  }
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    return { status: 405, error: `method ${req.method} is not supported; use GET or HEAD` };
  }
  if (foreignName(req, endpoint) !== undefined) {
    return { status: 400, error: 'the Host header names another host; use localhost or 127.0.0.1' };
  }
  const query = new URLSearchParams(text || '');
  const [wanted, since] = [classesIn(query), eventsIn(query)];
  const refusal = [wanted, since].find(({ status }) => status !== undefined);
  return refusal || { ...wanted, ...since };
}

// Answers with a refusal, such as understand() returns. `after`: milliseconds after which another try may succeed.
function refuse(req, res, { status, error, after }) {
  const body = `${JSON.stringify({ error })}\n`;
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  if (after !== undefined) headers['Retry-After'] = Math.ceil(after / 1000);
  if (status === 405) headers.Allow = 'GET, HEAD';
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer realm="collectd-mediasoup"';
  res.writeHead(status, headers);
  res.end(req.method === 'HEAD' ? undefined : body);
}

module.exports = { refuse, understand };
