/* SPDX-License-Identifier: MIT */
#include "dispatch.h"

#include "common/identifier.h"
#include "common/limits.h"
#include "common/number.h"

#include <collectd/core/utils/common/common.h>

static const char plugin_name[] = "mediasoup";

/* How many rows are sent without a pause, and how long the pause is: 5 ms, which makes 50,000 rows a second, fewer than
 * collectd writes; but at most 1/2000 of the interval, so that 100,000 rows take a fifth of it. */
enum { ROWS_AT_ONCE = 256, PAUSE_MILLISECONDS = 5, PAUSES_AN_INTERVAL = 2000 };

/* --- types --- */

static int source_type(const field_t *field) { return field->kind == KIND_COUNTER ? DS_TYPE_DERIVE : DS_TYPE_GAUGE; }

static void register_type(const class_t *class) {
  data_source_t sources[FIELDS_MAX];
  data_set_t set = {.ds_num = class->fields_length, .ds = sources};
  sstrncpy(set.type, class->name, sizeof(set.type));
  for (size_t i = 0; i < class->fields_length; i++) {
    int type = source_type(&class->fields[i]);
    sources[i] = (data_source_t){.type = type, .min = type == DS_TYPE_DERIVE ? 0 : NAN, .max = NAN};
    sstrncpy(sources[i].name, class->fields[i].name, sizeof(sources[i].name));
  }
  (void)plugin_register_data_set(&set);
}

void dispatch_register_types(void) {
  for (size_t i = 0; i < CLASS_COUNT; i++)
    register_type(&classes[i]);
}

static bool is_same_set(const data_set_t *set, const class_t *class) {
  if (set->ds_num != class->fields_length)
    return false;
  for (size_t i = 0; i < set->ds_num; i++)
    if (strcmp(set->ds[i].name, class->fields[i].name) != 0 || set->ds[i].type != source_type(&class->fields[i]))
      return false;
  return true;
}

void dispatch_check_types(type_conflicts_t *conflicts, void (*complain)(const char *complaint)) {
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    const data_set_t *set = plugin_get_ds(classes[i].name);
    conflicts->differs[i] = set == NULL || !is_same_set(set, &classes[i]);
    if (!conflicts->differs[i])
      continue;
    char complaint[512];
    ssnprintf(complaint, sizeof(complaint),
              "a TypesDB file defines the type \"%s\" differently; rows of this type are not sent: remove that "
              "definition, or install the mediasoup.types.db of this version",
              classes[i].name);
    complain(complaint);
  }
}

/* --- metadata --- */

/* How many bytes of `text` make a piece that write_http carries once it is escaped. */
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

/* A text that is too long for one entry goes on under key.1, key.2, ... */
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
    (void)meta_data_add_double(metadata, key, number_read(text, NULL));
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

/* The ids of the objects above the parent. The parent's own id is an attribute of the object. */
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
  add_text(metadata, IDENTIFIER_ENDPOINT, dispatch->endpoint);
  if (dispatch->process >= 0)
    (void)meta_data_add_unsigned_int(metadata, IDENTIFIER_PROCESS, (uint64_t)dispatch->process);
}

typedef void (*write_t)(const name_keys_t *keys, const object_t *object, buffer_t *json);

/* An object's metadata goes on without what there is no memory for. */
static void add_written(meta_data_t *metadata, const dispatch_t *dispatch, const object_t *object, const char *key,
                        write_t write) {
  buffer_t json = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  write(&dispatch->keys, object, &json);
  if (buffer_status(&json) == STATUS_OK && json.length > 0)
    add_text(metadata, key, buffer_text(&json));
  buffer_done(&json);
}

static void add_report_text(meta_data_t *metadata, const char *key, const char *text) {
  if (text[0] != '\0')
    add_text(metadata, key, text);
}

static void add_report(meta_data_t *metadata, const report_t *report) {
  (void)meta_data_add_unsigned_int(metadata, REPORT_SINCE, report->since);
  if (report->last_reading > 0)
    (void)meta_data_add_unsigned_int(metadata, REPORT_LAST_READING, report->last_reading);
  add_report_text(metadata, REPORT_FAILURE, report->failure);
  add_report_text(metadata, REPORT_REMEDY, report->remedy);
  add_report_text(metadata, REPORT_APP_DATA_KEYS, buffer_text(&report->app_data_keys));
  add_report_text(metadata, REPORT_ROOM_NAMES, buffer_text(&report->room_names));
  add_report_text(metadata, REPORT_ROOM_REMEDY, buffer_text(&report->room_remedy));
}

/* The figures of a process that does not answer: perhaps it has ended. */
static bool is_stale(const dispatch_t *dispatch, const object_t *object, size_t index) {
  return object->class == &classes[CLASS_ENDPOINT] && dispatch->report.failure[0] != '\0' &&
         object->class->attributes[index].type == ATTRIBUTE_NUMBER;
}

static void add_all(meta_data_t *metadata, const dispatch_t *dispatch, const object_t *object) {
  for (size_t i = 0; i < object->class->attributes_length; i++) {
    member_type_t type;
    const char *text = object_attribute(object, i, &type);
    if (text != NULL && !is_stale(dispatch, object, i))
      add_attribute(metadata, object->class->attributes[i].key, text, type);
  }
  add_ancestors(metadata, object);
  if (class_has_slot(object->class))
    add_endpoint(metadata, dispatch);
  if (object->class == &classes[CLASS_ENDPOINT])
    add_report(metadata, &dispatch->report);
  if (object->app_data != NULL)
    add_text(metadata, "appData", object->app_data->json);
  add_written(metadata, dispatch, object, "inherited", inherited_write);
  add_written(metadata, dispatch, object, "names", inherited_write_names);
}

