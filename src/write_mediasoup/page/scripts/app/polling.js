// SPDX-License-Identifier: MIT
'use strict';

// Fetches the views again and again: as often as new samples come, less often after failures, and not at all while the
// page is paused or hidden. A poll begins only after the previous one has ended.

const MIN_WAIT = 2000; // ms
const MAX_WAIT = 30000; // ms, after failures

// When the rows are gone that were there before, the page keeps showing them and says that they are old. What happened then is
// what tells why.
function takeViews(views) {
  model.problems = views.problems;
  const rows = [...views.workers, ...views.usage, ...views.routers, ...views.producers, ...views.consumers];
  const ages = rows.map((row) => row.age).filter(isKnown);
  polling.lostRows = ages.length === 0 && polling.hadRows;
  if (!polling.lostRows) takeRows(views, ages);
  takeExtras(polling.lostRows ? { events: views.events, ended: views.ended } : views);
}

function takeRows(views, ages) {
  polling.hadRows ||= ages.length > 0;
  // An unchanged answer comes from the browser's cache, with the ages that the rows had when it was stored.
  if (updateModel(views) || !polling.age) polling.age = ages.length ? newestAge(ages) : undefined;
}

const newestAge = (ages) => ({ value: ages.reduce((least, one) => Math.min(least, one)), at: performance.now() });

function failureText(error, signal) {
  if (error.status) return error.message;
  if (signal.aborted) return `collectd did not answer within ${TIMEOUT / 1000} s`;
  return error instanceof TypeError ? 'collectd does not answer: is it running?' : error.message;
}

/* --- the lines' beginnings: what /history has from before the page was opened --- */

const beginnings = {
  request: undefined, // AbortController while they are fetched
  done: false, // those of rooms and workers
  room: undefined, // the room whose participants' lines have begun
};

// After a gap, such as a pause, the lines begin anew; but not where collectd keeps no history to begin them with.
function renewLines() {
  if (absentPaths.has('/history')) return;
  model.lines.clear();
  Object.assign(beginnings, { done: false, room: undefined });
}

async function fetchMissingBeginnings({ name, args: [host, , room] }, signal) {
  if (!beginnings.done) await fetchBeginnings(signal);
  beginnings.done = true;
  const key = name === 'room' || name === 'participant' ? keyOf(host, room) : undefined;
  if (key === beginnings.room) return;
  forgetParticipantLines();
  if (key) await fetchParticipantBeginnings(host, room, signal);
  beginnings.room = key;
}

// What fails is tried again after the next poll.
async function beginLines() {
  if (beginnings.request || absentPaths.has('/history')) return;
  const request = beginnings.request = new AbortController();
  try {
    await fetchMissingBeginnings(currentRoute(), request.signal);
  } catch {
    return;
  } finally {
    if (beginnings.request === request) beginnings.request = undefined;
  }
  repaint();
}

/* --- polls --- */

// Returns false if the poll was stopped before its end.
async function pollOnce(request) {
  const isStopped = () => polling.request !== request;
  const timeout = setTimeout(() => request.abort(), TIMEOUT);
  try {
    const views = await fetchViews(currentRoute(), request.signal);
    if (isStopped()) return false;
    if (polling.failures) renewLines();
    takeViews(views);
    await fetchDetail(request.signal);
    if (isStopped()) return false;
    polling.failure = '';
    polling.failures = 0;
  } catch (error) {
    if (isStopped()) return false;
    polling.failure = failureText(error, request.signal);
    polling.failures += 1;
    forgetSteps();
  } finally {
    clearTimeout(timeout);
  }
  return true;
}

// Returns the ms until the next poll. Every fifth wait is longer: model/pace.js says why.
function waitingTime() {
  const { interval, failures } = polling;
  const stretch = interval > 1.2 * MIN_WAIT && model.polls % 5 === 0 ? 1.5 : 1;
  const wait = Math.max(MIN_WAIT, interval) * stretch;
  return failures ? Math.max(wait, Math.min(MAX_WAIT, wait * 2 ** Math.min(failures - 1, 3))) : wait;
}

async function poll() {
  clearTimeout(polling.timer);
  if (polling.paused || document.hidden || polling.request || past.at !== undefined) return;
  polling.request = new AbortController();
  if (!await pollOnce(polling.request)) return;
  polling.request = undefined;
  const wait = waitingTime();
  polling.nextTry = performance.now() + wait;
  polling.timer = setTimeout(poll, wait);
  repaint();
  if (!polling.failure) beginLines();
}

function stopPolling() {
  const requests = [polling.request, beginnings.request];
  clearTimeout(polling.timer);
  polling.request = beginnings.request = undefined;
  for (const request of requests) request?.abort();
}
