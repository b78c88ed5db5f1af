/* SPDX-License-Identifier: MIT */
#include "fake_collectd.h"

#include "common/buffer.h"
#include "support.h"

#include <collectd/core/daemon/plugin.h>
#include <collectd/core/utils/common/common.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 64, LISTS_MAX = 512, TEXT_MAX = 1 << 22 };

/* --- metadata --- */

struct meta_data_s {
  size_t length;
  char *keys[ENTRIES_MAX];
  char *values[ENTRIES_MAX]; /* as text */
};

static char *copy_format(const char *format, const char *text) {
  size_t size = strlen(format) + strlen(text);
  char *copy = malloc(size);
  (void)snprintf(copy, size, format[0] == '"' ? "\"%s\"" : "%s", text);
  return copy;
}

static int add(meta_data_t *metadata, const char *key, const char *format, const char *text) {
  if (metadata->length == ENTRIES_MAX)
    abort();
  metadata->keys[metadata->length] = strdup(key);
  metadata->values[metadata->length++] = copy_format(format, text);
  return 0;
}

meta_data_t *meta_data_create(void) { return calloc(1, sizeof(meta_data_t)); }

void meta_data_destroy(meta_data_t *metadata) {
  for (size_t i = 0; i < metadata->length; i++) {
    free(metadata->keys[i]);
    free(metadata->values[i]);
  }
  free(metadata);
}

int meta_data_toc(meta_data_t *metadata, char ***keys) {
  if (metadata->length == 0)
    return 0;
  *keys = calloc(metadata->length, sizeof(**keys));
  for (size_t i = 0; i < metadata->length; i++)
    (*keys)[i] = strdup(metadata->keys[i]);
  return (int)metadata->length;
}

int meta_data_add_string(meta_data_t *metadata, const char *key, const char *value) {
  return add(metadata, key, "\"%s\"", value);
}

int meta_data_add_unsigned_int(meta_data_t *metadata, const char *key, uint64_t value) {
  char text[32];
  (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
  return add(metadata, key, "%s", text);
}

int meta_data_add_double(meta_data_t *metadata, const char *key, double value) {
  char text[32];
  (void)snprintf(text, sizeof(text), "%.15g", value);
  return add(metadata, key, "%s", text);
}

int meta_data_add_boolean(meta_data_t *metadata, const char *key, bool value) {
  return add(metadata, key, "%s", value ? "true" : "false");
}

/* --- texts --- */

char *sstrncpy(char *to, const char *from, size_t size) {
  (void)snprintf(to, size, "%s", from);
  return to;
}

int ssnprintf(char *text, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, size, format, arguments);
  va_end(arguments);
  return length;
}

/* --- value lists --- */

typedef struct {
  char type[DATA_MAX_NAME_LEN], type_instance[DATA_MAX_NAME_LEN];
  char *text, *metadata;
} list_t;

static list_t lists[LISTS_MAX];
static size_t lists_length;
static buffer_t shown = BUFFER_INIT(TEXT_MAX), types = BUFFER_INIT(TEXT_MAX);
static data_set_t sets[CLASS_COUNT];
static size_t sets_length;
static bool refuses_all;

int plugin_register_data_set(const data_set_t *set) {
  buffer_append_text(&types, set->type);
  for (size_t i = 0; i < set->ds_num; i++) {
    buffer_append_text(&types, i == 0 ? " " : ",");
    buffer_append_text(&types, set->ds[i].name);
    buffer_append_text(&types, set->ds[i].type == DS_TYPE_DERIVE ? ":derive" : ":gauge");
  }
  buffer_append_text(&types, "\n");
  if (sets_length == CLASS_COUNT)
    abort();
  data_source_t *sources = calloc(set->ds_num, sizeof(*sources));
  memcpy(sources, set->ds, set->ds_num * sizeof(*sources));
  sets[sets_length] = *set;
  sets[sets_length++].ds = sources;
  return 0;
}

