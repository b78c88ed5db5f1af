/* SPDX-License-Identifier: MIT */
#include "received_list.h"

#include "common/number.h"
#include "write_mediasoup/store/facts_from_name.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A row with a time far ahead would be the newest until then. */
enum { INTERVAL_MAX = 86400, SECONDS_AHEAD = 60 };

/* The largest appData of a row comes in some 200 pieces, beside at most some 30 attributes. */
enum { META_MAX = 512 };

static const char *const text_keys[LIST_TEXTS] = {
    [LIST_HOST] = "host",
    [LIST_PLUGIN] = "plugin",
    [LIST_PLUGIN_INSTANCE] = "plugin_instance",
    [LIST_TYPE] = "type",
    [LIST_TYPE_INSTANCE] = "type_instance",
};

/* --- what it says --- */

void received_list_clear(received_list_t *list) {
  facts_release(list->facts);
  *list = (received_list_t){0};
}

static bool is_ours(const received_list_t *list) { return strcmp(list->texts[LIST_PLUGIN], "mediasoup") == 0; }

static void set_text(received_list_t *list, list_text_t text, const char *value) {
  size_t length = strnlen(value, IDENTIFIER_MAX + 1);
  list->has_plugin = list->has_plugin || text == LIST_PLUGIN;
  if (length > IDENTIFIER_MAX) {
    list->is_too_long = true;
    return;
  }
  memcpy(list->texts[text], value, length + 1);
}

static void set_number(const char *key, const char *wanted, scalar_t value, bool *has, double *number) {
  if (strcmp(key, wanted) != 0)
    return;
  *has = value.type == SCALAR_NUMBER;
  *number = *has ? number_read(value.text, NULL) : 0;
}

void received_list_set(received_list_t *list, const char *key, scalar_t value) {
  for (size_t i = 0; i < LIST_TEXTS && value.type == SCALAR_TEXT; i++)
    if (strcmp(key, text_keys[i]) == 0)
      set_text(list, (list_text_t)i, value.text);
  set_number(key, "time", value, &list->has_time, &list->time);
  set_number(key, "interval", value, &list->has_interval, &list->interval);
}

/* 8e3 is whole too, but its digits alone are not its value. */
static figure_t figure_of(scalar_t value) {
  figure_t figure = {.type = value.type, .number = NAN};
  char *end = NULL;
  if (value.type != SCALAR_NUMBER)
    return figure;
  figure.number = number_read(value.text, NULL);
  errno = 0;
  figure.whole = strtoll(value.text, &end, 10);
  figure.is_whole = errno == 0 && *end == '\0';
  if (!figure.is_whole && figure.number == floor(figure.number) && fabs(figure.number) < 9.2e18) {
    figure.whole = (int64_t)figure.number;
    figure.is_whole = true;
  }
  return figure;
}

void received_list_add_value(received_list_t *list, scalar_t value) {
  if (list->values_length < FIELDS_MAX)
    list->values[list->values_length] = figure_of(value);
  list->values_length++;
}

/* A name that does not fit is none of the table's, and neither is an empty one. */
void received_list_add_name(received_list_t *list, scalar_t value) {
  bool fits = value.type == SCALAR_TEXT && strnlen(value.text, DATA_SOURCE_MAX + 1) <= DATA_SOURCE_MAX;
  if (list->names_length < FIELDS_MAX)
    strcpy(list->names[list->names_length], fits ? value.text : "");
  list->names_length++;
}

void received_list_add_meta(received_list_t *list, const char *key, scalar_t value) {
  if (value.type == SCALAR_NULL || value.type == SCALAR_NONE || (list->has_plugin && !is_ours(list)))
    return;
  if (list->facts == NULL && list->facts_length == 0)
    list->facts = facts_new();
  if (list->facts_length++ < META_MAX)
    facts_add(list->facts, key, value.type == SCALAR_TEXT ? FACT_TEXT : FACT_JSON, value.text);
}

/* --- the row --- */

