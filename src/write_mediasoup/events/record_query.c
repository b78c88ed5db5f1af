/* SPDX-License-Identifier: MIT */
#include "record_query.h"

#include <string.h>

/* Numbers of records come from a clock, and JavaScript counts as far. */
static const size_t since_most = 9000000000000000;

/* --- parameters --- */

static bool is_kind(const void *of, const char *key, record_kind_t kind) {
  const record_type_t *type = of;
  int member = record_member(type, key);
  return member >= 0 && type->members[member].kind == kind;
}

static int find_number(const void *of, const char *key) {
  return is_kind(of, key, RECORD_NUMBER) ? record_member(of, key) : -1;
}

static bool is_text(const void *of, const char *key) { return is_kind(of, key, RECORD_TEXT); }

static bool is_shown_only(const void *of, const char *key) {
  (void)of;
  (void)key;
  return false;
}

static MUST_CHECK status_t add_since(record_query_t *query, const char *value, failure_t *failure) {
  if (query->has_since)
    return failure_set(failure, STATUS_QUERY, "since is given more than once");
  query->has_since = true;
  return query_read_number("since", value, 0, since_most, &query->since, failure);
}

/* `since` is the parameter, also where records have a member of this name. */
status_t record_query_add(record_query_t *query, const record_type_t *type, const char *key, const char *value,
                          failure_t *failure) {
  const row_keys_t keys = {
      .name = type->name, .find_number = find_number, .is_text = is_text, .is_shown_only = is_shown_only, .of = type};
  if (strcmp(key, "since") == 0)
    return add_since(query, value, failure);
  return query_add_for(&query->query, &keys, key, value, failure);
}

/* --- the list --- */

static bool matches(const record_t *record, const filter_t *filter) {
  if (filter->field >= 0)
    return filter_takes_number(filter, record->values[filter->field].number);
  return filter_takes_text(filter, record->values[record_member(record->type, filter->key)].text);
}

static bool matches_all(const record_query_t *query, const record_t *record) {
  if (record->values[0].number <= (double)query->since)
    return false;
  for (size_t i = 0; i < query->query.filters_length; i++)
    if (!matches(record, &query->query.filters[i]))
      return false;
  return true;
}

record_t **record_query_select(const record_query_t *query, record_t **records, size_t *length) {
  size_t chosen = 0;
  for (size_t i = 0; i < *length; i++) {
    record_t *record = records[i];
    if (!matches_all(query, record))
      continue;
    records[i] = records[chosen];
    records[chosen++] = record;
  }
  *length = chosen;
  return records + query_range(&query->query, length);
}
