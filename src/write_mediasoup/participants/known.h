/* SPDX-License-Identifier: MIT */
/*
 * The least, the most and the sum of figures of which some are unknown, which are NaN.
 */
#ifndef COLLECTD_MEDIASOUP_KNOWN_H
#define COLLECTD_MEDIASOUP_KNOWN_H

#include <math.h>

/* Of two, the one that is known. fmin() and fmax() would need the library libm. */
static inline double known_least(double left, double right) { return isnan(left) || right < left ? right : left; }
static inline double known_most(double left, double right) { return isnan(left) || right > left ? right : left; }

/* Of those that are known. */
static inline double known_sum(double left, double right) {
  return isnan(left) ? right : left + (isnan(right) ? 0 : right);
}

#endif
