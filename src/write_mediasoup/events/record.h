/* SPDX-License-Identifier: MIT */
/*
 * A record: one thing of the past as a flat list of members, such as an event or a room that has ended. A table says
 * which members records of a type have, so that what keeps, filters and shows records knows none of them.
 */
#ifndef COLLECTD_MEDIASOUP_RECORD_H
#define COLLECTD_MEDIASOUP_RECORD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names and texts of records are cut here. Applications may give a room a name of any length, and thousands of records
 * are kept. */
enum { RECORD_TEXT_MAX = 1024 };

typedef enum { RECORD_TEXT, RECORD_NUMBER } record_kind_t;

typedef struct {
  const char *key;
  record_kind_t kind;
  const char *help; /* what it says, for documents: one line, without a full stop */
} record_member_t;

/* The first member of every type is RECORD_NUMBER "number": the record's own. */
typedef struct {
  const char *name; /* the view's */
  const record_member_t *members;
  size_t length;
} record_type_t;

typedef union {
  char *text;    /* NULL: unknown */
  double number; /* NaN: unknown */
} record_value_t;

typedef struct {
  const record_type_t *type;
  atomic_uint references;
  record_value_t values[]; /* one for each member of the type */
} record_t;

/* A record with one reference, the caller's, that knows nothing yet. The type is lent for good. NULL when out of
 * memory, which the setters take. */
record_t *record_new(const record_type_t *type);

/* Sets a member of a record that nobody else has yet. A text is copied, and cut at RECORD_TEXT_MAX bytes, at the end of
 * a character; it may be NULL. Without memory it stays unknown. */
void record_set_text(record_t *record, size_t member, const char *text);
void record_set_number(record_t *record, size_t member, double number);

/* One reference more, and one less. The second takes NULL. Any thread. */
record_t *record_share(record_t *record);
void record_release(record_t *record);

/* How many bytes of `text` fit into `most` without a part of a character. */
size_t record_fitting(const char *text, size_t most);

/* The member of this key, or -1. */
int record_member(const record_type_t *type, const char *key);

#endif