const data_set_t *plugin_get_ds(const char *type) {
  for (size_t i = 0; i < sets_length; i++)
    if (strcmp(sets[i].type, type) == 0)
      return &sets[i];
  return NULL;
}

static const data_set_t *set_of(const char *type) {
  const data_set_t *set = plugin_get_ds(type);
  if (set == NULL)
    fail_msg("there is no type %s", type);
  return set;
}

static char *write_list(const value_list_t *list) {
  buffer_t text = BUFFER_INIT(TEXT_MAX);
  const char *parts[] = {list->host, list->plugin, list->plugin_instance, list->type, list->type_instance};
  for (size_t i = 0; i < LENGTH(parts); i++) {
    buffer_append_text(&text, i > 0 ? "/" : "");
    buffer_append_text(&text, parts[i]);
  }
  const data_set_t *set = set_of(list->type);
  assert_int_equal(set->ds_num, list->values_len);
  for (size_t i = 0; i < list->values_len; i++) {
    char number[64];
    if (set->ds[i].type == DS_TYPE_DERIVE)
      (void)snprintf(number, sizeof(number), "%c%lld", i == 0 ? ' ' : ':', (long long)list->values[i].derive);
    else
      (void)snprintf(number, sizeof(number), "%c%g", i == 0 ? ' ' : ':', list->values[i].gauge);
    buffer_append_text(&text, number);
  }
  char *copy = buffer_copy(&text);
  buffer_done(&text);
  return copy;
}

static char *write_metadata(const meta_data_t *metadata) {
  buffer_t text = BUFFER_INIT(TEXT_MAX);
  for (size_t i = 0; metadata != NULL && i < metadata->length; i++) {
    buffer_append_text(&text, i == 0 ? " [" : " ");
    buffer_append_text(&text, metadata->keys[i]);
    buffer_append_text(&text, "=");
    buffer_append_text(&text, metadata->values[i]);
  }
  buffer_append_text(&text, metadata != NULL ? "]" : "");
  char *copy = buffer_copy(&text);
  buffer_done(&text);
  return copy;
}

int plugin_dispatch_values(const value_list_t *list) {
  if (lists_length == LISTS_MAX)
    abort();
  list_t *kept = &lists[lists_length++];
  (void)snprintf(kept->type, sizeof(kept->type), "%s", list->type);
  (void)snprintf(kept->type_instance, sizeof(kept->type_instance), "%s", list->type_instance);
  kept->text = write_list(list);
  kept->metadata = write_metadata(list->meta);
  return refuses_all ? -1 : 0;
}

/* --- what the tests look at --- */

static const char *show(const list_t *list, bool metadata) {
  buffer_append_text(&shown, list->text);
  buffer_append_text(&shown, metadata ? list->metadata : "");
  return buffer_text(&shown);
}

const char *collectd_lists(bool metadata) {
  buffer_clear(&shown);
  for (size_t i = 0; i < lists_length; i++) {
    (void)show(&lists[i], metadata);
    buffer_append_text(&shown, "\n");
  }
  return buffer_text(&shown);
}

const char *collectd_list(const char *type, const char *type_instance) {
  buffer_clear(&shown);
  for (size_t i = 0; i < lists_length; i++)
    if (strcmp(lists[i].type, type) == 0 && strcmp(lists[i].type_instance, type_instance) == 0)
      return show(&lists[i], true);
  return NULL;
}

size_t collectd_lists_length(void) { return lists_length; }

void collectd_forget(void) {
  while (lists_length > 0) {
    free(lists[--lists_length].text);
    free(lists[lists_length].metadata);
  }
}

void collectd_refuses(bool refuses) { refuses_all = refuses; }

void collectd_redefine(const char *type, const char *name) {
  data_source_t *source = set_of(type)->ds;
  (void)snprintf(source->name, sizeof(source->name), "%s", name);
}

const char *collectd_types(void) { return buffer_text(&types); }
