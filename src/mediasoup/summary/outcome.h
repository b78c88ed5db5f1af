/* SPDX-License-Identifier: MIT */
/*
 * How the connection of a WebRTC transport goes, in the endpoint's words, and which figure of its group counts it.
 */
#ifndef COLLECTD_MEDIASOUP_OUTCOME_H
#define COLLECTD_MEDIASOUP_OUTCOME_H

#include "mediasoup/object.h"

/* The counter of an event: what happened to a transport. DERIVED_NOT where this version has no such word.
 */
derived_t outcome_counter(const object_t *event);

/* Whether that row tells that the transport has connected. */
bool outcome_is_connected(const object_t *event);

/* Whether the transport says how it is connected; one without a connection to make has nothing to say. */
bool outcome_is_told(const object_t *transport);

/* The gauges that count a transport now; DERIVED_NOT in each place that counts none. */
typedef struct {
  derived_t state;
  derived_t protocol;
} outcome_gauges_t;
outcome_gauges_t outcome_gauges(const object_t *transport);

/* Each of those gauges in turn; DERIVED_NOT after the last. */
derived_t outcome_gauge_at(size_t index);

#endif
