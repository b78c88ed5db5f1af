// SPDX-License-Identifier: MIT
'use strict';

// The slider that goes back in time, and its marks: where something happened. It appears when /history keeps something.

const timelineSection = byId('timeline');
const momentInput = byId('moment');

const momentText = () => (past.at === undefined ? 'now' : clockText(past.at));

// A path across 1000 units, from the first to the last moment.
function paintMarks([from, to]) {
  const places = model.events.map(({ time }) => Math.round((time - from) / (to - from) * 1000)).filter((x) => x >= 0 && x <= 1000);
  setAttribute(byId('happened'), 'd', marksPath([...new Set(places)]));
}

// While the user moves the slider, the address follows a little later: until then, the slider is right.
function paintTimeline() {
  const isPast = past.at !== undefined;
  timelineSection.hidden = Boolean(currentRoute().view) || (!past.range && !isPast);
  byId('now').hidden = !isPast;
  momentInput.hidden = !past.range;
  if (!past.range || momentTimer) return;
  const [from, to, step] = past.range;
  const first = Math.min(from, past.at ?? from);
  Object.assign(momentInput, { max: to, step, min: to - Math.ceil((to - first) / step) * step }); // whole steps, so that its end is now
  momentInput.value = past.at ?? to;
  setAttribute(momentInput, 'aria-valuetext', momentText());
  setText(byId('then'), momentText());
  paintMarks(past.range);
}

let momentTimer; // while the user moves the slider

// The moment at which the slider stands, or undefined at its end, which is now. The last step may end before it.
function chosenMoment() {
  const at = Number(momentInput.value);
  return Number(momentInput.max) - at < past.range[2] ? undefined : at;
}
