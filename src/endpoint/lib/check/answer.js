// SPDX-License-Identifier: MIT
'use strict';

// Whether the endpoint answers with a snapshot, and whether it keeps to the protocol.

const { ask } = require('./ask');
const { counted, failure, ok, warning } = require('./finding');
const { checkNames } = require('./names');
const { checkRequests } = require('./requests');
const { check, checkSelection, countsOf, unknownMembers } = require('./snapshot');
const { checkState } = require('./state');

const TYPE = 'application/x-ndjson';
const SHOWN_FAULTS = 10;
const SHOWN_BODY = 200;
const OURS = 'collectd-mediasoup';
// The one class that has a row in every application with a worker and is not sent unless it is selected.
const SELECTED = ['usage'];

// What Node says of a certificate whose authority it does not know.
const UNTRUSTED = /self.signed certificate|unable to (get local issuer|verify the first) certificate/;

const firstWords = (body) => JSON.stringify(body.slice(0, SHOWN_BODY).toString());

// The kernel takes a connection to a process that can open no more files, and Node closes it without a word.
const CLOSED = /socket hang up|ECONNRESET|EPIPE/;
const RUNS_OUT = 'look in its log; if there is no word of it, the application may have reached its limit of open files: raise LimitNOFILE';

// Returns the failure of an answer that is no snapshot, or undefined.
function notASnapshot({ status, type, body, problem }) {
  if (status === undefined && CLOSED.test(problem)) {
    return failure('answer', 'there is none', `the application has closed the connection (${problem})`, RUNS_OUT);
  }
  if (status === undefined && UNTRUSTED.test(problem)) {
    return failure('answer', 'the certificate is not trusted', problem, 'name the file of its authority\'s certificate: NODE_EXTRA_CA_CERTS=/path/to/ca.pem, and as CACert in collectd');
  }
  if (status === undefined) {
    return failure('answer', 'there is none', problem, 'see whether the application runs, and its event loop is not blocked; the address may be another one');
  }
  if (status === 401) {
    return failure('answer', 'status 401', `it says ${firstWords(body)}`, 'set COLLECTD_MEDIASOUP_TOKEN to the token of serve(), and write it into the file of collectd\'s option TokenFile');
  }
  if (status !== 200) {
    return failure('answer', `status ${status}`, `it says ${firstWords(body)}`, 'an endpoint answers GET /v1/snapshot: pass its address, not that of collectd or of its views');
  }
  if (problem !== undefined) {
    return failure('answer', 'it is not whole', problem, 'see whether the application ended just now; its log has warnings of collectd-mediasoup');
  }
  if (!type.startsWith(TYPE)) {
    return failure('answer', `its Content-Type is "${type}"`, `an endpoint sends ${TYPE}`, 'pass the address of an endpoint');
  }
  return undefined;
}

const described = ({ line, row, text }) => (line === undefined ? text : `line ${line}${row === undefined ? '' : ` (${row})`}: ${text}`);

// Faults with the same text in rows of the same class are one.
function distinct(faults) {
  const groups = new Map();
  for (const fault of faults) {
    const key = `${fault.row} ${fault.text}`;
    const group = groups.get(key) || { text: described(fault), more: -1 };
    group.more += 1;
    groups.set(key, group);
  }
  return [...groups.values()].map(({ text, more }) => (more > 0 ? `${text}, and ${more} more like it` : text));
}

function remedyOf(rows) {
  const [first] = rows;
  const isOurs = first !== undefined && first.row.implementation === OURS;
  return isOurs ? 'please report it, with this text' : 'make the endpoint send what PROTOCOL.md and schema.json of collectd-mediasoup say';
}

// Returns a failure for each kind of fault.
function faultFindings(rows, faults) {
  const texts = distinct(faults);
  const findings = texts.slice(0, SHOWN_FAULTS).map((text) => failure('protocol', text, 'the answer breaks the protocol, and the plugin may refuse it', remedyOf(rows)));
  if (texts.length > SHOWN_FAULTS) findings.push(failure('protocol', `${texts.length - SHOWN_FAULTS} more kinds of faults`, 'see above', remedyOf(rows)));
  return findings;
}

function sound(rows) {
  const unknown = unknownMembers(rows);
  const right = ok('protocol', `version 1; ${counted(rows.length, 'row')}, their order and counts, and the answers to other requests are as PROTOCOL.md says`);
  if (unknown.length === 0) return [right];
  return [right, warning('protocol', `members that it does not know: ${unknown.join(', ')}`, 'readers ignore them; see whether one is misspelt')];
}

// Resolves with the faults of a snapshot of some classes and of the answers to other requests.
async function otherFaults(target) {
  const { status, body } = await ask(target, { query: `?rows=${SELECTED}` });
  const { rows, faults } = check(body);
  const selected = status === 200 ? [...faults.map((fault) => `with rows=${SELECTED}, ${described(fault)}`), ...checkSelection(rows, SELECTED)]
    : [`GET with rows=${SELECTED} gets status ${status} instead of 200`];
  return [...selected, ...(await checkRequests(target))].map((text) => ({ text }));
}

// Resolves with the findings about what the target ({ socket } or { url }) answers.
async function checkAnswer(target) {
  const asked = Date.now();
  const answer = await ask(target);
  const timing = { asked, answered: Date.now(), ms: answer.ms };
  const refused = notASnapshot(answer);
  if (refused !== undefined) return [refused];
  const { rows, faults } = check(answer.body);
  const answered = ok('answer', `status 200, ${answer.body.length} bytes in ${answer.ms} ms`);
  if (faults.length > 0) return [answered, ...faultFindings(rows, faults)];
  const others = await otherFaults(target);
  const plain = rows.map(({ row }) => row);
  return [
    answered,
    ...(others.length > 0 ? faultFindings(rows, others) : sound(rows)),
    ...checkState(plain, countsOf(rows), timing),
    ...checkNames(plain),
  ];
}

module.exports = { checkAnswer };
