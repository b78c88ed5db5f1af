#include "store.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const double intervals_kept = 2;

/* A row, and the memory of what it points to. */
typedef struct row {
  store_row_t public; /* first: a reader's pointer is ours */
  atomic_uint references;
  facts_t *facts;
  store_value_t values[FIELDS_MAX];
  char texts[]; /* host, plugin_instance, type_instance */
} row_t;

typedef struct entry {
  UT_hash_handle by_identity;
  UT_hash_handle by_object;
  row_t *row;
  char *object; /* the object's own key, or NULL where the facts do not tell it */
  size_t object_length;
  bool superseded; /* the same object has a newer row under another name */
  char key[];
} entry_t;

struct store {
  pthread_mutex_t lock;
  entry_t *entries[CLASS_COUNT]; /* by identity */
  entry_t *objects[CLASS_COUNT]; /* by object: the newest of its entries */
  size_t length;
  size_t max_objects;
  uint64_t skipped;
  double purged; /* when, in samples' time, the whole was last looked through for rows that nobody asked for */
};

store_t *store_new(size_t max_objects) {
  store_t *store = calloc(1, sizeof(*store));
  if (store == NULL || pthread_mutex_init(&store->lock, NULL) != 0) {
    free(store);
    return NULL;
  }
  store->max_objects = max_objects;
  return store;
}

/* --- rows --- */

static void row_release(row_t *row) {
  if (row == NULL || atomic_fetch_sub(&row->references, 1) > 1)
    return;
  facts_release(row->facts);
  free(row);
}

static const char *put(char **at, const char *text) {
  const char *start = *at;
  size_t size = strlen(text) + 1;
  memcpy(*at, text, size);
  *at += size;
  return start;
}

/* Without its facts. */
static row_t *row_new(const sample_t *sample) {
  size_t size = strlen(sample->host) + strlen(sample->plugin_instance) + strlen(sample->type_instance) + 3;
  row_t *row = malloc(sizeof(*row) + size);
  if (row == NULL)
    return NULL;
  char *at = row->texts;
  memcpy(row->values, sample->values, sample->class->fields_length * sizeof(*sample->values));
  atomic_init(&row->references, 1);
  row->facts = NULL;
  row->public = (store_row_t){.class = sample->class,
                              .time = sample->time,
                              .interval = sample->interval,
                              .values = row->values,
                              .host = put(&at, sample->host),
                              .plugin_instance = put(&at, sample->plugin_instance),
                              .type_instance = put(&at, sample->type_instance)};
  return row;
}

static void row_set_facts(row_t *row, facts_t *facts) {
  row->facts = facts;
  row->public.facts = facts;
}

/* --- entries; the lock is held --- */

static void unlink_object(store_t *store, entry_t *entry, class_id_t class) {
  entry_t *found = NULL;
  if (entry->object == NULL)
    return;
  HASH_FIND(by_object, store->objects[class], entry->object, entry->object_length, found);
  if (found == entry)
    HASH_DELETE(by_object, store->objects[class], entry);
  free(entry->object);
  entry->object = NULL;
}

/* Returns the row that was in it: to be released, rather not under the lock. */
static row_t *remove_entry(store_t *store, entry_t *entry, class_id_t class) {
  row_t *row = entry->row;
  unlink_object(store, entry, class);
  HASH_DELETE(by_identity, store->entries[class], entry);
  store->length--;
  free(entry);
  return row;
}

/* The parts one after the other, each with its NUL. */
static char *join(const char *const *parts, size_t count, size_t *length) {
  *length = 0;
  for (size_t i = 0; i < count; i++)
    *length += strlen(parts[i]) + 1;
  char *key = malloc(*length), *at = key;
  for (size_t i = 0; key != NULL && i < count; i++)
    (void)put(&at, parts[i]);
  return key;
}

static char *identity_key(const char *host, const char *plugin_instance, const char *type_instance, size_t *length) {
  return join((const char *const[]){host, plugin_instance, type_instance}, 3, length);
}

static const char *fact_or_nothing(const row_t *row, const char *key) {
  const char *text = facts_find_text(row->facts, key);
  return text != NULL ? text : "";
}

/* What is one object, whatever its appData: its host, its id, its stream (by its rid, where identifiers alone tell it),
 * and its parent, since what is piped to another router keeps its id there. */
static char *object_key(const row_t *row, size_t *length) {
  const class_t *class = row->public.class;
  const char *id = class->id != NULL ? facts_find_text(row->facts, class->id) : NULL;
  if (id == NULL || !class_is_made_by_application(class))
    return NULL;
  const char *parent = class->parent_id != NULL ? fact_or_nothing(row, class->parent_id) : "";
  return join(
      (const char *const[]){row->public.host, id, parent, fact_or_nothing(row, "ssrc"), fact_or_nothing(row, "rid")}, 5,
      length);
}

/* Of several names of one object, the newest is shown. */
static void link_object(store_t *store, entry_t *entry, class_id_t class) {
  entry_t *other = NULL;
  unlink_object(store, entry, class);
  entry->superseded = false;
  entry->object = object_key(entry->row, &entry->object_length);
  if (entry->object == NULL)
    return;
  HASH_FIND(by_object, store->objects[class], entry->object, entry->object_length, other);
  if (other != NULL && other->row->public.time > entry->row->public.time) {
    entry->superseded = true;
    return;
  }
  if (other != NULL) {
    HASH_DELETE(by_object, store->objects[class], other);
    other->superseded = true;
  }
  HASH_ADD_KEYPTR(by_object, store->objects[class], entry->object, entry->object_length, entry);
}

