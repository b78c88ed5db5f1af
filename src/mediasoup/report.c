/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "common/hash.h"
#include "common/json.h"
#include "seen_keys.h"

#include <string.h>

enum {
  FIRST_READINGS = 10, /* each has a report */
  EVERY_READINGS = 6,  /* afterwards: a minute where the interval is collectd's 10 s */
  KEYS_MAX_BYTES = 1024,
  NAMES_MAX_BYTES = 400,
  REMEDY_MAX_BYTES = 800,
};

/* --- keys of appData --- */

static void append_json_keys(buffer_t *json, const class_t *class, const seen_keys_t *seen) {
  if (seen->length == 0)
    return;
  buffer_append_character(json, json->length > 0 ? ',' : '{');
  json_append_string(json, class->name, strlen(class->name));
  for (size_t i = 0; i < seen->length; i++) {
    buffer_append_text(json, i == 0 ? ":[" : ",");
    json_append_string(json, seen->keys[i], strlen(seen->keys[i]));
  }
  buffer_append_character(json, ']');
}

/* A list of many long keys is left out whole: half of one would be no JSON. */
static void write_keys(buffer_t *json, const seen_keys_t seen[CLASS_ROWS_COUNT]) {
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++)
    append_json_keys(json, &classes[i], &seen[i]);
  if (json->length > 0)
    buffer_append_character(json, '}');
  if (buffer_status(json) != STATUS_OK)
    buffer_clear(json);
}

/* --- names of rooms --- */

/* Which keys name rooms: the bit 1 << index in the alias, and the one after the last key for the router's id. */
typedef struct {
  unsigned routers, transports, streams; /* of what is below: a router without streams has no other name than its own */
} namings_t;

static void see_naming(namings_t *namings, const alias_t *alias, const object_t *object) {
  if (!class_is_made_by_application(object->class))
    return;
  unsigned naming = 1U << alias_key(alias, object, NULL);
  if (object->class == &classes[CLASS_ROUTERS])
    namings->routers |= naming;
  else if (object->class == &classes[CLASS_TRANSPORTS])
    namings->transports |= naming;
  else
    namings->streams |= naming;
}

static unsigned naming_of_rooms(const namings_t *namings) {
  return namings->streams != 0 ? namings->streams : namings->transports != 0 ? namings->transports : namings->routers;
}

static void append_item(buffer_t *list, const char *separator, const char *item) {
  buffer_append_text(list, list->length > 0 ? separator : "");
  buffer_append_text(list, item);
}

static void write_names(buffer_t *names, const alias_t *alias, unsigned naming) {
  for (size_t i = 0; i < alias->length; i++)
    if ((naming & 1U << i) != 0)
      append_item(names, ",", alias->keys[i]);
  if ((naming & 1U << alias->length) != 0)
    append_item(names, ",", "router");
  if (buffer_status(names) != STATUS_OK)
    buffer_clear(names);
}

static void write_union(buffer_t *list, const seen_keys_t seen[CLASS_ROWS_COUNT]) {
  seen_keys_t all = {.length = 0};
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++)
    for (size_t j = 0; j < seen[i].length; j++)
      seen_keys_add(&all, seen[i].keys[j]);
  for (size_t i = 0; i < all.length; i++)
    append_item(list, ", ", all.keys[i]);
}

/* One of the keys seen may name rooms; without any, only the application can. */
static void write_room_remedy(buffer_t *text, const alias_t *alias, const char *endpoint,
                              const seen_keys_t seen[CLASS_ROWS_COUNT]) {
  buffer_t keys = BUFFER_INIT(NAMES_MAX_BYTES);
  write_union(&keys, seen);
  bool is_any = keys.length > 0;
  buffer_append_text(text, is_any ? "add RoomKeys \"" : "set the key in the application: router.appData.");
  buffer_append_text(text, alias->keys[0]);
  if (is_any) {
    buffer_append_text(text, "\" \"KEY\" to <Endpoint \"");
    buffer_append_text(text, endpoint);
    buffer_append_text(text, "\"> in collectd's configuration, where KEY is the one of these keys that names a room: ");
    buffer_append_text(text, buffer_text(&keys));
  } else
    buffer_append_text(text, " = 'the name of the room'");
  if (buffer_status(text) != STATUS_OK)
    buffer_clear(text);
  buffer_done(&keys);
}

static void look_at_objects(report_t *report, const model_t *model, const alias_t *room, const char *endpoint) {
  seen_keys_t seen[CLASS_ROWS_COUNT] = {{.length = 0}};
  namings_t namings = {0};
  for (object_t *object = model_next(model, NULL); object != NULL; object = model_next(model, object)) {
    seen_keys_add_all(&seen[class_id(object->class)], object->app_data);
    see_naming(&namings, room, object);
  }
  write_keys(&report->app_data_keys, seen);
  if (room->length == 0)
    return;
  unsigned naming = naming_of_rooms(&namings);
  write_names(&report->room_names, room, naming);
  if (naming == 1U << room->length)
    write_room_remedy(&report->room_remedy, room, endpoint, seen);
}

/* --- the failure --- */

/* What a wrong application has answered may be in the cause, in whatever encoding. */
static void copy_cause(char *to, const char *cause) {
  bool is_utf8 = json_is_utf8(cause, strlen(cause));
  do
    *to++ = is_utf8 || (unsigned char)*cause < 0x80 ? *cause : '?';
  while (*cause++ != '\0');
}

/* --- what the header offers --- */

void report_make(report_t *report, source_t *source, const aliases_t *aliases, const char *endpoint) {
  const failure_t *failure;
  status_t status = source_status(source, &failure);
  *report = (report_t){.since = source_since(source),
                       .remedy = "",
                       .app_data_keys = BUFFER_INIT(KEYS_MAX_BYTES),
                       .room_names = BUFFER_INIT(NAMES_MAX_BYTES),
                       .room_remedy = BUFFER_INIT(REMEDY_MAX_BYTES)};
  if (status == STATUS_OK) {
    look_at_objects(report, source_model(source), &aliases->room, endpoint);
    return;
  }
  report->last_reading = source_last_reading(source);
  report->remedy = status_remedy(status);
  copy_cause(report->failure, failure->cause);
}

void report_done(report_t *report) {
  buffer_done(&report->app_data_keys);
  buffer_done(&report->room_names);
  buffer_done(&report->room_remedy);
}

bool report_is_due(source_t *source) {
  const failure_t *failure;
  uint64_t reading = model_snapshot(source_model(source));
  return source_status(source, &failure) != STATUS_OK || source_status_is_new(source) || reading <= FIRST_READINGS ||
         reading % EVERY_READINGS == 0;
}

bool report_is_new(const report_t *report, source_t *source) {
  const char *const texts[] = {report->failure, buffer_text(&report->app_data_keys), buffer_text(&report->room_names),
                               buffer_text(&report->room_remedy)};
  uint64_t hash = hash_add(HASH_BEGIN, &report->since, sizeof(report->since));
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    hash = hash_add(hash, texts[i], strlen(texts[i]) + 1);
  return source_remember_report(source, hash);
}
