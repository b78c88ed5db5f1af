/* SPDX-License-Identifier: MIT */
#include "query.h"

#include "comma_list.h"
#include "common/identifier.h"
#include "common/number.h"
#include "keys.h"
#include "maps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const number_keys[NUMBERS] = {
    [NUMBER_LIMIT] = "limit", [NUMBER_OFFSET] = "offset", [NUMBER_WORST] = "worst"};
static const char app_data_prefix[] = FACT_APP_DATA ".", host_key[] = "host";

/* --- parameters --- */

static bool is_filter_key(const row_keys_t *keys, const char *key) {
  return keys->find_number(keys->of, key) >= 0 || keys->is_text(keys->of, key);
}

status_t query_read_number(const char *key, const char *value, size_t least, size_t most, size_t *number,
                           failure_t *failure) {
  char *end = NULL;
  unsigned long read = value[0] >= '0' && value[0] <= '9' ? strtoul(value, &end, 10) : 0;
  if (end == NULL || *end != '\0' || read < least || read > most)
    return failure_set(failure, STATUS_QUERY, "%s takes a whole number from %zu to %zu, not \"%.40s\"", key, least,
                       most, value);
  *number = read;
  return STATUS_OK;
}

static bool is_field(const row_keys_t *keys, const char *item, size_t length) {
  char key[KEY_MAX_BYTES];
  if (length >= sizeof(key))
    return false;
  (void)snprintf(key, sizeof(key), "%.*s", (int)length, item);
  return is_filter_key(keys, key) || keys->is_shown_only(keys->of, key);
}

static MUST_CHECK status_t read_fields(query_t *query, const row_keys_t *keys, const char *value, failure_t *failure) {
  const char *item;
  size_t length;
  status_t status = STATUS_OK;
  while (status == STATUS_OK && comma_list_next(&value, &item, &length)) {
    if (!field_set_has(&query->fields, item, length) && !is_field(keys, item, length))
      return failure_set(failure, STATUS_QUERY, "fields: /%s has no field \"%.*s\"", keys->name,
                         length < 60 ? (int)length : 60, item);
    status = field_set_add(&query->fields, item, length, failure);
  }
  return status;
}

static MUST_CHECK status_t read_worst(query_t *query, const row_keys_t *keys, const char *value, failure_t *failure) {
  if (!keys->has_worst)
    return failure_set(failure, STATUS_QUERY, "worst: /%s has no score; /producers and /consumers have one",
                       keys->name);
  return query_read_number("worst", value, 1, QUERY_NUMBER_MAX, &query->worst, failure);
}

static MUST_CHECK status_t add_filter(query_t *query, const row_keys_t *keys, const char *key, const char *value,
                                      failure_t *failure) {
  char *end;
  bool is_app_data = keys->has_app_data && strncmp(key, app_data_prefix, sizeof(app_data_prefix) - 1) == 0;
  if (!is_app_data && !is_filter_key(keys, key))
    return failure_set(failure, STATUS_QUERY,
                       "/%s has no parameter \"%.60s\"; there are limit, offset, worst, fields, %sand the names of the "
                       "fields in its rows",
                       keys->name, key, keys->has_app_data ? "appData.KEY, " : "");
  if (query->filters_length == QUERY_MAX_FILTERS)
    return failure_set(failure, STATUS_QUERY, "there are more than %d filters; leave out \"%.60s\" or another one",
                       QUERY_MAX_FILTERS, key);
  double number = number_read(value, &end);
  query->filters[query->filters_length++] = (filter_t){.key = key + (is_app_data ? sizeof(app_data_prefix) - 1 : 0),
                                                       .value = value,
                                                       .is_app_data = is_app_data,
                                                       .field = is_app_data ? -1 : keys->find_number(keys->of, key),
                                                       .number = value[0] != '\0' && *end == '\0' ? number : NAN};
  return STATUS_OK;
}

/* Two numbers for one thing cannot both hold. */
static MUST_CHECK status_t add_number(query_t *query, const row_keys_t *keys, number_id_t id, const char *value,
                                      failure_t *failure) {
  const char *key = number_keys[id];
  if (query->is_given[id])
    return failure_set(failure, STATUS_QUERY, "%s is given more than once", key);
  query->is_given[id] = true;
  return id == NUMBER_LIMIT    ? query_read_number(key, value, 1, QUERY_NUMBER_MAX, &query->limit, failure)
         : id == NUMBER_OFFSET ? query_read_number(key, value, 0, QUERY_NUMBER_MAX, &query->offset, failure)
                               : read_worst(query, keys, value, failure);
}

status_t query_add_for(query_t *query, const row_keys_t *keys, const char *key, const char *value, failure_t *failure) {
  for (size_t id = 0; id < NUMBERS; id++)
    if (strcmp(key, number_keys[id]) == 0)
      return add_number(query, keys, (number_id_t)id, value, failure);
  if (strcmp(key, "fields") == 0)
    return read_fields(query, keys, value, failure);
  return add_filter(query, keys, key, value, failure);
}

/* --- the keys of a class --- */

static int find_field(const void *of, const char *key) { return key_find_field(of, key); }

static bool is_text(const void *of, const char *key) { return key_is_fact(of, key) || strcmp(key, host_key) == 0; }

static bool is_shown_only(const void *of, const char *key) {
  return strcmp(key, "timestamp") == 0 || strcmp(key, "age") == 0 || maps_have(of, key);
}

