/* SPDX-License-Identifier: MIT */
#include "missing_keys.h"

#include <stdio.h>
#include <string.h>

enum {
  READINGS = 10,  /* that have objects, before anything is said */
  SEEN_MAX = 12,  /* keys that a line shows */
  TEXT_MAX = 200, /* bytes of a list in the line */
};

/* A key that the configuration names. */
typedef struct {
  const char *option;         /* AppData or By */
  const char *key;            /* of appData */
  const group_alias_t *alias; /* what may stand in its place, or NULL */
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

typedef struct {
  const char *keys[SEEN_MAX];
  size_t length;
} seen_keys_t;

static bool collect(void *context, const app_data_t *app_data) {
  seen_keys_t *seen = context;
  for (size_t i = 0; i < app_data->length && seen->length < SEEN_MAX; i++) {
    size_t known = 0;
    while (known < seen->length && strcmp(seen->keys[known], app_data->scalars[i].key) != 0)
      known++;
    if (known == seen->length)
      seen->keys[seen->length++] = app_data->scalars[i].key;
  }
  return seen->length == SEEN_MAX;
}

static void write_seen(buffer_t *list, source_t *const *sources, size_t length) {
  seen_keys_t seen = {.length = 0};
  (void)any(sources, length, collect, &seen);
  for (size_t i = 0; i < seen.length; i++)
    append_item(list, seen.keys[i]);
  if (seen.length == 0)
    append_item(list, "none");
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

static void check_key(buffer_t *list, const sources_t *sources, const char *option, const char *key,
                      const group_alias_t *alias) {
  wanted_key_t wanted = {.option = option, .key = key, .alias = alias};
  if (key != NULL && !any(sources->sources, sources->length, has_key, &wanted))
    write_missing(list, &wanted);
}

static void check_keys(buffer_t *list, const sources_t *sources, const endpoint_options_t *options) {
  group_aliases_t aliases = endpoint_options_aliases(options);
  for (size_t i = 0; i < options->app_data_length; i++)
    check_key(list, sources, "AppData", options->app_data[i], NULL);
  for (size_t i = 0; i < options->groups_length; i++)
    for (size_t j = 0; j < options->groups[i].by_length; j++) {
      const char *by = options->groups[i].by[j];
      check_key(list, sources, "By", group_key_of_app_data(by), group_alias_find(&aliases, by));
    }
}

bool missing_keys_look(missing_keys_t *missing, const endpoint_options_t *options, source_t *const *sources,
                       size_t sources_length, failure_t *line) {
  if (missing->done || !has_objects(sources, sources_length) || ++missing->readings < READINGS)
    return false;
  missing->done = true;
  buffer_t list = BUFFER_INIT(TEXT_MAX), seen = BUFFER_INIT(TEXT_MAX);
  check_keys(&list, &(sources_t){sources, sources_length}, options);
  bool is_missing = list.length > 0;
  write_seen(&seen, sources, sources_length);
  if (is_missing)
    (void)failure_set(line, STATUS_OK,
                      "no object's appData has the key of %s; the keys seen are: %s; correct the key, set it in the "
                      "application, or name another with RoomKeys",
                      buffer_text(&list), buffer_text(&seen));
  buffer_done(&list);
  buffer_done(&seen);
  return is_missing;
}
