// SPDX-License-Identifier: MIT
'use strict';

// What happened, from /events. Each event belongs to what it names: its participant, its room, its worker, its endpoint.

// The keys that an event stands under in model.eventsOf.
function eventKeys({ host, room, participant, worker, kind }) {
  if (worker !== undefined && kind === 'worker_died') return [workerKey({ host, worker }), 'totals'];
  if (room === undefined) return ['totals'];
  const roomKey = keyOf('room', host, clean(room));
  return participant === undefined ? [roomKey] : [roomKey, keyOf('participant', host, clean(room), clean(participant))];
}

function takeEvents(rows) {
  model.events = rows;
  model.eventsOf = new Map();
  for (const event of rows) {
    for (const key of eventKeys(event)) model.eventsOf.set(key, [...model.eventsOf.get(key) ?? [], event]);
  }
}
