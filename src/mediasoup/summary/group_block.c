/* SPDX-License-Identifier: MIT */
#include "group.h"

#include "group_name.h"
#include "section.h"

#include <stdlib.h>
#include <string.h>

typedef struct group {
  UT_hash_handle hh;
  bool over;    /* MaxGroups: it has no series, its members count in __other__ */
  bool seen;    /* in this reading */
  bool is_idle; /* not seen in the reading before, nor in this one so far */
  double idle_since;
  char *plugin_instance;
  char *type_instance;
  section_t sections[SECTIONS];
  size_t key_length;
  char key[];
} group_t;

struct group_block {
  size_t index;
  group_namer_t namer;
  char *type_instance; /* of the block's own row */
  unsigned classes;
  size_t max_groups;
  group_t *groups;
  group_t *other; /* NULL until it is needed */
  size_t shown;   /* groups that are not over */
  size_t over;
  bool ended; /* there was a reading */
};

void group_options_done(group_options_t *options) {
  free(options->name);
  for (size_t i = 0; i < options->by_length; i++)
    free(options->by[i]);
  *options = (group_options_t){0};
}

/* --- making one --- */

group_block_t *group_block_new(const char *endpoint, const group_options_t *options, size_t index) {
  group_block_t *block = calloc(1, sizeof(*block));
  if (block == NULL)
    return NULL;
  block->index = index;
  block->classes = options->classes;
  block->max_groups = options->max_groups;
  if (group_namer_init(&block->namer, endpoint, options->name, options->by, options->by_length))
    block->type_instance = group_namer_name_block(&block->namer);
  if (block->type_instance != NULL)
    return block;
  group_block_free(block);
  return NULL;
}

static void free_group(group_t *group) {
  if (group == NULL)
    return;
  for (size_t i = 0; i < SECTIONS; i++)
    section_done(&group->sections[i]);
  free(group->plugin_instance);
  free(group->type_instance);
  free(group);
}

void group_block_free(group_block_t *block) {
  if (block == NULL)
    return;
  group_t *group, *next;
  HASH_ITER(hh, block->groups, group, next) {
    HASH_DEL(block->groups, group);
    free_group(group);
  }
  free_group(block->other);
  group_namer_done(&block->namer);
  free(block->type_instance);
  free(block);
}

/* --- groups --- */

static bool has_class(const group_block_t *block, class_id_t class) { return (block->classes & (1U << class)) != 0; }

/* A group with series of its own; `object` is one of its members, NULL for `__other__`. */
static group_t *new_shown(group_block_t *block, const object_t *object, const char *key, size_t key_length) {
  group_t *group = calloc(1, sizeof(*group) + key_length);
  if (group == NULL)
    return NULL;
  memcpy(group->key, key, key_length);
  group->key_length = key_length;
  bool whole = true;
  for (size_t i = 0; i < SECTIONS && whole; i++)
    if (has_class(block, section_class(i)))
      whole = section_init(&group->sections[i], i);
  if (whole && group_namer_name(&block->namer, object, &group->plugin_instance, &group->type_instance))
    return group;
  free_group(group);
  return NULL;
}

/* Only its key: its members count elsewhere. */
static group_t *new_over(const char *key, size_t key_length) {
  group_t *group = calloc(1, sizeof(*group) + key_length);
  if (group == NULL)
    return NULL;
  group->over = true;
  memcpy(group->key, key, key_length);
  group->key_length = key_length;
  return group;
}

static void remove_group(group_block_t *block, group_t *group) {
  *(group->over ? &block->over : &block->shown) -= 1;
  HASH_DEL(block->groups, group);
  free_group(group);
}

/* Where all places are taken, the group that has been without members for longest makes room, if there is one: rooms
 * that have ended keep out none that lives. */
static void make_room(group_block_t *block) {
  group_t *oldest = NULL;
  for (group_t *group = block->groups; group != NULL; group = group->hh.next)
    if (!group->over && group->is_idle && (oldest == NULL || group->idle_since < oldest->idle_since))
      oldest = group;
  if (oldest != NULL)
    remove_group(block, oldest);
}

