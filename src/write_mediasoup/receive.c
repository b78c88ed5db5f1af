/* SPDX-License-Identifier: MIT */
#include "receive.h"

#include "common/limits.h"
#include "write_mediasoup/store/facts_from_name.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_tree.h>

/* A value list holds an array or an object, and nothing below that. yajl frees its trees by recursion, so deeper
 * nesting is kept away from it. */
enum { DEPTH_MAX = 8 };

/* A row with a time far ahead would be the newest until then, and would never be out of date. */
enum { INTERVAL_MAX = 86400, SECONDS_AHEAD = 60 };

static bool is_too_deep(const char *json) {
  int depth = 0;
  for (const char *at = json; *at != '\0'; at++) {
    if (*at == '"')
      for (at++; *at != '\0' && *at != '"'; at++)
        at += *at == '\\' && at[1] != '\0' ? 1 : 0;
    depth += *at == '[' || *at == '{' ? 1 : *at == ']' || *at == '}' ? -1 : 0;
    if (depth > DEPTH_MAX)
      return true;
    if (*at == '\0')
      break;
  }
  return false;
}

/* --- members --- */

static yajl_val member(yajl_val list, const char *key, yajl_type type) {
  return yajl_tree_get(list, (const char *[]){key, NULL}, type);
}

/* "" where it is missing. */
static const char *text(yajl_val list, const char *key) {
  yajl_val value = member(list, key, yajl_t_string);
  return value != NULL ? YAJL_GET_STRING(value) : "";
}

/* NaN where it is missing. */
static double number(yajl_val list, const char *key) {
  yajl_val value = member(list, key, yajl_t_number);
  return value != NULL ? strtod(YAJL_GET_NUMBER(value), NULL) : NAN;
}

/* --- values --- */

static MUST_CHECK status_t read_value(const field_t *field, yajl_val value, store_value_t *read, failure_t *failure) {
  double figure = YAJL_IS_NUMBER(value) ? strtod(YAJL_GET_NUMBER(value), NULL) : NAN;
  if (field->kind == KIND_GAUGE && (YAJL_IS_NULL(value) || YAJL_IS_NUMBER(value))) {
    read->gauge = figure;
    return STATUS_OK;
  }
  if (!(figure >= 0 && figure < 9.2e18))
    return failure_set(failure, STATUS_PROTOCOL, "the value of %s is not a number", field->name);
  read->counter = YAJL_IS_INTEGER(value) ? YAJL_GET_INTEGER(value) : (int64_t)figure;
  return STATUS_OK;
}

static MUST_CHECK status_t read_values(yajl_val list, const class_t *class, store_value_t *values, failure_t *failure) {
  yajl_val numbers = member(list, "values", yajl_t_array), names = member(list, "dsnames", yajl_t_array);
  if (numbers == NULL || names == NULL || numbers->u.array.len != class->fields_length ||
      names->u.array.len != class->fields_length)
    return failure_set(failure, STATUS_PROTOCOL,
                       "%s: expected %zu values; does the sender run the same plugin version?", class->name,
                       class->fields_length);
  status_t status = STATUS_OK;
  for (size_t i = 0; i < class->fields_length && status == STATUS_OK; i++) {
    const char *name = YAJL_GET_STRING(names->u.array.values[i]);
    if (name == NULL || strcmp(name, class->fields[i].name) != 0)
      return failure_set(failure, STATUS_PROTOCOL,
                         "%s: expected %s as data source %zu; does the sender run the same plugin version?",
                         class->name, class->fields[i].name, i + 1);
    status = read_value(&class->fields[i], numbers->u.array.values[i], &values[i], failure);
  }
  return status;
}

/* --- metadata --- */

static void add_fact(facts_t *facts, const char *key, yajl_val value) {
  if (YAJL_IS_STRING(value))
    facts_add(facts, key, FACT_TEXT, YAJL_GET_STRING(value));
  else if (YAJL_IS_NUMBER(value))
    facts_add(facts, key, FACT_JSON, YAJL_GET_NUMBER(value));
  else if (YAJL_IS_TRUE(value) || YAJL_IS_FALSE(value))
    facts_add(facts, key, FACT_JSON, YAJL_IS_TRUE(value) ? "true" : "false");
}

