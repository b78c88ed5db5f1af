/* SPDX-License-Identifier: MIT */
/*
 * What a group has of one class: sums that only grow, and figures of the last reading.
 */
#ifndef COLLECTD_MEDIASOUP_SECTION_H
#define COLLECTD_MEDIASOUP_SECTION_H

#include "reading.h"

/* Producers, consumers and transports can be grouped. */
enum { SECTIONS = 3 };

/* A mean in the making. */
typedef struct {
  double sum;
  double count;
} mean_t;

/* Zero-initialise. */
typedef struct {
  const class_t *class;   /* of its row */
  object_value_t *values; /* of it; NULL where the block is not of this class */
  bool used;              /* whether it ever had a member */
  size_t members;
  size_t answered; /* members that the reading tells of */
  mean_t score, round_trip_time, jitter;
  double score_minimum;
  double packets; /* what the members grew by in this reading */
  double packets_lost;
} section_t;

/* The place of the class's section, from 0 on, or -1 where it cannot be grouped; and the class of that place. */
int section_of(const class_t *class);
class_id_t section_class(size_t place);

/* false when out of memory. */
bool section_init(section_t *section, size_t place);
void section_done(section_t *section);

/* A new reading. */
void section_begin(section_t *section);

/* A member. `answered`: the reading tells of it; `reading`: of a stream that is measured. */
void section_add(section_t *section, const object_t *object, const reading_t *reading, bool answered);

/* That was all. */
void section_end(section_t *section);

/* Whether it has a row: it has had members, and somebody answered for one; without members it is known to be empty. */
bool section_is_known(const section_t *section);

#endif
