/* SPDX-License-Identifier: MIT */
#include "receive.h"

#include "common/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_tree.h>

/* A value list has an array or an object in it, and nothing below. yajl frees its trees by recursion: deep nesting is
 * kept away from it. */
enum { DEPTH_MAX = 8 };

/* A row whose time is far ahead would be the newest for as long, and never go. */
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

/* --- one value list --- */

typedef struct {
  sample_t sample;
  store_value_t values[FIELDS_MAX];
  yajl_val meta; /* or NULL */
} received_t;

static MUST_CHECK status_t read_value(const field_t *field, yajl_val value, store_value_t *read, failure_t *failure) {
  double number = YAJL_IS_NUMBER(value) ? strtod(YAJL_GET_NUMBER(value), NULL) : NAN;
  if (field->kind == KIND_GAUGE && (YAJL_IS_NULL(value) || YAJL_IS_NUMBER(value))) {
    read->gauge = number;
    return STATUS_OK;
  }
  if (!(number >= 0 && number < 9.2e18))
    return failure_set(failure, STATUS_PROTOCOL, "the value of %s is not a number", field->name);
  read->counter = YAJL_IS_INTEGER(value) ? YAJL_GET_INTEGER(value) : (int64_t)number;
  return STATUS_OK;
}

static MUST_CHECK status_t read_values(yajl_val list, const class_t *class, store_value_t *values, failure_t *failure) {
  yajl_val numbers = member(list, "values", yajl_t_array), names = member(list, "dsnames", yajl_t_array);
  if (numbers == NULL || names == NULL || numbers->u.array.len != class->fields_length ||
      names->u.array.len != class->fields_length)
    return failure_set(failure, STATUS_PROTOCOL,
                       "%s has not the %zu values that it has here: are both plugins of one "
                       "version?",
                       class->name, class->fields_length);
  for (size_t i = 0; i < class->fields_length; i++) {
    const char *name = YAJL_GET_STRING(names->u.array.values[i]);
    if (name == NULL || strcmp(name, class->fields[i].name) != 0)
      return failure_set(failure, STATUS_PROTOCOL, "%s has another data source where %s is here", class->name,
                         class->fields[i].name);
    status_t status = read_value(&class->fields[i], numbers->u.array.values[i], &values[i], failure);
    if (status != STATUS_OK)
      return status;
  }
  return STATUS_OK;
}

/* `received->sample.class` is NULL for a value list that is not ours. */
static MUST_CHECK status_t read_list(yajl_val list, double now, received_t *received, failure_t *failure) {
  const char *type = text(list, "type");
  yajl_val time = member(list, "time", yajl_t_number), interval = member(list, "interval", yajl_t_number);
  *received = (received_t){0};
  if (!YAJL_IS_OBJECT(list))
    return failure_set(failure, STATUS_PROTOCOL, "it is not an object");
  const class_t *class = class_by_name(type, strlen(type));
  if (strcmp(text(list, "plugin"), "mediasoup") != 0 || class == NULL)
    return STATUS_OK;
  if (time == NULL || interval == NULL || text(list, "host")[0] == '\0')
    return failure_set(failure, STATUS_PROTOCOL, "time, interval or host is missing");
  double seconds = strtod(YAJL_GET_NUMBER(time), NULL), length = strtod(YAJL_GET_NUMBER(interval), NULL);
  if (!(length > 0 && length <= INTERVAL_MAX) || !(seconds >= 0 && seconds <= now + SECONDS_AHEAD))
    return failure_set(failure, STATUS_PROTOCOL,
                       "its time is more than %d seconds ahead, or its interval is none: do both hosts' clocks agree?",
                       SECONDS_AHEAD);
  status_t status = read_values(list, class, received->values, failure);
  if (status != STATUS_OK)
    return status;
  received->meta = member(list, "meta", yajl_t_object);
  received->sample = (sample_t){.class = class,
                                .host = text(list, "host"),
                                .plugin_instance = text(list, "plugin_instance"),
                                .type_instance = text(list, "type_instance"),
                                .time = seconds,
                                .interval = length};
  return STATUS_OK;
}

static MUST_CHECK status_t add_fact(facts_t *facts, const char *key, yajl_val value) {
  if (YAJL_IS_STRING(value))
    return facts_add(facts, key, FACT_TEXT, YAJL_GET_STRING(value));
  if (YAJL_IS_NUMBER(value))
    return facts_add(facts, key, FACT_JSON, YAJL_GET_NUMBER(value));
  if (YAJL_IS_TRUE(value) || YAJL_IS_FALSE(value))
    return facts_add(facts, key, FACT_JSON, YAJL_IS_TRUE(value) ? "true" : "false");
  return STATUS_OK;
}

/* NULL where there is no metadata, or no memory for it. */
static facts_t *facts_of(const sample_t *sample, yajl_val meta) {
  facts_t *facts = meta != NULL && meta->u.object.len > 0 ? facts_new() : NULL;
  status_t status = facts != NULL ? STATUS_OK : STATUS_NO_MEMORY;
  for (size_t i = 0; status == STATUS_OK && i < meta->u.object.len; i++)
    status = add_fact(facts, meta->u.object.keys[i], meta->u.object.values[i]);
  if (status == STATUS_OK)
    status = facts_add_summary(facts, sample->class, sample->plugin_instance, sample->type_instance);
  if (status == STATUS_OK && facts_finish(facts) == STATUS_OK)
    return facts;
  facts_release(facts);
  return NULL;
}

/* --- all of them --- */

static MUST_CHECK status_t read_all(yajl_val lists, double now, received_t *received, failure_t *failure) {
  for (size_t i = 0; i < lists->u.array.len; i++) {
    failure_t cause = {0};
    status_t status = read_list(lists->u.array.values[i], now, &received[i], &cause);
    if (status != STATUS_OK)
      return failure_set(failure, status, "value list %zu: %s", i + 1, cause.cause);
  }
  return STATUS_OK;
}

static MUST_CHECK status_t receive_lists(store_t *store, yajl_val lists, double now, size_t *taken,
                                         failure_t *failure) {
  if (!YAJL_IS_ARRAY(lists))
    return failure_set(failure, STATUS_PROTOCOL, "the body is not an array of value lists, as write_http posts them");
  received_t *received = calloc(lists->u.array.len + 1, sizeof(*received));
  if (received == NULL)
    return failure_no_memory(failure);
  status_t status = read_all(lists, now, received, failure);
  for (size_t i = 0; status == STATUS_OK && i < lists->u.array.len; i++) {
    if (received[i].sample.class == NULL)
      continue;
    received[i].sample.values = received[i].values;
    store_write(store, &received[i].sample, facts_of(&received[i].sample, received[i].meta));
    (*taken)++;
  }
  free(received);
  return status;
}

status_t receive(store_t *store, const char *json, size_t length, double now, size_t *taken, failure_t *failure) {
  char reason[256] = "";
  *taken = 0;
  if (strlen(json) != length || is_too_deep(json))
    return failure_set(failure, STATUS_SYNTAX, "the body is not JSON, or nested deeper than %d levels", DEPTH_MAX);
  yajl_val lists = yajl_tree_parse(json, reason, sizeof(reason));
  if (lists == NULL)
    return failure_set(failure, STATUS_SYNTAX, "the body is not JSON: %.*s", (int)strcspn(reason, "\n"), reason);
  status_t status = receive_lists(store, lists, now, taken, failure);
  yajl_tree_free(lists);
  return status;
}
