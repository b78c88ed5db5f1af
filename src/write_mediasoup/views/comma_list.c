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
