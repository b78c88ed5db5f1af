/* SPDX-License-Identifier: MIT */
#include "relations.h"

#include <stdlib.h>
#include <string.h>

enum { ABOVE_LENGTH = 3 };

/* What a row hangs below. */
typedef struct {
  const char *host;
  const char *above[ABOVE_LENGTH]; /* NULL after the last */
} position_t;

/* A row and the texts by which it is sorted, which are the row's: looked up once, and not for each comparison. */
typedef struct {
  const store_row_t *row;
  position_t position;
  const char *source;
  const char *id;
} related_t;

typedef struct {
  const store_row_t **rows;
  related_t *related; /* the same, sorted by position, source and id */
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
  static const char *const of_routers[ABOVE_LENGTH] = {"endpoint", "process", "worker"};
  static const char *const of_others[ABOVE_LENGTH] = {"routerId"};
  return class_id(class) == CLASS_ROUTERS ? of_routers : of_others;
}

static const char *source_key(const class_t *class) {
  return class_id(class) == CLASS_CONSUMERS        ? classes[CLASS_PRODUCERS].id
         : class_id(class) == CLASS_DATA_CONSUMERS ? classes[CLASS_DATA_PRODUCERS].id
                                                   : class->id;
}

/* The position of a row of `class`, or of what hangs below `row` of that class. */
static position_t position_of(const class_t *class, const store_row_t *row) {
  position_t position = {.host = row->host};
  const char *const *keys = above_keys(class);
  for (size_t i = 0; i < ABOVE_LENGTH && keys[i] != NULL; i++)
    position.above[i] = text(row, keys[i]);
  return position;
}

static int compare_positions(const position_t *left, const position_t *right) {
  int order = strcmp(left->host, right->host);
  for (size_t i = 0; order == 0 && i < ABOVE_LENGTH && left->above[i] != NULL; i++)
    order = strcmp(left->above[i], right->above[i]);
  return order;
}

static int compare(const void *left, const void *right) {
  const related_t *a = left, *b = right;
  int order = compare_positions(&a->position, &b->position);
  if (order == 0)
    order = strcmp(a->source, b->source);
  return order != 0 ? order : strcmp(a->id, b->id);
}

static MUST_CHECK bool take(relations_t *relations, store_t *store, class_id_t class_id, double now) {
  sorted_t *sorted = &relations->of[class_id];
  const class_t *class = &classes[class_id];
  sorted->rows = store_take(store, class, NULL, now, &sorted->length);
  if (sorted->rows == NULL || sorted->length == 0)
    return sorted->rows != NULL;
  sorted->related = calloc(sorted->length, sizeof(*sorted->related));
  if (sorted->related == NULL)
    return false;
  for (size_t i = 0; i < sorted->length; i++) {
    const store_row_t *row = sorted->rows[i];
    sorted->related[i] = (related_t){.row = row,
                                     .position = position_of(class, row),
                                     .source = text(row, source_key(class)),
                                     .id = text(row, class->id)};
  }
  qsort(sorted->related, sorted->length, sizeof(*sorted->related), compare);
  return true;
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
  for (size_t i = 0; relations != NULL && i < CLASS_COUNT; i++) {
    store_release(relations->of[i].rows, relations->of[i].length);
    free(relations->of[i].related);
  }
  free(relations);
}

/* The rows of `class` below `above`: the first, and in `*length` how many. */
static const related_t *below(const relations_t *relations, class_id_t class, const store_row_t *above,
                              size_t *length) {
  const sorted_t *sorted = &relations->of[class];
  const position_t position = position_of(&classes[class], above);
  size_t first = 0, end = sorted->length;
  while (first < end) {
    size_t middle = first + (end - first) / 2;
    if (compare_positions(&sorted->related[middle].position, &position) < 0)
      first = middle + 1;
    else
      end = middle;
  }
  *length = 0;
  while (first + *length < sorted->length &&
         compare_positions(&sorted->related[first + *length].position, &position) == 0)
    (*length)++;
  return sorted->length > 0 ? sorted->related + first : NULL;
}

/* --- JSON --- */

/* A producer of several streams has as many rows; it is one key. */
static bool is_first(const related_t *related, size_t i) {
  return i == 0 || strcmp(related[i - 1].id, related[i].id) != 0;
}

static void write_ids(const relations_t *relations, class_id_t class, const store_row_t *row, json_writer_t *json) {
  size_t length;
  const related_t *related = below(relations, class, row, &length);
  json_open(json, '[');
  for (size_t i = 0; i < length; i++)
    if (is_first(related, i))
      json_string(json, related[i].id);
  json_close(json, ']');
}

/* Both lists are sorted by source. */
static void write_consumers(const relations_t *relations, class_id_t class, const store_row_t *row,
                            json_writer_t *json) {
  size_t sources_length, length, at = 0;
  class_id_t sources_class = class == CLASS_CONSUMERS ? CLASS_PRODUCERS : CLASS_DATA_PRODUCERS;
  const related_t *sources = below(relations, sources_class, row, &sources_length);
  const related_t *consumers = below(relations, class, row, &length);
  json_open(json, '{');
  for (size_t i = 0; i < sources_length; i++) {
    if (!is_first(sources, i))
      continue;
    const char *source = sources[i].id;
    json_key(json, source);
    json_open(json, '[');
    while (at < length && strcmp(consumers[at].source, source) < 0)
      at++;
    for (; at < length && strcmp(consumers[at].source, source) == 0; at++)
      if (is_first(consumers, at))
        json_string(json, consumers[at].id);
    json_close(json, ']');
  }
  json_close(json, '}');
}

static void write_sources(const relations_t *relations, class_id_t class, const store_row_t *row, json_writer_t *json) {
  size_t length;
  const related_t *related = below(relations, class, row, &length);
  json_open(json, '{');
  for (size_t i = 0; i < length; i++) {
    if (!is_first(related, i))
      continue;
    json_key(json, related[i].id);
    json_string(json, related[i].source);
  }
  json_close(json, '}');
}

/* Each producer's row knows its observers. */
static void write_observers(const relations_t *relations, class_id_t class, const store_row_t *row,
                            json_writer_t *json) {
  size_t length;
  const related_t *related = below(relations, class, row, &length);
  json_open(json, '{');
  for (size_t i = 0; i < length; i++) {
    if (!is_first(related, i))
      continue;
    const fact_t *fact = facts_find(related[i].row->facts, "rtpObserverIds");
    const char *observers = fact != NULL && fact->type == FACT_JSON ? fact->text : "[]";
    json_key(json, related[i].id);
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
