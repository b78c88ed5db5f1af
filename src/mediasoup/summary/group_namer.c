/* SPDX-License-Identifier: MIT */
#include "group_namer.h"

#include "common/identifier.h"
#include "common/json.h"

#include <stdlib.h>
#include <string.h>

static const char other_value[] = "__other__";

/* --- keys --- */

static bool is_group_attribute(const char *key) {
  const attribute_t *attribute = attribute_find(CLASS_ROWS_COUNT, key);
  return attribute != NULL && attribute->can_group;
}

const char *group_key_of_app_data(const char *by) {
  static const size_t prefix = sizeof(APP_DATA_PREFIX) - 1;
  if (strncmp(by, APP_DATA_PREFIX, prefix) == 0)
    return by + prefix;
  return is_group_attribute(by) ? NULL : by;
}

static bool add_key(group_namer_t *namer, const char *by) {
  const char *app_data = group_key_of_app_data(by);
  group_key_t *key = &namer->keys[namer->length];
  key->is_attribute = app_data == NULL;
  key->name = strdup(app_data != NULL ? app_data : by);
  namer->length += key->name != NULL ? 1 : 0;
  namer->by_transport = namer->by_transport || (key->is_attribute && strcmp(by, "transportType") == 0);
  key->alias = key->is_attribute ? NULL : alias_find(&namer->aliases, by);
  return key->name != NULL;
}

bool group_namer_init(group_namer_t *namer, const char *endpoint, const char *block, char *const *by, size_t length,
                      const aliases_t *aliases) {
  namer->text = (buffer_t)BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  namer->aliases = *aliases;
  namer->block = strdup(block);
  namer->endpoint = identifier_new(endpoint);
  bool whole = namer->block != NULL && namer->endpoint != NULL;
  for (size_t i = 0; i < length && whole; i++)
    whole = add_key(namer, by[i]);
  return whole;
}

void group_namer_done(group_namer_t *namer) {
  for (size_t i = 0; i < namer->length; i++)
    free(namer->keys[i].name);
  free(namer->endpoint);
  free(namer->block);
  buffer_done(&namer->text);
}

/* The value of a key for the object, NULL where the object lacks it. Without an object it is that of the rest. */
static const char *key_value(const group_key_t *key, const object_t *object) {
  if (object == NULL)
    return other_value;
  if (key->is_attribute)
    return object_find_attribute(object, key->name);
  return key->alias != NULL ? alias_value(key->alias, object).text : object_find_app_data(object, key->name);
}

/* A sign of whether there is a value comes before each, so that an empty value is not a missing one. */
status_t group_namer_write_key(group_namer_t *namer, const object_t *object) {
  buffer_clear(&namer->text);
  for (size_t i = 0; i < namer->length; i++) {
    const char *value = key_value(&namer->keys[i], object);
    buffer_append_character(&namer->text, value != NULL ? '=' : '-');
    buffer_append_string(&namer->text, value != NULL ? value : "", value != NULL ? strlen(value) : 0);
  }
  return buffer_status(&namer->text);
}

/* --- names --- */

/* group=NAME, and the endpoint where appData has taken its place in plugin_instance. */
static void begin_type_instance(group_namer_t *namer, bool names_endpoint) {
  buffer_clear(&namer->text);
  identifier_append_unique_pair(&namer->text, "group", namer->block);
  if (!names_endpoint)
    identifier_append_pair(&namer->text, IDENTIFIER_ENDPOINT, namer->endpoint);
}

static char *take_text(buffer_t *text) {
  identifier_cut(text);
  return buffer_copy(text);
}

/* A room may have the name of the group of the rest. With a comma its value is cleaned, and so gets a mark. */
static void append_app_data(buffer_t *text, const char *key, const char *value, bool is_other) {
  bool collides = !is_other && strcmp(value, other_value) == 0;
  identifier_append_unique_pair(text, key, collides ? "__other__," : value);
}

/* Attributes are mediasoup's own values (video/VP8), which differ even when they are cleaned. */
static void append_pairs(group_namer_t *namer, const object_t *object, bool attributes) {
  for (size_t i = 0; i < namer->length; i++) {
    const group_key_t *key = &namer->keys[i];
    const char *value = key_value(key, object);
    if (value == NULL || key->is_attribute != attributes)
      continue;
    if (attributes)
      identifier_append_pair(&namer->text, key->name, value);
    else
      append_app_data(&namer->text, key->name, value, object == NULL);
  }
}

bool group_namer_name(group_namer_t *namer, const object_t *object, char **plugin_instance, char **type_instance) {
  buffer_clear(&namer->text);
  append_pairs(namer, object, false);
  bool names_endpoint = namer->text.length == 0 && buffer_status(&namer->text) == STATUS_OK;
  *plugin_instance = names_endpoint ? strdup(namer->endpoint) : take_text(&namer->text);
  if (*plugin_instance == NULL)
    return false;
  begin_type_instance(namer, names_endpoint);
  append_pairs(namer, object, true);
  *type_instance = take_text(&namer->text);
  return *type_instance != NULL;
}

/* --- exact values --- */

/* key=value,key=value as plugin_instance has them where nothing had to be changed. */
static void write_pairs(group_namer_t *namer, const object_t *object) {
  buffer_clear(&namer->text);
  for (size_t i = 0; i < namer->length; i++) {
    const char *value = key_value(&namer->keys[i], object);
    if (namer->keys[i].is_attribute || value == NULL)
      continue;
    buffer_append_text(&namer->text, namer->text.length > 0 ? "," : "");
    buffer_append_text(&namer->text, namer->keys[i].name);
    buffer_append_character(&namer->text, '=');
    buffer_append_text(&namer->text, value);
  }
}

static void write_members(group_namer_t *namer, const object_t *object) {
  buffer_clear(&namer->text);
  for (size_t i = 0; i < namer->length; i++) {
    const char *key = namer->keys[i].name, *value = key_value(&namer->keys[i], object);
    if (namer->keys[i].is_attribute || value == NULL)
      continue;
    buffer_append_character(&namer->text, namer->text.length > 0 ? ',' : '{');
    json_append_string(&namer->text, key, strlen(key));
    buffer_append_character(&namer->text, ':');
    json_append_string(&namer->text, value, strlen(value));
  }
  buffer_append_text(&namer->text, namer->text.length > 0 ? "}" : "");
}

bool group_namer_app_data(group_namer_t *namer, const object_t *object, const char *plugin_instance, char **app_data) {
  if (object == NULL || identifier_is_name(plugin_instance))
    return true;
  write_pairs(namer, object);
  if (strcmp(buffer_text(&namer->text), plugin_instance) == 0)
    return true;
  write_members(namer, object);
  *app_data = buffer_copy(&namer->text);
  return *app_data != NULL;
}

char *group_namer_name_block(group_namer_t *namer) {
  begin_type_instance(namer, true);
  return take_text(&namer->text);
}