static bool is_current(const entry_t *entry, double now) {
  return entry->row->public.time + intervals_kept * entry->row->public.interval >= now;
}

/* Makes room where the store is full; not at every sample, since it looks at every row. */
static void purge(store_t *store, const sample_t *sample) {
  if (sample->time < store->purged + sample->interval)
    return;
  store->purged = sample->time;
  for (size_t class = 0; class < CLASS_COUNT; class ++) {
    entry_t *entry, *next;
    HASH_ITER(by_identity, store->entries[class], entry, next)
    if (!is_current(entry, sample->time))
      row_release(remove_entry(store, entry, (class_id_t) class));
  }
}

static entry_t *add_entry(store_t *store, const sample_t *sample, const char *key, size_t length) {
  if (store->length >= store->max_objects)
    purge(store, sample);
  if (store->length >= store->max_objects) {
    store->skipped++;
    return NULL;
  }
  entry_t *entry = calloc(1, sizeof(*entry) + length);
  if (entry == NULL)
    return NULL;
  memcpy(entry->key, key, length);
  HASH_ADD_KEYPTR(by_identity, store->entries[class_id(sample->class)], entry->key, length, entry);
  if (entry->by_identity.tbl == NULL) {
    free(entry);
    return NULL;
  }
  store->length++;
  return entry;
}

/* Puts the row into its entry; returns what is to be released: the row before it, or the row itself where it came late.
 * `facts`, where given, are newer than those of the row before. */
static row_t *put_row(store_t *store, entry_t *entry, row_t *row, facts_t *facts, class_id_t class) {
  row_t *before = entry->row;
  if (before != NULL && before->public.time > row->public.time) {
    row_set_facts(row, facts);
    return row;
  }
  bool new_facts = facts != NULL || before == NULL;
  row_set_facts(row, facts != NULL ? facts : facts_share(before->facts));
  entry->row = row;
  /* An entry that was superseded and has a newer row again is the object's name again. */
  if (new_facts || entry->superseded)
    link_object(store, entry, class);
  return before;
}

void store_write(store_t *store, const sample_t *sample, facts_t *facts) {
  class_id_t class = class_id(sample->class);
  size_t length;
  char *key = identity_key(sample->host, sample->plugin_instance, sample->type_instance, &length);
  row_t *row = row_new(sample);
  if (key == NULL || row == NULL) {
    free(key);
    free(row);
    facts_release(facts);
    return;
  }
  pthread_mutex_lock(&store->lock);
  entry_t *entry = NULL;
  HASH_FIND(by_identity, store->entries[class], key, length, entry);
  bool known = entry != NULL;
  pthread_mutex_unlock(&store->lock);
  /* The first row of a name needs facts; without metadata the name itself has to tell them. */
  if (!known && facts == NULL)
    facts = facts_from_identifiers(sample->class, sample->plugin_instance, sample->type_instance);

  row_t *unused = row;
  pthread_mutex_lock(&store->lock);
  HASH_FIND(by_identity, store->entries[class], key, length, entry);
  if (entry == NULL && facts != NULL)
    entry = add_entry(store, sample, key, length);
  if (entry != NULL)
    unused = put_row(store, entry, row, facts, class);
  else
    row_set_facts(row, facts);
  pthread_mutex_unlock(&store->lock);
  row_release(unused);
  free(key);
}

void store_forget(store_t *store, const class_t *class, const char *host, const char *plugin_instance,
                  const char *type_instance) {
  size_t length;
  char *key = identity_key(host, plugin_instance, type_instance, &length);
  if (key == NULL)
    return;
  entry_t *entry = NULL;
  row_t *row = NULL;
  pthread_mutex_lock(&store->lock);
  HASH_FIND(by_identity, store->entries[class_id(class)], key, length, entry);
  if (entry != NULL)
    row = remove_entry(store, entry, class_id(class));
  pthread_mutex_unlock(&store->lock);
  row_release(row);
  free(key);
}

const store_row_t **store_take(store_t *store, const class_t *class, double now, size_t *length) {
  class_id_t id = class_id(class);
  *length = 0;
  pthread_mutex_lock(&store->lock);
  size_t count = HASH_CNT(by_identity, store->entries[id]);
  const store_row_t **rows = count > 0 ? malloc(count * sizeof(const store_row_t *)) : NULL;
  entry_t *entry, *next;
  if (rows != NULL) {
    HASH_ITER(by_identity, store->entries[id], entry, next) {
      if (!is_current(entry, now)) {
        row_release(remove_entry(store, entry, id));
      } else if (!entry->superseded) {
        atomic_fetch_add(&entry->row->references, 1);
        rows[(*length)++] = &entry->row->public;
      }
    }
  }
  pthread_mutex_unlock(&store->lock);
  return rows;
}

void store_release(const store_row_t **rows, size_t length) {
  for (size_t i = 0; i < length; i++)
    row_release((row_t *)(uintptr_t)rows[i]);
  free(rows);
}

uint64_t store_skipped(store_t *store) {
  pthread_mutex_lock(&store->lock);
  uint64_t skipped = store->skipped;
  pthread_mutex_unlock(&store->lock);
  return skipped;
}

void store_free(store_t *store) {
  if (store == NULL)
    return;
  for (size_t class = 0; class < CLASS_COUNT; class ++) {
    entry_t *entry, *next;
    HASH_ITER(by_identity, store->entries[class], entry, next)
    row_release(remove_entry(store, entry, (class_id_t) class));
  }
  pthread_mutex_destroy(&store->lock);
  free(store);
}
