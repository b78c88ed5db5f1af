// SPDX-License-Identifier: MIT
'use strict';

// Shows the page that the address names, and repaints it.

const PAGES = { overview: OverviewPage, room: RoomPage, stream: StreamPage };

const mainElement = byId('main');
let shownPage; // {title, elements, paint()}
let shownRoute; // as JSON

function repaint() {
  if (model.totals) shownPage.paint();
  paintBanner();
  paintHeader();
}

// Fetches everything about the stream that the page shows, if it shows one.
async function fetchDetail(signal) {
  const { view, id } = currentRoute();
  if (!view) return;
  const detail = await fetchStream(view, id, signal);
  if (currentRoute().id === id) model.detail = detail; // not if the user has gone elsewhere meanwhile
}

function showDetail() {
  fetchDetail(AbortSignal.timeout(TIMEOUT)).then(repaint, (error) => {
    polling.failure = error.message;
    repaint();
  });
}

// The first page leaves the focus where it is, and leaves fetching to the first poll.
function showPage() {
  const { name, args, view } = currentRoute();
  const route = JSON.stringify([name, args]);
  if (route === shownRoute) return;
  const isStart = shownRoute === undefined;
  shownRoute = route;
  shownPage = new PAGES[name](...args);
  mainElement.replaceChildren(...shownPage.elements);
  document.title = `${clean(shownPage.title)} – mediasoup`;
  repaint();
  if (isStart) return;
  window.scrollTo(0, 0);
  mainElement.querySelector('h1').focus();
  if (view) showDetail();
}
