/* SPDX-License-Identifier: MIT */
#include "history_query.h"

#include "common/buffer.h"
#include "participant_rows.h"
#include "write_mediasoup/store/facts.h"
#include "write_mediasoup/views/keys.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const text_keys[ASKED_TEXTS] = {
    [ASKED_CLASS] = "class", [ASKED_FROM] = "from", [ASKED_TO] = "to", [ASKED_POINTS] = "points"};
static const char app_data_prefix[] = FACT_APP_DATA ".";

/* --- parameters --- */

static MUST_CHECK status_t set_text(history_query_t *query, asked_text_t text, const char *value, failure_t *failure) {
  if (query->texts[text] != NULL)
    return failure_set(failure, STATUS_QUERY, "%s is given more than once", text_keys[text]);
  query->texts[text] = value;
  return STATUS_OK;
}

static bool is_for_views(const char *key) {
  return strcmp(key, "limit") == 0 || strcmp(key, "offset") == 0 || strcmp(key, "worst") == 0;
}

static MUST_CHECK status_t add_filter(history_query_t *query, const char *key, const char *value, failure_t *failure) {
  if (is_for_views(key))
    return failure_set(failure, STATUS_QUERY, "%s is for the views; /history takes from, to and points", key);
  if (query->filters_length == QUERY_MAX_FILTERS)
    return failure_set(failure, STATUS_QUERY, "there are more than %d filters; leave out \"%.60s\" or another one",
                       QUERY_MAX_FILTERS, key);
  query->filters[query->filters_length].key = key;
  query->filters[query->filters_length++].value = value;
  return STATUS_OK;
}

status_t history_query_add(history_query_t *query, const char *key, const char *value, failure_t *failure) {
  for (int text = 0; text < ASKED_TEXTS; text++)
    if (strcmp(key, text_keys[text]) == 0)
      return set_text(query, (asked_text_t)text, value, failure);
  if (strcmp(key, "fields") == 0)
    return field_set_add_list(&query->fields, value, failure);
  return add_filter(query, key, value, failure);
}

/* --- all parameters together --- */

/* "endpoint, workers, groups, ..." */
static void name_classes(const history_t *history, buffer_t *names) {
  const class_t *class;
  for (size_t i = 0; (class = history_class(history, i)) != NULL; i++) {
    buffer_append_text(names, i > 0 ? ", " : "");
    buffer_append_text(names, class->name);
  }
}

static MUST_CHECK status_t refuse_class(const history_t *history, const char *name, failure_t *failure) {
  buffer_t names = BUFFER_INIT(sizeof(failure->cause));
  name_classes(history, &names);
  status_t status = name == NULL
                        ? failure_set(failure, STATUS_QUERY, "class is missing; there are %s", buffer_text(&names))
                        : failure_set(failure, STATUS_QUERY, "class: nothing is kept of \"%.40s\"; there are %s", name,
                                      buffer_text(&names));
  buffer_done(&names);
  return status;
}

static MUST_CHECK status_t read_class(const history_query_t *query, const history_t *history, history_asked_t *asked,
                                      failure_t *failure) {
  const char *name = query->texts[ASKED_CLASS];
  size_t i = 0;
  while ((asked->class = history_class(history, i++)) != NULL)
    if (name != NULL && strcmp(asked->class->name, name) == 0)
      return STATUS_OK;
  return refuse_class(history, name, failure);
}

/* false where it is no whole number from `least` to `most`. */
static bool read_whole(const char *text, int64_t least, int64_t most, int64_t *number) {
  size_t length = strlen(text);
  if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
    return false;
  *number = strtoll(text, NULL, 10);
  return *number >= least && *number <= most;
}

static MUST_CHECK status_t read_time(const history_query_t *query, asked_text_t text, int64_t *time,
                                     failure_t *failure) {
  const char *value = query->texts[text];
  if (value == NULL || read_whole(value, 0, INT64_MAX, time))
    return STATUS_OK;
  return failure_set(failure, STATUS_QUERY, "%s takes epoch milliseconds, as \"timestamp\" has them, not \"%.40s\"",
                     text_keys[text], value);
}

static MUST_CHECK status_t read_times(const history_query_t *query, history_asked_t *asked, failure_t *failure) {
  asked->from = 0;
  asked->to = INT64_MAX;
  status_t status = read_time(query, ASKED_FROM, &asked->from, failure);
  if (status == STATUS_OK)
    status = read_time(query, ASKED_TO, &asked->to, failure);
  if (status == STATUS_OK && asked->from > asked->to)
    return failure_set(failure, STATUS_QUERY, "from is later than to, so there is nothing between them");
  return status;
}

