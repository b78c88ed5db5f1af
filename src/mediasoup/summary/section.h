/* SPDX-License-Identifier: MIT */
/*
 * The part of a group that one class makes: sums that only grow, and figures of the last reading.
 */
#ifndef COLLECTD_MEDIASOUP_SECTION_H
#define COLLECTD_MEDIASOUP_SECTION_H

#include "mediasoup/reading.h"

/* A mean that is being taken. */
typedef struct {
  double sum;
  double count;
} mean_t;

/* Zero-initialise. */
typedef struct {
  const class_t *class;   /* of its row: what sums up the members' class */
  object_value_t *values; /* of its row; NULL where the block does not group the members' class */
  bool used;              /* it had a member, or counted something, at some time */
  size_t members;
  size_t answered; /* members whose worker answered in this reading */
  mean_t score, round_trip_time, jitter, mos;
  double score_minimum;
  bool layers_known;   /* of a stream that flows, ... */
  bool layers_unknown; /* ... and of another they are not */
  bool is_untold;      /* a transport does not say how it is connected */
  double packets;      /* what the members' counters grew by in this reading */
  double packets_lost;
} section_t;

/* A group has one for each class that can be grouped. */
enum { SECTIONS = CLASS_GROUP_TRANSPORTS - CLASS_GROUP_PRODUCERS + 1 };

/* The place of the members' class among those: from 0 on, or -1 where it cannot be grouped. */
int section_place(const class_t *members);

/* For members of this class, which can be grouped. false when out of memory. */
bool section_init(section_t *section, const class_t *members);
void section_done(section_t *section);

/* A new reading begins: counters stay, the rest is forgotten. Does nothing without values. */
void section_begin(section_t *section);

/* Adds a member. `answered`: its worker answered in this reading. `reading` is of a stream whose worker answered. */
void section_add(section_t *section, const object_t *object, const reading_t *reading, bool answered);

/* Counts an event of a transport that is or was a member. */
void section_count(section_t *section, const object_t *event);

/* The reading ends here: sets the figures that are no sums. */
void section_end(section_t *section);

/* Whether its row is known: it had a member or counted something at some time, and has none now or one whose worker
 * answered. */
bool section_is_known(const section_t *section);

#endif
