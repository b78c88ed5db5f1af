/* SPDX-License-Identifier: MIT */
#include "inherited.h"

#include "common/json.h"
#include "common/names.h"

#include <string.h>

static void append_text(buffer_t *json, const char *text) { json_append_string(json, text, strlen(text)); }

/* Takes back what does not fit. */
static void append_member(buffer_t *json, const char *key, const app_data_scalar_t *value) {
  size_t before = json->length;
  buffer_append_character(json, before > 0 ? ',' : '{');
  append_text(json, key);
  buffer_append_character(json, ':');
  if (value->is_string)
    append_text(json, value->text);
  else
    buffer_append_text(json, value->text);
  if (buffer_status(json) == STATUS_OK && json->length > INHERITED_MAX_BYTES)
    json->data[json->length = before] = '\0';
}

static void close_object(buffer_t *json) {
  if (json->length > 0)
    buffer_append_character(json, '}');
}

/* --- what it inherits --- */

static bool has_own(const object_t *object, const char *key) { return app_data_find(object->app_data, key) != NULL; }

/* An empty text names nothing. */
static bool has_own_name(const name_keys_t *keys, const object_t *object, const char *key) {
  const char *own = app_data_find(object->app_data, key);
  return own != NULL && (own[0] != '\0' || alias_find(&keys->aliases, key) == NULL);
}

static void append_key(buffer_t *json, const name_keys_t *keys, const object_t *object, const char *key) {
  if (has_own_name(keys, object, key))
    return;
  app_data_scalar_t value = aliases_value(&keys->aliases, object, key);
  if (value.text != NULL)
    append_member(json, key, &value);
}

static bool is_among(const name_keys_t *keys, const char *key) {
  for (size_t i = 0; i < keys->app_data_length; i++)
    if (strcmp(keys->app_data[i], key) == 0)
      return true;
  return false;
}

/* The room or the participant, unless AppData has named it. */
static void append_alias(buffer_t *json, const name_keys_t *keys, const object_t *object, const alias_t *alias) {
  if (alias->length > 0 && !is_among(keys, alias->keys[0]))
    append_key(json, keys, object, alias->keys[0]);
}

/* Whether the key is told already: by the object, by one between it and `above`, or as the name of an alias. */
static bool is_told(const name_keys_t *keys, const object_t *object, const object_t *above, const char *key) {
  for (; object != above; object = object->parent)
    if (has_own(object, key))
      return true;
  return alias_find(&keys->aliases, key) != NULL;
}

static void append_all(buffer_t *json, const name_keys_t *keys, const object_t *object) {
  for (const object_t *above = object->parent; above != NULL; above = above->parent)
    for (size_t i = 0; above->app_data != NULL && i < above->app_data->length; i++)
      if (!is_told(keys, object, above, above->app_data->scalars[i].key))
        append_member(json, above->app_data->scalars[i].key, &above->app_data->scalars[i]);
}

void inherited_write(const name_keys_t *keys, const object_t *object, buffer_t *json) {
  if (!class_is_made_by_application(object->class))
    return;
  append_alias(json, keys, object, &keys->aliases.room);
  append_alias(json, keys, object, &keys->aliases.participant);
  for (size_t i = 0; i < keys->app_data_length; i++)
    append_key(json, keys, object, keys->app_data[i]);
  if (keys->app_data_length == 0)
    append_all(json, keys, object);
  close_object(json);
}

/* --- its names --- */

typedef struct {
  const char *what, *key, *usual_key;
} name_members_t;

static const name_members_t of_room = {NAMES_ROOM, NAMES_ROOM_KEY, NAMES_USUAL_ROOM_KEY};
static const name_members_t of_participant = {NAMES_PARTICIPANT, NAMES_PARTICIPANT_KEY, NAMES_USUAL_PARTICIPANT_KEY};

static void append_text_member(buffer_t *json, const char *key, const char *text) {
  append_member(json, key, &(app_data_scalar_t){.text = text, .is_string = true});
}

static void append_name(buffer_t *json, const name_members_t *members, const alias_t *alias, const object_t *object) {
  const char *name = alias_value(alias, object).text;
  size_t key = alias_key(alias, object, NULL);
  if (name != NULL)
    append_text_member(json, members->what, name);
  if (key < alias->length && strcmp(alias->keys[key], members->usual_key) != 0)
    append_text_member(json, members->key, alias->keys[key]);
}

void inherited_write_names(const name_keys_t *keys, const object_t *object, buffer_t *json) {
  if (!class_is_made_by_application(object->class))
    return;
  append_name(json, &of_room, &keys->aliases.room, object);
  append_name(json, &of_participant, &keys->aliases.participant, object);
  close_object(json);
}