status_t query_add(query_t *query, const class_t *class, const char *key, const char *value, failure_t *failure) {
  const row_keys_t keys = {.name = class->name,
                           .find_number = find_field,
                           .is_text = is_text,
                           .is_shown_only = is_shown_only,
                           .of = class,
                           .has_app_data = true,
                           .has_worst = key_find_field(class, "score") >= 0};
  return query_add_for(query, &keys, key, value, failure);
}

/* --- rows --- */

/* The exact text under a key of appData, of the row's own or inherited; or NULL. */
static const char *exact_value(const store_row_t *row, const char *key) {
  const char *own = app_data_find(facts_app_data(row->facts), key);
  return own != NULL ? own : app_data_find(facts_inherited(row->facts), key);
}

static bool is_value(const pair_t *pair, const char *text) {
  return strlen(text) == pair->value_length && memcmp(pair->value, text, pair->value_length) == 0;
}

/* Metadata has the exact text. What labels and alerts have stands in plugin_instance, which is all that a row without
 * metadata has. */
static bool app_data_matches(const store_row_t *row, const filter_t *filter) {
  const char *exact = exact_value(row, filter->key);
  pair_t pair;
  if (exact != NULL && strcmp(exact, filter->value) == 0)
    return true;
  if (!identifier_find(row->plugin_instance, filter->key, &pair))
    return false;
  return exact != NULL ? is_value(&pair, filter->value)
                       : identifier_is_of(pair.value, pair.value_length, filter->value);
}

bool filter_takes_number(const filter_t *filter, double number) { return number == filter->number; }

bool filter_takes_text(const filter_t *filter, const char *text) {
  return text != NULL && strcmp(text, filter->value) == 0;
}

static bool matches(const store_row_t *row, const filter_t *filter) {
  if (filter->is_app_data)
    return app_data_matches(row, filter);
  if (filter->field >= 0) {
    const store_value_t *value = &row->values[filter->field];
    bool is_counter = row->class->fields[filter->field].kind == KIND_COUNTER;
    return filter_takes_number(filter, is_counter ? (double)value->counter : value->gauge);
  }
  return filter_takes_text(filter,
                           strcmp(filter->key, host_key) == 0 ? row->host : facts_find_text(row->facts, filter->key));
}

static bool has_id(const store_row_t *row, const char *id) {
  const char *own = row->class->id != NULL ? facts_find_text(row->facts, row->class->id) : NULL;
  return own != NULL && strcmp(own, id) == 0;
}

bool query_matches(const query_t *query, const store_row_t *row) {
  if (query->id != NULL && !has_id(row, query->id))
    return false;
  for (size_t i = 0; i < query->filters_length; i++)
    if (!matches(row, &query->filters[i]))
      return false;
  return true;
}

static bool matches_query(const void *context, const store_row_t *row) { return query_matches(context, row); }

/* The id of the one object that can match, or NULL. The store finds it without a look at the others. */
static const char *only_id(const query_t *query, const class_t *class) {
  const char *id = query->id;
  for (size_t i = 0; id == NULL && class->id != NULL && i < query->filters_length; i++)
    if (!query->filters[i].is_app_data && strcmp(query->filters[i].key, class->id) == 0)
      id = query->filters[i].value;
  return id;
}

selection_t query_selection(const query_t *query, const class_t *class) {
  bool wants_all = query->id == NULL && query->filters_length == 0;
  return wants_all ? (selection_t){0}
                   : (selection_t){.id = only_id(query, class), .matches = matches_query, .context = query};
}

bool query_wants(const query_t *query, const char *key) { return field_set_wants(&query->fields, key); }

/* --- the list as a whole --- */

static double gauge(const store_row_t *row, const char *name, double unknown) {
  int field = class_field(row->class, name);
  return field >= 0 && !isnan(row->values[field].gauge) ? row->values[field].gauge : unknown;
}

/* mediasoup's fraction_lost is in 1/256. The worst streams of the summaries have a ratio instead. */
static double loss_of(const store_row_t *row) { return gauge(row, "fraction_lost", gauge(row, "loss_ratio", 0) * 256); }

/* Of a row that came without metadata nobody knows: it is taken for one that flows. */
static bool is_flowing(const store_row_t *row) {
  const char *state = facts_find_text(row->facts, "state");
  return state == NULL || strcmp(state, "flowing") == 0;
}

/* Lowest score first, then highest loss. A stream that does not flow has a score of 0 and is not bad: it comes last. */
static int compare_badness(const void *left, const void *right) {
  const store_row_t *a = *(const store_row_t *const *)left, *b = *(const store_row_t *const *)right;
  bool flowing_a = is_flowing(a), flowing_b = is_flowing(b);
  if (flowing_a != flowing_b)
    return flowing_a ? -1 : 1;
  double score_a = gauge(a, "score", 10), score_b = gauge(b, "score", 10);
  if (score_a != score_b)
    return score_a < score_b ? -1 : 1;
  double loss_a = loss_of(a), loss_b = loss_of(b);
  if (loss_a != loss_b)
    return loss_a > loss_b ? -1 : 1;
  return strcmp(a->type_instance, b->type_instance);
}

size_t query_range(const query_t *query, size_t *length) {
  if (query->worst > 0 && *length > query->worst)
    *length = query->worst;
  size_t skipped = query->offset < *length ? query->offset : *length;
  *length -= skipped;
  if (query->limit > 0 && *length > query->limit)
    *length = query->limit;
  return skipped;
}

const store_row_t **query_select(const query_t *query, const store_row_t **rows, size_t *length) {
  if (query->worst > 0)
    qsort(rows, *length, sizeof(const store_row_t *), compare_badness);
  return rows + query_range(query, length);
}
