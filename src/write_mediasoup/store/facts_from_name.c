/* SPDX-License-Identifier: MIT */
#include "facts_from_name.h"

#include "common/identifier.h"
#include "common/json.h"
#include "common/limits.h"

#include <stdlib.h>
#include <string.h>

/* `value` may be written to. */
typedef void (*on_pair_t)(void *context, const char *key, char *value);

/* Calls `on_pair` for each pair in the first `length` bytes of `identifier`. false when out of memory. */
static MUST_CHECK bool each_pair(const char *identifier, size_t length, on_pair_t on_pair, void *context) {
  char *copy = strndup(identifier, length);
  const char *at = copy;
  pair_t pair;
  if (copy == NULL)
    return false;
  while (identifier_next(&at, &pair)) {
    char *key = copy + (pair.key - copy), *value = copy + (pair.value - copy);
    key[pair.key_length] = value[pair.value_length] = '\0';
    on_pair(context, key, value);
  }
  free(copy);
  return true;
}

/* --- type_instance --- */

typedef struct {
  facts_t *facts;
  const class_t *class;
} named_t;

/* Metadata has the values of such attributes as numbers, so they are numbers here too. */
static bool is_number(const char *key, const char *value) {
  size_t length = strlen(value);
  if (length == 0 || length > 10 || strspn(value, "0123456789") != length || (value[0] == '0' && length > 1))
    return false;
  const attribute_t *attribute = attribute_find(CLASS_COUNT, key);
  return attribute != NULL && attribute->type == ATTRIBUTE_NUMBER;
}

/* An identifier has video_VP8 for video/VP8. */
static void restore_slash(char *mime_type) {
  char *slash = strchr(mime_type, '_');
  if (slash != NULL)
    *slash = '/';
}

static const char *fact_key(const class_t *class, const char *key) {
  if (strcmp(key, IDENTIFIER_ID) == 0 && class->id != NULL)
    return class->id;
  if (strcmp(key, IDENTIFIER_VIA) == 0 && class->parent_id != NULL)
    return class->parent_id;
  return key;
}

static void add_name(void *context, const char *key, char *value) {
  named_t *named = context;
  const char *fact = fact_key(named->class, key);
  if (strcmp(key, "mimeType") == 0)
    restore_slash(value);
  /* An id under `id` or `via` is a text, even if it looks like a number. */
  facts_add(named->facts, fact, fact == key && is_number(key, value) ? FACT_JSON : FACT_TEXT, value);
}

static void add_names(facts_t *facts, const class_t *class, const char *type_instance) {
  named_t named = {.facts = facts, .class = class};
  if (!each_pair(type_instance, strlen(type_instance), add_name, &named))
    facts_fail(facts);
}

/* --- plugin_instance --- */

/* Where plugin_instance has no appData it is the endpoint's name. */
static void add_endpoint(facts_t *facts, const class_t *class, const char *plugin_instance) {
  if (class_is_summary(class) && identifier_is_name(plugin_instance))
    facts_add(facts, IDENTIFIER_ENDPOINT, FACT_TEXT, plugin_instance);
}

static void append_member(void *context, const char *key, char *value) {
  buffer_t *json = context;
  buffer_append_character(json, json->length > 0 ? ',' : '{');
  json_append_string(json, key, strlen(key));
  buffer_append_character(json, ':');
  json_append_string(json, value, strlen(value));
}

/* The last value is left out where it was cut: a part of a room's name would be another room. */
static void add_app_data(facts_t *facts, const char *plugin_instance) {
  buffer_t json = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  bool whole = each_pair(plugin_instance, identifier_whole_length(plugin_instance), append_member, &json);
  if (json.length > 0)
    buffer_append_character(&json, '}');
  if (!whole || buffer_status(&json) != STATUS_OK)
    facts_fail(facts);
  else if (json.length > 0)
    facts_add(facts, FACT_APP_DATA, FACT_TEXT, buffer_text(&json));
  buffer_done(&json);
}

/* --- both --- */

void facts_add_summary(facts_t *facts, const class_t *class, const char *plugin_instance, const char *type_instance) {
  if (!class_is_summary(class))
    return;
  add_endpoint(facts, class, plugin_instance);
  add_names(facts, class, type_instance);
}

facts_t *facts_from_name(const class_t *class, const char *plugin_instance, const char *type_instance) {
  facts_t *facts = facts_new();
  add_names(facts, class, type_instance);
  add_endpoint(facts, class, plugin_instance);
  add_app_data(facts, plugin_instance);
  return facts_finish(facts);
}
