/* SPDX-License-Identifier: MIT */
/*
 * What was: the samples of endpoints, workers, groups and participants of the last hour or so, within a bound of
 * memory. The observer adds to it, and requests read it. Any thread.
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_H
#define COLLECTD_MEDIASOUP_HISTORY_H

#include "past.h"
#include "write_mediasoup/observer.h"
#include "write_mediasoup/views/query.h"

typedef struct history history_t;

typedef struct {
  size_t seconds;        /* how long samples are kept; above 0 */
  size_t max_bytes;      /* the memory that they may take; the oldest go first */
  void (*on_full)(void); /* called in the observer's thread when samples begin to go that are not too old */
} history_options_t;

/* NULL when out of memory. */
history_t *history_new(const history_options_t *options);
void history_free(history_t *history); /* takes NULL */

/* Adds the rows of an observation, each as a sample of its series, and forgets what is too old. Where a host's clock
 * was set back, it forgets of that host what is later than the clock is now, and goes on from there. A follower of the
 * observer's; `context` is the history. */
void history_observe(void *context, const observation_t *observation);

/* The classes that it keeps, in turn; NULL after the last. Lent as long as the history is. */
const class_t *history_class(const history_t *history, size_t index);

/* How long it keeps samples. */
int64_t history_milliseconds(const history_t *history);

/* The series of this class, which is one of those, that match the filters of the query, with their samples from `from`
 * to `to` (epoch milliseconds by the clocks of their hosts) that are not too old. For past_free(). NULL when out of
 * memory. */
past_t *history_take(history_t *history, const class_t *class, const query_t *query, int64_t from, int64_t to,
                     double now);

typedef struct {
  size_t seconds, max_bytes; /* as in the options */
  size_t bytes;              /* what is taken */
  size_t series, samples;
  bool is_short; /* for want of memory, samples have gone that would be kept still */
} history_usage_t;

history_usage_t history_usage(history_t *history, double now);

#endif
