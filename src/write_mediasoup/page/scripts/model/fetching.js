// SPDX-License-Identifier: MIT
'use strict';

// Asks collectd for its views. Each answer is a list of rows.

// What changes from sample to sample.
const FIGURES = ['host', 'timestamp', 'age', 'routerId', 'ssrc', 'bitrate', 'packetCount', 'packetsLost',
  'fractionLost', 'score', 'roundTripTime', 'paused', 'state', 'bad', 'piped'];
let laterFigures = ['cause', 'badSince']; // none where collectd is older than the page and does not know them
// What rarely changes, and is long.
const FACTS = ['kind', 'mimeType', 'rid', 'producerId', 'transportId', 'worker', 'appData', 'names'];
const FACTS_EVERY = 10; // polls
const WORST_SHOWN = 5; // participants on the overview
const WORST_FIELDS = ['host', 'endpoint', 'room', 'roomKey', 'participant', 'participantKey', 'quality', 'cause', 'since', 'timestamp', 'consumersAffected', 'uplinkCause',
  'uplinkStreamsBad', 'uplinkStreamsSilent', 'uplinkLossRatio', 'uplinkRoundTripTime', 'downlinkCause', 'downlinkStreamsBad',
  'downlinkStreamsSilent', 'downlinkLossRatio', 'downlinkRoundTripTime'];
const NEWEST_SHOWN = 100; // events, and what has ended
const TIMEOUT = 30000; // ms, for all the answers of a poll

const pathOf = (url) => `/${url.split('?')[0]}`;

// `url` is relative: a proxy may serve the page and the views below a path of its own. Throws what `fetch` throws, and an Error with `status` when collectd answers with an error.
async function fetchJson(url, signal) {
  const response = await fetch(url, { signal, credentials: 'same-origin' });
  if (!response.ok) {
    throw Object.assign(new Error(`collectd answers ${response.status} to ${pathOf(url)}`), { status: response.status });
  }
  return response.json();
}

async function fetchRows(url, signal) {
  const rows = await fetchJson(url, signal);
  if (!Array.isArray(rows)) throw new Error(`collectd does not answer ${pathOf(url)} with a list of rows`);
  return rows;
}

// Like fetchJson, for a path that an older collectd does not answer: then it is asked only once, and `absent` stands for the answer.
async function fetchOptional(url, signal, absent) {
  const path = pathOf(url);
  if (absentPaths.has(path)) return absent;
  try {
    return await fetchJson(url, signal);
  } catch (error) {
    if (error.status !== 404) throw error;
    absentPaths.add(path);
    return absent;
  }
}

const fetchOptionalRows = (name, parameters, signal) => fetchOptional(`${name}?${new URLSearchParams(parameters)}`, signal, []);

// Returns the rows that only some pages need. `route` is what the address names.
async function fetchExtras({ name, args: [host, , room] }, signal) {
  if (name === 'stream') return {};
  const isOverview = name === 'overview';
  const [participants, events, ended] = await Promise.all([
    fetchOptionalRows('participants', isOverview ? { worst: WORST_SHOWN, fields: WORST_FIELDS } : { host, room }, signal),
    fetchOptionalRows('events', { limit: NEWEST_SHOWN }, signal),
    isOverview ? fetchOptionalRows('ended', { limit: NEWEST_SHOWN }, signal) : undefined]);
  return { [isOverview ? 'worst' : 'participants']: participants, events, ended };
}

// Returns what /status says is wrong.
async function fetchProblems(signal) {
  const { problems } = await fetchJson('status', signal);
  if (!Array.isArray(problems)) throw new Error('collectd does not answer /status with a list of problems');
  return problems;
}

async function fetchStreams(view, withFacts, signal) {
  const later = laterFigures, fields = [STREAM_ID[view], ...FIGURES, ...later];
  if (view === 'consumers') fields.push('producerPaused');
  if (withFacts) fields.push(...FACTS);
  try {
    return await fetchRows(`${view}?fields=${fields}`, signal);
  } catch (error) {
    if (error.status !== 400 || later.length === 0) throw error;
    laterFigures = [];
    return fetchStreams(view, withFacts, signal);
  }
}

const hasNewStreams = (view, rows) => rows.some((row) => !model.streams.has(streamKey(view, row)));

function hasNewRouters(rows) {
  return rows.length !== model.routers.size || rows.some((row) => !model.routers.has(routerKey(row)));
}

// Returns the rows of each view: {problems, workers, usage, routers, producers, consumers, transports}, and those of fetchExtras. Streams have their facts
// only when there are newcomers, and in every FACTS_EVERYth poll. At other times, `transports` is undefined.
async function fetchViews(route, signal) {
  const withFacts = model.hasNewcomers || model.polls % FACTS_EVERY === 0;
  const [extras, problems, workers, usage, routers, producers, consumers] = await Promise.all([
    fetchExtras(route, signal),
    fetchProblems(signal),
    fetchRows('workers', signal),
    fetchRows('usage', signal),
    fetchRows('routers?fields=routerId,worker,host,timestamp,age,appData,names', signal),
    ...STREAM_VIEWS.map((view) => fetchStreams(view, withFacts, signal))]);
  const views = { ...extras, problems, workers, usage, routers, producers, consumers };
  model.hasNewcomers = STREAM_VIEWS.some((view) => hasNewStreams(view, views[view])) || hasNewRouters(routers);
  if (withFacts || model.hasNewcomers) {
    views.transports = await fetchRows('transports?fields=transportId,routerId,host,appData,names', signal);
  }
  if (model.hasNewcomers && !withFacts) {
    for (const view of STREAM_VIEWS) views[view] = await fetchStreams(view, true, signal);
  }
  return views;
}

function noneIfAbsent(error) {
  if (error.status === 404) return [];
  throw error;
}

// Returns everything about a producer or consumer: {view, id, rows, transport}. A simulcast producer has a row for each
// layer. One that does not exist has no rows.
async function fetchStream(view, id, signal) {
  const rows = await fetchRows(`${view}/${encodeURIComponent(id)}`, signal).catch(noneIfAbsent);
  const transportId = rows[0]?.transportId;
  if (!transportId) return { view, id, rows };
  const [transport] = await fetchRows(`transports/${encodeURIComponent(transportId)}`, signal).catch(noneIfAbsent);
  return { view, id, rows, transport };
}
