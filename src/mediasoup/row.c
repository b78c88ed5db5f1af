#include "row.h"

#include <string.h>

void row_clear(row_t *row) {
  row->length = 0;
  for (size_t i = 0; i < PLACES_COUNT; i++)
    row->begin[i] = row->end[i] = 0;
  buffer_clear(&row->text);
}

member_t *row_add(row_t *row, place_t place) {
  size_t at = row->length++;
  if (row->end[place] == 0)
    row->begin[place] = at;
  row->end[place] = row->length;
  row->members[at].place = place;
  return &row->members[at];
}

void row_drop(row_t *row) {
  size_t at = --row->length;
  place_t place = row->members[at].place;
  row->end[place] = row->begin[place] < at ? at : 0;
}

bool row_has(const row_t *row, place_t place) { return row->end[place] > 0; }

static bool is(const row_t *row, const member_t *member, place_t place, const char *key, size_t length) {
  return member->key_length == length && member->place == place && memcmp(member_key(row, member), key, length) == 0;
}

const member_t *row_find(const row_t *row, place_t place, const char *key, size_t *hint) {
  size_t length = strlen(key);
  if (hint != NULL && *hint < row->length && is(row, &row->members[*hint], place, key, length))
    return &row->members[(*hint)++];
  for (size_t at = row->begin[place]; at < row->end[place]; at++) {
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
