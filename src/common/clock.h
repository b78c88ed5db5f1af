/* SPDX-License-Identifier: MIT */
/*
 * The clock by which intervals are measured, and the one that people read.
 */
#ifndef COLLECTD_MEDIASOUP_CLOCK_H
#define COLLECTD_MEDIASOUP_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds on a clock that nobody sets; they mean something only beside others of this process. Any thread. */
double steady_seconds(void);

/* Since 1970, on the clock that people set. Any thread. */
uint64_t epoch_milliseconds(void);

/* The most seconds that two rows of a host, which come each `interval` seconds, may be apart by a delay. More says that
 * somebody has set its clock. */
double clock_step(double interval);

/* Whether a row of this time comes by a clock that was set back after the row of the time `before`. One that is older
 * by less is late. All are in seconds. */
bool clock_was_set_back(double before, double time, double interval);

#endif
