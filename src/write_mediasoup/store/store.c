/* SPDX-License-Identifier: MIT */
#include "store.h"

#include "common/hash.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#include <utlist.h>

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const double intervals_kept = 2;

enum {
  /* Beyond MaxObjects, for rows of endpoints, workers and summaries: they matter most when there are too many objects.
   */
  PLACES_KEPT = 10000,
  /* Rows of one id, among which each new one is looked for: a producer has a few streams, not hundreds. */
  ALIKE_MAX = 64,
};

/* The identity of a value list: host, plugin_instance and type_instance one after the other, each with its NUL. Its
 * rows share it. */
typedef struct {
  atomic_uint references;
  size_t length;
  char texts[];
} name_t;

/* A row, and the memory of what it points to. */
typedef struct row {
  store_row_t public; /* first: a reader's pointer is ours */
  atomic_uint references;
  facts_t *facts;
  name_t *name;
  store_value_t values[]; /* as many as its class has fields */
} row_t;

/* A name, and the newest row under it. */
typedef struct entry {
  UT_hash_handle by_identity;
  struct entry *previous, *next; /* of the same id */
  struct object *object;         /* the id's, or NULL where the facts do not tell it */
  row_t *row;
  double told;     /* the time of the sample that told the facts */
  bool superseded; /* the same object has a newer row under another name */
  name_t *name;
} entry_t;

/* An id, and all that goes by it: a producer's streams, what was piped to other routers, other names. */
typedef struct object {
  UT_hash_handle by_id;
  entry_t *entries;
  size_t length;
  char id[];
} object_t;

struct store {
  pthread_mutex_t lock;
  entry_t *entries[CLASS_COUNT];
  object_t *objects[CLASS_COUNT];
  size_t length;
  size_t max_objects;
  uint64_t skipped;
  bool is_skipping;
  atomic_bool begins_to_skip;
  double purged; /* when, in samples' time, the whole was last looked through for rows that nobody asked for */
};

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

/* --- rows --- */

static name_t *name_new(const char *host, const char *plugin_instance, const char *type_instance) {
  const char *const texts[] = {host, plugin_instance, type_instance};
  size_t length = strlen(host) + strlen(plugin_instance) + strlen(type_instance) + 3;
  name_t *name = malloc(sizeof(*name) + length);
  if (name == NULL)
    return NULL;
  atomic_init(&name->references, 1);
  name->length = length;
  char *at = name->texts;
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    at = stpcpy(at, texts[i]) + 1;
  return name;
}

static name_t *name_share(name_t *name) {
  atomic_fetch_add(&name->references, 1);
  return name;
}

static void name_release(name_t *name) {
  if (name != NULL && atomic_fetch_sub(&name->references, 1) == 1)
    free(name);
}

static void row_release(row_t *row) {
  if (row == NULL || atomic_fetch_sub(&row->references, 1) > 1)
    return;
  facts_release(row->facts);
  name_release(row->name);
  free(row);
}

/* Takes over a reference to the name. */
static void row_set_name(row_t *row, name_t *name) {
  name_release(row->name);
  row->name = name;
  row->public.host = name->texts;
  row->public.plugin_instance = row->public.host + strlen(row->public.host) + 1;
  row->public.type_instance = row->public.plugin_instance + strlen(row->public.plugin_instance) + 1;
}

/* Without its facts. */
static row_t *row_new(const sample_t *sample) {
  size_t size = sample->class->fields_length * sizeof(*sample->values);
  row_t *row = calloc(1, sizeof(*row) + size);
  name_t *name = name_new(sample->host, sample->plugin_instance, sample->type_instance);
  if (row == NULL || name == NULL) {
    free(row);
    name_release(name);
    return NULL;
  }
  atomic_init(&row->references, 1);
  memcpy(row->values, sample->values, size);
  row->public =
      (store_row_t){.class = sample->class, .time = sample->time, .interval = sample->interval, .values = row->values};
  row_set_name(row, name);
  return row;
}

