// SPDX-License-Identifier: MIT
'use strict';

// All that the page remembers: what the views have said, and how polling them goes.

const STREAM_VIEWS = ['producers', 'consumers'];
const STREAM_ID = { producers: 'producerId', consumers: 'consumerId' };

// Written by model/update.js, except where noted.
const model = {
  polls: 0, // that the model was brought up to date with
  streams: new Map(), // streamKey -> stream (model/streams.js)
  firstStreams: undefined, // view and id -> the first of a producer's streams, once somebody has asked for it
  routers: new Map(), // routerKey -> row of /routers, with what model/app_data.js adds
  transports: new Map(), // host and transportId -> row of /transports
  rooms: new Map(), // key -> room (model/rooms.js)
  workers: [], // rows of workers and applications (model/workers.js)
  totals: undefined, // sum over all streams (model/rooms.js); undefined before the first poll
  histories: new Map(), // key of a room or worker -> {lists, seen}
  hasNewcomers: true, // the last poll brought streams or routers that were not known; by model/fetching.js
  detail: undefined, // the stream that is shown in full, as fetchStream returns it; by app/navigation.js
};

// Written by app/polling.js, except where noted. Times are in ms of performance.now().
const polling = {
  request: undefined, // AbortController of the poll that is under way
  timer: undefined, // of the next poll
  nextTry: 0, // when the next poll is due
  paused: false, // by the user
  failure: '', // why the last poll failed, as a text to show
  failures: 0, // how many polls failed in a row
  hadRows: false, // collectd has had rows at some time
  lostRows: false, // it had rows once and has none now
  age: undefined, // {value: seconds that the newest rows were old, at: when this was so}
  interval: 0, // ms between two samples of a row, as far as known; by model/pace.js
};

const streamKey = (view, row) => keyOf(view, row.host, row[STREAM_ID[view]], row.ssrc);
const routerKey = (row) => keyOf(row.host, row.routerId);
