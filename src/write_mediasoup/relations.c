#include "relations.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const store_row_t **rows; /* sorted by what they hang below, source and own id */
  size_t length;
} sorted_t;

struct relations {
  const query_t *query;
  sorted_t of[CLASS_COUNT];
};

/* What a member holds. */
typedef enum {
  OWN_ID,                 /* the row's own id, which the dump calls `id` */
  NO_IDS,                 /* [], where the row itself does not know any */
  IDS_BELOW,              /* [id, ...] of the rows of `class` */
  SOURCES_WITH_CONSUMERS, /* {source: [id, ...]}, also the sources that nobody consumes */
  CONSUMERS_WITH_SOURCE,  /* {id: source} */
  SOURCES_WITH_OBSERVERS, /* {source: [observer, ...]} */
} shape_t;

typedef struct {
  class_id_t of; /* whose rows have it */
  const char *key;
  shape_t shape;
  class_id_t class; /* the rows that it names */
} member_t;

static const member_t members[] = {
    {CLASS_WORKERS, "routerIds", IDS_BELOW, CLASS_ROUTERS},
    {CLASS_ROUTERS, "id", OWN_ID, CLASS_ROUTERS},
    {CLASS_ROUTERS, "transportIds", IDS_BELOW, CLASS_TRANSPORTS},
    {CLASS_ROUTERS, "rtpObserverIds", NO_IDS, CLASS_ROUTERS},
    {CLASS_ROUTERS, "mapProducerIdConsumerIds", SOURCES_WITH_CONSUMERS, CLASS_CONSUMERS},
    {CLASS_ROUTERS, "mapConsumerIdProducerId", CONSUMERS_WITH_SOURCE, CLASS_CONSUMERS},
    {CLASS_ROUTERS, "mapProducerIdObserverIds", SOURCES_WITH_OBSERVERS, CLASS_PRODUCERS},
    {CLASS_ROUTERS, "mapDataProducerIdDataConsumerIds", SOURCES_WITH_CONSUMERS, CLASS_DATA_CONSUMERS},
    {CLASS_ROUTERS, "mapDataConsumerIdDataProducerId", CONSUMERS_WITH_SOURCE, CLASS_DATA_CONSUMERS},
};

enum { MEMBERS_LENGTH = sizeof(members) / sizeof(members[0]) };

int relations_find(const class_t *class, const char *key) {
  for (int i = 0; i < MEMBERS_LENGTH; i++)
    if (members[i].of == class_id(class) && strcmp(members[i].key, key) == 0)
      return i;
  return -1;
}

/* --- order --- */

static const char *text(const store_row_t *row, const char *key) {
  const char *found = facts_find_text(row->facts, key);
  return found != NULL ? found : "";
}

/* By which facts a row hangs below another in a map: a router's objects below the router, routers below their worker,
 * whose slot others have as well. */
static const char *const *above_keys(const class_t *class) {
  static const char *const of_routers[] = {"endpoint", "process", "worker", NULL};
  static const char *const of_others[] = {"routerId", NULL};
  return class_id(class) == CLASS_ROUTERS ? of_routers : of_others;
}

static const char *source_key(const class_t *class) {
  return class_id(class) == CLASS_CONSUMERS        ? classes[CLASS_PRODUCERS].id
         : class_id(class) == CLASS_DATA_CONSUMERS ? classes[CLASS_DATA_PRODUCERS].id
                                                   : class->id;
}

/* `above` is what the row may hang below, or another row of its class. */
static int compare_above(const store_row_t *row, const store_row_t *above) {
  int order = strcmp(row->host, above->host);
  for (const char *const *key = above_keys(row->class); order == 0 && *key != NULL; key++)
    order = strcmp(text(row, *key), text(above, *key));
  return order;
}

static int compare(const void *left, const void *right) {
  const store_row_t *a = *(const store_row_t *const *)left, *b = *(const store_row_t *const *)right;
  int order = compare_above(a, b);
  if (order == 0)
    order = strcmp(text(a, source_key(a->class)), text(b, source_key(b->class)));
  return order != 0 ? order : strcmp(text(a, a->class->id), text(b, b->class->id));
}

static MUST_CHECK bool take(relations_t *relations, store_t *store, class_id_t class, double now) {
  sorted_t *sorted = &relations->of[class];
  sorted->rows = store_take(store, &classes[class], NULL, now, &sorted->length);
  if (sorted->length > 1)
    qsort(sorted->rows, sorted->length, sizeof(const store_row_t *), compare);
  return sorted->rows != NULL;
}

static bool wants_any(const class_t *class, const query_t *query) {
  for (int i = 0; i < MEMBERS_LENGTH; i++)
    if (members[i].of == class_id(class) && query_wants(query, members[i].key))
      return true;
  return false;
}

relations_t *relations_new(store_t *store, const class_t *class, const query_t *query, double now) {
  relations_t *relations = wants_any(class, query) ? calloc(1, sizeof(*relations)) : NULL;
  if (relations == NULL)
    return NULL;
  relations->query = query;
  bool whole = true, of_workers = class_id(class) == CLASS_WORKERS;
  class_id_t first = of_workers ? CLASS_ROUTERS : CLASS_TRANSPORTS;
  class_id_t last = of_workers ? CLASS_ROUTERS : CLASS_DATA_CONSUMERS;
  for (class_id_t below = first; whole && below <= last; below++)
    whole = take(relations, store, below, now);
  if (whole)
    return relations;
  relations_free(relations);
  return NULL;
}

