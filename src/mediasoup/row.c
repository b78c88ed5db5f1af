/* SPDX-License-Identifier: MIT */
#include "row.h"

#include "common/json.h"

#include <string.h>

/* --- making it --- */

static void layout_clear(row_layout_t *layout) {
  buffer_clear(&layout->text);
  layout->length = 0;
  layout->shape = 0;
  for (size_t i = 0; i < ROW_SHAPES; i++)
    layout->shapes[i] = (row_shape_t){0};
}

void row_init(row_t *row) {
  row->text = (buffer_t)BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  for (size_t i = 0; i < ROW_LAYOUTS; i++) {
    row->layouts[i].text = (buffer_t)BUFFER_INIT(ROW_TEXT_MAX_BYTES);
    layout_clear(&row->layouts[i]);
  }
  row->layout = row->layouts;
  row->oldest = 1;
  row_clear(row);
}

void row_done(row_t *row) {
  for (size_t i = 0; i < ROW_LAYOUTS; i++)
    buffer_done(&row->layouts[i].text);
  buffer_done(&row->text);
}

void row_clear(row_t *row) {
  row->length = 0;
  row->keys_read = 0;
  memset(row->dropped, 0, sizeof(row->dropped));
  for (size_t i = 0; i < PLACES_COUNT; i++)
    row->begin[i] = row->end[i] = 0;
  buffer_clear(&row->text);
  if (buffer_status(&row->layout->text) != STATUS_OK)
    layout_clear(row->layout);
}

/* --- keys --- */

/* Whether this is the layout's key at that index. */
static bool is_key(const row_layout_t *layout, size_t at, place_t place, const char *text, size_t length) {
  const row_key_t *key = &layout->keys[at];
  return at < layout->length && key->length == length && key->place == place &&
         memcmp(layout->text.data + key->at, text, length) == 0;
}

/* How many bytes the first keys take. */
static size_t size_of_keys(const row_layout_t *layout, size_t length) {
  return length < layout->length ? layout->keys[length].at : layout->text.length;
}

static bool has_same_keys(const row_layout_t *layout, const row_layout_t *other, size_t length) {
  size_t size = size_of_keys(layout, length);
  if (layout->length < length || size != size_of_keys(other, length))
    return false;
  for (size_t i = 0; i < length; i++)
    if (layout->keys[i].length != other->keys[i].length || layout->keys[i].place != other->keys[i].place)
      return false;
  return size == 0 || memcmp(layout->text.data, other->text.data, size) == 0;
}

/* The layout that goes on with this key after those that the row has, or NULL. */
static row_layout_t *find_layout(row_t *row, place_t place, const char *text, size_t length) {
  for (row_layout_t *layout = row->layouts; layout < row->layouts + ROW_LAYOUTS; layout++)
    if (is_key(layout, row->keys_read, place, text, length) && has_same_keys(layout, row->layout, row->keys_read))
      return layout;
  return NULL;
}

static void use_layout(row_t *row, row_layout_t *layout) {
  for (size_t i = 0; i < row->length; i++)
    row->members[i].key = &layout->keys[row->members[i].key - row->layout->keys];
  row->layout = layout;
}

/* Makes a layout of the keys that the row has, over the oldest. One that has no others yet goes on as it is. */
static void add_layout(row_t *row) {
  const row_layout_t *before = row->layout;
  if (before->length == row->keys_read)
    return;
  if (&row->layouts[row->oldest] == before)
    row->oldest = (row->oldest + 1) % ROW_LAYOUTS;
  row_layout_t *layout = &row->layouts[row->oldest];
  row->oldest = (row->oldest + 1) % ROW_LAYOUTS;
  layout_clear(layout);
  buffer_append(&layout->text, before->text.data, size_of_keys(before, row->keys_read));
  memcpy(layout->keys, before->keys, row->keys_read * sizeof(layout->keys[0]));
  layout->length = row->keys_read;
  use_layout(row, layout);
}

/* Writes the next key behind those of the layout. */
static void write_key(row_t *row, place_t place, const char *text, size_t length) {
  row_layout_t *layout = row->layout;
  if (!json_is_utf8(text, length))
    buffer_fail(&layout->text, STATUS_SYNTAX);
  layout->keys[layout->length] = (row_key_t){.at = layout->text.length, .length = length, .place = place};
  buffer_append_string(&layout->text, text, length);
  layout->length += buffer_status(&layout->text) == STATUS_OK ? 1 : 0;
}

