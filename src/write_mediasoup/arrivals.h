/* SPDX-License-Identifier: MIT */
/*
 * The readings that arrive: the row of an endpoint is part of each, and the first of it. The others follow one after
 * the other, so a reading is whole a while after that row was first there.
 */
#ifndef COLLECTD_MEDIASOUP_ARRIVALS_H
#define COLLECTD_MEDIASOUP_ARRIVALS_H

#include "store/row.h"

#include <stdbool.h>

typedef struct {
  uint64_t row;   /* a hash that tells this row from others, and from a newer one of the same endpoint */
  double noticed; /* steady seconds: when it was first there. -INFINITY: it was before anybody looked */
  bool is_seen;   /* an observation had the whole reading */
} begun_reading_t;

/* Zero-initialise. For one thread at a time. */
typedef struct {
  begun_reading_t *list; /* by `row` */
  size_t length;
  bool has_looked;
} arrivals_t;

void arrivals_done(arrivals_t *arrivals);

/* Takes the rows of endpoints as they are at this time of steady_seconds(). Those that are not among them any more are
 * forgotten. false when out of memory: then nothing has changed. */
MUST_CHECK bool arrivals_take(arrivals_t *arrivals, const store_row_t *const *endpoints, size_t length, double steady);

/* Whether there are readings that no observation had, and they are whole: so many seconds have passed since each of
 * them began. Where others begin all the time, the first does not wait for longer than twice as many. */
bool arrivals_are_due(const arrivals_t *arrivals, double steady, double seconds);

/* There was an observation, which had those readings that had begun so many seconds before. */
void arrivals_were_seen(arrivals_t *arrivals, double steady, double seconds);

#endif
