// SPDX-License-Identifier: MIT
'use strict';

// The answers of PROTOCOL.md to requests other than for all rows.

const { ask } = require('./ask');

// [what is asked, the request, the status that it is to have]
const REQUESTS = [
  ['GET of a class that there is not', { query: '?rows=unheard_of' }, 400],
  ['GET of an empty class', { query: '?rows=workers,' }, 400],
  ['GET of events that are no number', { query: '?events=some' }, 400],
  ['GET of another path', { path: '/v1/unheard_of' }, 404],
  ['POST', { method: 'POST' }, 405],
  ['HEAD', { method: 'HEAD' }, 200],
];

function saysWhy(body) {
  try {
    return typeof JSON.parse(body.toString()).error === 'string';
  } catch (error) {
    return false;
  }
}

// Resolves with what is wrong with the answer, or undefined.
async function faultOf(target, [what, request, wanted]) {
  const { status, body, problem } = await ask(target, request);
  if (status === undefined) return `${what} gets no answer: ${problem}`;
  if (status !== wanted) return `${what} gets status ${status} instead of ${wanted}`;
  if (wanted >= 400 && !saysWhy(body)) return `${what} gets a body without the member "error", which says why`;
  return wanted === 200 && body.length > 0 ? `${what} gets a body` : undefined;
}

// Resolves with the faults of the answers, as texts. A proxy may answer another path itself, so a URL is asked for
// its own path only.
async function checkRequests(target) {
  const faults = [];
  for (const request of REQUESTS) {
    if (target.url !== undefined && request[1].path !== undefined) continue;
    const fault = await faultOf(target, request);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

module.exports = { checkRequests };
