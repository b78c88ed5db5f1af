// SPDX-License-Identifier: MIT
'use strict';

// What a check has found: { level, subject, text, cause, remedy }. `level` is one of LEVELS; `subject` says in a
// word what was looked at. Failures have a cause and a remedy, warnings a remedy.

const LEVELS = ['ok', 'note', 'warning', 'failure'];

const ok = (subject, text) => ({ level: 'ok', subject, text });
const note = (subject, text) => ({ level: 'note', subject, text });
const warning = (subject, text, remedy) => ({ level: 'warning', subject, text, remedy });
const failure = (subject, text, cause, remedy) => ({ level: 'failure', subject, text, cause, remedy });

const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

module.exports = { counted, failure, LEVELS, note, ok, warning };
