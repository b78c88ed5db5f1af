/* SPDX-License-Identifier: MIT */
/*
 * Whether something is bad, told only when two readings in a row say so: what is bad for one reading is no news.
 */
#ifndef COLLECTD_MEDIASOUP_TURN_H
#define COLLECTD_MEDIASOUP_TURN_H

#include <stdbool.h>

enum { TURN_READINGS = 2 };

/* Zero-initialised it is good. */
typedef struct {
  bool is_bad;
  unsigned contrary;     /* readings in a row that say otherwise */
  double contrary_since; /* the time of the first of them */
  double since;          /* when it turned to what it is: the time of the first reading that said so */
  double before;         /* when it had turned to what it was before */
} turn_t;

/* What it is without anything having happened. */
void turn_begin(turn_t *turn, bool is_bad, double time);

/* Takes the next reading. Returns whether it turned now. */
bool turn_take(turn_t *turn, bool is_bad, double time);

/* The clock was set by so many seconds: its times are what they would have been. */
void turn_follow_clock(turn_t *turn, double step);

#endif
