/* SPDX-License-Identifier: MIT */
/*
 * One row of a snapshot, as it stands in the JSON: members with their values, not yet understood. It comes out of the
 * parser and goes into the model.
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
  const char *name; /* under which it was looked up and found last; NULL before */
} row_key_t;

typedef struct {
  place_t place;
  member_type_t type;
  row_key_t *key;
  size_t value; /* an offset into row_t's text, which ends in a NUL */
  size_t value_length;
  double number; /* of a MEMBER_NUMBER */
} member_t;

/* Rows have mostly the keys of the row before, in the same order: keys stay where they are as long as they are so. */
typedef struct {
  member_t members[ROW_MAX_MEMBERS];
  size_t length;
  size_t begin[PLACES_COUNT]; /* a place's members are among those from here */
  size_t end[PLACES_COUNT];   /* to before this; 0: it has none */
  buffer_t text;

  row_key_t keys[ROW_MAX_MEMBERS];
  size_t keys_read;   /* of this row, dropped ones too */
  size_t keys_length; /* and those of rows before that may come again */
  buffer_t keys_text;
} row_t;

/* A row without members; row_clear makes it one again and keeps its memory. */
void row_init(row_t *row);
void row_done(row_t *row);
void row_clear(row_t *row);

static inline const char *member_key(const row_t *row, const member_t *member) {
  return row->keys_text.data + member->key->at;
}

static inline const char *member_value(const row_t *row, const member_t *member) {
  return row->text.data + member->value;
}

/* Whether there is no room for another member. */
bool row_is_full(const row_t *row);

/* One more member, whose type and value the caller sets; there must be room. STATUS_SYNTAX where the key is not UTF-8,
 * STATUS_TOO_LARGE, STATUS_NO_MEMORY. */
MUST_CHECK status_t row_add(row_t *row, place_t place, const char *key, size_t length);

/* Takes back what row_add did last. */
void row_drop(row_t *row);

/* Whether there are members in this place. */
bool row_has(const row_t *row, place_t place);

/* The member of this name, which is a constant, or NULL. `*hint` (may be NULL) is where to look first; it is set to the
 * place after the one found: rows of a class have their members in the same order, so looking them up in order costs
 * one comparison each, and with keys that have stayed one of pointers. */
const member_t *row_find(const row_t *row, place_t place, const char *key, size_t *hint);

/* The member's text if it is a string, else NULL. */
const char *row_find_text(const row_t *row, place_t place, const char *key);

/* A whole number from 0 on: STATUS_OK, or STATUS_PROTOCOL where the member is missing or something else. */
MUST_CHECK status_t row_find_count(const row_t *row, place_t place, const char *key, uint64_t *count);

#endif
