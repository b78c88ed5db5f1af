// SPDX-License-Identifier: MIT
'use strict';

// The banner above the page: what /status says that an operator should do something about. A hint can be dismissed.

const PROBLEMS_SHOWN = 5;
const PROBLEM_TITLES = { down: 'Down', stale: 'Silent', lane: 'Slow lane', nothing: 'Nothing received', rooms: 'Rooms without names' };
const DISMISSED = 'dismissed'; // in the browser's storage: the keys of hints, as JSON

const problemItems = new Map(); // key -> element

const problemKey = ({ kind, host, endpoint, process }) => keyOf(kind, host, endpoint, process);

function dismissedKeys() {
  try {
    return new Set(JSON.parse(tryStorage((storage) => storage.getItem(DISMISSED)) ?? '[]'));
  } catch {
    return new Set();
  }
}

let dismissed = dismissedKeys();

function dismiss(key) {
  dismissed = new Set([...dismissed, key]);
  tryStorage((storage) => storage.setItem(DISMISSED, JSON.stringify([...dismissed])));
  paintBanner();
  byId('main').focus({ preventScroll: true }); // the button that had the focus is gone
}

function makeProblemItem(key, problem) {
  const small = makeElement('small');
  const text = makeElement('p', {}, isolated(), small);
  const item = makeElement('li', {}, makeElement('strong', { textContent: PROBLEM_TITLES[problem.kind] ?? 'Problem' }), text);
  if (problem.level !== 'hint') return item;
  const button = makeElement('button', { type: 'button', textContent: 'Dismiss' });
  button.addEventListener('click', () => dismiss(key));
  item.append(button);
  return item;
}

function paintProblem(problem) {
  const key = problemKey(problem);
  if (!problemItems.has(key)) problemItems.set(key, makeProblemItem(key, problem));
  const item = problemItems.get(key), [text, small] = item.querySelector('p').children;
  setAttribute(item, 'data-level', problem.level);
  setText(text, clean(problem.text));
  setText(small, `What to do: ${clean(problem.remedy ?? '')}`);
  return item;
}

function moreItem(count) {
  const item = problemItems.get('more') ?? makeElement('li');
  problemItems.set('more', item);
  setText(item, `${countText(count, 'more problem')}: see /status`);
  return item;
}

// Items that did not change stay as they are, so that a screen reader says nothing of them again.
function paintProblems(list, problems) {
  const items = problems.slice(0, PROBLEMS_SHOWN).map(paintProblem);
  const more = problems.length - items.length;
  setChildren(list, more > 0 ? [...items, moreItem(more)] : items);
}

function forgetItems(problems) {
  const keys = new Set(problems.map(problemKey));
  for (const key of problemItems.keys()) if (key !== 'more' && !keys.has(key)) problemItems.delete(key);
}

function paintBanner() {
  const problems = model.problems.filter((one) => one.level !== 'hint');
  const hints = model.problems.filter((one) => one.level === 'hint' && !dismissed.has(problemKey(one)));
  paintProblems(byId('problems'), problems);
  setChildren(byId('hints'), hints.slice(0, 1).map(paintProblem)); // one line that names rooms is enough at a time
  byId('banner').hidden = problems.length + hints.length === 0 || past.at !== undefined; // they are problems of now
  forgetItems(model.problems);
}
