/* SPDX-License-Identifier: MIT */
#include "app_labels.h"

#include "common/hash.h"
#include "common/identifier.h"
#include "common/limits.h"
#include "label.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "appData_";

enum {
  /* What a name can have besides the characters of its key: the prefix, a _ before a digit, a mark and a NUL. */
  NAME_MORE = sizeof(prefix) + 1 + HASH_MARK_LENGTH,
  /* A pair of plugin_instance is at least one = and a comma. */
  PAIRS_MAX = IDENTIFIER_MAX / 2,
  /* Of a series. Prometheus keeps it in memory, and nobody reads a longer one. */
  APP_LABELS_MAX_BYTES = 2048,
};

typedef struct {
  const char *key;
  size_t key_length;
  const char *value;
  size_t value_length;
  char *name;
  bool is_exact; /* the key is the name */
} app_label_t;

typedef struct {
  app_label_t *list;
  size_t length;
  char *names; /* the memory of all names */
} app_labels_t;

/* --- names --- */

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

static bool can_stand(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || is_digit(byte);
}

/* One _ for each character that cannot stand, not for each of its bytes. */
static char *write_clean(char *at, const char *key, size_t length) {
  if (length == 0 || is_digit(key[0]))
    *at++ = '_';
  for (size_t i = 0; i < length; i++)
    if (((unsigned char)key[i] & 0xC0) != 0x80)
      *at++ = can_stand(key[i]) ? key[i] : '_';
  *at = '\0';
  return at;
}

/* Returns the place behind the name and what may be added to it. */
static char *write_name(app_label_t *label, char *at) {
  label->name = at;
  char *end = write_clean(at, label->key, label->key_length);
  label->is_exact = (size_t)(end - at) == label->key_length && memcmp(at, label->key, label->key_length) == 0;
  if (label_is_reserved(at)) {
    memcpy(at, prefix, sizeof(prefix) - 1);
    (void)write_clean(at + sizeof(prefix) - 1, label->key, label->key_length);
    label->is_exact = false;
  }
  return at + label->key_length + NAME_MORE;
}

static MUST_CHECK bool write_names(app_labels_t *labels) {
  size_t size = 0;
  for (size_t i = 0; i < labels->length; i++)
    size += labels->list[i].key_length + NAME_MORE;
  labels->names = malloc(size);
  char *at = labels->names;
  for (size_t i = 0; at != NULL && i < labels->length; i++)
    at = write_name(&labels->list[i], at);
  return labels->names != NULL;
}

/* By name. Among equal names the exact one comes first, then by key. */
static int compare(const void *left, const void *right) {
  const app_label_t *a = left, *b = right;
  int order = strcmp(a->name, b->name);
  if (order != 0 || a->is_exact != b->is_exact)
    return order != 0 ? order : a->is_exact ? -1 : 1;
  order = memcmp(a->key, b->key, a->key_length < b->key_length ? a->key_length : b->key_length);
  return order != 0 ? order : (a->key_length > b->key_length) - (a->key_length < b->key_length);
}

static void sort(app_labels_t *labels) {
  if (labels->length > 1)
    qsort(labels->list, labels->length, sizeof(*labels->list), compare);
}

static void add_mark(app_label_t *label) {
  char *end = label->name + strlen(label->name);
  hash_mark(end, label->key, label->key_length);
  *end = '_'; /* a label's name has no ~ */
}

/* Marks equal names, except the exact one. Returns whether there were any. */
static bool mark_equal(app_labels_t *labels) {
  bool marked = false;
  for (size_t first = 0, end; first < labels->length; first = end) {
    for (end = first + 1; end < labels->length && strcmp(labels->list[end].name, labels->list[first].name) == 0; end++)
      ;
    for (size_t i = first; i < end && end - first > 1; i++) {
      if (labels->list[i].is_exact)
        continue;
      add_mark(&labels->list[i]);
      marked = true;
    }
  }
  return marked;
}

