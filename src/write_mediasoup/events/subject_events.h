/* SPDX-License-Identifier: MIT */
/*
 * The events of rooms and participants, in words.
 */
#ifndef COLLECTD_MEDIASOUP_SUBJECT_EVENTS_H
#define COLLECTD_MEDIASOUP_SUBJECT_EVENTS_H

#include "subject.h"
#include "turn.h"

/* Sets host, endpoint, room and participant, whose members follow each other in this order from `first` on. What is
 * unknown stays unknown. `record` may be NULL. */
void subject_name_write(const subject_name_t *name, record_t *record, size_t first);

/* Each is for the caller to release; NULL when out of memory. Times are in epoch seconds. */

/* It turned bad, or good again. */
record_t *subject_event_turned(const subject_reading_t *reading, const turn_t *turn, double now);

/* It was bad, and has gone. `last` is when it was last seen. */
record_t *subject_event_over(const subject_name_t *name, const turn_t *turn, double last, double now);

/* A participant's connection is lost, since a time. */
record_t *subject_event_lost(const subject_name_t *name, double since, double now);

#endif
