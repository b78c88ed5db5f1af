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
  size_t at; /* an offset into the layout's text; it ends in a NUL */
  size_t length;
  place_t place;
} row_key_t;

typedef struct {
  member_type_t type;
  row_key_t *key;
  size_t value; /* an offset into row_t's text; it ends in a NUL */
  size_t value_length;
  double number; /* of a MEMBER_NUMBER */
} member_t;

/* Where a member is: its index in `members`, or ROW_MAX_MEMBERS where the row has none such. */
typedef uint8_t row_place_t;
_Static_assert(ROW_MAX_MEMBERS <= UINT8_MAX, "an index of a member fits into a row_place_t");

typedef struct {
  const char *key; /* NULL: nothing was looked up */
  place_t place;
  row_place_t at;
} row_lookup_t;

/* Where rows have the members of a class. */
typedef struct {
  const class_t *class;                   /* NULL: none was asked for */
  row_place_t fields[FIELDS_MAX];         /* by the index in the class's `fields` */
  row_place_t attributes[ATTRIBUTES_MAX]; /* and in its `attributes` */
} row_places_t;

enum { ROW_LOOKUPS = 64, ROW_DROPPED_WORDS = ROW_MAX_MEMBERS / 64 };

/* Rows that have the same keys in the same places, and lack the same of their members, are of one shape: they have each
 * member at the same index. What was looked up in one of them is remembered for the next. */
typedef struct {
  size_t keys_read; /* of its rows; zero-initialised it is that of an empty row */
  uint64_t dropped[ROW_DROPPED_WORDS];
  row_lookup_t found[ROW_LOOKUPS]; /* by the key's address */
  row_places_t places;             /* of the class that was asked for last */
} row_shape_t;

/* A producer that has sent nothing has a row without statistics, which begins as those of the others do. */
enum { ROW_SHAPES = 4 };

/* The keys of rows that went before, in their order. */
typedef struct {
  row_key_t keys[ROW_MAX_MEMBERS];
  size_t length;
  buffer_t text;
  row_shape_t shapes[ROW_SHAPES];
  size_t shape; /* that of the last row that was looked into */
} row_layout_t;

/* Rows of a class come in a few forms, in turn: audio and video, with layers and without. */
enum { ROW_LAYOUTS = 4 };

/* Most rows have the same keys as one of the last rows, in the same order. Such keys are kept from row to row, with
 * where members were found. */
typedef struct {
  member_t members[ROW_MAX_MEMBERS];
  size_t length;
  size_t begin[PLACES_COUNT]; /* the members of a place are among those from here */
  size_t end[PLACES_COUNT];   /* to before this; 0: it has none */
  buffer_t text;              /* the values */
  bool needs_comma;           /* the next thing in JSON text does */

  row_layout_t *layout; /* the one whose first keys are those of this row so far */
  row_layout_t layouts[ROW_LAYOUTS];
  size_t oldest;                       /* of the layouts: the one to write over */
  size_t keys_read;                    /* keys of this row, those of dropped members too */
  uint64_t dropped[ROW_DROPPED_WORDS]; /* a bit for each of them */
} row_t;

static inline const char *member_key(const row_t *row, const member_t *member) {
  return row->layout->text.data + member->key->at;
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
  return buffer_status(&row->text) != STATUS_OK ? buffer_status(&row->text) : buffer_status(&row->layout->text);
}

/* Whether there is no room for another member. */
static inline bool row_is_full(const row_t *row) { return row->keys_read == ROW_MAX_MEMBERS; }

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

/* The member of this key, or NULL. `key` is a constant. */
const member_t *row_find(const row_t *row, place_t place, const char *key);

/* Where it has the members of this class. Rows of a class have one of a few shapes, so most need no search. Valid until
 * the row is written on or another class is asked for. */
const row_places_t *row_places(const row_t *row, const class_t *class);

/* The member there, or NULL. */
static inline const member_t *row_at(const row_t *row, row_place_t place) {
  return place < ROW_MAX_MEMBERS ? &row->members[place] : NULL;
}

/* The member's text if it is a string, else NULL. */
const char *row_find_text(const row_t *row, place_t place, const char *key);

/* The member as a whole number from 0 on. STATUS_PROTOCOL where it is missing or something else. */
MUST_CHECK status_t row_find_count(const row_t *row, place_t place, const char *key, uint64_t *count);

#endif
