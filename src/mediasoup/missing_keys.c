/* SPDX-License-Identifier: MIT */
#include "missing_keys.h"

#include "common/options.h"
#include "seen_keys.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
  READINGS = 10,  /* that have objects, before anything is said */
  TEXT_MAX = 100, /* bytes of a list in the line */
  REMEDY_MAX = 1000,
};

/* A key that the configuration names. */
typedef struct {
  const char *option;   /* AppData or By */
  const char *key;      /* of appData */
  const alias_t *alias; /* what may stand in its place, or NULL */
} wanted_key_t;

typedef bool (*look_t)(void *context, const app_data_t *app_data);

/* Shows each object's appData until one is what was looked for. */
static bool any(source_t *const *sources, size_t length, look_t look, void *context) {
  for (size_t i = 0; i < length; i++) {
    const model_t *model = source_model(sources[i]);
    for (object_t *object = model_next(model, NULL); object != NULL; object = model_next(model, object))
      if (object->app_data != NULL && look(context, object->app_data))
        return true;
  }
  return false;
}

static bool has_objects(source_t *const *sources, size_t length) {
  for (size_t i = 0; i < length; i++)
    for (object_t *object = model_next(source_model(sources[i]), NULL); object != NULL;
         object = model_next(source_model(sources[i]), object))
      if (class_is_made_by_application(object->class))
        return true;
  return false;
}

static bool has_key(void *context, const app_data_t *app_data) {
  const wanted_key_t *wanted = context;
  if (app_data_find(app_data, wanted->key) != NULL)
    return true;
  for (size_t i = 0; wanted->alias != NULL && i < wanted->alias->length; i++)
    if (app_data_find(app_data, wanted->alias->keys[i]) != NULL)
      return true;
  return false;
}

/* --- the line --- */

static void append_item(buffer_t *list, const char *item) {
  if (list->length + strlen(item) + 2 > TEXT_MAX)
    return;
  buffer_append_text(list, list->length > 0 ? ", " : "");
  buffer_append_text(list, item);
}

static bool collect(void *context, const app_data_t *app_data) {
  seen_keys_t *seen = context;
  seen_keys_add_all(seen, app_data);
  return seen->length == SEEN_KEYS_MAX;
}

/* Whether there are any. */
static bool write_seen(buffer_t *list, source_t *const *sources, size_t length) {
  seen_keys_t seen = {.length = 0};
  (void)any(sources, length, collect, &seen);
  for (size_t i = 0; i < seen.length; i++)
    append_item(list, seen.keys[i]);
  if (seen.length == 0)
    append_item(list, "none");
  return seen.length > 0;
}

static void write_missing(buffer_t *list, const wanted_key_t *wanted) {
  char item[TEXT_MAX];
  (void)snprintf(item, sizeof(item), "%s \"%.80s\"", wanted->option, wanted->key);
  append_item(list, item);
}

/* --- what the header offers --- */

typedef struct {
  source_t *const *sources;
  size_t length;
} sources_t;

/* What nobody has. */
typedef struct {
  buffer_t list;           /* all keys, with their options */
  const char *room;        /* the key that labels rooms; NULL: it is there, or nobody asks for it */
  const char *participant; /* the same of participants */
} missed_t;

/* The operator who names RoomKeys without "roomId" may have left it in AppData or By. */
static bool is_label_of(const alias_t *alias, const char *fallback, const char *key) {
  return strcmp(alias->length > 0 ? alias->keys[0] : fallback, key) == 0 || strcmp(fallback, key) == 0;
}

static void miss(missed_t *missed, const aliases_t *aliases, const wanted_key_t *wanted) {
  static const char *const rooms[] = {DEFAULT_ROOM_KEYS}, *const participants[] = {DEFAULT_PARTICIPANT_KEYS};
  write_missing(&missed->list, wanted);
  if (is_label_of(&aliases->room, rooms[0], wanted->key))
    missed->room = wanted->key;
  if (is_label_of(&aliases->participant, participants[0], wanted->key))
    missed->participant = wanted->key;
}

static void check_key(missed_t *missed, const sources_t *sources, const aliases_t *aliases,
                      const wanted_key_t *wanted) {
  if (wanted->key != NULL && !any(sources->sources, sources->length, has_key, (void *)(uintptr_t)wanted))
    miss(missed, aliases, wanted);
}

static void check_keys(missed_t *missed, const sources_t *sources, const endpoint_options_t *options) {
  aliases_t aliases = endpoint_options_aliases(options);
  for (size_t i = 0; i < options->app_data_length; i++) {
    const char *key = options->app_data[i];
    check_key(missed, sources, &aliases, &(wanted_key_t){"AppData", key, alias_find(&aliases, key)});
  }
  for (size_t i = 0; i < options->groups_length; i++)
    for (size_t j = 0; j < options->groups[i].by_length; j++) {
      const char *by = options->groups[i].by[j];
      check_key(missed, sources, &aliases, &(wanted_key_t){"By", group_key_of_app_data(by), alias_find(&aliases, by)});
    }
}

/* --- the remedy --- */

static void append_line(buffer_t *text, const char *option, const char *key) {
  buffer_append_text(text, text->length > 0 ? " and " : "add ");
  buffer_append_text(text, option);
  buffer_append_text(text, " \"");
  buffer_append_text(text, key);
  buffer_append_text(text, "\" \"KEY\"");
}

/* The keys seen may name rooms and participants; without any, only the application can. */
static void write_remedy(buffer_t *text, const missed_t *missed, bool any_seen) {
  bool is_room = missed->room != NULL, is_participant = missed->participant != NULL;
  if (!is_room && !is_participant)
    buffer_append_text(text, "correct the key, or set it in the application");
  else if (!any_seen)
    buffer_append_text(text, "set them in the appData of the application's routers and transports");
  if (any_seen && is_room)
    append_line(text, "RoomKeys", missed->room);
  if (any_seen && is_participant)
    append_line(text, "ParticipantKeys", missed->participant);
  if (any_seen && (is_room || is_participant))
    buffer_append_text(text, ", with the seen key that names it for KEY");
  if (is_room)
    buffer_append_text(text, "; until then a room is called by its router's id");
}

bool missing_keys_look(missing_keys_t *missing, const endpoint_options_t *options, source_t *const *sources,
                       size_t sources_length, failure_t *line) {
  if (missing->done || !has_objects(sources, sources_length) || ++missing->readings < READINGS)
    return false;
  missing->done = true;
  missed_t missed = {.list = BUFFER_INIT(TEXT_MAX)};
  buffer_t seen = BUFFER_INIT(TEXT_MAX), remedy = BUFFER_INIT(REMEDY_MAX);
  check_keys(&missed, &(sources_t){sources, sources_length}, options);
  bool is_missing = missed.list.length > 0;
  write_remedy(&remedy, &missed, write_seen(&seen, sources, sources_length));
  if (is_missing)
    (void)failure_set(line, STATUS_OK, "no object's appData has the key of %s; the keys seen are: %s; %s",
                      buffer_text(&missed.list), buffer_text(&seen), buffer_text(&remedy));
  buffer_done(&missed.list);
  buffer_done(&seen);
  buffer_done(&remedy);
  return is_missing;
}
