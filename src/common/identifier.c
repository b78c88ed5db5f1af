/* SPDX-License-Identifier: MIT */
#include "identifier.h"

#include <string.h>

bool pair_next(const char **at, pair_t *pair) {
  while (**at != '\0') {
    const char *key = *at;
    size_t length = strcspn(key, ",");
    const char *equals = memchr(key, '=', length);
    *at = key + length + (key[length] == ',' ? 1 : 0);
    if (equals == NULL)
      continue;
    size_t key_length = (size_t)(equals - key);
    *pair = (pair_t){.key = key, .key_length = key_length, .value = equals + 1, .length = length - key_length - 1};
    return true;
  }
  return false;
}

bool pair_is_from(const char *clean, size_t length, const char *text) {
  if (strlen(text) != length)
    return false;
  for (size_t i = 0; i < length; i++)
    if (text[i] != clean[i] &&
        (clean[i] != '_' || ((unsigned char)text[i] >= 0x20 && strchr(",=/\"\\\x7F", text[i]) == NULL)))
      return false;
  return true;
}

bool pair_find(const char *identifier, const char *key, pair_t *pair) {
  while (pair_next(&identifier, pair))
    if (strlen(key) == pair->key_length && memcmp(pair->key, key, pair->key_length) == 0)
      return true;
  return false;
}
