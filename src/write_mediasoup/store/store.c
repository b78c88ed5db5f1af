/* SPDX-License-Identifier: MIT */
#include "store.h"

#include "common/hash.h"
#include "common/limits.h"
#include "entries.h"
#include "facts_from_name.h"

#include <utlist.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

static const double intervals_kept = 2;

/* Room beyond MaxObjects for the rows of endpoints, workers and summaries, which matter most when there are too many
 * objects. */
enum { PLACES_KEPT = 10000 };

struct store {
  pthread_mutex_t lock;
  entries_t entries[CLASS_COUNT];
  size_t length; /* of all classes */
  size_t max_objects;
  uint64_t skipped;
  bool is_skipping;
  atomic_bool begins_to_skip;
  double purged; /* when the row came in that last had the full store searched for rows that are out of date */
};

/* --- life --- */

store_t *store_new(size_t max_objects) {
  store_t *store = calloc(1, sizeof(*store));
  if (store == NULL || pthread_mutex_init(&store->lock, NULL) != 0) {
    free(store);
    return NULL;
  }
  store->max_objects = max_objects;
  atomic_init(&store->begins_to_skip, false);
  return store;
}

/* Below, the lock is held in every function that does not take it itself. */

/* Returns the entry's row for the caller to release. */
static store_row_t *remove_entry(store_t *store, entries_t *entries, entry_t *entry) {
  store->length--;
  if (store->length < store->max_objects - store->max_objects / 10)
    store->is_skipping = false;
  return entries_remove(entries, entry);
}

void store_free(store_t *store) {
  if (store == NULL)
    return;
  for (size_t class = 0; class < CLASS_COUNT; class ++) {
    entry_t *entry, *next;
    HASH_ITER(by_name, store->entries[class].by_name, entry, next)
      store_row_release(remove_entry(store, &store->entries[class], entry));
  }
  pthread_mutex_destroy(&store->lock);
  free(store);
}

/* --- room --- */

/* A row comes from the future when the clock has been set back since. */
bool store_is_current(const store_row_t *row, double now) {
  return fabs(now - row->received) <= intervals_kept * row->interval;
}

/* An endpoint that falls silent is not to be forgotten as the objects are that it spoke of. */
static bool is_kept(const store_row_t *row, double now) {
  return store_is_current(row, now) ||
         (row->class == &classes[CLASS_ENDPOINT] && row->received + (double)SILENT_SECONDS >= now);
}

/* Removes all rows that are out of date: at most once in an interval, since it looks at every row. */
static void purge(store_t *store, double time, double interval) {
  if (time < store->purged + interval)
    return;
  store->purged = time;
  for (size_t class = 0; class < CLASS_COUNT; class ++) {
    entry_t *entry, *next;
    HASH_ITER(by_name, store->entries[class].by_name, entry, next)
      if (!is_kept(entry->row, time))
        store_row_release(remove_entry(store, &store->entries[class], entry));
  }
}

static void skip(store_t *store) {
  store->skipped++;
  if (store->is_skipping)
    return;
  store->is_skipping = true;
  atomic_store(&store->begins_to_skip, true);
}

static bool has_room(store_t *store, const store_row_t *row) {
  size_t places = store->max_objects + (class_is_made_by_application(row->class) ? 0 : PLACES_KEPT);
  if (store->length >= places)
    purge(store, row->received, row->interval);
  if (store->length < places)
    return true;
  skip(store);
  return false;
}

/* --- writing --- */

/* An entry for the row, without it. NULL where there is no room or no memory. */
static entry_t *add_entry(store_t *store, const store_row_t *row) {
  entry_t *entry = has_room(store, row) ? entries_add(&store->entries[class_id(row->class)], row->name) : NULL;
  store->length += entry != NULL ? 1 : 0;
  return entry;
}

/* The first row of a name, which came without metadata: its name has to tell the facts. The lock is given away while
 * they are made. Returns the row to be released. */
static store_row_t *put_untold(store_t *store, entries_t *entries, store_row_t *row) {
  pthread_mutex_unlock(&store->lock);
  facts_t *facts = facts_from_name(row->class, row->plugin_instance, row->type_instance);
  pthread_mutex_lock(&store->lock);
  entry_t *entry = entries_find(entries, row->name);
  if (entry != NULL) { /* another thread was faster, and its facts may be from metadata */
    facts_release(facts);
    return entries_put(entries, entry, row);
  }
  row->facts = facts;
  entry = facts != NULL ? add_entry(store, row) : NULL;
  if (entry == NULL)
    return row;
  store_row_t *unused = entries_put(entries, entry, row);
  entry->told = -INFINITY; /* any metadata tells more */
  return unused;
}

