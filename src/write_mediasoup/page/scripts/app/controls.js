// SPDX-License-Identifier: MIT
'use strict';

// Reacts to the user: the buttons, the filter and the keyboard. At its end, the page starts.

/* --- pause --- */

function togglePause() {
  polling.paused = !polling.paused;
  setAttribute(byId('pause'), 'aria-pressed', String(polling.paused));
  if (polling.paused) stopPolling();
  else poll();
  paintHeader();
}

function pollWhileVisible() {
  if (document.hidden) stopPolling();
  else poll();
}

/* --- filter --- */

let filterTimer; // with many streams, painting waits for a pause in typing

function filterSoon() {
  clearTimeout(filterTimer);
  filterTimer = setTimeout(repaint, model.streams.size > 2000 ? 200 : 0);
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
    repaint();
  }
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
