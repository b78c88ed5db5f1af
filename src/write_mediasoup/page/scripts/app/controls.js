// SPDX-License-Identifier: MIT
'use strict';

// Reacts to the user: the buttons, the filter and the keyboard. At its end, the page starts.

/* --- pause --- */

function togglePause() {
  polling.paused = !polling.paused;
  setAttribute(byId('pause'), 'aria-pressed', String(polling.paused));
  if (polling.paused) stopPolling();
  else resume();
  paintHeader();
}

function pollWhileVisible() {
  if (document.hidden) stopPolling();
  else resume();
}

/* --- filter --- */

let filterTimer; // with many streams, painting waits for a pause in typing

// The address follows the filter, so that one can hand it on.
function applyFilter() {
  history.replaceState(null, '', addressWith(addressedTime(), filterInput.value));
  repaint();
}

function filterSoon() {
  clearTimeout(filterTimer);
  filterTimer = setTimeout(applyFilter, model.streams.size > 2000 ? 200 : 0);
}

// The filter stays when the user follows a link within the page.
function followLink(event) {
  const link = event.target.closest('a[href^="#/"]'), isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (!link || !filterInput.value || !isPlain) return;
  event.preventDefault();
  const href = link.getAttribute('href');
  location.hash = `${href}${href.includes('?') ? '&' : '?'}${new URLSearchParams({ filter: filterInput.value })}`;
}

function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === '/' && event.target !== filterInput) {
    event.preventDefault();
    filterInput.focus();
    filterInput.select();
  }
  if (event.key === 'Escape' && filterInput.value) {
    event.preventDefault();
    filterInput.value = '';
    applyFilter();
  }
}

/* --- going back in time --- */

// The slider and the label follow at once, what is shown a little later.
function moveMoment() {
  clearTimeout(momentTimer);
  const at = chosenMoment(), text = at === undefined ? 'now' : clockText(at);
  setText(byId('then'), text);
  setAttribute(momentInput, 'aria-valuetext', text);
  momentTimer = setTimeout(() => {
    momentTimer = undefined;
    goTo(at);
  }, 150);
}

/* --- light and dark --- */

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const rootElement = document.documentElement;

const currentTheme = () => rootElement.dataset.theme ?? (prefersDark.matches ? 'dark' : 'light');

// The button names the theme that it switches to.
function paintThemeButton() {
  const other = currentTheme() === 'dark' ? 'Light' : 'Dark';
  setText(byId('theme'), other);
  setAttribute(byId('theme'), 'aria-label', `${other} colours`);
}

function switchTheme() {
  const next = currentTheme() === 'dark' ? 'light' : 'dark';
  rootElement.dataset.theme = next;
  tryStorage((storage) => storage.setItem('theme', next));
  paintThemeButton();
}

function restoreTheme() {
  const theme = tryStorage((storage) => storage.getItem('theme'));
  if (theme === 'dark' || theme === 'light') rootElement.dataset.theme = theme;
  paintThemeButton();
}

/* --- start --- */

byId('pause').addEventListener('click', togglePause);
byId('theme').addEventListener('click', switchTheme);
prefersDark.addEventListener('change', paintThemeButton);
filterInput.addEventListener('input', filterSoon);
momentInput.addEventListener('input', moveMoment);
byId('now').addEventListener('click', () => {
  goTo(undefined);
  momentInput.focus(); // the button that had the focus is gone
});
document.addEventListener('click', followLink);
document.addEventListener('keydown', pressKey);
document.addEventListener('visibilitychange', pollWhileVisible);
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault(); // the address names the page, not a place in it
  mainElement.focus();
});
window.addEventListener('hashchange', showPage);
setInterval(() => { if (!document.hidden) paintHeader(); }, 1000);
restoreTheme();
showPage();
poll();
