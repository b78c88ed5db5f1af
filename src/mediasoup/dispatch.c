/* SPDX-License-Identifier: MIT */
#include "dispatch.h"

#include "common/limits.h"

#include <collectd/core/utils/common/common.h>

static const char plugin_name[] = "mediasoup";

/* Rows that are sent without a pause, and the pause: 50,000 rows a second are fewer than collectd writes, but 100,000
 * take no more than a fifth of the interval. */
enum { ROWS_AT_ONCE = 256, PAUSE_MILLISECONDS = 5, PAUSES_AN_INTERVAL = 2000 };

/* --- types --- */

static void register_type(const class_t *class) {
  data_source_t sources[FIELDS_MAX];
  data_set_t set = {.ds_num = class->fields_length, .ds = sources};
  sstrncpy(set.type, class->name, sizeof(set.type));
  for (size_t i = 0; i < class->fields_length; i++) {
    bool counter = class->fields[i].kind == KIND_COUNTER;
    sources[i] =
        (data_source_t){.type = counter ? DS_TYPE_DERIVE : DS_TYPE_GAUGE, .min = counter ? 0 : NAN, .max = NAN};
    sstrncpy(sources[i].name, class->fields[i].name, sizeof(sources[i].name));
  }
  (void)plugin_register_data_set(&set);
}

void dispatch_register_types(void) {
  for (size_t i = 0; i < CLASS_COUNT; i++)
    register_type(&classes[i]);
}

/* --- metadata --- */

/* How many of `text`'s bytes make a piece that write_http's escaping still carries. */
static size_t piece_length(const char *text) {
  size_t length = 0, escaped = 0;
  while (text[length] != '\0') {
    escaped += text[length] == '"' || text[length] == '\\' ? 2 : 1;
    if (escaped > METADATA_PIECE_MAX)
      break;
    length++;
  }
  return length;
}

/* A text goes under its key, and where it is too long for one entry on under key.1, key.2, ... */
static void add_text(meta_data_t *metadata, const char *key, const char *text) {
  char piece[METADATA_PIECE_MAX + 1];
  char name[DATA_MAX_NAME_LEN];
  sstrncpy(name, key, sizeof(name));
  for (int number = 1;; number++) {
    size_t length = piece_length(text);
    memcpy(piece, text, length);
    piece[length] = '\0';
    (void)meta_data_add_string(metadata, name, piece);
    text += length;
    if (text[0] == '\0')
      return;
    ssnprintf(name, sizeof(name), "%s.%d", key, number);
  }
}

static void add_number(meta_data_t *metadata, const char *key, const char *text) {
  char *end;
  uint64_t whole = strtoull(text, &end, 10);
  if (text[0] != '-' && *end == '\0')
    (void)meta_data_add_unsigned_int(metadata, key, whole);
  else
    (void)meta_data_add_double(metadata, key, strtod(text, NULL)); /* collectd runs in C's numeric locale */
}

static void add_attribute(meta_data_t *metadata, const char *key, const char *text, member_type_t type) {
  switch (type) {
  case MEMBER_NUMBER:
    add_number(metadata, key, text);
    break;
  case MEMBER_BOOLEAN:
    (void)meta_data_add_boolean(metadata, key, strcmp(text, "true") == 0);
    break;
  case MEMBER_TEXT:
  case MEMBER_JSON:
    add_text(metadata, key, text);
    break;
  }
}

/* The ids of what is above the object's parent, whose id is among its own attributes. */
static void add_ancestors(meta_data_t *metadata, const object_t *object) {
  for (const object_t *above = object->parent; above != NULL && above->parent != NULL; above = above->parent) {
    if (above->parent->class == &classes[CLASS_WORKERS])
      add_number(metadata, above->parent->class->id, above->parent->id);
    else
      add_text(metadata, above->parent->class->id, above->parent->id);
  }
}

/* Whose slot it is. */
static void add_endpoint(meta_data_t *metadata, const dispatch_t *dispatch) {
  add_text(metadata, "endpoint", dispatch->endpoint);
  if (dispatch->process >= 0)
    (void)meta_data_add_unsigned_int(metadata, "process", (uint64_t)dispatch->process);
}

static meta_data_t *new_metadata(const dispatch_t *dispatch, const object_t *object) {
  meta_data_t *metadata = meta_data_create();
  if (metadata == NULL)
    return NULL;
  for (size_t i = 0; i < object->class->attributes_length; i++) {
    member_type_t type;
    const char *text = object_attribute(object, i, &type);
    if (text != NULL)
      add_attribute(metadata, object->class->attributes[i].key, text, type);
  }
  add_ancestors(metadata, object);
  if (class_has_slot(object->class))
    add_endpoint(metadata, dispatch);
  if (object->app_data != NULL)
    add_text(metadata, "appData", object->app_data->json);
  char **keys = NULL;
  int count = meta_data_toc(metadata, &keys);
  for (int i = 0; i < count; i++)
    free(keys[i]);
  free(keys);
  if (count > 0)
    return metadata;
  meta_data_destroy(metadata); /* write_http makes invalid JSON of an empty one */
  return NULL;
}

/* --- value lists --- */

/* A row with its metadata is two kilobytes in collectd's queue. A whole reading at once would have all of them there,
 * ahead of what other plugins read, and collectd's memory would stay as large as it was for that moment. */
static void pause_between(dispatch_t *dispatch) {
  cdtime_t most = dispatch->interval / PAUSES_AN_INTERVAL, usual = MS_TO_CDTIME_T(PAUSE_MILLISECONDS);
  if (++dispatch->rows % ROWS_AT_ONCE == 0)
    (void)nanosleep(&CDTIME_T_TO_TIMESPEC(most < usual ? most : usual), NULL);
}

/* Takes over the metadata, which may be NULL. */
static int dispatch_row(dispatch_t *dispatch, const summary_row_t *row, meta_data_t *metadata) {
  value_t values[FIELDS_MAX];
  const class_t *class = row->class;
  value_list_t list = {.values = values,
                       .values_len = class->fields_length,
                       .time = dispatch->time,
                       .interval = dispatch->interval,
                       .meta = metadata};
  for (size_t i = 0; i < class->fields_length; i++) {
    if (class->fields[i].kind == KIND_COUNTER)
      values[i].derive = row->values[i].counter;
    else
      values[i].gauge = row->values[i].gauge;
  }
  sstrncpy(list.host, dispatch->host, sizeof(list.host));
  sstrncpy(list.plugin, plugin_name, sizeof(list.plugin));
  sstrncpy(list.plugin_instance, row->plugin_instance, sizeof(list.plugin_instance));
  sstrncpy(list.type, class->name, sizeof(list.type));
  sstrncpy(list.type_instance, row->type_instance, sizeof(list.type_instance));
  int result = plugin_dispatch_values(&list);
  if (metadata != NULL)
    meta_data_destroy(metadata);
  pause_between(dispatch);
  return result;
}

int dispatch_object(dispatch_t *dispatch, const object_t *object, bool metadata) {
  return dispatch_row(dispatch,
                      &(summary_row_t){.class = object->class,
                                       .plugin_instance = object->plugin_instance,
                                       .type_instance = object->type_instance,
                                       .values = object->values},
                      metadata ? new_metadata(dispatch, object) : NULL);
}

void dispatch_summary(dispatch_t *dispatch, const summary_row_t *row) {
  (void)dispatch_row(dispatch, row, row->about != NULL ? new_metadata(dispatch, row->about) : NULL);
}
