/* SPDX-License-Identifier: MIT */
#include "maps.h"

#include <string.h>

typedef struct map map_t;
struct map {
  class_id_t of; /* whose rows have the member */
  const char *key;
  void (*write)(const map_t *map, const relations_t *relations, const store_row_t *row, json_writer_t *json);
  class_id_t names;   /* the rows that the member names; `of`: none */
  class_id_t sources; /* what those rows consume; `names`: not looked at */
  bool unless_fact;   /* left out where the row has a fact of this key */
};

/* A producer of several streams has as many rows. It is one key. */
static bool is_first(const related_t *related, size_t i) {
  return i == 0 || strcmp(related[i - 1].id, related[i].id) != 0;
}

/* "id" */
static void write_own_id(const map_t *map, const relations_t *relations, const store_row_t *row, json_writer_t *json) {
  const char *id = facts_find_text(row->facts, row->class->id);
  (void)map, (void)relations;
  json_string(json, id != NULL ? id : "");
}

/* [] */
static void write_none(const map_t *map, const relations_t *relations, const store_row_t *row, json_writer_t *json) {
  (void)map, (void)relations, (void)row;
  json_open(json, '[');
  json_close(json, ']');
}

/* ["id", ...] of the rows below */
static void write_ids(const map_t *map, const relations_t *relations, const store_row_t *row, json_writer_t *json) {
  size_t length;
  const related_t *related = relations_below(relations, map->names, row, &length);
  json_open(json, '[');
  for (size_t i = 0; i < length; i++)
    if (is_first(related, i))
      json_string(json, related[i].id);
  json_close(json, ']');
}

/* {"source": ["consumer", ...]}, with an empty array for a source that nobody consumes. Both lists are sorted by
 * source. */
static void write_consumers(const map_t *map, const relations_t *relations, const store_row_t *row,
                            json_writer_t *json) {
  size_t sources_length, length, at = 0;
  const related_t *sources = relations_below(relations, map->sources, row, &sources_length);
  const related_t *consumers = relations_below(relations, map->names, row, &length);
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

/* {"consumer": "source"} */
static void write_sources(const map_t *map, const relations_t *relations, const store_row_t *row, json_writer_t *json) {
  size_t length;
  const related_t *related = relations_below(relations, map->names, row, &length);
  json_open(json, '{');
  for (size_t i = 0; i < length; i++) {
    if (!is_first(related, i))
      continue;
    json_key(json, related[i].id);
    json_string(json, related[i].source);
  }
  json_close(json, '}');
}

/* {"producer": ["observer", ...]}. Each producer's row knows its observers. */
static void write_observers(const map_t *map, const relations_t *relations, const store_row_t *row,
                            json_writer_t *json) {
  size_t length;
  const related_t *related = relations_below(relations, map->names, row, &length);
  json_open(json, '{');
  for (size_t i = 0; i < length; i++) {
    if (!is_first(related, i))
      continue;
    const fact_t *observers = facts_find(related[i].row->facts, "rtpObserverIds");
    json_key(json, related[i].id);
    json_value(json, observers != NULL && observers->type == FACT_JSON ? observers->text : "[]");
  }
  json_close(json, '}');
}

/* --- the members --- */

static const map_t maps[] = {
    {CLASS_WORKERS, "routerIds", write_ids, CLASS_ROUTERS, CLASS_ROUTERS, false},
    {CLASS_ROUTERS, "id", write_own_id, CLASS_ROUTERS, CLASS_ROUTERS, false},
    {CLASS_ROUTERS, "transportIds", write_ids, CLASS_TRANSPORTS, CLASS_TRANSPORTS, false},
    {CLASS_ROUTERS, "rtpObserverIds", write_none, CLASS_ROUTERS, CLASS_ROUTERS, true},
    {CLASS_ROUTERS, "mapProducerIdConsumerIds", write_consumers, CLASS_CONSUMERS, CLASS_PRODUCERS, false},
    {CLASS_ROUTERS, "mapConsumerIdProducerId", write_sources, CLASS_CONSUMERS, CLASS_CONSUMERS, false},
    {CLASS_ROUTERS, "mapProducerIdObserverIds", write_observers, CLASS_PRODUCERS, CLASS_PRODUCERS, false},
    {CLASS_ROUTERS, "mapDataProducerIdDataConsumerIds", write_consumers, CLASS_DATA_CONSUMERS, CLASS_DATA_PRODUCERS,
     false},
    {CLASS_ROUTERS, "mapDataConsumerIdDataProducerId", write_sources, CLASS_DATA_CONSUMERS, CLASS_DATA_CONSUMERS,
     false},
};

enum { MAPS_LENGTH = sizeof(maps) / sizeof(maps[0]) };

bool maps_have(const class_t *class, const char *key) {
  for (size_t i = 0; i < MAPS_LENGTH; i++)
    if (maps[i].of == class_id(class) && strcmp(maps[i].key, key) == 0)
      return true;
  return false;
}

static bool is_wanted(const map_t *map, const class_t *class, const field_set_t *fields) {
  return map->of == class_id(class) && field_set_wants(fields, map->key);
}

/* A bit for each class whose rows the member is made of. */
static unsigned classes_of(const map_t *map) {
  return map->names != map->of ? 1U << map->names | 1U << map->sources : 0;
}

relations_t *maps_relations(store_t *store, const class_t *class, const field_set_t *fields, double now) {
  unsigned named = 0;
  bool is_any_wanted = false;
  for (size_t i = 0; i < MAPS_LENGTH; i++) {
    if (!is_wanted(&maps[i], class, fields))
      continue;
    is_any_wanted = true;
    named |= classes_of(&maps[i]);
  }
  return is_any_wanted ? relations_new(store, named, now) : NULL;
}

void maps_write(const relations_t *relations, const field_set_t *fields, const store_row_t *row, json_writer_t *json) {
  for (size_t i = 0; relations != NULL && i < MAPS_LENGTH; i++) {
    if (!is_wanted(&maps[i], row->class, fields) ||
        (maps[i].unless_fact && facts_find(row->facts, maps[i].key) != NULL))
      continue;
    json_key(json, maps[i].key);
    maps[i].write(&maps[i], relations, row, json);
  }
}
