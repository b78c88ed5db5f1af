// SPDX-License-Identifier: MIT
'use strict';

// A table of results as results.js keeps them.

const asSeconds = (seconds) => (seconds === undefined ? '-' : seconds.toFixed(1));
const percent = (share) => (share === undefined ? '-' : `${Math.round(share * 100)} %`);
const known = (results, key) => results.map((result) => result[key]).filter((value) => value !== undefined).sort((left, right) => left - right);

function expected({ expect, maybe }) {
  return expect ? `${expect.verdict}, ${expect.cause}: ${expect.who}${maybe ? ' (or nothing)' : ''}` : 'nothing';
}

// Whether the machine dropped packets of its own accord, as readers were too slow: that is loss which a trial did not order, and the rows
// may tell of it rightly. A starved worker is such a reader; and in ten minutes some may be lost.
const isDisturbed = ({ where, times }, { dropped }) => where !== 'worker' && times !== 1 && dropped > 0;

const HEAD = ['trial', 'expected', 'right', 'seen', 'median s', 'worst s', 'held', 'unexplained', 'disturbed'];

// A trial's cells, of its results.
function line(trial, all) {
  const results = all.filter((result) => !isDisturbed(trial, result));
  const seconds = known(results, 'seconds');
  return [trial.name, expected(trial), `${results.filter(({ right }) => right).length} of ${results.length}`, trial.expect ? `${seconds.length} of ${results.length}` : '-',
    asSeconds(seconds[seconds.length >> 1]), asSeconds(seconds.at(-1)), percent(known(results, 'held')[0]), `${results.filter(({ unexplained }) => unexplained > 0).length} of ${results.length}`, String(all.length - results.length)];
}

// The table as text. "right" are trials in which what was expected was seen, if that is not optional, and nothing else was; "held" is the
// smallest share of later readings that said so too; "unexplained" are trials in which something was bad or silent without a cause, for one
// reading at least; "disturbed" are those that count nowhere else.
function table(trials, results) {
  const lines = [HEAD, ...trials.map((trial) => line(trial, results.filter(({ name }) => name === trial.name)))];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  return lines.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}

// Whether none of the results, but for disturbed ones, is wrong.
const isRight = (trials, results) => results.every((result) => result.right || trials.some((trial) => trial.name === result.name && isDisturbed(trial, result)));

module.exports = { isDisturbed, isRight, table };
