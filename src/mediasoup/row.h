/* SPDX-License-Identifier: MIT */
/*
 * One row of a snapshot as it stands in the JSON: members and their values, without a meaning yet. The parser writes
 * it, the model reads it.
 */
#ifndef COLLECTD_MEDIASOUP_ROW_H
#define COLLECTD_MEDIASOUP_ROW_H

#include "common/buffer.h"
#include "common/fields.h"
#include "common/limits.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum {
  MEMBER_TEXT,    /* a string, decoded, in UTF-8 */
  MEMBER_NUMBER,  /* its JSON text as well */
  MEMBER_BOOLEAN, /* "true" or "false" */
  MEMBER_JSON     /* an object or array: its JSON text, in ASCII */
} member_type_t;

enum { PLACES_COUNT = IN_COUNTS + 1 };

typedef struct {
  size_t at; /* an offset into row_t's keys_text; it ends in a NUL */
  size_t length;
  const char *name; /* the constant by which it was found last; NULL before */
} row_key_t;

typedef struct {
  place_t place;
  member_type_t type;
  row_key_t *key;
  size_t value; /* an offset into row_t's text; it ends in a NUL */
  size_t value_length;
  double number; /* of a MEMBER_NUMBER */
} member_t;

/* Most rows have the same keys as the row before, in the same order. Such keys are kept from row to row, and a lookup
 * compares their names by pointer. */
typedef struct {
  member_t members[ROW_MAX_MEMBERS];
  size_t length;
  size_t begin[PLACES_COUNT]; /* the members of a place are among those from here */
  size_t end[PLACES_COUNT];   /* to before this; 0: it has none */
  buffer_t text;              /* the values */
  bool needs_comma;           /* the next thing in JSON text does */

  row_key_t keys[ROW_MAX_MEMBERS];
  size_t keys_read;   /* keys of this row, those of dropped members too */
  size_t keys_length; /* keys that are written, those of rows before too */
  buffer_t keys_text;
} row_t;

static inline const char *member_key(const row_t *row, const member_t *member) {
  return row->keys_text.data + member->key->at;
}

static inline const char *member_value(const row_t *row, const member_t *member) {
  return row->text.data + member->value;
}

/* --- writing; look at row_status() before the row is read --- */

/* Makes a row without members. row_clear() makes it one again, keeps its memory, and forgets a failure. */
void row_init(row_t *row);
void row_done(row_t *row);
void row_clear(row_t *row);

/* STATUS_OK, or the first failure since row_clear(): STATUS_SYNTAX where a key or JSON text is not UTF-8,
 * STATUS_TOO_LARGE, STATUS_NO_MEMORY. */
static inline MUST_CHECK status_t row_status(const row_t *row) {
  return buffer_status(&row->text) != STATUS_OK ? buffer_status(&row->text) : buffer_status(&row->keys_text);
}

/* Whether there is no room for another member. */
bool row_is_full(const row_t *row);

/* Adds a member, which must have room. Its value has to follow, unless row_drop() takes the member back. */
void row_add(row_t *row, place_t place, const char *key, size_t length);
void row_drop(row_t *row);

/* The member that was added last. */
static inline member_t *row_last(row_t *row) { return &row->members[row->length - 1]; }

/* Sets its value. */
static inline void row_set(row_t *row, member_type_t type, const char *text, size_t length) {
  member_t *member = row_last(row);
  member->type = type;
  member->value = row->text.length;
  member->value_length = length;
  buffer_append_string(&row->text, text, length);
}

/* Make its value a MEMBER_JSON: the JSON text that is written between begin and end. Commas come by themselves. */
void row_json_begin(row_t *row);
void row_json_open(row_t *row, char bracket);
void row_json_key(row_t *row, const char *key, size_t length);
void row_json_string(row_t *row, const char *text, size_t length);
void row_json_scalar(row_t *row, const char *text, size_t length); /* any other: its JSON text */
void row_json_close(row_t *row, char bracket);
void row_json_end(row_t *row);

/* --- reading --- */

/* Whether there are members in this place. */
bool row_has(const row_t *row, place_t place);

/* The member of this key, or NULL. `key` is a constant. `*hint` (may be NULL) says where to look first, and becomes the
 * place after the member found. Rows of a class have their members in the same order, so a lookup of all members in
 * that order costs one comparison each. */
const member_t *row_find(const row_t *row, place_t place, const char *key, size_t *hint);

/* The member's text if it is a string, else NULL. */
const char *row_find_text(const row_t *row, place_t place, const char *key);

/* The member as a whole number from 0 on. STATUS_PROTOCOL where it is missing or something else. */
MUST_CHECK status_t row_find_count(const row_t *row, place_t place, const char *key, uint64_t *count);

#endif
