// SPDX-License-Identifier: MIT
'use strict';

// Reads /history: what collectd has kept of the last hour. A series is {host, ..., times, figures: {name: values}}.

const GROUP_CAUSES = Object.fromEntries(['Sender', 'Receiver', 'Bandwidth', 'Worker', 'Transport', 'Unknown'].map((word) => [word.toLowerCase(), `streamsCause${word}`]));
const GROUP_FIGURES = ['bitrateBitsPerSecond', 'lossRatio', 'scoreMinimum', 'streamsBad', 'streams', 'streamsPaused', 'streamsWaiting',
  'streamsInactive', 'streamsSilent', ...Object.values(GROUP_CAUSES)];
const GROUP_STATES = { flowing: 'streams', paused: 'streamsPaused', waiting: 'streamsWaiting', inactive: 'streamsInactive', silent: 'streamsSilent' };
const WORKER_FIGURES = ['cpuRatio', 'residentMemory', 'channelRoundTripSeconds', 'responding', 'routers', 'producers', 'consumers'];
const DEFAULT_STEP = 10000; // ms between two readings, until two were seen

// Returns the series of a class. `parameters` are those of /history.
async function fetchSeries(name, parameters, signal) {
  const { series } = await fetchOptional(`history?${new URLSearchParams({ class: name, ...parameters })}`, signal, { series: [] });
  if (!Array.isArray(series)) throw new Error('collectd does not answer /history with series');
  return series;
}

const figureAt = (series, name, i) => series.figures[name]?.[i] ?? NaN; // a value that is not known is null

// Returns [from, to, step] of series: the first and the last time, and the ms between two readings; undefined of none.
function spanOf(series) {
  const times = series.map((one) => one.times).filter(({ length }) => length > 0);
  if (times.length === 0) return undefined;
  const longest = times.reduce((a, b) => (b.length > a.length ? b : a));
  const steps = longest.slice(1).map((time, i) => time - longest[i]).sort((a, b) => a - b);
  const ends = times.map((one) => one.at(-1)), begins = times.map(([first]) => first);
  return [Math.min(...begins), Math.max(...ends), steps[steps.length >> 1] ?? DEFAULT_STEP];
}

/* --- rooms, from the groups by room --- */

const groupRoom = ({ appData }) => appData?.roomId;

// The series of the groups by room: those of the Group block that tells rooms apart by the fewest labels.
function seriesOfRooms(series) {
  const ofRooms = series.filter((one) => ![undefined, '__other__'].includes(groupRoom(one)));
  const labels = ({ appData, kind, mimeType }) => Object.keys(appData).length + [kind, mimeType].filter(Boolean).length;
  const best = ofRooms.reduce((a, b) => (a && labels(a) <= labels(b) ? a : b), undefined);
  return ofRooms.filter(({ group }) => group === best.group);
}

// What a line has of one moment, to which the group's figures of both views are added.
const makeMoment = () => ({ sent: 0, received: 0, weightedLoss: 0, weight: 0, score: NaN });

function addToMoment(moment, view, series, i) {
  const bitrate = figureAt(series, 'bitrateBitsPerSecond', i) || 0, loss = figureAt(series, 'lossRatio', i);
  const score = figureAt(series, 'scoreMinimum', i);
  moment[view === 'consumers' ? 'sent' : 'received'] += bitrate;
  if (isKnown(loss)) {
    moment.weightedLoss += loss * bitrate;
    moment.weight += bitrate;
  }
  if (isKnown(score) && !(moment.score <= score)) moment.score = score;
}

// Adds the moments of a series to a Map: time -> moment.
function addMoments(moments, view, series) {
  series.times.forEach((time, i) => {
    if (!moments.has(time)) moments.set(time, makeMoment());
    addToMoment(moments.get(time), view, series, i);
  });
}

