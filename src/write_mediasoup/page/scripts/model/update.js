// SPDX-License-Identifier: MIT
'use strict';

// Updates the model with the rows that a poll has fetched.

const newestTime = (rows) => rows.reduce((newest, { timestamp }) => (timestamp > newest ? timestamp : newest), 0);

// The rows of /participants are those of the room that the page shows, or the worst of all rooms.
function takeExtras({ participants, worst, events, ended }) {
  if (participants) takeParticipants(participants);
  if (worst) model.worst = worst.map(makeParticipant).filter(({ quality }) => quality === 'bad' || quality === 'silent');
  if (events) takeEvents(events);
  if (ended) model.ended = ended;
}

// Takes what fetchViews returns. Returns true if any row has a new sample.
function updateModel(views) {
  model.polls += 1;
  model.firstStreams = undefined;
  takeWorkers(views.workers, views.usage);
  const steps = STREAM_VIEWS.flatMap((view) => views[view].map((row) => takeStream(view, row)));
  forgetGoneStreams();
  if (views.transports) {
    model.routers = new Map(views.routers.map((row) => [routerKey(row), row]));
    model.transports = new Map(views.transports.map((row) => [keyOf(row.host, row.transportId), row]));
    readFacts();
  }
  fillRooms();
  const forward = [...steps, ...[...model.workers, ...views.routers].map(stepOf)].filter((ms) => ms > 0);
  learnInterval(forward);
  const newest = newestTime([...views.workers, ...views.routers, ...views.producers, ...views.consumers]);
  if (past.range) past.range[1] = Math.max(past.range[1], newest);
  extendLines(newest);
  return forward.length > 0;
}
