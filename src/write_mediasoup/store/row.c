/* SPDX-License-Identifier: MIT */
#include "row.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/heap.h"

#include <stdlib.h>
#include <string.h>

/* --- names --- */

/* Without its texts. */
static row_name_t *new_name(size_t length) {
  row_name_t *name = malloc(sizeof(*name) + length);
  if (name == NULL)
    return NULL;
  atomic_init(&name->references, 1);
  name->length = length;
  return name;
}

row_name_t *row_name_of(const char *texts, size_t length) {
  row_name_t *name = new_name(length);
  if (name != NULL)
    memcpy(name->texts, texts, length);
  return name;
}

row_name_t *row_name_new(const char *host, const char *plugin_instance, const char *type_instance) {
  row_name_t *name = new_name(strlen(host) + strlen(plugin_instance) + strlen(type_instance) + 3);
  if (name == NULL)
    return NULL;
  char *end = stpcpy(name->texts, host);
  end = stpcpy(end + 1, plugin_instance);
  (void)stpcpy(end + 1, type_instance);
  return name;
}

row_name_t *row_name_share(row_name_t *name) {
  atomic_fetch_add(&name->references, 1);
  return name;
}

void row_name_release(row_name_t *name) {
  if (name != NULL && atomic_fetch_sub(&name->references, 1) == 1)
    free(name);
}

/* --- rows --- */

static size_t values_size(const class_t *class) { return class->fields_length * sizeof(store_value_t); }

store_row_t *store_row_new(const class_t *class, const char *host, const char *plugin_instance,
                           const char *type_instance) {
  row_name_t *name = row_name_new(host, plugin_instance, type_instance);
  store_row_t *row = name != NULL ? store_row_new_named(class, name) : NULL;
  row_name_release(name);
  return row;
}

store_row_t *store_row_new_named(const class_t *class, row_name_t *name) {
  store_row_t *row = calloc(1, sizeof(*row) + values_size(class));
  if (row == NULL)
    return NULL;
  atomic_init(&row->references, 1);
  row->class = class;
  store_row_set_name(row, row_name_share(name));
  return row;
}

size_t store_row_size(const store_row_t *row) {
  return heap_block(sizeof(*row) + values_size(row->class)) + heap_block(sizeof(*row->name) + row->name->length) +
         facts_size(row->facts);
}

bool store_row_is_late(const store_row_t *before, const store_row_t *row) {
  return row->time < before->time && !clock_was_set_back(before->time, row->time, row->interval);
}

/* Readers are lent a row that they cannot change. Its count of references is not part of what they see. */
static store_row_t *writable(const store_row_t *row) { return (store_row_t *)(uintptr_t)row; }

const store_row_t *store_row_share(const store_row_t *row) {
  atomic_fetch_add(&writable(row)->references, 1);
  return row;
}

void store_row_release(const store_row_t *row) {
  if (row == NULL || atomic_fetch_sub(&writable(row)->references, 1) > 1)
    return;
  facts_release(row->facts);
  row_name_release(row->name);
  free(writable(row));
}

void store_row_set_name(store_row_t *row, row_name_t *name) {
  row_name_release(row->name);
  row->name = name;
  row->host = name->texts;
  row->plugin_instance = string_after(row->host);
  row->type_instance = string_after(row->plugin_instance);
}

void store_row_copy_values(store_row_t *row, const store_row_t *from) {
  memcpy(row->values, from->values, values_size(row->class));
  row->time = from->time;
  row->received = from->received;
  row->interval = from->interval;
}
