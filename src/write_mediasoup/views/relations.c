/* SPDX-License-Identifier: MIT */
#include "relations.h"

#include "common/identifier.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(CLASS_COUNT <= 8 * sizeof(unsigned), "a bit for each class");

typedef struct {
  const store_row_t **rows; /* as taken from the store */
  related_t *sorted;        /* the same rows */
  size_t length;
} class_rows_t;

struct relations {
  class_rows_t classes[CLASS_COUNT];
};

/* --- order --- */

/* "" where the row does not have it. */
static const char *text(const store_row_t *row, const char *key) {
  const char *found = facts_find_text(row->facts, key);
  return found != NULL ? found : "";
}

/* The facts that tell what a row is below: a router's objects have its id, and routers have the slot of their worker,
 * which means something within its process only. */
static const char *const *above_keys(const class_t *class) {
  static const char *const of_routers[RELATIONS_ABOVE_MAX] = {IDENTIFIER_ENDPOINT, IDENTIFIER_PROCESS, "worker"};
  static const char *const of_others[RELATIONS_ABOVE_MAX] = {"routerId"};
  return class_id(class) == CLASS_ROUTERS ? of_routers : of_others;
}

static const char *source_key(const class_t *class) {
  return class_id(class) == CLASS_CONSUMERS        ? classes[CLASS_PRODUCERS].id
         : class_id(class) == CLASS_DATA_CONSUMERS ? classes[CLASS_DATA_PRODUCERS].id
                                                   : class->id;
}

/* The position of a row of `class`, or of the rows of `class` below `row`. */
static position_t position_of(const class_t *class, const store_row_t *row) {
  position_t position = {.host = row->host};
  const char *const *keys = above_keys(class);
  for (size_t i = 0; i < RELATIONS_ABOVE_MAX && keys[i] != NULL; i++)
    position.above[i] = text(row, keys[i]);
  return position;
}

static int compare_positions(const position_t *left, const position_t *right) {
  int order = strcmp(left->host, right->host);
  for (size_t i = 0; order == 0 && i < RELATIONS_ABOVE_MAX && left->above[i] != NULL; i++)
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

/* --- life --- */

static MUST_CHECK bool take(class_rows_t *taken, store_t *store, const class_t *class, double now) {
  taken->rows = store_take(store, class, NULL, now, &taken->length);
  if (taken->rows == NULL || taken->length == 0)
    return taken->rows != NULL;
  taken->sorted = calloc(taken->length, sizeof(*taken->sorted));
  if (taken->sorted == NULL)
    return false;
  for (size_t i = 0; i < taken->length; i++) {
    const store_row_t *row = taken->rows[i];
    taken->sorted[i] = (related_t){.row = row,
                                   .position = position_of(class, row),
                                   .source = text(row, source_key(class)),
                                   .id = text(row, class->id)};
  }
  qsort(taken->sorted, taken->length, sizeof(*taken->sorted), compare);
  return true;
}

relations_t *relations_new(store_t *store, unsigned classes_taken, double now) {
  relations_t *relations = calloc(1, sizeof(*relations));
  if (relations == NULL)
    return NULL;
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    if ((classes_taken & (1U << i)) != 0 && !take(&relations->classes[i], store, &classes[i], now)) {
      relations_free(relations);
      return NULL;
    }
  }
  return relations;
}

void relations_free(relations_t *relations) {
  for (size_t i = 0; relations != NULL && i < CLASS_COUNT; i++) {
    store_release(relations->classes[i].rows, relations->classes[i].length);
    free(relations->classes[i].sorted);
  }
  free(relations);
}

uint64_t relations_hash(const relations_t *relations, uint64_t hash) {
  for (size_t i = 0; relations != NULL && i < CLASS_COUNT; i++)
    hash = store_hash(hash, relations->classes[i].rows, relations->classes[i].length);
  return hash;
}

/* --- finding --- */

const related_t *relations_below(const relations_t *relations, class_id_t class, const store_row_t *above,
                                 size_t *length) {
  const class_rows_t *taken = &relations->classes[class];
  const position_t position = position_of(&classes[class], above);
  size_t first = 0, end = taken->length;
  while (first < end) {
    size_t middle = first + (end - first) / 2;
    if (compare_positions(&taken->sorted[middle].position, &position) < 0)
      first = middle + 1;
    else
      end = middle;
  }
  *length = 0;
  while (first + *length < taken->length && compare_positions(&taken->sorted[first + *length].position, &position) == 0)
    (*length)++;
  return taken->length > 0 ? taken->sorted + first : NULL;
}
