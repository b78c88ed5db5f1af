/* SPDX-License-Identifier: MIT */
/*
 * The rows of one class, found by their names and by the ids of their objects. It also knows which of several names of
 * one object is the newest. For one thread at a time: the store holds its lock.
 */
#ifndef COLLECTD_MEDIASOUP_ENTRIES_H
#define COLLECTD_MEDIASOUP_ENTRIES_H

#include "common/table.h"
#include "row.h"

typedef struct same_id same_id_t;
typedef struct entry entry_t;

/* A name, and the newest row under it. */
struct entry {
  UT_hash_handle by_name;
  row_name_t *name;
  store_row_t *row;     /* never NULL once the entry is in use */
  double told;          /* the time of the value list that told the row's facts */
  bool is_superseded;   /* the same object has a newer row under another name */
  same_id_t *same_id;   /* NULL where the facts do not tell the id */
  entry_t *prev, *next; /* of the same id */
};

/* All entries of one id: a producer's streams, what was piped to another router, the other names of an object. */
struct same_id {
  UT_hash_handle by_id;
  entry_t *entries;
  size_t length;
  char id[];
};

/* Zero-initialise. */
typedef struct {
  entry_t *by_name;
  same_id_t *by_id;
} entries_t;

/* NULL where there is none. */
entry_t *entries_find(const entries_t *entries, const row_name_t *name);
const same_id_t *entries_find_id(const entries_t *entries, const char *id);

/* An entry without a row. It shares the name, which has none yet. NULL when out of memory. */
entry_t *entries_add(entries_t *entries, row_name_t *name);

/* Takes over the row and puts it into its entry: the newest values and the newest facts are kept, but those of a
 * host whose clock was set back begin anew. Returns the row to be released: the one before it, or `row` itself where it
 * came late and tells nothing new. NULL: none. */
store_row_t *entries_put(entries_t *entries, entry_t *entry, store_row_t *row);

/* Frees the entry. Returns its row, whose reference is then the caller's. */
store_row_t *entries_remove(entries_t *entries, entry_t *entry);

#endif