/* Of rows of one identity. */
static void row_copy_values(row_t *row, const row_t *from) {
  memcpy(row->values, from->values, row->public.class->fields_length * sizeof(*row->values));
  row->public.time = from->public.time;
  row->public.interval = from->public.interval;
}

static void row_set_facts(row_t *row, facts_t *facts) {
  row->facts = facts;
  row->public.facts = facts;
}

/* --- objects; the lock is held --- */

static void unlink_object(store_t *store, entry_t *entry, class_id_t class) {
  object_t *object = entry->object;
  if (object == NULL)
    return;
  entry->object = NULL;
  DL_DELETE2(object->entries, entry, previous, next);
  object->length--;
  if (object->entries != NULL)
    return;
  HASH_DELETE(by_id, store->objects[class], object);
  free(object);
}

static object_t *find_object(const store_t *store, class_id_t class, const char *id) {
  object_t *object = NULL;
  HASH_FIND(by_id, store->objects[class], id, strlen(id), object);
  return object;
}

/* NULL when out of memory. */
static object_t *find_or_add_object(store_t *store, class_id_t class, const char *id) {
  size_t length = strlen(id);
  object_t *object = find_object(store, class, id);
  if (object != NULL)
    return object;
  object = calloc(1, sizeof(*object) + length + 1);
  if (object == NULL)
    return NULL;
  memcpy(object->id, id, length);
  HASH_ADD_KEYPTR(by_id, store->objects[class], object->id, length, object);
  if (object->by_id.tbl != NULL)
    return object;
  free(object);
  return NULL;
}

static bool is_same_fact(const row_t *a, const row_t *b, const char *key) {
  const char *text_a = facts_find_text(a->facts, key), *text_b = facts_find_text(b->facts, key);
  return text_a == NULL || text_b == NULL ? text_a == text_b : strcmp(text_a, text_b) == 0;
}

/* Of two rows of one id: whether they are one object, whatever its appData. What is piped to another router keeps its
 * id there, and has another parent. A stream without its ssrc, from identifiers alone, has its rid. */
static bool is_same_object(const row_t *a, const row_t *b) {
  const class_t *class = a->public.class;
  return class_is_made_by_application(class) && strcmp(a->public.host, b->public.host) == 0 &&
         (class->parent_id == NULL || is_same_fact(a, b, class->parent_id)) && is_same_fact(a, b, "ssrc") &&
         is_same_fact(a, b, "rid");
}

/* Of several names of one object, the newest is shown. */
static void link_object(store_t *store, entry_t *entry, class_id_t class) {
  const char *id_key = entry->row->public.class->id;
  const char *id = id_key != NULL ? facts_find_text(entry->row->facts, id_key) : NULL;
  unlink_object(store, entry, class);
  entry->superseded = false;
  object_t *object = id != NULL ? find_or_add_object(store, class, id) : NULL;
  if (object == NULL || object->length >= ALIKE_MAX)
    return;
  object->length++;
  entry_t *other;
  DL_FOREACH2(object->entries, other, next) {
    if (!is_same_object(other->row, entry->row))
      continue;
    bool newer = other->row->public.time > entry->row->public.time;
    other->superseded = other->superseded || !newer;
    entry->superseded = entry->superseded || newer;
  }
  DL_PREPEND2(object->entries, entry, previous, next);
  entry->object = object;
}

/* --- entries; the lock is held --- */