static MUST_CHECK status_t read_points(const history_query_t *query, history_asked_t *asked, failure_t *failure) {
  const char *value = query->texts[ASKED_POINTS];
  int64_t points = HISTORY_POINTS_MAX;
  if (value != NULL && !read_whole(value, 1, HISTORY_POINTS_MAX, &points))
    return failure_set(failure, STATUS_QUERY, "points takes a whole number from 1 to %d, not \"%.40s\"",
                       HISTORY_POINTS_MAX, value);
  asked->points = (size_t)points;
  return STATUS_OK;
}

/* --- filters and figures --- */

static bool is_label(const class_t *class, const char *key) {
  if (participant_class_is(class))
    return participant_is_label(key) || strcmp(key, "host") == 0;
  return strncmp(key, app_data_prefix, sizeof(app_data_prefix) - 1) == 0 || strcmp(key, "host") == 0 ||
         key_is_fact(class, key);
}

static MUST_CHECK status_t read_filter(history_asked_t *asked, const char *key, const char *value, failure_t *failure) {
  if (key_find_field(asked->class, key) >= 0)
    return failure_set(failure, STATUS_QUERY,
                       "%.60s is a figure, and a series has many of them; series are chosen by their labels, and "
                       "figures by fields",
                       key);
  if (participant_class_is(asked->class) && !is_label(asked->class, key))
    return failure_set(failure, STATUS_QUERY,
                       "/history has no parameter \"%.60s\"; there are class, from, to, points, fields, and of "
                       "participants host, endpoint, room, participant, roomKey and participantKey",
                       key);
  if (!is_label(asked->class, key))
    return failure_set(failure, STATUS_QUERY,
                       "/history has no parameter \"%.60s\"; there are class, from, to, points, fields, appData.KEY, "
                       "and the labels of the series",
                       key);
  if (!participant_class_is(asked->class))
    return query_add(&asked->query, asked->class, key, value, failure);
  asked->query.filters[asked->query.filters_length++] =
      (filter_t){.key = key, .value = value, .field = -1, .number = NAN};
  return STATUS_OK;
}

static bool is_figure(const class_t *class, const char *item, size_t length) {
  char key[KEY_MAX_BYTES];
  (void)snprintf(key, sizeof(key), "%.*s", (int)length, item);
  return length < sizeof(key) && key_find_field(class, key) >= 0;
}

static MUST_CHECK status_t check_fields(const history_asked_t *asked, failure_t *failure) {
  const field_set_t *fields = &asked->query.fields;
  for (size_t i = 0; i < fields->length; i++)
    if (!is_figure(asked->class, fields->keys[i].text, fields->keys[i].length))
      return failure_set(failure, STATUS_QUERY, "fields: /%s has no figure \"%.*s\"", asked->class->name,
                         fields->keys[i].length < 60 ? (int)fields->keys[i].length : 60, fields->keys[i].text);
  return STATUS_OK;
}

static MUST_CHECK status_t read_filters(const history_query_t *query, history_asked_t *asked, failure_t *failure) {
  status_t status = STATUS_OK;
  for (size_t i = 0; i < query->filters_length && status == STATUS_OK; i++)
    status = read_filter(asked, query->filters[i].key, query->filters[i].value, failure);
  asked->query.fields = query->fields;
  return status == STATUS_OK ? check_fields(asked, failure) : status;
}

status_t history_query_read(const history_query_t *query, const history_t *history, double now, history_asked_t *asked,
                            failure_t *failure) {
  int64_t milliseconds = (int64_t)(now * 1000);
  *asked = (history_asked_t){.numbers = HISTORY_NUMBERS_MAX};
  status_t status = read_class(query, history, asked, failure);
  if (status == STATUS_OK)
    status = read_times(query, asked, failure);
  if (status == STATUS_OK)
    status = read_points(query, asked, failure);
  asked->told_from = query->texts[ASKED_FROM] != NULL ? asked->from : milliseconds - history_milliseconds(history);
  asked->told_to = query->texts[ASKED_TO] != NULL ? asked->to : milliseconds;
  return status == STATUS_OK ? read_filters(query, asked, failure) : status;
}
