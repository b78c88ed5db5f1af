/* SPDX-License-Identifier: MIT */
#include "alias.h"

#include <string.h>

static bool begins_with(const alias_t *alias, const char *key) {
  return alias->length > 0 && strcmp(alias->keys[0], key) == 0;
}

const alias_t *alias_find(const aliases_t *aliases, const char *key) {
  if (begins_with(&aliases->room, key))
    return &aliases->room;
  return begins_with(&aliases->participant, key) ? &aliases->participant : NULL;
}

/* An empty text names nothing: no label of Prometheus may be empty, and all that have it would be one room. */
static const app_data_scalar_t *find_name(const object_t *object, const char *key) {
  for (; object != NULL; object = object->parent) {
    const app_data_scalar_t *found = app_data_find_scalar(object->app_data, key);
    if (found != NULL && found->text[0] != '\0')
      return found;
  }
  return NULL;
}

size_t alias_key(const alias_t *alias, const object_t *object, const app_data_scalar_t **value) {
  const app_data_scalar_t *found = NULL;
  size_t i = 0;
  while (i < alias->length && (found = find_name(object, alias->keys[i])) == NULL)
    i++;
  if (value != NULL)
    *value = found;
  return i;
}

app_data_scalar_t alias_value(const alias_t *alias, const object_t *object) {
  const app_data_scalar_t *found;
  (void)alias_key(alias, object, &found);
  if (found != NULL)
    return *found;
  return (app_data_scalar_t){.text = alias->else_router ? object_find_attribute(object, "routerId") : NULL,
                             .is_string = true};
}

app_data_scalar_t aliases_value(const aliases_t *aliases, const object_t *object, const char *key) {
  const alias_t *alias = alias_find(aliases, key);
  if (alias != NULL)
    return alias_value(alias, object);
  const app_data_scalar_t *scalar = object_find_scalar(object, key);
  return scalar != NULL ? *scalar : (app_data_scalar_t){0};
}
