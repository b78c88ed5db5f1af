/* SPDX-License-Identifier: MIT */
#include "entries.h"

#include <utlist.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many entries of one id are compared with each new one. A producer has a few streams, not hundreds. */
enum { SAME_ID_MAX = 64 };

/* --- by name --- */

entry_t *entries_find(const entries_t *entries, const row_name_t *name) {
  entry_t *entry = NULL;
  HASH_FIND(by_name, entries->by_name, name->texts, name->length, entry);
  return entry;
}

entry_t *entries_add(entries_t *entries, row_name_t *name) {
  entry_t *entry = calloc(1, sizeof(*entry));
  if (entry == NULL)
    return NULL;
  HASH_ADD_KEYPTR(by_name, entries->by_name, name->texts, name->length, entry);
  if (entry->by_name.tbl == NULL) { /* out of memory */
    free(entry);
    return NULL;
  }
  entry->name = row_name_share(name);
  return entry;
}

/* --- by id --- */

static same_id_t *find_id(const entries_t *entries, const char *id) {
  same_id_t *same_id = NULL;
  HASH_FIND(by_id, entries->by_id, id, strlen(id), same_id);
  return same_id;
}

const same_id_t *entries_find_id(const entries_t *entries, const char *id) { return find_id(entries, id); }

/* NULL when out of memory. */
static same_id_t *find_or_add_id(entries_t *entries, const char *id) {
  size_t length = strlen(id);
  same_id_t *same_id = find_id(entries, id);
  if (same_id != NULL)
    return same_id;
  same_id = calloc(1, sizeof(*same_id) + length + 1);
  if (same_id == NULL)
    return NULL;
  memcpy(same_id->id, id, length);
  HASH_ADD_KEYPTR(by_id, entries->by_id, same_id->id, length, same_id);
  if (same_id->by_id.tbl != NULL)
    return same_id;
  free(same_id);
  return NULL;
}

static void unlink_entry(entries_t *entries, entry_t *entry) {
  same_id_t *same_id = entry->same_id;
  if (same_id == NULL)
    return;
  entry->same_id = NULL;
  DL_DELETE(same_id->entries, entry);
  same_id->length--;
  if (same_id->entries != NULL)
    return;
  HASH_DELETE(by_id, entries->by_id, same_id);
  free(same_id);
}

static bool is_same_fact(const store_row_t *a, const store_row_t *b, const char *key) {
  return string_is(facts_find_text(a->facts, key), facts_find_text(b->facts, key));
}

/* Whether two rows of one id are one object, whatever its appData. What was piped to another router keeps its id there
 * and has another parent. A stream that only its name describes may have a rid instead of its ssrc. */
static bool is_same_object(const store_row_t *a, const store_row_t *b) {
  return class_is_made_by_application(a->class) && strcmp(a->host, b->host) == 0 &&
         (a->class->parent_id == NULL || is_same_fact(a, b, a->class->parent_id)) && is_same_fact(a, b, "ssrc") &&
         is_same_fact(a, b, "rid");
}

/* Finds the entry by the id that its row's facts tell, and marks which names of the object are superseded. */
static void link_entry(entries_t *entries, entry_t *entry) {
  const char *id_key = entry->row->class->id;
  const char *id = id_key != NULL ? facts_find_text(entry->row->facts, id_key) : NULL;
  unlink_entry(entries, entry);
  entry->is_superseded = false;
  same_id_t *same_id = id != NULL ? find_or_add_id(entries, id) : NULL;
  if (same_id == NULL || same_id->length >= SAME_ID_MAX)
    return;
  entry_t *other;
  DL_FOREACH(same_id->entries, other) {
    if (!is_same_object(other->row, entry->row))
      continue;
    bool is_newer = other->row->time > entry->row->time;
    other->is_superseded = other->is_superseded || !is_newer;
    entry->is_superseded = entry->is_superseded || is_newer;
  }
  DL_PREPEND(same_id->entries, entry);
  same_id->length++;
  entry->same_id = same_id;
}

/* --- rows --- */

static void set_facts(store_row_t *row, facts_t *facts) {
  facts_release(row->facts);
  row->facts = facts;
}

store_row_t *entries_put(entries_t *entries, entry_t *entry, store_row_t *row) {
  store_row_t *before = entry->row;
  bool is_older = before != NULL && row->time < before->time, is_late = is_older && store_row_is_late(before, row);
  if (is_older && !is_late) /* what the other clock told last is no longer of the future */
    entry->told = -INFINITY;
  bool tells_news = before == NULL || (row->facts != NULL && row->time >= entry->told);
  if (is_late && !tells_news)
    return row;
  if (tells_news)
    entry->told = row->time;
  else
    set_facts(row, facts_share(before->facts));
  if (is_late)
    store_row_copy_values(row, before);
  if (before != NULL)
    store_row_set_name(row, row_name_share(entry->name));
  entry->row = row;
  /* A name that was superseded and has a newer row again is the object's name again. */
  if (tells_news || entry->is_superseded)
    link_entry(entries, entry);
  return before;
}

store_row_t *entries_remove(entries_t *entries, entry_t *entry) {
  store_row_t *row = entry->row;
  unlink_entry(entries, entry);
  HASH_DELETE(by_name, entries->by_name, entry);
  row_name_release(entry->name);
  free(entry);
  return row;
}
