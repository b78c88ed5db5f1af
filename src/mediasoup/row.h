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

typedef struct {
  place_t place;
  member_type_t type;
  size_t key; /* an offset into row_t's keys; the text ends in a NUL */
  size_t key_length;
  size_t value; /* an offset into row_t's text, likewise */
  size_t value_length;
  double number; /* of a MEMBER_NUMBER */
} member_t;

enum { PLACES_COUNT = IN_COUNTS + 1 };

typedef struct {
  member_t members[ROW_MAX_MEMBERS];
  size_t length;
  size_t begin[PLACES_COUNT]; /* a place's members are among those from here */
  size_t end[PLACES_COUNT];   /* to before this */
  buffer_t keys;
  buffer_t text;
} row_t;

static inline const char *member_key(const row_t *row, const member_t *member) { return row->keys.data + member->key; }

static inline const char *member_value(const row_t *row, const member_t *member) {
  return row->text.data + member->value;
}

/* Makes it a row without members. */
void row_clear(row_t *row);

/* One more member; its value is not known yet. There must be room for it. */
member_t *row_add(row_t *row, place_t place);

/* Takes back what row_add did last. */
void row_drop(row_t *row);

/* Whether there are members in this place. */
bool row_has(const row_t *row, place_t place);

/* The member of this name, or NULL. `*hint` (may be NULL) is where to look first; it is set to the place after the one
 * found: rows of a class have their members in the same order, so looking them up in order costs one comparison each.
 */
const member_t *row_find(const row_t *row, place_t place, const char *key, size_t *hint);

/* The member's text if it is a string, else NULL. */
const char *row_find_text(const row_t *row, place_t place, const char *key);

/* A whole number from 0 on: STATUS_OK, or STATUS_PROTOCOL where the member is missing or something else. */
MUST_CHECK status_t row_find_count(const row_t *row, place_t place, const char *key, uint64_t *count);

#endif
