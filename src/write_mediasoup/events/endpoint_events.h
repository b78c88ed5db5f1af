/* SPDX-License-Identifier: MIT */
/*
 * The events of endpoints, in words.
 */
#ifndef COLLECTD_MEDIASOUP_ENDPOINT_EVENTS_H
#define COLLECTD_MEDIASOUP_ENDPOINT_EVENTS_H

#include "known_workers.h"
#include "sink.h"
#include "turn.h"

/* Each is for the caller to release; NULL when out of memory. `now` is in epoch seconds. */

/* It cannot be read any more, or can be read again. */
record_t *endpoint_event_turned(const endpoint_state_t *endpoint, const turn_t *outage, double now);

record_t *endpoint_event_restarted(const endpoint_state_t *endpoint, double now);

/* Of so many workers that died between two readings of the endpoint: one event for each where the workers of the two
 * readings tell which they were, else one event for all. */
void endpoint_events_deaths(const endpoint_state_t *endpoint, int64_t deaths, const known_workers_t *before,
                            const known_workers_t *after, double now, const sink_t *sink);

#endif
