/* SPDX-License-Identifier: MIT */
#include "scrape.h"

#include "write_mediasoup/views/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

_Static_assert(CLASS_COUNT <= 8 * sizeof(unsigned long), "a bit for each class");

static unsigned long bit(const class_t *class) { return 1UL << class_id(class); }

/* A histogram needs both classes; selecting one selects both. */
static unsigned long bits(const class_t *class) {
  unsigned long all = bit(class);
  if (class->buckets != NULL)
    all |= bit(class->buckets);
  if (class->histogram != NULL)
    all |= bit(class->histogram);
  return all;
}

static bool is_asked(const scrape_t *scrape, const class_t *class) {
  return scrape->classes == 0 || (scrape->classes & bit(class)) != 0;
}

/* --- lists: "a,b,c" --- */

static bool next_word(const char **at, const char **word, size_t *length) {
  if (*at == NULL)
    return false;
  *word = *at;
  *length = strcspn(*at, ",");
  *at = (*word)[*length] == ',' ? *word + *length + 1 : NULL;
  return true;
}

/* --- parameters --- */

static MUST_CHECK status_t add_classes(scrape_t *scrape, const char *value, failure_t *failure) {
  const char *word;
  size_t length;
  while (next_word(&value, &word, &length)) {
    const class_t *class = class_by_name(word, length);
    if (class == NULL)
      return failure_set(failure, STATUS_QUERY, "class: there are no \"%.*s\"; there are consumers, producers, ...",
                         length < 60 ? (int)length : 60, word);
    scrape->classes |= bits(class);
  }
  return STATUS_OK;
}

static MUST_CHECK status_t add_names(scrape_t *scrape, const char *value, failure_t *failure) {
  if (strcmp(value, "mediasoup-exporter") != 0)
    return failure_set(failure, STATUS_QUERY, "names takes \"mediasoup-exporter\", not \"%.40s\"", value);
  scrape->exposition.exporter_names = true;
  return STATUS_OK;
}

/* A filter may be of one class and not of another. */
static MUST_CHECK status_t add_filter(scrape_t *scrape, const char *key, const char *value, failure_t *failure) {
  size_t index = scrape->query.filters_length;
  if (index == QUERY_MAX_FILTERS)
    return failure_set(failure, STATUS_QUERY, "more than %d filters, \"%.60s\" is one too many", QUERY_MAX_FILTERS,
                       key);
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    query_t query = {0};
    if (query_add(&query, &classes[i], key, value, failure) != STATUS_OK)
      scrape->lacking[index] |= bit(&classes[i]);
  }
  *failure = (failure_t){0};
  scrape->query.filters[index] = (filter_t){.key = key, .value = value};
  scrape->query.filters_length++;
  return STATUS_OK;
}

status_t scrape_add(scrape_t *scrape, const char *key, const char *value, failure_t *failure) {
  static const char *const of_lists[] = {"limit", "offset", "worst"};
  for (size_t i = 0; i < sizeof(of_lists) / sizeof(of_lists[0]); i++)
    if (strcmp(key, of_lists[i]) == 0)
      return failure_set(failure, STATUS_QUERY, "%s is for the views: a series that is left out seems to be gone", key);
  if (strcmp(key, "class") == 0)
    return add_classes(scrape, value, failure);
  if (strcmp(key, "names") == 0)
    return add_names(scrape, value, failure);
  if (strcmp(key, "fields") != 0)
    return add_filter(scrape, key, value, failure);
  scrape->query.fields = value;
  return STATUS_OK;
}

/* --- when all are there --- */

static bool is_field(const scrape_t *scrape, const char *word, size_t length) {
  char key[KEY_MAX_BYTES];
  if (length >= sizeof(key))
    return false;
  (void)snprintf(key, sizeof(key), "%.*s", (int)length, word);
  for (size_t i = 0; i < CLASS_COUNT; i++)
    if (is_asked(scrape, &classes[i]) && key_find_field(&classes[i], key) >= 0)
      return true;
  return false;
}

status_t scrape_check(const scrape_t *scrape, failure_t *failure) {
  const unsigned long all = (1UL << CLASS_COUNT) - 1;
  const char *fields = scrape->query.fields, *word;
  size_t length;
  for (size_t i = 0; i < scrape->query.filters_length; i++)
    if (((scrape->classes != 0 ? scrape->classes : all) & ~scrape->lacking[i]) == 0)
      return failure_set(failure, STATUS_QUERY,
                         "no class that is asked for has \"%.60s\"; there are class, names, fields, appData.KEY, host, "
                         "and the names of the views' fields",
                         scrape->query.filters[i].key);
  while (next_word(&fields, &word, &length))
    if (!is_field(scrape, word, length))
      return failure_set(failure, STATUS_QUERY, "fields: no class that is asked for has a figure \"%.*s\"",
                         length < 60 ? (int)length : 60, word);
  return STATUS_OK;
}

bool scrape_query(const scrape_t *scrape, const class_t *class, query_t *query) {
  failure_t failure;
  *query = (query_t){0};
  if (!is_asked(scrape, class))
    return false;
  for (size_t i = 0; i < scrape->query.filters_length; i++) {
    const filter_t *filter = &scrape->query.filters[i];
    if (query_add(query, class, filter->key, filter->value, &failure) != STATUS_OK)
      return false;
  }
  query->fields = scrape->query.fields;
  return true;
}

/* --- Accept --- */

static const char openmetrics_type[] = "application/openmetrics-text", text_type[] = "text/plain";

/* The value of ";name=value" or ;name="value" in a media range, without what ends it, or NULL. */
static const char *parameter(const char *range, size_t length, const char *name) {
  for (const char *at = memchr(range, ';', length); at != NULL; at = memchr(at, ';', length - (size_t)(at - range))) {
    at++;
    at += strspn(at, " \t");
    if (strncasecmp(at, name, strlen(name)) == 0 && at[strlen(name)] == '=')
      return at + strlen(name) + (at[strlen(name) + 1] == '"' ? 2 : 1);
  }
  return NULL;
}

static bool is_type(const char *range, const char *type) {
  size_t length = strlen(type);
  return strncasecmp(range, type, length) == 0 && strchr("; \t,", range[length]) != NULL;
}

/* We speak 1.0.0 only. */
static bool is_our_version(const char *range, size_t length) {
  const char *version = parameter(range, length, "version");
  return version == NULL || strncmp(version, "1.", 2) == 0;
}

static double weight(const char *range, size_t length) {
  const char *quality = parameter(range, length, "q");
  return quality != NULL ? strtod(quality, NULL) : 1;
}

void scrape_accept(scrape_t *scrape, const char *accept) {
  double openmetrics = 0, text = 0;
  const char *range;
  size_t length;
  while (next_word(&accept, &range, &length)) {
    size_t blanks = strspn(range, " \t");
    blanks = blanks < length ? blanks : length;
    range += blanks;
    length -= blanks;
    double quality = weight(range, length);
    if (is_type(range, openmetrics_type) && is_our_version(range, length) && quality > openmetrics)
      openmetrics = quality;
    if (is_type(range, text_type) && quality > text)
      text = quality;
  }
  scrape->exposition.openmetrics = openmetrics > 0 && openmetrics >= text;
}
