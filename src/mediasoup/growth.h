/* SPDX-License-Identifier: MIT */
/*
 * By how much an object's counters grew since the last whole snapshot. Growth goes to the sums on the rows of the
 * object's router and worker, and is kept for the sums of its groups. So a sum does not fall when an object ends or its
 * counter begins anew.
 */
#ifndef COLLECTD_MEDIASOUP_GROWTH_H
#define COLLECTD_MEDIASOUP_GROWTH_H

#include "object.h"

/* A field that adds to sums. */
typedef struct {
  size_t field;                /* in the fields of its class */
  int above[CLASS_ROWS_COUNT]; /* the sum in the fields of a class above it; -1 where that has none */
} summed_t;

/* The fields that add to sums, of each class, in the order of the class's fields. */
typedef struct {
  summed_t summed[CLASS_ROWS_COUNT][GROWTHS_MAX];
  size_t length[CLASS_ROWS_COUNT];
} growth_plan_t;

void growth_plan_init(growth_plan_t *plan);

/* Sets object->grown and object->counted, and adds to the sums above the object, if it has a baseline. Else nothing has
 * grown: what it counted before we first read its statistics is not growth that we saw. After a restart of collectd it
 * would look like a burst. From then on it has a baseline. */
void growth_count(const growth_plan_t *plan, object_t *object);

#endif
