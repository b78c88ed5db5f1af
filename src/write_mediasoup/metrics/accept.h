/* SPDX-License-Identifier: MIT */
/*
 * The Accept header of a scrape.
 */
#ifndef COLLECTD_MEDIASOUP_ACCEPT_H
#define COLLECTD_MEDIASOUP_ACCEPT_H

#include <stdbool.h>

/* Whether this header, which may be "", prefers OpenMetrics 1.0 to the text format. */
bool accept_prefers_openmetrics(const char *accept);

#endif
