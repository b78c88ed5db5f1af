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

app_data_scalar_t alias_value(const alias_t *alias, const object_t *object) {
  const app_data_scalar_t *found = NULL;
  for (size_t i = 0; i < alias->length && found == NULL; i++)
    found = object_find_scalar(object, alias->keys[i]);
  if (found != NULL)
    return *found;
  return (app_data_scalar_t){.text = alias->else_router ? object_find_attribute(object, "routerId") : NULL,
                             .is_string = true};
}
