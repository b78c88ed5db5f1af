/* SPDX-License-Identifier: MIT */
/*
 * Where events, what has ended, and what only the log says, go.
 */
#ifndef COLLECTD_MEDIASOUP_SINK_H
#define COLLECTD_MEDIASOUP_SINK_H

#include "record.h"

typedef struct {
  /* Take over the record, which is NULL where there was no memory for it. */
  void (*on_event)(void *context, record_t *event);
  void (*on_ended)(void *context, record_t *ended);
  /* The clock of a host was set by so many seconds, as the rows of this endpoint show. Texts are lent. */
  void (*on_clock)(void *context, const char *host, const char *endpoint, double step);
  void *context;
} sink_t;

static inline void sink_event(const sink_t *sink, record_t *event) { sink->on_event(sink->context, event); }
static inline void sink_clock(const sink_t *sink, const char *host, const char *endpoint, double step) {
  sink->on_clock(sink->context, host, endpoint, step);
}
static inline void sink_ended(const sink_t *sink, record_t *ended) { sink->on_ended(sink->context, ended); }

#endif
