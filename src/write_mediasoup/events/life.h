/* SPDX-License-Identifier: MIT */
/*
 * The life of a room or a participant, from the readings that saw it.
 */
#ifndef COLLECTD_MEDIASOUP_LIFE_H
#define COLLECTD_MEDIASOUP_LIFE_H

#include "record.h"

/* What a reading says of one that lives. */
typedef struct {
  double time; /* epoch seconds */
  bool is_bad;
  double loss_ratio;                 /* of its worst stream, or of all; NaN: unknown */
  double bytes_received, bytes_sent; /* counted since a time before its life; NaN: unknown */
} life_reading_t;

typedef struct {
  double began, last;
  double received, sent; /* since it began */
  double counted_received, counted_sent;
  double worst_loss;
  double seconds_bad;
} life_t;

/* A life begins with a reading. The counters stood at these numbers before; NaN: nobody knows, so nothing was counted
 * yet. */
void life_begin(life_t *life, const life_reading_t *reading, double counted_received, double counted_sent);

/* Takes the next reading. The time since the one before counts as bad where this one is, unless nobody watched. */
void life_take(life_t *life, const life_reading_t *reading, bool was_watched);

/* The clock was set by so many seconds: it began, and was last seen, when it would have been. */
void life_follow_clock(life_t *life, double step);

/* Writes times, bytes, loss and bad seconds as members of what has ended. `record` may be NULL. */
void life_write(const life_t *life, record_t *record);

#endif
