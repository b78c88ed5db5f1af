/* SPDX-License-Identifier: MIT */
#include "group_name.h"

#include "mediasoup/identify.h"
#include "mediasoup/template.h"

#include <stdlib.h>
#include <string.h>

static const char other_value[] = "__other__";
static const char app_data_prefix[] = "appData:";

/* --- keys --- */

static bool is_attribute(const char *key) {
  static const char *const attributes[] = {"kind", "mimeType", "transportType"};
  for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
    if (strcmp(key, attributes[i]) == 0)
      return true;
  return false;
}

static bool add_key(group_namer_t *namer, const char *by) {
  size_t prefix = sizeof(app_data_prefix) - 1;
  bool has_prefix = strncmp(by, app_data_prefix, prefix) == 0;
  group_key_t *key = &namer->keys[namer->length];
  key->is_attribute = !has_prefix && is_attribute(by);
  key->name = strdup(has_prefix ? by + prefix : by);
  namer->length += key->name != NULL ? 1 : 0;
  namer->by_transport = namer->by_transport || (key->is_attribute && strcmp(by, "transportType") == 0);
  return key->name != NULL;
}

bool group_namer_init(group_namer_t *namer, const char *endpoint, const char *block, char *const *by, size_t length) {
  namer->text = (buffer_t)BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  namer->block = strdup(block);
  namer->endpoint = identity_clean(endpoint);
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

/* The value of a key for an object, or for `__other__` where there is none; NULL where the object lacks it. */
static const char *key_value(const group_key_t *key, const object_t *object) {
  if (object == NULL)
    return other_value;
  if (key->is_attribute)
    return object_find_attribute(object, key->name);
  return object_find_app_data(object, key->name);
}

/* The values one after the other, each led by whether there is one and followed by a NUL. */
status_t group_namer_write_key(group_namer_t *namer, const object_t *object) {
  status_t status = STATUS_OK;
  buffer_clear(&namer->text);
  for (size_t i = 0; i < namer->length && status == STATUS_OK; i++) {
    const char *value = key_value(&namer->keys[i], object);
    status = buffer_append(&namer->text, value != NULL ? "=" : "-", 1);
    if (status == STATUS_OK)
      status = buffer_append(&namer->text, value != NULL ? value : "", (value != NULL ? strlen(value) : 0) + 1);
  }
  return status;
}

/* --- names --- */

/* group=NAME, and the endpoint where appData has taken its place in plugin_instance. */
static MUST_CHECK status_t begin_type_instance(group_namer_t *namer, bool names_endpoint) {
  buffer_clear(&namer->text);
  status_t status = template_append_pair(&namer->text, "group", namer->block);
  return status == STATUS_OK && !names_endpoint ? template_append_pair(&namer->text, "endpoint", namer->endpoint)
                                                : status;
}

static char *take_text(buffer_t *text) { return identity_cut(text) == STATUS_OK ? strdup(buffer_text(text)) : NULL; }

/* A room may be called like the group of the rest. */
static MUST_CHECK status_t append_app_data(buffer_t *text, const char *key, const char *value, bool is_other) {
  if (is_other || strcmp(value, other_value) != 0)
    return template_append_unique_pair(text, key, value);
  return template_append_unique_pair(text, key, "__other__,"); /* which is cleaned, and so marked */
}

static MUST_CHECK status_t append_pairs(group_namer_t *namer, const object_t *object, bool attributes) {
  status_t status = STATUS_OK;
  for (size_t i = 0; i < namer->length && status == STATUS_OK; i++) {
    const char *value = key_value(&namer->keys[i], object);
    if (value == NULL || namer->keys[i].is_attribute != attributes)
      continue;
    /* mediasoup's own values (video/VP8) stay apart when they are cleaned. */
    status = attributes ? template_append_pair(&namer->text, namer->keys[i].name, value)
                        : append_app_data(&namer->text, namer->keys[i].name, value, object == NULL);
  }
  return status;
}

bool group_namer_name(group_namer_t *namer, const object_t *object, char **plugin_instance, char **type_instance) {
  buffer_clear(&namer->text);
  if (append_pairs(namer, object, false) != STATUS_OK)
    return false;
  bool names_endpoint = namer->text.length == 0;
  *plugin_instance = names_endpoint ? strdup(namer->endpoint) : take_text(&namer->text);
  if (*plugin_instance == NULL || begin_type_instance(namer, names_endpoint) != STATUS_OK ||
      append_pairs(namer, object, true) != STATUS_OK)
    return false;
  *type_instance = take_text(&namer->text);
  return *type_instance != NULL;
}

char *group_namer_name_block(group_namer_t *namer) {
  return begin_type_instance(namer, true) == STATUS_OK ? take_text(&namer->text) : NULL;
}