static bool is_empty(meta_data_t *metadata) {
  char **keys = NULL;
  int count = meta_data_toc(metadata, &keys);
  for (int i = 0; i < count; i++)
    free(keys[i]);
  free(keys);
  return count <= 0;
}

/* NULL where there is none, since write_http makes invalid JSON of empty metadata, or when out of memory. */
static meta_data_t *new_metadata(const dispatch_t *dispatch, const named_values_t *row) {
  bool is_any = row->about != NULL || row->app_data != NULL;
  meta_data_t *metadata = is_any ? meta_data_create() : NULL;
  if (metadata == NULL)
    return NULL;
  if (row->about != NULL)
    add_all(metadata, dispatch, row->about);
  else
    add_text(metadata, "appData", row->app_data);
  if (!is_empty(metadata))
    return metadata;
  meta_data_destroy(metadata);
  return NULL;
}

/* --- value lists --- */

/* A row with its metadata takes two kilobytes of collectd's queue. Without pauses a whole reading would stand there at
 * once, ahead of what other plugins read, and collectd would keep the memory. */
static void pause_between(dispatch_t *dispatch) {
  cdtime_t most = dispatch->interval / PAUSES_AN_INTERVAL, usual = MS_TO_CDTIME_T(PAUSE_MILLISECONDS);
  if (++dispatch->rows % ROWS_AT_ONCE == 0)
    (void)nanosleep(&CDTIME_T_TO_TIMESPEC(most < usual ? most : usual), NULL);
}

static void fill_values(value_t values[FIELDS_MAX], const named_values_t *from) {
  for (size_t i = 0; i < from->class->fields_length; i++) {
    if (from->class->fields[i].kind == KIND_COUNTER)
      values[i].derive = from->values[i].counter;
    else
      values[i].gauge = from->values[i].gauge;
  }
}

/* Returns what plugin_dispatch_values() does; not 0 where the class's type has a conflict. */
static int dispatch_values(dispatch_t *dispatch, const named_values_t *row) {
  if (dispatch->conflicts->differs[row->class - classes])
    return -1;
  value_t values[FIELDS_MAX];
  value_list_t list = {.values = values,
                       .values_len = row->class->fields_length,
                       .time = dispatch->time,
                       .interval = dispatch->interval,
                       .meta = new_metadata(dispatch, row)};
  fill_values(values, row);
  sstrncpy(list.host, dispatch->host, sizeof(list.host));
  sstrncpy(list.plugin, plugin_name, sizeof(list.plugin));
  sstrncpy(list.plugin_instance, row->plugin_instance, sizeof(list.plugin_instance));
  sstrncpy(list.type, row->class->name, sizeof(list.type));
  sstrncpy(list.type_instance, row->type_instance, sizeof(list.type_instance));
  int result = plugin_dispatch_values(&list);
  if (list.meta != NULL)
    meta_data_destroy(list.meta);
  pause_between(dispatch);
  return result;
}

/* --- objects --- */

/* Metadata goes along when it says something new, and every so often for receivers that came late. Rows take turns. */
static bool metadata_is_due(const dispatch_t *dispatch, const model_t *model, const object_t *object) {
  return dispatch->metadata_always || object->metadata_due ||
         (object->number + model_snapshot(model)) % METADATA_INTERVALS == 0;
}

static void dispatch_row(dispatch_t *dispatch, object_t *object, bool metadata) {
  named_values_t values = {.class = object->class,
                           .plugin_instance = object->plugin_instance,
                           .type_instance = object->type_instance,
                           .values = object->values,
                           .about = metadata ? object : NULL};
  if (dispatch_values(dispatch, &values) == 0 && metadata)
    object->metadata_due = false;
}

static void dispatch_object(dispatch_t *dispatch, source_t *source, object_t *object) {
  if (namer_name(source_namer(source), object) == STATUS_OK)
    dispatch_row(dispatch, object, metadata_is_due(dispatch, source_model(source), object));
}

static void dispatch_endpoint(dispatch_t *dispatch, source_t *source) {
  object_t *endpoint = model_endpoint(source_model(source));
  if (namer_name(source_namer(source), endpoint) != STATUS_OK)
    return;
  bool metadata = metadata_is_due(dispatch, source_model(source), endpoint);
  if (metadata || report_is_due(source)) {
    report_make(&dispatch->report, source, &dispatch->keys.aliases, dispatch->endpoint);
    endpoint->metadata_due = report_is_new(&dispatch->report, source) || endpoint->metadata_due;
  }
  dispatch_row(dispatch, endpoint, metadata || endpoint->metadata_due);
  report_done(&dispatch->report);
}

void dispatch_source(dispatch_t *dispatch, source_t *source) {
  const failure_t *failure;
  model_t *model = source_model(source);
  dispatch->process = source_process(source);
  dispatch_endpoint(dispatch, source);
  bool failed = source_status(source, &failure) != STATUS_OK;
  for (object_t *object = model_next(model, NULL); object != NULL; object = model_next(model, object))
    if (failed)
      object->metadata_due = true; /* receivers forget rows that do not come */
    else if (model_dispatches(model, object))
      dispatch_object(dispatch, source, object);
}

/* --- summaries --- */

static void visit(void *context, const named_values_t *values) { (void)dispatch_values(context, values); }

void dispatch_summary(dispatch_t *dispatch, const summary_t *summary) { summary_each(summary, visit, dispatch); }
