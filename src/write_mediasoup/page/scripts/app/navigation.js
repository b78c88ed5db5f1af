// SPDX-License-Identifier: MIT
'use strict';

// Shows the page that the address names, and repaints it.

const PAGES = { overview: OverviewPage, room: RoomPage, participant: ParticipantPage, stream: StreamPage };

const mainElement = byId('main');
let shownPage; // {title, elements, paint()}
let shownRoute; // as JSON

function repaint() {
  if (shownModel().totals) shownPage.paint();
  paintBanner();
  paintTimeline();
  paintHeader();
}

// Fetches everything about the stream that the page shows, if it shows one.
async function fetchDetail(signal) {
  const { view, id } = currentRoute();
  if (!view) return;
  const detail = await fetchStream(view, id, signal);
  if (currentRoute().id === id) model.detail = detail; // not if the user has gone elsewhere meanwhile
}

// Fetches what the page needs and the overview does not have, before the next poll brings it.
async function showDetail() {
  const route = currentRoute(), signal = AbortSignal.timeout(TIMEOUT);
  try {
    if (route.name === 'stream') await fetchDetail(signal);
    else takeExtras(await fetchExtras(route, signal));
  } catch (error) {
    polling.failure = error.message;
  }
  repaint();
}

// Goes to the moment that the address names, and back to now. Returns whether it is another one. Streams are only shown as they are now.
function takeMoment({ view }) {
  const at = view ? undefined : addressedTime();
  if (at === past.at) return false;
  past.at = at;
  if (at === undefined) past.view = undefined;
  return true;
}

function showRoute({ name, args }) {
  shownPage = new PAGES[name](...args);
  mainElement.replaceChildren(...shownPage.elements);
  document.title = `${clean(shownPage.title)} – mediasoup`;
  past.view = undefined; // it has the participants of another room
}

// The first page leaves the focus where it is, and leaves fetching to the first poll. Returns {isMoved, isOtherTime}: whether
// the address names another thing, and another moment.
function followAddress() {
  const route = currentRoute(), { name, args } = route, key = JSON.stringify([name, args]);
  const isStart = shownRoute === undefined, isMoved = key !== shownRoute, isOtherTime = takeMoment(route);
  if (filterInput.value !== addressedFilter()) filterInput.value = addressedFilter();
  shownRoute = key;
  if (isMoved) showRoute(route);
  repaint();
  if (isStart || !isMoved) return { isMoved, isOtherTime };
  window.scrollTo(0, 0);
  mainElement.querySelector('h1').focus();
  if (name !== 'overview' && past.at === undefined) showDetail();
  return { isMoved, isOtherTime };
}
