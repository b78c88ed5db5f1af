// SPDX-License-Identifier: MIT
'use strict';

// One request to the endpoint, within a bounded time and a bounded number of bytes.

const http = require('http');
const https = require('https');
const { SNAPSHOT } = require('./target');

const ANSWER_MS = 30000;
// The plugin reads no larger answer.
const ANSWER_BYTES = 80 * 1024 * 1024;

// A % that begins no escape stands for itself.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    return text;
  }
}

function optionsFor({ socket, url, token }, { method = 'GET', path, query = '' }) {
  const headers = { Accept: 'application/x-ndjson', ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) };
  const common = { method, agent: false, headers };
  if (socket !== undefined) return { ...common, socketPath: socket, path: (path || SNAPSHOT) + query };
  const auth = url.username === '' ? undefined : `${decoded(url.username)}:${decoded(url.password)}`;
  const { protocol, hostname, port } = url;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { ...common, protocol, host, port, auth, path: (path || url.pathname) + query };
}

// Collects the answer's body; calls done(problem) once, with undefined when it is whole.
function collect(res, chunks, done) {
  let bytes = 0;
  res.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) done(`the answer is larger than ${ANSWER_BYTES} bytes, which the plugin refuses`);
    else chunks.push(chunk);
  });
  res.on('aborted', () => done(`the connection was cut after ${bytes} bytes`));
  res.on('error', (error) => done(error.message));
  res.on('end', () => done(undefined));
}

// Asks the target ({ socket } or { url }, with its `token` if it has one) for `request`: { method, path, query }. Resolves with { status, type,
// body, ms, problem }: `problem` says why the answer is not whole, and `status` is missing when there is none.
function ask(target, request = {}) {
  const began = Date.now();
  return new Promise((resolve) => {
    const chunks = [];
    const answer = {};
    const req = (target.url && target.url.protocol === 'https:' ? https : http).request(optionsFor(target, request));
    const done = (problem) => {
      clearTimeout(timer);
      resolve({ ...answer, body: Buffer.concat(chunks), ms: Date.now() - began, problem });
      req.destroy();
    };
    const timer = setTimeout(() => done(`the answer was not whole after ${ANSWER_MS / 1000} s`), ANSWER_MS);
    req.on('error', (error) => done(error.message));
    req.on('response', (res) => {
      Object.assign(answer, { status: res.statusCode, type: String(res.headers['content-type'] || '') });
      collect(res, chunks, done);
    });
    req.end();
  });
}

module.exports = { ask };