/* NULL where there is no metadata, or no memory for it. */
static facts_t *facts_of(const store_row_t *row, yajl_val list) {
  yajl_val meta = member(list, "meta", yajl_t_object);
  if (meta == NULL || meta->u.object.len == 0)
    return NULL;
  facts_t *facts = facts_new();
  for (size_t i = 0; i < meta->u.object.len; i++)
    add_fact(facts, meta->u.object.keys[i], meta->u.object.values[i]);
  facts_add_summary(facts, row->class, row->plugin_instance, row->type_instance);
  return facts_finish(facts);
}

/* --- one value list --- */

/* NULL where the value list is of another plugin. */
static const class_t *class_of(yajl_val list) {
  const char *type = text(list, "type");
  return strcmp(text(list, "plugin"), "mediasoup") == 0 ? class_by_name(type, strlen(type)) : NULL;
}

static MUST_CHECK status_t check_times(double time, double interval, double now, failure_t *failure) {
  if (!(time >= 0 && time <= now + SECONDS_AHEAD))
    return failure_set(failure, STATUS_PROTOCOL,
                       "its time is more than %d seconds ahead of this host's clock; synchronize both hosts' clocks",
                       SECONDS_AHEAD);
  if (!(interval > 0 && interval <= INTERVAL_MAX))
    return failure_set(failure, STATUS_PROTOCOL, "its interval is not between 0 and %d seconds", INTERVAL_MAX);
  return STATUS_OK;
}

static MUST_CHECK status_t read_row(yajl_val list, const class_t *class, double now, store_row_t **row,
                                    failure_t *failure) {
  const char *host = text(list, "host");
  double time = number(list, "time"), interval = number(list, "interval");
  if (isnan(time) || isnan(interval) || host[0] == '\0')
    return failure_set(failure, STATUS_PROTOCOL, "time, interval or host is missing");
  status_t status = check_times(time, interval, now, failure);
  if (status != STATUS_OK)
    return status;
  *row = store_row_new(class, host, text(list, "plugin_instance"), text(list, "type_instance"));
  if (*row == NULL)
    return failure_no_memory(failure);
  (*row)->time = time;
  (*row)->interval = interval;
  (*row)->facts = facts_of(*row, list);
  return read_values(list, class, (*row)->values, failure);
}

/* --- all of them --- */

/* `rows` has a place for each value list, which stays NULL for those of other plugins. */
static MUST_CHECK status_t read_all(yajl_val lists, double now, store_row_t **rows, failure_t *failure) {
  for (size_t i = 0; i < lists->u.array.len; i++) {
    failure_t cause = {0};
    yajl_val list = lists->u.array.values[i];
    const class_t *class = class_of(list);
    status_t status = STATUS_OK;
    if (!YAJL_IS_OBJECT(list))
      status = failure_set(&cause, STATUS_PROTOCOL, "it is not an object");
    else if (class != NULL)
      status = read_row(list, class, now, &rows[i], &cause);
    if (status != STATUS_OK)
      return failure_set(failure, status, "value list %zu: %s", i + 1, cause.cause);
  }
  return STATUS_OK;
}

static MUST_CHECK status_t receive_lists(store_t *store, yajl_val lists, double now, size_t *taken,
                                         failure_t *failure) {
  if (!YAJL_IS_ARRAY(lists))
    return failure_set(failure, STATUS_PROTOCOL,
                       "the body is not an array of value lists; set Format \"JSON\" in write_http");
  store_row_t **rows = calloc(lists->u.array.len + 1, sizeof(store_row_t *));
  if (rows == NULL)
    return failure_no_memory(failure);
  status_t status = read_all(lists, now, rows, failure);
  for (size_t i = 0; i < lists->u.array.len; i++) {
    if (status != STATUS_OK) {
      store_row_release(rows[i]);
      continue;
    }
    *taken += rows[i] != NULL ? 1 : 0;
    store_write(store, rows[i]);
  }
  free(rows);
  return status;
}

status_t receive(store_t *store, const char *json, size_t length, double now, size_t *taken, failure_t *failure) {
  char reason[256] = "";
  *taken = 0;
  if (strlen(json) != length)
    return failure_set(failure, STATUS_SYNTAX, "the body is not JSON: it contains a NUL byte");
  if (is_too_deep(json))
    return failure_set(failure, STATUS_SYNTAX, "the body is nested deeper than %d levels", DEPTH_MAX);
  yajl_val lists = yajl_tree_parse(json, reason, sizeof(reason));
  if (lists == NULL)
    return failure_set(failure, STATUS_SYNTAX, "the body is not JSON: %.*s", (int)strcspn(reason, "\n"), reason);
  status_t status = receive_lists(store, lists, now, taken, failure);
  yajl_tree_free(lists);
  return status;
}
