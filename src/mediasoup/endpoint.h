/* SPDX-License-Identifier: MIT */
/*
 * One <Endpoint> block: its options, its sources, and the summary of them. A glob stands for several applications on
 * one host, which come and go, so its sockets are looked up before each reading.
 */
#ifndef COLLECTD_MEDIASOUP_ENDPOINT_H
#define COLLECTD_MEDIASOUP_ENDPOINT_H

#include "endpoint_options.h"
#include "mediasoup/summary/summary.h"
#include "source.h"

typedef struct endpoint endpoint_t;

/* Takes over what `options` hold, on success only. STATUS_OPTION says what is wrong with them; STATUS_NO_MEMORY. The
 * caller frees `*endpoint`. */
MUST_CHECK status_t endpoint_new(endpoint_options_t *options, endpoint_t **endpoint, failure_t *failure);
void endpoint_free(endpoint_t *endpoint);

const endpoint_options_t *endpoint_options(const endpoint_t *endpoint);

/* Looks up the sockets, reads a snapshot of each, and sums them up. `now` is the time that the rows of this reading
 * get, in epoch milliseconds. A source whose socket is gone is freed, new ones are added. Where a glob matches nothing,
 * there is one source with the glob as its path, which cannot be read. On STATUS_OPTION (more sockets than SOURCES_MAX)
 * and STATUS_NO_MEMORY the other sources are read all the same. `stop` is as in fetch_all(). */
MUST_CHECK status_t endpoint_read(endpoint_t *endpoint, uint64_t now, const volatile sig_atomic_t *stop,
                                  failure_t *failure);

/* The sources of the last reading; lent until the next. */
source_t *const *endpoint_sources(const endpoint_t *endpoint, size_t *length);

/* Notes that rows are about to be sent at `now`, one `interval` after the last ones as a rule; both in milliseconds.
 * Whether receivers may have forgotten those of before, as they do after two intervals without any: because the reading
 * took long, collectd or the machine stood still, or the clock was set. */
bool endpoint_comes_late(endpoint_t *endpoint, uint64_t now, uint64_t interval);

/* Once: whether keys of AppData or By are in no object's appData. `line` says which, and which keys there are. To be
 * called after each reading. */
bool endpoint_misses_keys(endpoint_t *endpoint, failure_t *line);

/* The summary of the last reading; lent until the next. */
const summary_t *endpoint_summary(const endpoint_t *endpoint);

#endif
