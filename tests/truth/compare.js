// SPDX-License-Identifier: MIT
'use strict';

// Compares what the rows of a room said with what trials.js expects. No clock and no network here.
//
// A reading is { at, workers, producers, consumers }: the views' rows of the room and its worker, `at` seconds after the fault began.

// Whom a row blames. A consumer that is bad by its sender blames who sends, by its line who receives.
function blamed(row, cause, peerOf) {
  if (cause === 'worker') return 'worker';
  if (cause === 'unknown') return 'nobody';
  return cause === 'sender' && row.consumerId !== undefined ? peerOf.get(row.producerId) : row.names.participant;
}

// A worker that does not answer, or takes a second or more, as the alert MediasoupWorkerStalled has it.
const STALLED = 1; // seconds
const ofWorkers = (workers) => workers.filter(({ responding, channelRoundTripSeconds }) => responding === 0 || channelRoundTripSeconds >= STALLED)
  .map((row) => ({ of: 'workers', verdict: 'stalled', cause: 'worker', who: 'worker', kind: 'worker', row }));

// What a reading accuses: [{ of, verdict, cause, who, kind, row }], one a row that has a cause.
function accusations({ workers = [], producers, consumers }) {
  const peerOf = new Map(producers.map(({ producerId, names }) => [producerId, names.participant]));
  return [...ofWorkers(workers), ...Object.entries({ producers, consumers }).flatMap(([of, rows]) => rows.filter(({ cause }) => cause !== undefined)
    .map((row) => ({ of, verdict: row.bad ? 'bad' : row.state, cause: row.cause, who: blamed(row, row.cause, peerOf), kind: row.kind, row })))];
}

const fits = (accusation, expected) => ['of', 'verdict', 'cause', 'who'].every((key) => accusation[key] === expected[key]);

// Whether the same is blamed for the same, or for what may be told before or besides; a row that is no longer bad keeps its cause for a reading.
function isAllowed({ cause, who }, { expect, before = [], also = [] }) {
  return expect !== undefined && who === expect.who && [expect.cause, ...before, ...also].includes(cause);
}

const named = ({ of, verdict, cause, who, row }, at) =>
  `after ${at.toFixed(1)} s ${of} of ${row.names?.participant}, ${row.kind}: ${verdict}, by ${cause} of ${who} (score ${row.score}, fraction lost ${row.fractionLost}, ` +
  `jitter ${row.jitter}, round trip ${row.roundTripTime ?? row.channelRoundTripSeconds})`;

// Whether a row is bad or silent, though no cause was found yet.
const isUnexplained = ({ producers, consumers }) => [...producers, ...consumers].some(({ state, bad, cause }) => (bad || state === 'silent') && cause === undefined);

// { right, seconds, held, shown, unexplained, wrong }: `seconds` until what is expected was seen first, `held` the share of later readings that
// say so too, `shown` whether the rows had what the trial wants besides, `unexplained` in how many readings something was bad or silent
// without a cause, `wrong` what should not have been said, in words.
function compare(trial, readings) {
  const told = readings.map((reading) => ({ at: reading.at, all: accusations(reading) }));
  const wrong = told.flatMap(({ at, all }) => all.filter((one) => !isAllowed(one, trial)).map((one) => named(one, at)));
  const seen = trial.expect ? told.map(({ all }) => all.some((one) => fits(one, trial.expect))) : [];
  const first = seen.indexOf(true);
  const after = seen.slice(Math.max(first, 0));
  const shown = trial.shows === undefined || readings.some(trial.shows);
  return {
    right: readings.length > 0 && wrong.length === 0 && shown && (trial.expect === undefined || trial.maybe === true || first >= 0),
    seconds: first >= 0 ? told[first].at : undefined,
    held: first >= 0 ? after.filter(Boolean).length / after.length : undefined,
    shown,
    unexplained: readings.filter(isUnexplained).length,
    wrong,
  };
}

module.exports = { compare };
