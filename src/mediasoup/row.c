#include "row.h"

#include <string.h>

static bool is(const row_t *row, const member_t *member, place_t place, const char *key, size_t length) {
  return member->place == place && member->key_length == length && memcmp(member_key(row, member), key, length) == 0;
}

const member_t *row_find(const row_t *row, place_t place, const char *key, size_t *hint) {
  size_t length = strlen(key);
  size_t first = hint != NULL && *hint < row->length ? *hint : 0;
  for (size_t i = 0; i < row->length; i++) {
    size_t at = first + i < row->length ? first + i : first + i - row->length;
    if (!is(row, &row->members[at], place, key, length))
      continue;
    if (hint != NULL)
      *hint = at + 1;
    return &row->members[at];
  }
  return NULL;
}

const char *row_find_text(const row_t *row, place_t place, const char *key) {
  const member_t *member = row_find(row, place, key, NULL);
  return member != NULL && member->type == MEMBER_TEXT ? member_value(row, member) : NULL;
}

status_t row_find_count(const row_t *row, place_t place, const char *key, uint64_t *count) {
  const member_t *member = row_find(row, place, key, NULL);
  if (member == NULL || member->type != MEMBER_NUMBER || !(member->number >= 0 && member->number < 9e15) ||
      member->number != (double)(uint64_t)member->number)
    return STATUS_PROTOCOL;
  *count = (uint64_t)member->number;
  return STATUS_OK;
}
