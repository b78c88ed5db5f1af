// SPDX-License-Identifier: MIT
'use strict';

// Updates the model with the rows that a poll has fetched.

// Adds values to the lists for charts, and returns these. They outlive the rooms, which each poll makes anew.
function historyOf(key, ...values) {
  if (!model.histories.has(key)) model.histories.set(key, { lists: values.map(() => []) });
  const history = model.histories.get(key);
  values.forEach((value, i) => pushPoint(history.lists[i], value));
  history.seen = model.polls;
  return history.lists;
}

const sumHistory = (key, sum) => historyOf(key, sum.sent, sum.received, sum.loss, sum.score);

function writeHistories() {
  for (const room of model.rooms.values()) room.lists = sumHistory(room.key, room);
  for (const worker of model.workers) worker.lists = historyOf(worker.key, worker.cpuRatio);
  model.totals.lists = sumHistory('totals', model.totals);
  for (const [key, { seen }] of model.histories) if (seen < model.polls - POINTS) model.histories.delete(key);
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
  writeHistories();
  return forward.length > 0;
}
