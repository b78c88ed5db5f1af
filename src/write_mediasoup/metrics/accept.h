/* SPDX-License-Identifier: MIT */
/*
 * What a client says that it takes: the headers Accept of a scrape, and Accept-Encoding.
 */
#ifndef COLLECTD_MEDIASOUP_ACCEPT_H
#define COLLECTD_MEDIASOUP_ACCEPT_H

#include <stdbool.h>

/* Whether this header, which may be "", prefers OpenMetrics 1.0 to the text format. */
bool accept_prefers_openmetrics(const char *accept);

/* Whether this Accept-Encoding, which may be "", names gzip and does not refuse it by a quality of 0. Any client takes
 * an answer that is not compressed, so `*` alone is none. */
bool accept_takes_gzip(const char *accept_encoding);

#endif
