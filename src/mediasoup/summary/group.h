/* SPDX-License-Identifier: MIT */
/*
 * One group of a <Group> block: its names, and what its members sum up to. Its counters add up what its members grew
 * by, so they never fall when a member leaves or a worker starts anew.
 */
#ifndef COLLECTD_MEDIASOUP_GROUP_H
#define COLLECTD_MEDIASOUP_GROUP_H

#include "group_namer.h"
#include "mediasoup/named_values.h"
#include "section.h"

typedef struct group {
  UT_hash_handle hh;
  bool over;         /* over MaxGroups: it has no rows of its own, its members count in `__other__` */
  bool seen;         /* it has a member in this reading */
  bool is_idle;      /* it had none in the reading before, and has none in this one so far */
  double idle_since; /* the last reading in which it had a member, in seconds on any steady clock */
  char *plugin_instance;
  char *type_instance;
  char *app_data; /* see group_namer_app_data() */
  section_t sections[SECTIONS];
  size_t key_length;
  char key[];
} group_t;

/* A group that sums up members of the classes wanted: the bit 1 << class_id_t each. `object` is one of its members,
 * after which it is named; NULL: `__other__`. NULL when out of memory. */
group_t *group_new(group_namer_t *namer, unsigned classes_wanted, const object_t *object, const char *key,
                   size_t key_length);

/* A group that only counts, since it is over MaxGroups. NULL when out of memory. */
group_t *group_new_over(const char *key, size_t key_length);
void group_free(group_t *group);

/* A new reading begins. */
void group_begin(group_t *group);

/* It has a member in this reading. */
void group_see(group_t *group);

/* The reading ends here. */
void group_end(group_t *group, double now);

/* Whether it has outlived its members: a group over MaxGroups at once, any other after GROUP_IDLE_SECONDS. */
bool group_is_done(const group_t *group, double now);

/* Visits its rows. */
void group_each(const group_t *group, named_values_visit_t visit, void *context);

#endif
