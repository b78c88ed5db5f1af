/* SPDX-License-Identifier: MIT */
/*
 * The clock by which intervals are measured, and the one that people read.
 */
#ifndef COLLECTD_MEDIASOUP_CLOCK_H
#define COLLECTD_MEDIASOUP_CLOCK_H

#include <stdint.h>

/* Seconds on a clock that nobody sets; they mean something only beside others of this process. Any thread. */
double steady_seconds(void);

/* Since 1970, on the clock that people set. Any thread. */
uint64_t epoch_milliseconds(void);

#endif
