/* SPDX-License-Identifier: MIT */
#include "scrape.h"

#include "write_mediasoup/views/comma_list.h"
#include "write_mediasoup/views/keys.h"

#include <stdio.h>
#include <string.h>

_Static_assert(CLASS_COUNT <= 8 * sizeof(unsigned long), "a bit for each class");

static unsigned long bit(const class_t *class) { return class != NULL ? 1UL << class_id(class) : 0; }

/* A histogram needs both classes; selecting one selects both. */
static unsigned long bits(const class_t *class) { return bit(class) | bit(class->buckets) | bit(class->histogram); }

static unsigned long classes_asked(const scrape_t *scrape) {
  return scrape->classes != 0 ? scrape->classes : (1UL << CLASS_COUNT) - 1;
}

static bool is_asked(const scrape_t *scrape, const class_t *class) { return (classes_asked(scrape) & bit(class)) != 0; }

/* --- parameters --- */

static MUST_CHECK status_t add_classes(scrape_t *scrape, const char *value, failure_t *failure) {
  const char *name;
  size_t length;
  while (comma_list_next(&value, &name, &length)) {
    const class_t *class = class_by_name(name, length);
    if (class == NULL)
      return failure_set(failure, STATUS_QUERY,
                         "class: there is no class \"%.*s\"; there are consumers, producers, ...",
                         length < 60 ? (int)length : 60, name);
    scrape->classes |= bits(class);
  }
  return STATUS_OK;
}

static MUST_CHECK status_t set_names(scrape_t *scrape, const char *value, failure_t *failure) {
  if (strcmp(value, "mediasoup-exporter") != 0)
    return failure_set(failure, STATUS_QUERY, "names takes \"mediasoup-exporter\", not \"%.40s\"", value);
  scrape->exposition.exporter_names = true;
  return STATUS_OK;
}

/* Some classes may have the filter's key and others not. */
static MUST_CHECK status_t add_filter(scrape_t *scrape, const char *key, const char *value, failure_t *failure) {
  size_t index = scrape->query.filters_length;
  if (index == QUERY_MAX_FILTERS)
    return failure_set(failure, STATUS_QUERY, "there are more than %d filters; leave out \"%.60s\" or another one",
                       QUERY_MAX_FILTERS, key);
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    query_t query = {0};
    if (query_add(&query, &classes[i], key, value, NULL) != STATUS_OK)
      scrape->lacking[index] |= bit(&classes[i]);
  }
  scrape->query.filters[index] = (filter_t){.key = key, .value = value};
  scrape->query.filters_length++;
  return STATUS_OK;
}

status_t scrape_add(scrape_t *scrape, const char *key, const char *value, failure_t *failure) {
  if (strcmp(key, "limit") == 0 || strcmp(key, "offset") == 0 || strcmp(key, "worst") == 0)
    return failure_set(failure, STATUS_QUERY,
                       "%s is for the views: Prometheus takes a series that is left out for gone", key);
  if (strcmp(key, "class") == 0)
    return add_classes(scrape, value, failure);
  if (strcmp(key, "names") == 0)
    return set_names(scrape, value, failure);
  if (strcmp(key, "fields") != 0)
    return add_filter(scrape, key, value, failure);
  return field_set_add_list(&scrape->query.fields, value, failure);
}

/* --- all parameters together --- */

static bool is_field(const scrape_t *scrape, const char *item, size_t length) {
  char key[KEY_MAX_BYTES];
  if (length >= sizeof(key))
    return false;
  (void)snprintf(key, sizeof(key), "%.*s", (int)length, item);
  for (size_t i = 0; i < CLASS_COUNT; i++)
    if (is_asked(scrape, &classes[i]) && key_find_field(&classes[i], key) >= 0)
      return true;
  return false;
}

status_t scrape_check(const scrape_t *scrape, failure_t *failure) {
  const field_set_t *fields = &scrape->query.fields;
  for (size_t i = 0; i < scrape->query.filters_length; i++)
    if ((classes_asked(scrape) & ~scrape->lacking[i]) == 0)
      return failure_set(
          failure, STATUS_QUERY,
          "none of the classes asked for has \"%.60s\"; there are class, names, fields, appData.KEY, host, "
          "and the names of the views' fields",
          scrape->query.filters[i].key);
  for (size_t i = 0; i < fields->length; i++) {
    size_t length = fields->keys[i].length;
    if (!is_field(scrape, fields->keys[i].text, length))
      return failure_set(failure, STATUS_QUERY, "fields: none of the classes asked for has a number \"%.*s\"",
                         length < 60 ? (int)length : 60, fields->keys[i].text);
  }
  return STATUS_OK;
}

bool scrape_query(const scrape_t *scrape, const class_t *class, query_t *query) {
  *query = (query_t){0};
  if (!is_asked(scrape, class))
    return false;
  for (size_t i = 0; i < scrape->query.filters_length; i++) {
    const filter_t *filter = &scrape->query.filters[i];
    if (query_add(query, class, filter->key, filter->value, NULL) != STATUS_OK)
      return false;
  }
  query->fields = scrape->query.fields;
  return true;
}
