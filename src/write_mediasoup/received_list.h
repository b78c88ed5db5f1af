/* SPDX-License-Identifier: MIT */
/*
 * A value list of another host while its JSON is read: what it said so far, in bounded memory, and the row that it
 * becomes at its end. Members may come in any order.
 */
#ifndef COLLECTD_MEDIASOUP_RECEIVED_LIST_H
#define COLLECTD_MEDIASOUP_RECEIVED_LIST_H

#include "common/limits.h"
#include "write_mediasoup/store/row.h"

enum { DATA_SOURCE_MAX = 63 };

typedef enum {
  SCALAR_NULL,
  SCALAR_NUMBER,
  SCALAR_TEXT,
  SCALAR_TRUTH,
  SCALAR_NONE /* an object or an array */
} scalar_type_t;

/* A JSON value. The text of a number or a truth is its JSON text; lent. */
typedef struct {
  scalar_type_t type;
  const char *text;
} scalar_t;

typedef enum { LIST_HOST, LIST_PLUGIN, LIST_PLUGIN_INSTANCE, LIST_TYPE, LIST_TYPE_INSTANCE, LIST_TEXTS } list_text_t;

typedef struct {
  scalar_type_t type;
  double number; /* NaN where it is none */
  int64_t whole; /* exact, where `is_whole` */
  bool is_whole;
} figure_t;

/* Zero-initialise; received_list_clear() before the next one. */
typedef struct {
  char texts[LIST_TEXTS][IDENTIFIER_MAX + 1];
  bool has_plugin;
  bool is_too_long; /* one of the texts did not fit */
  double time, interval;
  bool has_time, has_interval;
  figure_t values[FIELDS_MAX];
  size_t values_length; /* how many there were, even beyond FIELDS_MAX */
  char names[FIELDS_MAX][DATA_SOURCE_MAX + 1];
  size_t names_length;
  facts_t *facts;
  size_t facts_length;
} received_list_t;

/* Frees what it holds and makes it empty. */
void received_list_clear(received_list_t *list);

/* A member of the value list itself, an element of `values` or `dsnames`, and a member of `meta`. */
void received_list_set(received_list_t *list, const char *key, scalar_t value);
void received_list_add_value(received_list_t *list, scalar_t value);
void received_list_add_name(received_list_t *list, scalar_t value);
void received_list_add_meta(received_list_t *list, const char *key, scalar_t value);

/* The row that the value list is, for the caller to release; NULL for that of another plugin. `now` is in epoch
 * seconds. STATUS_PROTOCOL says what is wrong with it; STATUS_NO_MEMORY. */
MUST_CHECK status_t received_list_row(received_list_t *list, double now, store_row_t **row, failure_t *failure);

#endif
