#include "query.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char app_data_prefix[] = "appData.";

/* --- parameters --- */

static bool is_known_key(const class_t *class, const char *key) {
  if (strncmp(key, app_data_prefix, sizeof(app_data_prefix) - 1) == 0)
    return true;
  for (size_t i = 0; i < CLASS_COUNT; i++)
    for (size_t j = 0; j < classes[i].attributes_length; j++)
      if (strcmp(classes[i].attributes[j].key, key) == 0)
        return true;
  for (size_t i = 0; i < class->fields_length; i++)
    if (class->fields[i].key != NULL && strcmp(class->fields[i].key, key) == 0)
      return true;
  return strcmp(key, "host") == 0;
}

static MUST_CHECK status_t read_number(const char *key, const char *value, size_t *number, failure_t *failure) {
  char *end;
  unsigned long read = value[0] >= '0' && value[0] <= '9' ? strtoul(value, &end, 10) : 0;
  if (value[0] < '0' || value[0] > '9' || *end != '\0' || read > 1000000000UL)
    return failure_set(failure, STATUS_OPTION, "%s takes a whole number from 0 on, not \"%.40s\"", key, value);
  *number = read;
  return STATUS_OK;
}

status_t query_add(query_t *query, const class_t *class, const char *key, const char *value, failure_t *failure) {
  if (strcmp(key, "limit") == 0)
    return read_number(key, value, &query->limit, failure);
  if (strcmp(key, "offset") == 0)
    return read_number(key, value, &query->offset, failure);
  if (strcmp(key, "worst") == 0)
    return read_number(key, value, &query->worst, failure);
  if (strcmp(key, "fields") == 0) {
    query->fields = value;
    return STATUS_OK;
  }
  if (!is_known_key(class, key))
    return failure_set(failure, STATUS_OPTION,
                       "there is no parameter \"%.60s\"; there are limit, offset, worst, fields, appData.KEY, and the "
                       "names of the view's fields",
                       key);
  if (query->filters_length == QUERY_MAX_FILTERS)
    return failure_set(failure, STATUS_OPTION, "more than %d filters, \"%.60s\" is one too many", QUERY_MAX_FILTERS,
                       key);
  query->filters[query->filters_length++] = (filter_t){.key = key, .value = value};
  return STATUS_OK;
}

/* --- rows --- */

static bool field_matches(const store_row_t *row, const filter_t *filter) {
  char *end;
  double wanted = strtod(filter->value, &end);
  if (filter->value[0] == '\0' || *end != '\0')
    return false;
  for (size_t i = 0; i < row->class->fields_length; i++) {
    const field_t *field = &row->class->fields[i];
    if (field->key != NULL && strcmp(field->key, filter->key) == 0)
      return field->kind == KIND_COUNTER ? (double)row->values[i].counter == wanted : row->values[i].gauge == wanted;
  }
  return false;
}

static bool matches(const store_row_t *row, const filter_t *filter) {
  if (strncmp(filter->key, app_data_prefix, sizeof(app_data_prefix) - 1) == 0) {
    const char *text = app_data_find(facts_app_data(row->facts), filter->key + sizeof(app_data_prefix) - 1);
    return text != NULL && strcmp(text, filter->value) == 0;
  }
  if (strcmp(filter->key, "host") == 0)
    return strcmp(row->host, filter->value) == 0;
  const char *fact = facts_find_text(row->facts, filter->key);
  return fact != NULL ? strcmp(fact, filter->value) == 0 : field_matches(row, filter);
}

bool query_matches(const query_t *query, const store_row_t *row) {
  if (query->id != NULL) {
    const char *id = row->class->id != NULL ? facts_find_text(row->facts, row->class->id) : NULL;
    if (id == NULL || strcmp(id, query->id) != 0)
      return false;
  }
  for (size_t i = 0; i < query->filters_length; i++)
    if (!matches(row, &query->filters[i]))
      return false;
  return true;
}

bool query_wants(const query_t *query, const char *key) {
  if (query->fields == NULL)
    return true;
  size_t length = strlen(key);
  for (const char *at = query->fields; at != NULL; at = strchr(at, ',')) {
    at += *at == ',' ? 1 : 0;
    if (strncmp(at, key, length) == 0 && (at[length] == ',' || at[length] == '\0'))
      return true;
  }
  return false;
}

static double gauge(const store_row_t *row, const char *name, double unknown) {
  for (size_t i = 0; i < row->class->fields_length; i++)
    if (strcmp(row->class->fields[i].name, name) == 0 && !isnan(row->values[i].gauge))
      return row->values[i].gauge;
  return unknown;
}

/* Lowest score first, then highest loss. A paused stream scores 0 and is not bad: it comes last. */
static int compare_badness(const void *left, const void *right) {
  const store_row_t *a = *(const store_row_t *const *)left, *b = *(const store_row_t *const *)right;
  const char *paused_a = facts_find_text(a->facts, "paused"), *paused_b = facts_find_text(b->facts, "paused");
  int quiet_a = paused_a != NULL && strcmp(paused_a, "true") == 0;
  int quiet_b = paused_b != NULL && strcmp(paused_b, "true") == 0;
  if (quiet_a != quiet_b)
    return quiet_a - quiet_b;
  double score_a = gauge(a, "score", 10), score_b = gauge(b, "score", 10);
  if (score_a != score_b)
    return score_a < score_b ? -1 : 1;
  double loss_a = gauge(a, "fraction_lost", 0), loss_b = gauge(b, "fraction_lost", 0);
  return loss_a == loss_b ? 0 : loss_a > loss_b ? -1 : 1;
}

const store_row_t **query_select(const query_t *query, const store_row_t **rows, size_t *length) {
  if (query->worst > 0) {
    qsort(rows, *length, sizeof(const store_row_t *), compare_badness);
    *length = *length < query->worst ? *length : query->worst;
  }
  size_t skipped = query->offset < *length ? query->offset : *length;
  *length -= skipped;
  if (query->limit > 0 && *length > query->limit)
    *length = query->limit;
  return rows + skipped;
}
