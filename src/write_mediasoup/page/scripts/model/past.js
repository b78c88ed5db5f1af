// SPDX-License-Identifier: MIT
'use strict';

// What was at a moment: rooms, workers and participants of the shapes that `model` has, made of /history. Single streams are
// not kept.

const seriesRow = (series, at) => {
  const figures = Object.entries(series.figures).map(([name, values]) => [name, values[at] ?? undefined]);
  return { ...series, ...Object.fromEntries(figures), timestamp: series.times[at] };
};

// The rows of series that were there at this moment, each with its series.
function rowsAt(list, at, step) {
  return list.map((series) => [series, lastIndex(series, at, step)]).filter(([, i]) => i >= 0)
    .map(([series, i]) => [seriesRow(series, i), series]);
}

// The `times` and `lists` of an item.
const pastLine = (series, names) => ({ times: series.times.slice(-POINTS), lists: names.map((name) => valuesOf(series, name).slice(-POINTS)) });

function pastWorkers(list, at, step) {
  return rowsAt(list, at, step).map(([row, series]) => ({
    ...row, key: workerKey(row), eventKey: workerKey(row), silent: row.responding < 1, ...pastLine(series, ['cpuRatio']),
  }));
}

// Adds what a group has counted to a sum over streams.
function addGroup(sum, view, row) {
  for (const [state, name] of Object.entries(GROUP_STATES)) {
    sum.states[view][state] += row[name] ?? 0;
    sum[view] += row[name] ?? 0;
  }
  sum.bad += row.streamsBad ?? 0;
  for (const [cause, name] of Object.entries(GROUP_CAUSES)) addCause(sum, cause, row[name]);
}

// pairs: [[view, series], ...] of a room, or of all rooms. Returns false if none was there.
function fillPastSum(sum, pairs, at, step, moments) {
  const there = pairs.map(([view, series]) => [view, series, lastIndex(series, at, step)]).filter(([, , i]) => i >= 0);
  for (const [view, series, i] of there) addGroup(sum, view, seriesRow(series, i));
  [sum.times, sum.lists] = lineOfMoments(moments);
  [sum.sent, sum.received, sum.loss, sum.score] = sum.lists.map((list) => list.at(-1) ?? NaN);
  return there.length > 0;
}

// Returns a Map like model.rooms.
function pastRooms(groups, at, step) {
  const rooms = new Map();
  for (const [key, pairs] of groupsByRoom(groups)) {
    const room = makeRoom(...key.split('\n'));
    if (fillPastSum(room, pairs, at, step, momentsOf(pairs))) rooms.set(key, room);
  }
  return rooms;
}

function pastTotals(groups, at, step) {
  const totals = makeTotals(), pairs = [...groupsByRoom(groups).values()].flat();
  fillPastSum(totals, pairs, at, step, momentsOfAll(pairs, step));
  return totals;
}

function pastParticipants(list, at, step) {
  return rowsAt(list, at, step).map(([row, series]) =>
    Object.assign(makeParticipant(row), pastLine(series, ['uplinkBitrate', 'downlinkBitrate'])));
}

// The participants of a room with their lines; on the overview, the worst of all rooms.
async function fetchPastParticipants({ name, args: [host, , room] }, at, step, signal) {
  const isOverview = name === 'overview', span = isOverview ? 2.5 : POINTS;
  const times = { from: Math.round(at - span * step), to: at };
  const list = await fetchSeries('participants', isOverview ? { ...times, fields: PAST_FIELDS.join() } : { ...times, host, room }, signal);
  const participants = pastParticipants(list, at, step);
  if (!isOverview) return { participants, worst: [] };
  const bad = participants.filter(({ quality }) => quality === 'bad' || quality === 'silent').sort(compareWorst);
  return { participants: [], worst: bad.slice(0, WORST_SHOWN) };
}

const PAST_FIELDS = WORST_FIELDS.filter((name) => /quality|cause|since|Streams|Ratio|RoundTrip/i.test(name) && name !== 'consumersAffected');
const compareWorst = (a, b) => QUALITIES.indexOf(a.quality) - QUALITIES.indexOf(b.quality) || compareParticipants(a, b);

// Returns what the page of `route` shows of this moment.
async function fetchPast(route, at, signal) {
  if (!past.range) await fetchRange(signal);
  const step = past.range?.[2] ?? DEFAULT_STEP, times = { from: Math.round(at - POINTS * step), to: at };
  const [workers, groups, people, events] = await Promise.all([
    fetchSeries('workers', { ...times, fields: WORKER_FIGURES.join() }, signal), fetchGroups(times, signal),
    fetchPastParticipants(route, at, step, signal), fetchOptionalRows('events', { limit: NEWEST_SHOWN }, signal)]);
  takeEvents(events);
  return { ...people, at, workers: pastWorkers(workers, at, step), rooms: pastRooms(groups, at, step), totals: pastTotals(groups, at, step) };
}
