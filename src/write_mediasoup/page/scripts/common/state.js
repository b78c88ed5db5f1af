// SPDX-License-Identifier: MIT
'use strict';

// All that the page remembers: what it knows of mediasoup, and how polling goes.

const STREAM_VIEWS = ['producers', 'consumers'];
const STREAM_ID = { producers: 'producerId', consumers: 'consumerId' };

// Written by model/update.js, except where noted.
const model = {
  polls: 0, // that have updated the model
  streams: new Map(), // streamKey -> stream (model/streams.js)
  firstStreams: undefined, // view and id -> the first stream with them; made when needed
  routers: new Map(), // routerKey -> row of /routers, with what model/app_data.js adds
  transports: new Map(), // host and transportId -> row of /transports
  rooms: new Map(), // key -> room (model/rooms.js)
  workers: [], // rows of workers and applications (model/workers.js)
  totals: undefined, // sum over all streams (model/rooms.js); undefined before the first poll
  lines: new Map(), // key of a room, worker or participant -> its line (model/lines.js)
  hasNewcomers: true, // the last poll brought unknown streams or routers; set by model/fetching.js
  problems: [], // what /status says is wrong; set by app/polling.js
  participants: [], // of the room that is shown (model/participants.js)
  worst: [], // the worst participants of all rooms, with the overview
  events: [], // rows of /events, the newest first (model/events.js)
  ended: [], // rows of /ended, the newest first
  eventsOf: new Map(), // key of a room, participant or worker -> its events
  detail: undefined, // what fetchStream returned for the page's stream; set by app/navigation.js
};

// Written by app/polling.js, except where noted. Times are in ms of performance.now().
const polling = {
  request: undefined, // AbortController of the running poll
  timer: undefined, // of the next poll
  nextTry: 0, // when the next poll is due
  paused: false, // by the user; set by app/controls.js
  failure: '', // why the last poll failed, as a text to show
  failures: 0, // how many polls failed in a row
  hadRows: false, // collectd has had rows
  lostRows: false, // it had rows and has none now
  age: undefined, // of the newest rows: {value: seconds, at: when it was that}
  interval: 0, // ms between two samples of a row; 0 if not known; set by model/pace.js
};

// What is shown of a moment in the past; written by app/timeline.js.
const past = {
  at: undefined, // epoch ms; undefined while the page shows what is now
  view: undefined, // {rooms, workers, totals, participants}, as in `model`; undefined until it is fetched
  range: undefined, // [from, to, step] in ms: the first and the last time that /history keeps, and how far apart they are
  failure: '', // why it cannot be shown
};

// Paths that collectd does not answer: it is older than the page, or keeps no history.
const absentPaths = new Set();

// What the page shows: `model`, or the same of a moment in the past.
const shownModel = () => (past.at === undefined ? model : past.view ?? {});

const streamKey = (view, row) => keyOf(view, row.host, row[STREAM_ID[view]], row.ssrc);
const routerKey = (row) => keyOf(row.host, row.routerId);
