/* SPDX-License-Identifier: MIT */
/*
 * The clock by which intervals are measured.
 */
#ifndef COLLECTD_MEDIASOUP_CLOCK_H
#define COLLECTD_MEDIASOUP_CLOCK_H

/* Seconds on a clock that nobody sets; they mean something only beside others of this process. Any thread. */
double steady_seconds(void);

#endif
