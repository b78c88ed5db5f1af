/* SPDX-License-Identifier: MIT */
#include "seen_keys.h"

#include <stdbool.h>
#include <string.h>

static bool has(const seen_keys_t *seen, const char *key) {
  for (size_t i = 0; i < seen->length; i++)
    if (strcmp(seen->keys[i], key) == 0)
      return true;
  return false;
}

void seen_keys_add(seen_keys_t *seen, const char *key) {
  if (seen->length < SEEN_KEYS_MAX && !has(seen, key))
    seen->keys[seen->length++] = key;
}

void seen_keys_add_all(seen_keys_t *seen, const app_data_t *app_data) {
  for (size_t i = 0; app_data != NULL && i < app_data->length && seen->length < SEEN_KEYS_MAX; i++)
    seen_keys_add(seen, app_data->scalars[i].key);
}
