// SPDX-License-Identifier: MIT
'use strict';

// Findings as text for people.

const { counted } = require('./finding');

const SUBJECT_CHARS = 13;
const LEVEL_CHARS = 8;
const SHOWN = { ok: 'ok', note: '', warning: 'warning', failure: 'FAILURE' };
// Nothing that an endpoint sends may move the cursor or colour the terminal.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

const line = (level, subject, text) => `  ${level.padEnd(LEVEL_CHARS)} ${subject.padEnd(SUBJECT_CHARS)} ${String(text).replace(CONTROL, ' ')}`;

function lines({ level, subject, text, cause, remedy }) {
  const all = [line(SHOWN[level], subject, text)];
  if (cause !== undefined) all.push(line('', '', `cause:  ${cause}`));
  if (remedy !== undefined) all.push(line('', '', `remedy: ${remedy}`));
  return all;
}

const countOf = (findings, level) => findings.filter((one) => one.level === level).length;

function verdict(findings) {
  const failures = countOf(findings, 'failure');
  const warnings = counted(countOf(findings, 'warning'), 'warning');
  return failures > 0 ? `${counted(failures, 'failure')}, ${warnings}` : `collectd can read this endpoint; ${warnings}`;
}

// Returns the text about one target, by its name.
function textOf(name, findings) {
  return [`checking ${name.replace(CONTROL, ' ')}`, '', ...findings.flatMap(lines), '', verdict(findings), ''].join('\n');
}

module.exports = { countOf, textOf };
