/* SPDX-License-Identifier: MIT */
/*
 * A <Group> block: puts objects that share the values of its keys into one group, with an upper bound of groups.
 */
#ifndef COLLECTD_MEDIASOUP_GROUP_BLOCK_H
#define COLLECTD_MEDIASOUP_GROUP_BLOCK_H

#include "group_namer.h"
#include "mediasoup/named_values.h"
#include "mediasoup/reading.h"

/* As the operator wrote it. */
typedef struct {
  char *name;
  char *by[GROUP_KEYS_MAX]; /* kind, mimeType, transportType; anything else, or appData:KEY, is a key of appData */
  size_t by_length;
  unsigned classes; /* of those that can be grouped: the bit 1 << class_id_t each */
  size_t max_groups;
} group_options_t;

void group_options_done(group_options_t *options);

typedef struct group_block group_block_t;

/* `index` is its place in membership_t's groups. Options are copied; the aliases' texts are lent as long as it lives.
 * NULL when out of memory. */
group_block_t *group_block_new(const char *endpoint, const group_options_t *options, const aliases_t *aliases,
                               size_t index);
void group_block_free(group_block_t *block);

/* A new reading of all sources begins. */
void group_block_begin(group_block_t *block);

/* Adds an object whose membership is up to date. One that the block does not group, or for which there is no memory, is
 * passed over. `answered`: its worker answered in this reading. `reading` is of a stream whose worker answered. */
void group_block_add(group_block_t *block, object_t *object, const reading_t *reading, bool answered);

/* Counts an event in the group of its transport, which gets one where it has none. */
void group_block_count(group_block_t *block, object_t *event);

/* The reading ends here. Groups that have outlived their members are freed: no object is in one of them. `now` is in
 * seconds on any steady clock. */
void group_block_end(group_block_t *block, double now);

/* Visits the rows: the block's own, and those of its groups. */
void group_block_each(const group_block_t *block, named_values_visit_t visit, void *context);

#endif