/* Returns the row that was in it: to be released, rather not under the lock. */
static row_t *remove_entry(store_t *store, entry_t *entry, class_id_t class) {
  row_t *row = entry->row;
  unlink_object(store, entry, class);
  HASH_DELETE(by_identity, store->entries[class], entry);
  store->length--;
  if (store->length < store->max_objects - store->max_objects / 10)
    store->is_skipping = false;
  name_release(entry->name);
  free(entry);
  return row;
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

static void skip(store_t *store) {
  store->skipped++;
  if (store->is_skipping)
    return;
  store->is_skipping = true;
  atomic_store(&store->begins_to_skip, true);
}

/* Without a row. */
static entry_t *add_entry(store_t *store, const sample_t *sample, name_t *name) {
  size_t places = store->max_objects + (class_is_made_by_application(sample->class) ? 0 : PLACES_KEPT);
  if (store->length >= places)
    purge(store, sample);
  if (store->length >= places) {
    skip(store);
    return NULL;
  }
  entry_t *entry = calloc(1, sizeof(*entry));
  if (entry == NULL)
    return NULL;
  HASH_ADD_KEYPTR(by_identity, store->entries[class_id(sample->class)], name->texts, name->length, entry);
  if (entry->by_identity.tbl == NULL) {
    free(entry);
    return NULL;
  }
  entry->name = name_share(name);
  store->length++;
  return entry;
}

/* Puts the row into its entry; returns what is to be released: the row before it, or the row itself where it came late.
 * `facts` may be NULL where there was a row before. */
static row_t *put_row(store_t *store, entry_t *entry, row_t *row, facts_t *facts, class_id_t class) {
  row_t *before = entry->row;
  double time = row->public.time;
  bool is_late = before != NULL && before->public.time > time;
  bool are_news = before == NULL || (facts != NULL && time >= entry->told);
  if (is_late && !are_news) {
    row_set_facts(row, facts);
    return row;
  }
  if (is_late)
    row_copy_values(row, before); /* its facts are still the newest */
  row_set_facts(row, are_news ? facts : facts_share(before->facts));
  entry->row = row;
  entry->told = are_news ? time : entry->told;
  /* An entry that was superseded and has a newer row again is the object's name again. */
  if (are_news || entry->superseded)
    link_object(store, entry, class);
  return before;
}

static entry_t *find_entry(const store_t *store, class_id_t class, const name_t *name) {
  entry_t *entry = NULL;
  HASH_FIND(by_identity, store->entries[class], name->texts, name->length, entry);
  return entry;
}

/* Returns what is to be released. Called with the lock held, and gives it away for a while. */
static row_t *put_sample(store_t *store, const sample_t *sample, row_t *row, facts_t *facts) {
  class_id_t class = class_id(sample->class);
  bool are_told = facts != NULL;
  entry_t *entry = find_entry(store, class, row->name);
  if (entry == NULL && !are_told) {
    /* The first row of a name needs facts; without metadata the name itself has to tell them. */
    pthread_mutex_unlock(&store->lock);
    facts = facts_from_identifiers(sample->class, sample->plugin_instance, sample->type_instance);
    pthread_mutex_lock(&store->lock);
    entry = find_entry(store, class, row->name);
  }
  bool is_new = entry == NULL;
  if (is_new && facts != NULL)
    entry = add_entry(store, sample, row->name);
  if (entry == NULL) {
    row_set_facts(row, facts);
    return row;
  }
  if (!is_new && !are_told) { /* another thread was faster: its facts may well be told */
    facts_release(facts);
    facts = NULL;
  }
  if (!is_new)
    row_set_name(row, name_share(entry->name));
  row_t *unused = put_row(store, entry, row, facts, class);
  if (is_new && !are_told)
    entry->told = -INFINITY;
  return unused;
}

void store_write(store_t *store, const sample_t *sample, facts_t *facts) {
  row_t *row = row_new(sample);
  if (row == NULL) {
    facts_release(facts);
    return;
  }
  pthread_mutex_lock(&store->lock);
  row_t *unused = put_sample(store, sample, row, facts);
  pthread_mutex_unlock(&store->lock);
  row_release(unused);
}

void store_forget(store_t *store, const class_t *class, const char *host, const char *plugin_instance,
                  const char *type_instance) {
  name_t *name = name_new(host, plugin_instance, type_instance);
  if (name == NULL)
    return;
  row_t *row = NULL;
  pthread_mutex_lock(&store->lock);
  entry_t *entry = find_entry(store, class_id(class), name);
  if (entry != NULL)
    row = remove_entry(store, entry, class_id(class));
  pthread_mutex_unlock(&store->lock);
  row_release(row);
  name_release(name);
}

/* --- taking; the lock is held --- */

static bool is_wanted(const selection_t *selection, const entry_t *entry) {
  return !entry->superseded &&
         (selection->matches == NULL || selection->matches(selection->context, &entry->row->public));
}

/* Rows that do not match are looked at, but no reference to them is taken. */
static const store_row_t *share_row(entry_t *entry) {
  atomic_fetch_add(&entry->row->references, 1);
  return &entry->row->public;
}

static const store_row_t **take_object(store_t *store, class_id_t class, const selection_t *selection, double now,
                                       size_t *length) {
  const object_t *object = find_object(store, class, selection->id);
  entry_t *entry;
  size_t count = 0;
  if (object != NULL)
    DL_COUNT2(object->entries, entry, count, next);
  const store_row_t **rows = malloc((count + 1) * sizeof(const store_row_t *));
  if (rows != NULL && count > 0)
    DL_FOREACH2(object->entries, entry, next)
      if (is_current(entry, now) && is_wanted(selection, entry))
        rows[(*length)++] = share_row(entry);
  return rows;
}

/* Rows that are out of date are removed on the way: `*removed` of them stand at the end of the list, to be released. */
static const store_row_t **take_class(store_t *store, class_id_t class, const selection_t *selection, double now,
                                      size_t *length, size_t *capacity, size_t *removed) {
  *capacity = HASH_CNT(by_identity, store->entries[class]);
  const store_row_t **rows = malloc((*capacity + 1) * sizeof(const store_row_t *));
  entry_t *entry, *next;
  if (rows == NULL)
    return NULL;
  HASH_ITER(by_identity, store->entries[class], entry, next) {
    if (!is_current(entry, now))
      rows[*capacity - ++*removed] = &remove_entry(store, entry, class)->public;
    else if (is_wanted(selection, entry))
      rows[(*length)++] = share_row(entry);
  }
  return rows;
}

static void release(const store_row_t *const *rows, size_t length) {
  for (size_t i = 0; i < length; i++)
    row_release((row_t *)(uintptr_t)rows[i]);
}

const store_row_t **store_take(store_t *store, const class_t *class, const selection_t *selection, double now,
                               size_t *length) {
  static const selection_t all;
  const selection_t *wanted = selection != NULL ? selection : &all;
  const store_row_t **rows;
  size_t capacity = 0, removed = 0;
  *length = 0;
  pthread_mutex_lock(&store->lock);
  if (wanted->id != NULL)
    rows = take_object(store, class_id(class), wanted, now, length);
  else
    rows = take_class(store, class_id(class), wanted, now, length, &capacity, &removed);
  pthread_mutex_unlock(&store->lock);
  if (removed > 0)
    release(rows + capacity - removed, removed);
  return rows;
}

void store_release(const store_row_t **rows, size_t length) {
  release(rows, length);
  free(rows);
}

store_usage_t store_usage(store_t *store) {
  pthread_mutex_lock(&store->lock);
  store_usage_t usage = {.objects = store->length, .max_objects = store->max_objects, .skipped = store->skipped};
  pthread_mutex_unlock(&store->lock);
  return usage;
}

bool store_begins_to_skip(store_t *store) {
  return atomic_load(&store->begins_to_skip) && atomic_exchange(&store->begins_to_skip, false);
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

uint64_t store_hash(uint64_t hash, const store_row_t *const *rows, size_t length) {
  for (size_t i = 0; i < length; i++) {
    hash = hash_add(hash, &rows[i]->time, sizeof(rows[i]->time));
    uint64_t facts = facts_number(rows[i]->facts); /* whose row it is, and what was told of it at the same time */
    hash = hash_add(hash, &facts, sizeof(facts));
  }
  return hash;
}
