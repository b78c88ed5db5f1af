/* SPDX-License-Identifier: MIT */
/*
 * What has changed from one observation to the next: events, and what has ended. Of the first observation nothing is
 * news. Pure, but for the clock of the observations: no thread, no store.
 */
#ifndef COLLECTD_MEDIASOUP_CHANGES_H
#define COLLECTD_MEDIASOUP_CHANGES_H

#include "rooms.h"
#include "sink.h"
#include "subjects.h"

/* Zero-initialise. For one thread at a time. */
typedef struct {
  endpoints_t endpoints;
  rooms_t rooms;
  subjects_t subjects;
} changes_t;

void changes_done(changes_t *changes);

/* Takes an observation and gives the sink what is new. */
void changes_look(changes_t *changes, const observation_t *observation, const sink_t *sink);

#endif
