/* SPDX-License-Identifier: MIT */
#include "group_block.h"

#include "group.h"

#include <stdlib.h>
#include <string.h>

struct group_block {
  size_t index;
  group_namer_t namer;
  char *type_instance; /* of the block's own row */
  unsigned classes;
  size_t max_groups;
  group_t *groups;
  group_t *other; /* `__other__`; NULL until it is needed */
  size_t shown;   /* groups with rows of their own */
  size_t over;    /* groups over MaxGroups */
  size_t idle;    /* groups shown that are idle */
  bool ended;     /* there was a reading */
};

void group_options_done(group_options_t *options) {
  free(options->name);
  for (size_t i = 0; i < options->by_length; i++)
    free(options->by[i]);
  *options = (group_options_t){0};
}

/* --- making one --- */

group_block_t *group_block_new(const char *endpoint, const group_options_t *options, const aliases_t *aliases,
                               size_t index) {
  group_block_t *block = calloc(1, sizeof(*block));
  if (block == NULL)
    return NULL;
  block->index = index;
  block->classes = options->classes;
  block->max_groups = options->max_groups;
  if (group_namer_init(&block->namer, endpoint, options->name, options->by, options->by_length, aliases))
    block->type_instance = group_namer_name_block(&block->namer);
  if (block->type_instance != NULL)
    return block;
  group_block_free(block);
  return NULL;
}

void group_block_free(group_block_t *block) {
  if (block == NULL)
    return;
  group_t *group, *next;
  HASH_ITER(hh, block->groups, group, next) {
    HASH_DEL(block->groups, group);
    group_free(group);
  }
  group_free(block->other);
  group_namer_done(&block->namer);
  free(block->type_instance);
  free(block);
}

/* --- groups --- */

/* Whether it has a place that it does not need. */
static bool is_idle(const group_t *group) { return !group->over && group->is_idle; }

static void remove_group(group_block_t *block, group_t *group) {
  *(group->over ? &block->over : &block->shown) -= 1;
  block->idle -= is_idle(group) ? 1 : 0;
  HASH_DEL(block->groups, group);
  group_free(group);
}

/* Makes a place free where all are taken: the group that has been without members for longest goes, if there is one.
 * So rooms that have ended do not keep out new ones. */
static void make_room(group_block_t *block) {
  group_t *oldest = NULL;
  if (block->shown < block->max_groups || block->idle == 0)
    return;
  for (group_t *group = block->groups; group != NULL; group = group->hh.next)
    if (is_idle(group) && (oldest == NULL || group->idle_since < oldest->idle_since))
      oldest = group;
  if (oldest != NULL)
    remove_group(block, oldest);
}

static group_t *new_over(group_block_t *block, const char *key, size_t key_length) {
  if (block->other == NULL)
    block->other = group_new(&block->namer, block->classes, NULL, "", 0);
  return block->other != NULL ? group_new_over(key, key_length) : NULL;
}

static group_t *add_group(group_block_t *block, const object_t *object, const char *key, size_t key_length) {
  make_room(block);
  group_t *group = block->shown < block->max_groups ? group_new(&block->namer, block->classes, object, key, key_length)
                                                    : new_over(block, key, key_length);
  if (group == NULL)
    return NULL;
  HASH_ADD_KEYPTR(hh, block->groups, group->key, group->key_length, group);
  if (group->hh.tbl == NULL) {
    group_free(group);
    return NULL;
  }
  *(group->over ? &block->over : &block->shown) += 1;
  return group;
}

/* Adds a group for the object, whose key the namer has written. The key is copied, since the namer writes the group's
 * names to the same place. NULL when out of memory. */
static group_t *add_group_of(group_block_t *block, const object_t *object) {
  size_t length = block->namer.text.length;
  char *key = malloc(length + 1);
  if (key == NULL)
    return NULL;
  memcpy(key, buffer_text(&block->namer.text), length);
  group_t *group = add_group(block, object, key, length);
  free(key);
  return group;
}

/* The object's group, which the object remembers. NULL when out of memory. */
static group_t *find_group(group_block_t *block, object_t *object) {
  group_t **place = &object->membership.groups[block->index];
  if (*place != NULL)
    return *place;
  if (group_namer_write_key(&block->namer, object) != STATUS_OK)
    return NULL;
  HASH_FIND(hh, block->groups, buffer_text(&block->namer.text), block->namer.text.length, *place);
  if (*place == NULL)
    *place = add_group_of(block, object);
  return *place;
}

/* --- a reading --- */

void group_block_begin(group_block_t *block) {
  block->idle = 0;
  for (group_t *group = block->groups; group != NULL; group = group->hh.next) {
    group_begin(group);
    block->idle += is_idle(group) ? 1 : 0;
  }
  if (block->other != NULL)
    group_begin(block->other);
}

/* A piped stream goes from router to router of one application. Others of the application's streams bring it there and
 * take it on from there, so it would count twice. */
static bool counts(const group_block_t *block, const object_t *object) {
  return (block->classes & (1U << class_id(object->class))) != 0 &&
         (!object->membership.piped || block->namer.by_transport);
}

/* The group whose rows count the object, which is used in this reading. NULL when out of memory. */
static group_t *use_group(group_block_t *block, object_t *object) {
  group_t *group = find_group(block, object);
  if (group == NULL)
    return NULL;
  block->idle -= is_idle(group) ? 1 : 0;
  group_see(group);
  if (group->over)
    group = block->other;
  group_see(group);
  return group;
}

void group_block_add(group_block_t *block, object_t *object, const reading_t *reading, bool answered) {
  int place = section_place(object->class);
  group_t *group = place >= 0 && counts(block, object) ? use_group(block, object) : NULL;
  if (group != NULL)
    section_add(&group->sections[place], object, reading, answered);
}

/* The transport need not be alive any more, so a group may come into being and be used for what it counts alone. */
void group_block_count(group_block_t *block, object_t *event) {
  bool wanted = (block->classes & (1U << CLASS_TRANSPORTS)) != 0;
  group_t *group = wanted ? use_group(block, event) : NULL;
  if (group != NULL)
    section_count(&group->sections[section_place(event->class)], event);
}

void group_block_end(group_block_t *block, double now) {
  group_t *group, *next;
  HASH_ITER(hh, block->groups, group, next) {
    group_end(group, now);
    if (group_is_done(group, now))
      remove_group(block, group);
  }
  if (block->other != NULL)
    group_end(block->other, now);
  block->ended = true;
}

/* --- rows --- */

static void visit_block(const group_block_t *block, named_values_visit_t visit, void *context) {
  const class_t *class = &classes[CLASS_GROUPS];
  object_value_t values[FIELDS_MAX];
  values[class_derived_field(class, DERIVED_GROUPS)].gauge = (double)block->shown;
  values[class_derived_field(class, DERIVED_GROUPS_MAX)].gauge = (double)block->max_groups;
  values[class_derived_field(class, DERIVED_GROUPS_OTHER)].gauge = (double)block->over;
  visit(context, &(named_values_t){.class = class,
                                   .plugin_instance = block->namer.endpoint,
                                   .type_instance = block->type_instance,
                                   .values = values});
}

void group_block_each(const group_block_t *block, named_values_visit_t visit, void *context) {
  if (!block->ended)
    return;
  visit_block(block, visit, context);
  for (const group_t *group = block->groups; group != NULL; group = group->hh.next)
    if (!group->over)
      group_each(group, visit, context);
  if (block->other != NULL)
    group_each(block->other, visit, context);
}
