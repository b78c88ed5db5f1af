/* SPDX-License-Identifier: MIT */
/*
 * How the streams' scores, losses, round trip times and jitter are distributed, and how long transports took to
 * connect: the histograms of an endpoint. Each stream that flows adds one reading for each snapshot, each WebRTC
 * transport one when it connects. The counters only grow.
 */
#ifndef COLLECTD_MEDIASOUP_DISTRIBUTION_H
#define COLLECTD_MEDIASOUP_DISTRIBUTION_H

#include "mediasoup/named_values.h"
#include "mediasoup/reading.h"

typedef struct distributions distributions_t;

/* `endpoint` names their rows. NULL when out of memory. */
distributions_t *distributions_new(const char *endpoint);
void distributions_free(distributions_t *distributions);

/* Adds the reading of a stream that is measured. Figures that are unknown are passed over, and so is a stream that
 * does not flow or is piped. */
void distributions_add(distributions_t *distributions, const object_t *stream, const reading_t *reading);

/* Adds the reading of an event, where that tells of a transport that connected and how long it took. */
void distributions_add_event(distributions_t *distributions, const object_t *event);

/* Visits the rows of the histograms that have readings. */
void distributions_each(const distributions_t *distributions, named_values_visit_t visit, void *context);

#endif
