/* SPDX-License-Identifier: MIT */
#include "row.h"

#include "common/json.h"

#include <string.h>

void row_init(row_t *row) {
  row->keys_text = (buffer_t)BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  row->text = (buffer_t)BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  row->keys_length = 0;
  row_clear(row);
}

void row_done(row_t *row) {
  buffer_done(&row->keys_text);
  buffer_done(&row->text);
}

void row_clear(row_t *row) {
  row->length = 0;
  row->keys_read = 0;
  for (size_t i = 0; i < PLACES_COUNT; i++)
    row->begin[i] = row->end[i] = 0;
  buffer_clear(&row->text);
}

/* --- members --- */

/* Whether the next key is the one that the row before had there. */
static bool is_known(const row_t *row, const char *text, size_t length) {
  const row_key_t *key = &row->keys[row->keys_read];
  return row->keys_read < row->keys_length && key->length == length &&
         memcmp(row->keys_text.data + key->at, text, length) == 0;
}

/* Writes the next key in place of the one that the row before had there, and of all that followed it. */
static MUST_CHECK status_t write_key(row_t *row, const char *text, size_t length) {
  row_key_t *key = &row->keys[row->keys_read];
  if (!json_is_utf8(text, length))
    return STATUS_SYNTAX;
  if (row->keys_read < row->keys_length)
    row->keys_text.length = key->at;
  row->keys_length = row->keys_read;
  *key = (row_key_t){.at = row->keys_text.length, .length = length};
  status_t status = buffer_append_string(&row->keys_text, text, length);
  if (status == STATUS_OK)
    row->keys_length++;
  return status;
}

bool row_is_full(const row_t *row) { return row->keys_read == ROW_MAX_MEMBERS; }

status_t row_add(row_t *row, place_t place, const char *key, size_t length) {
  status_t status = is_known(row, key, length) ? STATUS_OK : write_key(row, key, length);
  if (status != STATUS_OK)
    return status;
  size_t at = row->length++;
  if (row->end[place] == 0)
    row->begin[place] = at;
  row->end[place] = row->length;
  row->members[at].place = place;
  row->members[at].key = &row->keys[row->keys_read++];
  return STATUS_OK;
}

void row_drop(row_t *row) {
  size_t at = --row->length;
  place_t place = row->members[at].place;
  row->end[place] = row->begin[place] < at ? at : 0;
}

bool row_has(const row_t *row, place_t place) { return row->end[place] > 0; }

/* --- looking them up --- */

static bool is(const row_t *row, const member_t *member, place_t place, const char *key, size_t length) {
  if (member->key->length != length || member->place != place || memcmp(member_key(row, member), key, length) != 0)
    return false;
  member->key->name = key;
  return true;
}

const member_t *row_find(const row_t *row, place_t place, const char *key, size_t *hint) {
  const member_t *hinted = hint != NULL && *hint < row->length ? &row->members[*hint] : NULL;
  if (hinted != NULL && hinted->key->name == key && hinted->place == place) {
    ++*hint;
    return hinted;
  }
  size_t length = strlen(key);
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
