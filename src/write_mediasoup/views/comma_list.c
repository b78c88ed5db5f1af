/* SPDX-License-Identifier: MIT */
#include "comma_list.h"

#include <string.h>

bool comma_list_next(const char **at, const char **item, size_t *length) {
  if (*at == NULL)
    return false;
  *item = *at;
  *length = strcspn(*at, ",");
  *at = (*item)[*length] == ',' ? *item + *length + 1 : NULL;
  return true;
}

bool comma_list_has(const char *list, const char *item) {
  const char *found;
  size_t length, wanted = strlen(item);
  while (comma_list_next(&list, &found, &length))
    if (length == wanted && memcmp(found, item, length) == 0)
      return true;
  return false;
}