static group_t *add_group(group_block_t *block, const object_t *object, const char *key, size_t key_length) {
  if (block->shown >= block->max_groups)
    make_room(block);
  bool over = block->shown >= block->max_groups;
  if (over && block->other == NULL)
    block->other = new_shown(block, NULL, "", 0);
  if (over && block->other == NULL)
    return NULL;
  group_t *group = over ? new_over(key, key_length) : new_shown(block, object, key, key_length);
  if (group == NULL)
    return NULL;
  HASH_ADD_KEYPTR(hh, block->groups, group->key, group->key_length, group);
  if (group->hh.tbl == NULL) {
    free_group(group);
    return NULL;
  }
  *(over ? &block->over : &block->shown) += 1;
  return group;
}

/* NULL when out of memory. */
static group_t *find_group(group_block_t *block, object_t *object) {
  group_t **place = &object->membership.groups[block->index];
  if (*place != NULL)
    return *place;
  const buffer_t *text = &block->namer.text;
  if (group_namer_write_key(&block->namer, object) != STATUS_OK)
    return NULL;
  HASH_FIND(hh, block->groups, buffer_text(text), text->length, *place);
  if (*place != NULL)
    return *place;
  /* Naming it writes there as well. */
  size_t length = text->length;
  char *key = malloc(length + 1);
  if (key == NULL)
    return NULL;
  memcpy(key, buffer_text(text), length);
  *place = add_group(block, object, key, length);
  free(key);
  return *place;
}

/* --- a reading --- */

static void begin_group(group_t *group) {
  group->is_idle = !group->seen;
  group->seen = false;
  for (size_t i = 0; i < SECTIONS; i++)
    section_begin(&group->sections[i]);
}

void group_block_begin(group_block_t *block) {
  for (group_t *group = block->groups; group != NULL; group = group->hh.next)
    begin_group(group);
  if (block->other != NULL)
    begin_group(block->other);
}

static void see(group_t *group) {
  group->seen = true;
  group->is_idle = false;
}

void group_block_add(group_block_t *block, object_t *object, const reading_t *reading, bool answered) {
  int index = section_of(object->class);
  if (index < 0 || !has_class(block, class_id(object->class)))
    return;
  /* What goes from router to router of one application was received and will be sent by its members: it would count
   * twice. */
  if (object->membership.piped && !block->namer.by_transport)
    return;
  group_t *group = find_group(block, object);
  if (group == NULL)
    return;
  see(group);
  if (group->over)
    group = block->other;
  see(group);
  section_add(&group->sections[index], object, reading, answered);
}

/* --- its end --- */

static void end_group(group_t *group, double now) {
  for (size_t i = 0; i < SECTIONS; i++)
    section_end(&group->sections[i]);
  if (group->seen)
    group->idle_since = now;
}

/* One that is over waits for a place of its own until it has no members: its counters are not torn apart. */
static bool is_done(const group_t *group, double now) {
  return !group->seen && (group->over || now >= group->idle_since + GROUP_IDLE_SECONDS);
}

void group_block_end(group_block_t *block, double now) {
  group_t *group, *next;
  HASH_ITER(hh, block->groups, group, next) {
    end_group(group, now);
    if (is_done(group, now))
      remove_group(block, group);
  }
  if (block->other != NULL)
    end_group(block->other, now);
  block->ended = true;
}

/* --- rows --- */

static void visit_group(const group_t *group, group_visit_t visit, void *context) {
  for (size_t i = 0; i < SECTIONS; i++)
    if (section_is_known(&group->sections[i]))
      visit(context, group->sections[i].class, group->plugin_instance, group->type_instance, group->sections[i].values);
}

void group_block_each(const group_block_t *block, group_visit_t visit, void *context) {
  const class_t *class = &classes[CLASS_GROUPS];
  object_value_t values[FIELDS_MAX];
  if (!block->ended)
    return;
  values[class_derived_field(class, DERIVED_GROUPS)].gauge = (double)block->shown;
  values[class_derived_field(class, DERIVED_GROUPS_MAX)].gauge = (double)block->max_groups;
  values[class_derived_field(class, DERIVED_GROUPS_OTHER)].gauge = (double)block->over;
  visit(context, class, block->namer.endpoint, block->type_instance, values);
  for (const group_t *group = block->groups; group != NULL; group = group->hh.next)
    if (!group->over)
      visit_group(group, visit, context);
  if (block->other != NULL)
    visit_group(block->other, visit, context);
}
