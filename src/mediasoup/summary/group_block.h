/* SPDX-License-Identifier: MIT */
/*
 * A <Group> block: objects that share the values of its keys are summed up. Its counters add up what its members grew
 * by, so they never fall when a member leaves, nor when a worker starts anew.
 */
#ifndef COLLECTD_MEDIASOUP_GROUP_H
#define COLLECTD_MEDIASOUP_GROUP_H

#include "reading.h"

/* As the operator wrote it. */
typedef struct {
  char *name;
  char *by[GROUP_KEYS_MAX]; /* kind, mimeType, transportType; anything else, or appData:KEY, is a key of appData */
  size_t by_length;
  unsigned classes; /* of CLASS_TRANSPORTS, CLASS_PRODUCERS, CLASS_CONSUMERS: the bit 1 << class_id_t each */
  size_t max_groups;
} group_options_t;

void group_options_done(group_options_t *options);

typedef struct group_block group_block_t;

/* `index` is its place in membership_t's groups. Options are copied. NULL when out of memory. */
group_block_t *group_block_new(const char *endpoint, const group_options_t *options, size_t index);
void group_block_free(group_block_t *block);

/* A new reading of all sources. */
void group_block_begin(group_block_t *block);

/* An object of the model, whose membership is up to date. `answered`: this reading tells of it; `reading`: of a stream
 * that is measured. */
void group_block_add(group_block_t *block, object_t *object, const reading_t *reading, bool answered);

/* That was all. Groups that had no member for GROUP_IDLE_SECONDS are freed: no object is in one of them. */
void group_block_end(group_block_t *block, double now);

/* Each row of it: the groups, and the block's own. All is lent. */
typedef void (*group_visit_t)(void *context, const class_t *class, const char *plugin_instance,
                              const char *type_instance, const object_value_t *values);
void group_block_each(const group_block_t *block, group_visit_t visit, void *context);

#endif