/* Sorts them by name and drops names that are still there twice: the key stands in plugin_instance twice, or was made
 * to look like a marked name. Prometheus refuses a whole scrape for one label that is there twice. */
static void make_unique(app_labels_t *labels) {
  sort(labels);
  if (mark_equal(labels))
    sort(labels);
  size_t kept = labels->length > 0 ? 1 : 0;
  for (size_t i = 1; i < labels->length; i++)
    if (strcmp(labels->list[i].name, labels->list[kept - 1].name) != 0)
      labels->list[kept++] = labels->list[i];
  labels->length = kept;
}

/* --- keys --- */

/* The scalar whose key the pair has; or NULL. */
static const app_data_scalar_t *scalar_of_pair(const app_data_t *app_data, const pair_t *pair) {
  for (size_t i = 0; app_data != NULL && i < app_data->length; i++)
    if (identifier_is_clean_of(pair->key, pair->key_length, app_data->scalars[i].key))
      return &app_data->scalars[i];
  return NULL;
}

static void add(app_labels_t *labels, const char *key, size_t key_length, const char *value, size_t value_length) {
  labels->list[labels->length++] =
      (app_label_t){.key = key, .key_length = key_length, .value = value, .value_length = value_length};
}

static void add_own(app_labels_t *labels, const app_data_t *own) {
  for (size_t i = 0; own != NULL && i < own->length; i++)
    add(labels, own->scalars[i].key, strlen(own->scalars[i].key), own->scalars[i].text, strlen(own->scalars[i].text));
}

static void add_inherited(app_labels_t *labels, const app_data_t *own, const store_row_t *row) {
  const char *plugin_instance = row->plugin_instance;
  pair_t pair;
  for (size_t i = 0; i < PAIRS_MAX && identifier_next(&plugin_instance, &pair); i++) {
    if (scalar_of_pair(own, &pair) != NULL)
      continue;
    const app_data_scalar_t *exact = scalar_of_pair(facts_inherited(row->facts), &pair);
    const char *value = exact != NULL ? exact->text : pair.value;
    add(labels, pair.key, pair.key_length, value, exact != NULL ? strlen(exact->text) : pair.value_length);
  }
}

/* --- all of them --- */

/* Every series of a row repeats its labels, some twenty times. */
static void append_as_many_as_fit(buffer_t *text, const app_labels_t *labels) {
  size_t begin = text->length, left_out = 0;
  for (size_t i = 0; i < labels->length; i++) {
    const app_label_t *label = &labels->list[i];
    if (text->length - begin + strlen(label->name) + label->value_length <= APP_LABELS_MAX_BYTES)
      label_append(text, label->name, label->value, label->value_length);
    else
      left_out++;
  }
  char count[24];
  int length = snprintf(count, sizeof(count), "%zu", left_out);
  if (left_out > 0)
    label_append(text, LABEL_LEFT_OUT, count, (size_t)length);
}

static void append_all(buffer_t *text, app_labels_t *labels) {
  if (labels->length == 0)
    return;
  if (!write_names(labels)) {
    buffer_fail(text, STATUS_NO_MEMORY);
    return;
  }
  make_unique(labels);
  append_as_many_as_fit(text, labels);
  free(labels->names);
}

/* The facts of a rank are those of a stream. */
static bool is_rank(const class_t *class) {
  return class_id(class) == CLASS_WORST_PRODUCERS || class_id(class) == CLASS_WORST_CONSUMERS;
}

void app_labels_append(buffer_t *text, const store_row_t *row) {
  const app_data_t *own = is_rank(row->class) ? NULL : facts_app_data(row->facts);
  size_t most = (own != NULL ? own->length : 0) + PAIRS_MAX;
  app_labels_t labels = {.list = malloc(most * sizeof(*labels.list))};
  if (labels.list == NULL) {
    buffer_fail(text, STATUS_NO_MEMORY);
    return;
  }
  add_own(&labels, own);
  add_inherited(&labels, own, row);
  append_all(text, &labels);
  free(labels.list);
}
