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
  if (buffer_status(&row->keys_text) == STATUS_OK)
    return;
  buffer_clear(&row->keys_text);
  row->keys_length = 0;
}

/* --- writing --- */

/* Whether the next key is the one that the row before had there. */
static bool is_known(const row_t *row, const char *text, size_t length) {
  const row_key_t *key = &row->keys[row->keys_read];
  return row->keys_read < row->keys_length && key->length == length &&
         memcmp(row->keys_text.data + key->at, text, length) == 0;
}

/* Writes the next key over the one that the row before had there. The keys after that one are lost. */
static void write_key(row_t *row, const char *text, size_t length) {
  row_key_t *key = &row->keys[row->keys_read];
  if (!json_is_utf8(text, length))
    buffer_fail(&row->keys_text, STATUS_SYNTAX);
  if (row->keys_read < row->keys_length)
    row->keys_text.length = key->at;
  *key = (row_key_t){.at = row->keys_text.length, .length = length};
  buffer_append_string(&row->keys_text, text, length);
  row->keys_length = row->keys_read + (buffer_status(&row->keys_text) == STATUS_OK ? 1 : 0);
}

bool row_is_full(const row_t *row) { return row->keys_read == ROW_MAX_MEMBERS; }

void row_add(row_t *row, place_t place, const char *key, size_t length) {
  if (!is_known(row, key, length))
    write_key(row, key, length);
  size_t at = row->length++;
  if (row->end[place] == 0)
    row->begin[place] = at;
  row->end[place] = row->length;
  row->members[at].place = place;
  row->members[at].key = &row->keys[row->keys_read++];
}

void row_drop(row_t *row) {
  size_t at = --row->length;
  place_t place = row->members[at].place;
  row->end[place] = row->begin[place] < at ? at : 0;
}

/* --- writing JSON text --- */

static void append_comma(row_t *row) {
  if (row->needs_comma)
    buffer_append_character(&row->text, ',');
  row->needs_comma = true;
}

void row_json_begin(row_t *row) {
  member_t *member = row_last(row);
  member->type = MEMBER_JSON;
  member->value = row->text.length;
  row->needs_comma = false;
}

void row_json_open(row_t *row, char bracket) {
  append_comma(row);
  buffer_append_character(&row->text, bracket);
  row->needs_comma = false;
}

void row_json_key(row_t *row, const char *key, size_t length) {
  append_comma(row);
  json_append_string(&row->text, key, length);
  buffer_append_character(&row->text, ':');
  row->needs_comma = false;
}

void row_json_string(row_t *row, const char *text, size_t length) {
  append_comma(row);
  json_append_string(&row->text, text, length);
}

void row_json_scalar(row_t *row, const char *text, size_t length) {
  append_comma(row);
  buffer_append(&row->text, text, length);
}

void row_json_close(row_t *row, char bracket) {
  buffer_append_character(&row->text, bracket);
  row->needs_comma = true;
}

void row_json_end(row_t *row) {
  member_t *member = row_last(row);
  member->value_length = row->text.length - member->value;
  buffer_append_string(&row->text, "", 0); /* the NUL that ends it */
}

/* --- reading --- */

bool row_has(const row_t *row, place_t place) { return row->end[place] > 0; }

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
