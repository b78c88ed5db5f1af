/* SPDX-License-Identifier: MIT */
#include "changes.h"

#include "people.h"

void changes_done(changes_t *changes) {
  endpoints_done(&changes->endpoints);
  rooms_done(&changes->rooms);
  subjects_done(&changes->subjects);
}

static void visit(void *context, const subject_reading_t *reading) { subjects_take(context, reading); }

void changes_look(changes_t *changes, const observation_t *observation, const sink_t *sink) {
  endpoints_look(&changes->endpoints, observation, sink);
  subjects_begin(&changes->subjects, &changes->endpoints, sink, observation->now);
  rooms_look(&changes->rooms, observation, visit, &changes->subjects);
  people_look(observation->participants, visit, &changes->subjects);
  subjects_end(&changes->subjects);
}