static MUST_CHECK status_t read_value(const field_t *field, const figure_t *figure, store_value_t *read,
                                      failure_t *failure) {
  static const char rates[] = "set StoreRates false in write_http";
  bool is_number = figure->type == SCALAR_NUMBER;
  if (field->kind == KIND_GAUGE && (is_number || figure->type == SCALAR_NULL)) {
    read->gauge = figure->number;
    return STATUS_OK;
  }
  if (figure->type == SCALAR_NULL || (is_number && !figure->is_whole && fabs(figure->number) < 9.2e18))
    return failure_set(failure, STATUS_PROTOCOL, "the value of %s is a rate and not a count; %s", field->name, rates);
  if (!is_number || !figure->is_whole || figure->whole < 0)
    return failure_set(failure, STATUS_PROTOCOL, "the value of %s is not a count", field->name);
  read->counter = figure->whole;
  return STATUS_OK;
}

static MUST_CHECK status_t read_values(const received_list_t *list, const class_t *class, store_value_t *values,
                                       failure_t *failure) {
  if (list->values_length != class->fields_length || list->names_length != class->fields_length)
    return failure_set(failure, STATUS_PROTOCOL,
                       "%s: expected %zu values; does the sender run the same plugin version?", class->name,
                       class->fields_length);
  status_t status = STATUS_OK;
  for (size_t i = 0; i < class->fields_length && status == STATUS_OK; i++) {
    if (strcmp(list->names[i], class->fields[i].name) != 0)
      return failure_set(failure, STATUS_PROTOCOL,
                         "%s: expected %s as data source %zu; does the sender run the same plugin version?",
                         class->name, class->fields[i].name, i + 1);
    status = read_value(&class->fields[i], &list->values[i], &values[i], failure);
  }
  return status;
}

static MUST_CHECK status_t check(const received_list_t *list, double now, failure_t *failure) {
  if (list->is_too_long)
    return failure_set(failure, STATUS_PROTOCOL, "its host, or a part of its name, is longer than %d bytes",
                       IDENTIFIER_MAX);
  if (!list->has_time || !list->has_interval || list->texts[LIST_HOST][0] == '\0')
    return failure_set(failure, STATUS_PROTOCOL, "time, interval or host is missing");
  if (!(list->time >= 0 && list->time <= now + (double)SECONDS_AHEAD))
    return failure_set(failure, STATUS_PROTOCOL,
                       "its time is more than %d seconds ahead of this host's clock; synchronize both hosts' clocks",
                       SECONDS_AHEAD);
  if (!(list->interval > 0 && list->interval <= (double)INTERVAL_MAX))
    return failure_set(failure, STATUS_PROTOCOL, "its interval is not between 0 and %d seconds", INTERVAL_MAX);
  if (list->facts_length > META_MAX)
    return failure_set(failure, STATUS_PROTOCOL, "it has more than %d entries of metadata", META_MAX);
  return STATUS_OK;
}

/* Takes the facts out of the list. NULL where there is no metadata, or no memory for it. */
static facts_t *take_facts(received_list_t *list, const class_t *class) {
  facts_t *facts = list->facts;
  list->facts = NULL;
  if (facts == NULL)
    return NULL;
  facts_add_summary(facts, class, list->texts[LIST_PLUGIN_INSTANCE], list->texts[LIST_TYPE_INSTANCE]);
  return facts_finish(facts);
}

static MUST_CHECK status_t make_row(received_list_t *list, const class_t *class, double now, store_row_t **row,
                                    failure_t *failure) {
  *row =
      store_row_new(class, list->texts[LIST_HOST], list->texts[LIST_PLUGIN_INSTANCE], list->texts[LIST_TYPE_INSTANCE]);
  if (*row == NULL)
    return failure_no_memory(failure);
  (*row)->time = list->time;
  (*row)->received = now;
  (*row)->interval = list->interval;
  status_t status = read_values(list, class, (*row)->values, failure);
  if (status == STATUS_OK) {
    (*row)->facts = take_facts(list, class);
    return STATUS_OK;
  }
  store_row_release(*row);
  *row = NULL;
  return status;
}

status_t received_list_row(received_list_t *list, double now, store_row_t **row, failure_t *failure) {
  const char *type = list->texts[LIST_TYPE];
  const class_t *class = is_ours(list) ? class_by_name(type, strlen(type)) : NULL;
  *row = NULL;
  if (!list->has_plugin)
    return failure_set(failure, STATUS_PROTOCOL, "it names no plugin; set Format \"JSON\" in write_http");
  if (class == NULL)
    return STATUS_OK;
  status_t status = check(list, now, failure);
  return status == STATUS_OK ? make_row(list, class, now, row, failure) : status;
}
