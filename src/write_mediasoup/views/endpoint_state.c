/* SPDX-License-Identifier: MIT */
#include "endpoint_state.h"

#include "common/identifier.h"
#include "common/number.h"

#include <stdlib.h>
#include <string.h>

/* The number of the process where the endpoint is a glob of sockets; else -1. */
static int process_of(const store_row_t *row) {
  pair_t pair;
  return identifier_find(row->type_instance, IDENTIFIER_PROCESS, &pair) ? atoi(pair.value) : -1;
}

endpoint_state_t endpoint_state(const store_row_t *row, double now) {
  return (endpoint_state_t){.row = row,
                            .name = row->plugin_instance,
                            .process = process_of(row),
                            .age = now - row->received,
                            .is_stale = !store_is_current(row, now),
                            .is_up = row->values[class_derived_field(row->class, DERIVED_UP)].gauge == 1};
}

void endpoint_state_append_name(const endpoint_state_t *endpoint, buffer_t *text) {
  buffer_append_text(text, "\"");
  buffer_append_text(text, endpoint->name);
  buffer_append_text(text, "\"");
  if (endpoint->process >= 0) {
    buffer_append_text(text, ", process ");
    number_append_whole(text, endpoint->process);
  }
  buffer_append_text(text, " on ");
  buffer_append_text(text, endpoint->row->host);
}

static bool is_same_endpoint(const store_row_t *left, const store_row_t *right) {
  return strcmp(left->host, right->host) == 0 && strcmp(left->plugin_instance, right->plugin_instance) == 0;
}

static int compare(const void *left, const void *right) {
  const store_row_t *const *a = left, *const *b = right;
  int order = strcmp((*a)->host, (*b)->host);
  if (order == 0)
    order = strcmp((*a)->plugin_instance, (*b)->plugin_instance);
  return order != 0 ? order : process_of(*a) - process_of(*b);
}

/* Where the rows of the endpoint end that begin at `begin`, and whether any of them is current. */
static size_t end_of_endpoint(const store_row_t *const *rows, size_t length, size_t begin, double now, bool *current) {
  size_t end = begin;
  for (*current = false; end < length && is_same_endpoint(rows[end], rows[begin]); end++)
    *current = *current || store_is_current(rows[end], now);
  return end;
}

size_t endpoint_state_choose(const store_row_t **rows, size_t length, double now) {
  size_t chosen = 0;
  bool current;
  if (length > 1)
    qsort(rows, length, sizeof(*rows), compare);
  for (size_t begin = 0, end; begin < length; begin = end) {
    end = end_of_endpoint(rows, length, begin, now, &current);
    for (size_t i = begin; i < end; i++) {
      const store_row_t *row = rows[i];
      if (current && !store_is_current(row, now))
        continue;
      rows[i] = rows[chosen];
      rows[chosen++] = row;
    }
  }
  return chosen;
}