// Returns [times, lists], as lines have them.
function lineOfMoments(moments) {
  const times = [...moments.keys()].sort((a, b) => a - b).slice(-POINTS), ordered = times.map((time) => moments.get(time));
  for (const moment of ordered) moment.loss = moment.weight > 0 ? moment.weightedLoss / moment.weight : NaN;
  return [times, [0, 1, 2, 3].map((i) => ordered.map((moment) => sumValues(moment)[i]))];
}

// groups: {producers, consumers}, each with series. Returns a Map: key of a room -> its series, [[view, series], ...].
function groupsByRoom(groups) {
  const rooms = new Map();
  for (const view of STREAM_VIEWS) {
    for (const series of seriesOfRooms(groups[view])) {
      const { host } = series, room = groupRoom(series), key = keyOf(host, roomBy(host, room), clean(room));
      rooms.set(key, [...rooms.get(key) ?? [], [view, series]]);
    }
  }
  return rooms;
}

function momentsOf(pairs) {
  const moments = new Map();
  for (const [view, series] of pairs) addMoments(moments, view, series);
  return moments;
}

// The index of the last reading of a series up to `time`, or -1 if that is long past: the object was gone then.
function lastIndex({ times }, time, step) {
  const at = times.findLastIndex((one) => one <= time);
  return at >= 0 && times[at] > time - 2.5 * step ? at : -1;
}

// The moments of the sum over all rooms. Hosts are read at different times: each gives what it has had last.
function momentsOfAll(pairs, step) {
  const longest = pairs.map(([, { times }]) => times).reduce((a, b) => (b.length > a.length ? b : a), []);
  const moments = new Map(longest.map((time) => [time, makeMoment()]));
  for (const [view, series] of pairs) {
    for (const [time, moment] of moments) {
      const at = lastIndex(series, time, step);
      if (at >= 0) addToMoment(moment, view, series, at);
    }
  }
  return moments;
}

/* --- what was before the page began --- */

// Fetches the series of both views' groups.
async function fetchGroups(parameters, signal) {
  const [producers, consumers] = await Promise.all(STREAM_VIEWS.map((view) =>
    fetchSeries(`group_${view}`, { ...parameters, fields: GROUP_FIGURES.join() }, signal)));
  return { producers, consumers };
}

function beginRoomLines(groups, step) {
  const rooms = groupsByRoom(groups);
  for (const [key, pairs] of rooms) if (model.rooms.has(key)) beginLine(key, ...lineOfMoments(momentsOf(pairs)));
  if (rooms.size) beginLine('totals', ...lineOfMoments(momentsOfAll([...rooms.values()].flat(), step)));
}

const valuesOf = (series, name) => series.times.map((time, i) => figureAt(series, name, i));

function beginWorkerLines(series) {
  for (const one of series) beginLine(workerKey(one), one.times, [valuesOf(one, 'cpuRatio')]);
}

function beginParticipantLines(series) {
  const names = ['uplinkBitrate', 'downlinkBitrate'];
  for (const one of series) beginLine(participantKey(one), one.times, names.map((name) => valuesOf(one, name)));
  for (const one of model.participants) showLine(one, names.length);
}

// Learns what can be looked back at. Returns the series of the workers' CPU.
async function fetchRange(signal) {
  const workers = await fetchSeries('workers', { fields: 'cpuRatio' }, signal);
  past.range = spanOf(workers);
  return workers;
}

// Fills the lines of rooms and workers.
async function fetchBeginnings(signal) {
  const workers = await fetchRange(signal);
  if (!past.range) return;
  const [, to, step] = past.range;
  beginWorkerLines(workers);
  beginRoomLines(await fetchGroups({ from: Math.round(to - POINTS * step) }, signal), step);
}

// Fills the lines of a room's participants.
async function fetchParticipantBeginnings(host, room, signal) {
  const [, to, step] = past.range ?? [0, Date.now(), DEFAULT_STEP];
  const from = Math.round(to - POINTS * step);
  beginParticipantLines(await fetchSeries('participants', { host, room, from, fields: 'uplinkBitrate,downlinkBitrate' }, signal));
}