/* Goes on with a key that the layout does not have there. A failed row keeps its layout, which remembers the failure.
 */
static SELDOM void turn_to(row_t *row, place_t place, const char *text, size_t length) {
  if (buffer_status(&row->layout->text) != STATUS_OK)
    return;
  row_layout_t *layout = find_layout(row, place, text, length);
  if (layout != NULL) {
    use_layout(row, layout);
    return;
  }
  add_layout(row);
  write_key(row, place, text, length);
}

/* --- writing --- */

void row_add(row_t *row, place_t place, const char *key, size_t length) {
  if (!is_key(row->layout, row->keys_read, place, key, length))
    turn_to(row, place, key, length);
  size_t at = row->length++;
  if (row->end[place] == 0)
    row->begin[place] = at;
  row->end[place] = row->length;
  row->members[at].key = &row->layout->keys[row->keys_read++];
}

void row_drop(row_t *row) {
  size_t at = --row->length;
  place_t place = row->members[at].key->place;
  size_t key = row->keys_read - 1;
  row->end[place] = row->begin[place] < at ? at : 0;
  row->dropped[key / 64] |= (uint64_t)1 << key % 64;
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

static bool has_shape(const row_t *row, const row_shape_t *shape) {
  return shape->keys_read == row->keys_read && memcmp(shape->dropped, row->dropped, sizeof(shape->dropped)) == 0;
}

/* One that is new takes the place of the one after the last. */
static SELDOM void turn_to_shape(const row_t *row, row_layout_t *layout) {
  for (size_t i = 0; i < ROW_SHAPES; i++)
    if (has_shape(row, &layout->shapes[i])) {
      layout->shape = i;
      return;
    }
  layout->shape = (layout->shape + 1) % ROW_SHAPES;
  row_shape_t *shape = &layout->shapes[layout->shape];
  *shape = (row_shape_t){.keys_read = row->keys_read};
  memcpy(shape->dropped, row->dropped, sizeof(shape->dropped));
}

static row_shape_t *shape_of(const row_t *row) {
  row_layout_t *layout = row->layout;
  if (!has_shape(row, &layout->shapes[layout->shape]))
    turn_to_shape(row, layout);
  return &layout->shapes[layout->shape];
}

static bool is(const row_t *row, const member_t *member, place_t place, const char *key, size_t length) {
  return member->key->length == length && member->key->place == place &&
         memcmp(member_key(row, member), key, length) == 0;
}

static row_place_t search(const row_t *row, place_t place, const char *key) {
  size_t length = strlen(key);
  for (size_t at = row->begin[place]; at < row->end[place]; at++)
    if (is(row, &row->members[at], place, key, length))
      return (row_place_t)at;
  return ROW_MAX_MEMBERS;
}

const member_t *row_find(const row_t *row, place_t place, const char *key) {
  row_lookup_t *lookup = &shape_of(row)->found[(uintptr_t)key / 8 % ROW_LOOKUPS];
  if (lookup->key != key || lookup->place != place)
    *lookup = (row_lookup_t){.key = key, .place = place, .at = search(row, place, key)};
  return row_at(row, lookup->at);
}

static void search_all(const row_t *row, row_places_t *places) {
  const class_t *class = places->class;
  for (size_t i = 0; i < class->fields_length; i++) {
    const field_t *field = &class->fields[i];
    places->fields[i] = field->key != NULL ? search(row, field->place, field->key) : ROW_MAX_MEMBERS;
  }
  for (size_t i = 0; i < class->attributes_length; i++)
    places->attributes[i] = search(row, class->attributes[i].place, class->attributes[i].key);
}

const row_places_t *row_places(const row_t *row, const class_t *class) {
  row_places_t *places = &shape_of(row)->places;
  if (places->class != class) {
    places->class = class;
    search_all(row, places);
  }
  return places;
}

const char *row_find_text(const row_t *row, place_t place, const char *key) {
  const member_t *member = row_find(row, place, key);
  return member != NULL && member->type == MEMBER_TEXT ? member_value(row, member) : NULL;
}

status_t row_find_count(const row_t *row, place_t place, const char *key, uint64_t *count) {
  const member_t *member = row_find(row, place, key);
  if (member == NULL || member->type != MEMBER_NUMBER || !(member->number >= 0 && member->number < 9e15) ||
      member->number != (double)(uint64_t)member->number)
    return STATUS_PROTOCOL;
  *count = (uint64_t)member->number;
  return STATUS_OK;
}
