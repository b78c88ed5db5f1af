/* SPDX-License-Identifier: MIT */
#include "group.h"

#include <stdlib.h>
#include <string.h>

static group_t *new_with_key(const char *key, size_t key_length) {
  group_t *group = calloc(1, sizeof(*group) + key_length);
  if (group == NULL)
    return NULL;
  memcpy(group->key, key, key_length);
  group->key_length = key_length;
  return group;
}

static bool init_sections(group_t *group, unsigned classes_wanted) {
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++) {
    int place = (classes_wanted & (1U << i)) != 0 ? section_place(&classes[i]) : -1;
    if (place >= 0 && !section_init(&group->sections[place], &classes[i]))
      return false;
  }
  return true;
}

group_t *group_new(group_namer_t *namer, unsigned classes_wanted, const object_t *object, const char *key,
                   size_t key_length) {
  group_t *group = new_with_key(key, key_length);
  if (group != NULL && init_sections(group, classes_wanted) &&
      group_namer_name(namer, object, &group->plugin_instance, &group->type_instance) &&
      group_namer_app_data(namer, object, group->plugin_instance, &group->app_data))
    return group;
  group_free(group);
  return NULL;
}

group_t *group_new_over(const char *key, size_t key_length) {
  group_t *group = new_with_key(key, key_length);
  if (group != NULL)
    group->over = true;
  return group;
}

void group_free(group_t *group) {
  if (group == NULL)
    return;
  for (size_t i = 0; i < SECTIONS; i++)
    section_done(&group->sections[i]);
  free(group->plugin_instance);
  free(group->type_instance);
  free(group->app_data);
  free(group);
}

/* --- a reading --- */

void group_begin(group_t *group) {
  group->is_idle = !group->seen;
  group->seen = false;
  for (size_t i = 0; i < SECTIONS; i++)
    section_begin(&group->sections[i]);
}

void group_see(group_t *group) {
  group->seen = true;
  group->is_idle = false;
}

void group_end(group_t *group, double now) {
  for (size_t i = 0; i < SECTIONS; i++)
    section_end(&group->sections[i]);
  if (group->seen)
    group->idle_since = now;
}

/* An overflow group stays in `__other__` until it is empty, so its counters never change series. */
bool group_is_done(const group_t *group, double now) {
  return !group->seen && (group->over || now >= group->idle_since + (double)GROUP_IDLE_SECONDS);
}

void group_each(const group_t *group, named_values_visit_t visit, void *context) {
  for (size_t i = 0; i < SECTIONS; i++)
    if (section_is_known(&group->sections[i]))
      visit(context, &(named_values_t){.class = group->sections[i].class,
                                       .plugin_instance = group->plugin_instance,
                                       .type_instance = group->type_instance,
                                       .values = group->sections[i].values,
                                       .app_data = group->app_data});
}
