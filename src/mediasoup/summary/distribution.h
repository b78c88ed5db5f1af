/* SPDX-License-Identifier: MIT */
/*
 * How the streams' scores, losses, round trip times and jitter are distributed: every stream that is not paused adds
 * one reading a snapshot to the buckets of an endpoint's histograms. Counters: they only grow.
 */
#ifndef COLLECTD_MEDIASOUP_DISTRIBUTION_H
#define COLLECTD_MEDIASOUP_DISTRIBUTION_H

#include "group.h"

typedef struct distributions distributions_t;

/* `endpoint` names it. NULL when out of memory. */
distributions_t *distributions_new(const char *endpoint);
void distributions_free(distributions_t *distributions);

/* A stream that is measured. What the reading does not know is left out. */
void distributions_add(distributions_t *distributions, const object_t *stream, const reading_t *reading);

/* The rows of those histograms that have readings. */
void distributions_each(const distributions_t *distributions, group_visit_t visit, void *context);

#endif