/* Returns the row to be released. */
static store_row_t *put(store_t *store, store_row_t *row) {
  entries_t *entries = &store->entries[class_id(row->class)];
  entry_t *entry = entries_find(entries, row->name);
  if (entry == NULL && row->facts == NULL)
    return put_untold(store, entries, row);
  if (entry == NULL)
    entry = add_entry(store, row);
  return entry != NULL ? entries_put(entries, entry, row) : row;
}

void store_write(store_t *store, store_row_t *row) {
  if (row == NULL)
    return;
  pthread_mutex_lock(&store->lock);
  store_row_t *unused = put(store, row);
  pthread_mutex_unlock(&store->lock);
  store_row_release(unused);
}

void store_forget(store_t *store, const class_t *class, const char *host, const char *plugin_instance,
                  const char *type_instance) {
  row_name_t *name = row_name_new(host, plugin_instance, type_instance);
  entries_t *entries = &store->entries[class_id(class)];
  if (name == NULL || class == &classes[CLASS_ENDPOINT]) {
    row_name_release(name);
    return;
  }
  pthread_mutex_lock(&store->lock);
  entry_t *entry = entries_find(entries, name);
  store_row_t *row = entry != NULL ? remove_entry(store, entries, entry) : NULL;
  pthread_mutex_unlock(&store->lock);
  store_row_release(row);
  row_name_release(name);
}

/* --- taking --- */

/* Rows that do not match are looked at, but no reference to them is taken. */
static bool is_wanted(const selection_t *selection, const entry_t *entry, double now) {
  return !entry->is_superseded && (selection->also_silent || store_is_current(entry->row, now)) &&
         (selection->matches == NULL || selection->matches(selection->context, entry->row));
}

static const store_row_t **take_id(const entries_t *entries, const selection_t *selection, double now, size_t *length) {
  const same_id_t *same_id = entries_find_id(entries, selection->id);
  const store_row_t **rows = malloc(((same_id != NULL ? same_id->length : 0) + 1) * sizeof(*rows));
  entry_t *entry;
  if (rows != NULL && same_id != NULL)
    DL_FOREACH(same_id->entries, entry)
      if (is_wanted(selection, entry, now))
        rows[(*length)++] = store_row_share(entry->row);
  return rows;
}

/* Removes rows that are out of date on the way: `*removed` of them stand at the end of the list, to be released. */
static const store_row_t **take_class(store_t *store, entries_t *entries, const selection_t *selection, double now,
                                      size_t *length, size_t *capacity, size_t *removed) {
  *capacity = HASH_CNT(by_name, entries->by_name);
  const store_row_t **rows = malloc((*capacity + 1) * sizeof(*rows));
  entry_t *entry, *next;
  if (rows == NULL)
    return NULL;
  HASH_ITER(by_name, entries->by_name, entry, next) {
    if (!is_kept(entry->row, now))
      rows[*capacity - ++*removed] = remove_entry(store, entries, entry);
    else if (is_wanted(selection, entry, now))
      rows[(*length)++] = store_row_share(entry->row);
  }
  return rows;
}

static void release(const store_row_t *const *rows, size_t length) {
  for (size_t i = 0; i < length; i++)
    store_row_release(rows[i]);
}

const store_row_t **store_take(store_t *store, const class_t *class, const selection_t *selection, double now,
                               size_t *length) {
  static const selection_t all;
  const selection_t *wanted = selection != NULL ? selection : &all;
  entries_t *entries = &store->entries[class_id(class)];
  size_t capacity = 0, removed = 0;
  *length = 0;
  pthread_mutex_lock(&store->lock);
  const store_row_t **rows = wanted->id != NULL ? take_id(entries, wanted, now, length)
                                                : take_class(store, entries, wanted, now, length, &capacity, &removed);
  pthread_mutex_unlock(&store->lock);
  if (removed > 0)
    release(rows + capacity - removed, removed);
  return rows;
}

void store_release(const store_row_t **rows, size_t length) {
  release(rows, length);
  free(rows);
}

/* --- figures --- */

store_usage_t store_usage(store_t *store) {
  pthread_mutex_lock(&store->lock);
  store_usage_t usage = {.objects = store->length, .max_objects = store->max_objects, .skipped = store->skipped};
  pthread_mutex_unlock(&store->lock);
  return usage;
}

bool store_begins_to_skip(store_t *store) {
  return atomic_load(&store->begins_to_skip) && atomic_exchange(&store->begins_to_skip, false);
}

uint64_t store_hash(uint64_t hash, const store_row_t *const *rows, size_t length) {
  for (size_t i = 0; i < length; i++) {
    hash = hash_add(hash, &rows[i]->time, sizeof(rows[i]->time));
    uint64_t facts = facts_number(rows[i]->facts); /* they differ from object to object */
    hash = hash_add(hash, &facts, sizeof(facts));
  }
  return hash;
}
