// SPDX-License-Identifier: MIT
'use strict';

// The line in the header that says whether the page is up to date.

const OLD_AFTER = 15000; // ms, or three intervals if they are longer

const ageNow = () => (polling.age ? polling.age.value + (performance.now() - polling.age.at) / 1000 : NaN);

function pastState() {
  if (absentPaths.has('/history')) return ['error', 'This collectd keeps no history, so it cannot show what was'];
  if (past.failure) return ['error', past.failure];
  return ['past', past.view ? `As it was at ${clockText(past.view.at)}` : 'Loading what was'];
}

// Returns [name, text]. page.css knows the names.
function pageState() {
  if (past.at !== undefined) return pastState();
  if (polling.paused) return ['paused', 'Paused'];
  if (polling.failure) return ['error', polling.failure];
  if (!model.polls) return ['empty', 'Loading'];
  if (!polling.hadRows) return ['empty', 'collectd answers, but has no rows yet'];
  const isOld = ageNow() * 1000 > Math.max(OLD_AFTER, 3 * polling.interval);
  if (polling.lostRows || isOld) return ['stale', 'collectd answers, but no new rows arrive'];
  return ['live', 'Live'];
}

function ageText(state) {
  if (past.at !== undefined) return '';
  if (isKnown(ageNow())) return `last rows ${durationText(ageNow())} old`;
  if (state === 'empty' && model.polls) return 'Is the mediasoup plugin loaded, and is the application running?';
  return '';
}

function retryText(state) {
  if (state !== 'error' || polling.request || past.at !== undefined) return '';
  return `next try in ${Math.max(0, Math.ceil((polling.nextTry - performance.now()) / 1000))} s`;
}

function paintHeader() {
  const [state, text] = pageState();
  setAttribute(document.body, 'data-state', state);
  setText(byId('status'), text);
  setText(byId('age'), joinTexts(ageText(state), retryText(state)));
}
