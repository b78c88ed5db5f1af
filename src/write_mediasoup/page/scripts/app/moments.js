// SPDX-License-Identifier: MIT
'use strict';

// Shows what the address names: now, or a moment of the past. While the page shows the past, it does not poll.

let momentRequest; // AbortController of what is fetched of the past

async function showMoment() {
  stopPolling();
  momentRequest?.abort();
  const request = momentRequest = new AbortController(), timeout = setTimeout(() => request.abort(), TIMEOUT);
  try {
    const view = await fetchPast(currentRoute(), past.at, request.signal);
    if (momentRequest !== request) return;
    Object.assign(past, { view, failure: '' });
  } catch (error) {
    if (momentRequest !== request) return;
    past.failure = failureText(error, request.signal);
  } finally {
    clearTimeout(timeout);
  }
  repaint();
}

function resume() {
  renewLines();
  poll();
}

// A move of the slider that is still to be followed would lead away again, and take the browser's way forward with it.
function returnToNow() {
  clearTimeout(momentTimer);
  momentTimer = undefined;
  momentRequest = undefined;
  past.failure = '';
  resume();
}

// Called whenever the address has changed.
function showPage() {
  const { isMoved, isOtherTime } = followAddress();
  if (past.at !== undefined && (isMoved || isOtherTime)) showMoment();
  else if (isOtherTime) returnToNow();
  else if (isMoved && model.polls) beginLines();
}

// `at` is undefined for now. The way into the past and the way back are steps of the browser's history; moves within it are not.
function goTo(at) {
  const address = addressWith(at && Math.round(at), filterInput.value);
  if ((at === undefined) !== (past.at === undefined)) location.hash = address;
  else {
    history.replaceState(null, '', address);
    showPage();
  }
}
