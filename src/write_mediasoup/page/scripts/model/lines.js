// SPDX-License-Identifier: MIT
'use strict';

// The last POINTS values of each figure that is shown as a line, of rooms, workers, participants and the totals. They outlive the
// objects, which each poll makes anew. Those from before the page was opened come from /history (model/history.js).

// Returns the line of a key: {times, lists, seen}. Makes it if it is new.
function lineOf(key, count) {
  if (!model.lines.has(key)) {
    model.lines.set(key, { times: [], lists: Array.from({ length: count }, () => []), seen: model.polls });
  }
  return model.lines.get(key);
}

// Gives an item the `times` and `lists` of its line.
function showLine(item, count) {
  const { times, lists } = lineOf(item.key, count);
  Object.assign(item, { times, lists });
}

// Adds the values of a sample to the line of `item`; a sample that has come again takes the place of itself.
function extendLine(item, time, values) {
  const line = lineOf(item.key, values.length);
  if (line.times.at(-1) === time) for (const list of [line.times, ...line.lists]) list.pop();
  pushPoint(line.times, time);
  values.forEach((value, i) => pushPoint(line.lists[i], value));
  line.seen = model.polls;
  showLine(item, values.length);
}

const sumValues = (sum) => [sum.sent, sum.received, sum.loss, sum.score];
const participantValues = (row) => [row.uplinkBitrate, row.downlinkBitrate];

function extendLines(newest) {
  for (const room of model.rooms.values()) extendLine(room, room.time || newest, sumValues(room));
  for (const worker of model.workers) extendLine(worker, worker.timestamp, [worker.cpuRatio]);
  extendLine(model.totals, newest, sumValues(model.totals));
  for (const [key, { seen }] of model.lines) if (seen < model.polls - POINTS) model.lines.delete(key);
}

function takeParticipants(rows) {
  model.participants = rows.map(makeParticipant);
  for (const one of model.participants) extendLine(one, one.row.timestamp, participantValues(one.row));
}

function forgetParticipantLines() {
  for (const key of model.lines.keys()) if (key.startsWith('participant\n')) model.lines.delete(key);
}

// Puts in front of a line what was before it began. `times` ascend; `lists` has a list for each of the line's.
function beginLine(key, times, lists) {
  const line = lineOf(key, lists.length), later = times.findIndex((time) => time >= line.times[0]);
  const end = later < 0 ? times.length : later, begin = Math.max(0, end - (POINTS - line.times.length));
  line.times.unshift(...times.slice(begin, end));
  line.lists.forEach((list, i) => list.unshift(...lists[i].slice(begin, end)));
}

// The places of an item's events on its line: x coordinates. An event stands at the first point that has seen it.
function marksOf({ times = [], eventKey }) {
  const last = past.at ?? Infinity;
  const events = (model.eventsOf.get(eventKey) ?? []).filter(({ time }) => time >= times[0] && time <= last);
  const places = events.map(({ time }) => {
    const at = times.findIndex((one) => one >= time);
    return POINTS - times.length + (at < 0 ? times.length - 1 : at);
  });
  return [...new Set(places)];
}
