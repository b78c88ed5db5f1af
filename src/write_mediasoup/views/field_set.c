/* SPDX-License-Identifier: MIT */
#include "field_set.h"

#include "comma_list.h"

#include <string.h>

bool field_set_has(const field_set_t *set, const char *key, size_t length) {
  for (size_t i = 0; i < set->length; i++)
    if (set->keys[i].length == length && memcmp(set->keys[i].text, key, length) == 0)
      return true;
  return false;
}

bool field_set_wants(const field_set_t *set, const char *key) {
  return set->length == 0 || field_set_has(set, key, strlen(key));
}

status_t field_set_add(field_set_t *set, const char *key, size_t length, failure_t *failure) {
  if (field_set_has(set, key, length))
    return STATUS_OK;
  if (set->length == FIELD_SET_MAX)
    return failure_set(failure, STATUS_QUERY, "fields: there are more than %d of them", FIELD_SET_MAX);
  set->keys[set->length].text = key;
  set->keys[set->length++].length = length;
  return STATUS_OK;
}

status_t field_set_add_list(field_set_t *set, const char *list, failure_t *failure) {
  const char *key;
  size_t length;
  status_t status = STATUS_OK;
  while (status == STATUS_OK && comma_list_next(&list, &key, &length))
    status = field_set_add(set, key, length, failure);
  return status;
}