void relations_free(relations_t *relations) {
  for (size_t i = 0; relations != NULL && i < CLASS_COUNT; i++)
    store_release(relations->of[i].rows, relations->of[i].length);
  free(relations);
}

/* The rows of `class` below `above`: the first, and in `*length` how many. */
static const store_row_t **below(const relations_t *relations, class_id_t class, const store_row_t *above,
                                 size_t *length) {
  const sorted_t *sorted = &relations->of[class];
  size_t first = 0, end = sorted->length;
  while (first < end) {
    size_t middle = first + (end - first) / 2;
    if (compare_above(sorted->rows[middle], above) < 0)
      first = middle + 1;
    else
      end = middle;
  }
  *length = 0;
  while (first + *length < sorted->length && compare_above(sorted->rows[first + *length], above) == 0)
    (*length)++;
  return sorted->rows + first;
}

/* --- JSON --- */

/* A producer of several streams has as many rows; it is one key. */
static bool is_first(const store_row_t **rows, size_t i, const char *key) {
  return i == 0 || strcmp(text(rows[i - 1], key), text(rows[i], key)) != 0;
}

static void write_ids(const relations_t *relations, class_id_t class, const store_row_t *row, json_writer_t *json) {
  size_t length;
  const char *id = classes[class].id;
  const store_row_t **rows = below(relations, class, row, &length);
  json_open(json, '[');
  for (size_t i = 0; i < length; i++)
    if (is_first(rows, i, id))
      json_string(json, text(rows[i], id));
  json_close(json, ']');
}

/* Both lists are sorted by source. */
static void write_consumers(const relations_t *relations, class_id_t class, const store_row_t *row,
                            json_writer_t *json) {
  size_t sources_length, length, at = 0;
  const char *source = source_key(&classes[class]), *id = classes[class].id;
  class_id_t sources = class == CLASS_CONSUMERS ? CLASS_PRODUCERS : CLASS_DATA_PRODUCERS;
  const store_row_t **source_rows = below(relations, sources, row, &sources_length);
  const store_row_t **rows = below(relations, class, row, &length);
  json_open(json, '{');
  for (size_t i = 0; i < sources_length; i++) {
    if (!is_first(source_rows, i, source))
      continue;
    const char *key = text(source_rows[i], source);
    json_key(json, key);
    json_open(json, '[');
    while (at < length && strcmp(text(rows[at], source), key) < 0)
      at++;
    for (; at < length && strcmp(text(rows[at], source), key) == 0; at++)
      if (is_first(rows, at, id))
        json_string(json, text(rows[at], id));
    json_close(json, ']');
  }
  json_close(json, '}');
}

static void write_sources(const relations_t *relations, class_id_t class, const store_row_t *row, json_writer_t *json) {
  size_t length;
  const store_row_t **rows = below(relations, class, row, &length);
  json_open(json, '{');
  for (size_t i = 0; i < length; i++) {
    if (!is_first(rows, i, classes[class].id))
      continue;
    json_key(json, text(rows[i], classes[class].id));
    json_string(json, text(rows[i], source_key(&classes[class])));
  }
  json_close(json, '}');
}

/* Each producer's row knows its observers. */
static void write_observers(const relations_t *relations, class_id_t class, const store_row_t *row,
                            json_writer_t *json) {
  size_t length;
  const store_row_t **rows = below(relations, class, row, &length);
  json_open(json, '{');
  for (size_t i = 0; i < length; i++) {
    if (!is_first(rows, i, classes[class].id))
      continue;
    const fact_t *fact = facts_find(rows[i]->facts, "rtpObserverIds");
    const char *observers = fact != NULL && fact->type == FACT_JSON ? fact->text : "[]";
    json_key(json, text(rows[i], classes[class].id));
    json_value(json, observers);
  }
  json_close(json, '}');
}

static void write_member(const relations_t *relations, const member_t *member, const store_row_t *row,
                         json_writer_t *json) {
  if (member->shape == NO_IDS && facts_find(row->facts, member->key) != NULL)
    return;
  json_key(json, member->key);
  switch (member->shape) {
  case OWN_ID:
    json_string(json, text(row, row->class->id));
    return;
  case NO_IDS:
    json_open(json, '[');
    json_close(json, ']');
    return;
  case IDS_BELOW:
    write_ids(relations, member->class, row, json);
    return;
  case SOURCES_WITH_CONSUMERS:
    write_consumers(relations, member->class, row, json);
    return;
  case CONSUMERS_WITH_SOURCE:
    write_sources(relations, member->class, row, json);
    return;
  case SOURCES_WITH_OBSERVERS:
    write_observers(relations, member->class, row, json);
    return;
  }
}

void relations_write(const relations_t *relations, const store_row_t *row, json_writer_t *json) {
  for (int i = 0; relations != NULL && i < MEMBERS_LENGTH; i++)
    if (members[i].of == class_id(row->class) && query_wants(relations->query, members[i].key))
      write_member(relations, &members[i], row, json);
}
