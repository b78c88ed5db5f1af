/* SPDX-License-Identifier: MIT */
#include "endpoint_options.h"

#include "common/options.h"

#include <stdlib.h>
#include <string.h>

status_t endpoint_options_init(endpoint_options_t *options, const char *name) {
  char *copy = strdup(name);
  if (copy == NULL)
    return STATUS_NO_MEMORY;
  *options = (endpoint_options_t){
      .name = copy,
      .timeout_seconds = DEFAULT_TIMEOUT_SECONDS,
      .classes = (1U << CLASS_ROWS_COUNT) - 1,
      .max_objects = OBJECTS_DEFAULT_MAX,
  };
  return STATUS_OK;
}

void endpoint_options_done(endpoint_options_t *options) {
  free(options->name);
  free(options->socket);
  free(options->url);
  free(options->host);
  for (size_t i = 0; i < options->app_data_length; i++)
    free(options->app_data[i]);
  free(options->app_data);
  free(options->plugin_instance);
  free(options->type_instance);
  for (size_t i = 0; i < options->room_keys_length; i++)
    free(options->room_keys[i]);
  for (size_t i = 0; i < options->participant_keys_length; i++)
    free(options->participant_keys[i]);
  for (size_t i = 0; i < options->groups_length; i++)
    group_options_done(&options->groups[i]);
  *options = (endpoint_options_t){0};
}

static const alias_t default_room = {{DEFAULT_ROOM_KEYS}, 4, true};
static const alias_t default_participant = {{DEFAULT_PARTICIPANT_KEYS}, 4, false};

/* The operator's keys, lent, or the default ones where there are none. */
static alias_t alias_of(char *const *keys, size_t length, const alias_t *fallback) {
  alias_t alias = {.length = length, .else_router = fallback->else_router};
  for (size_t i = 0; i < length; i++)
    alias.keys[i] = keys[i];
  return length > 0 ? alias : *fallback;
}

aliases_t endpoint_options_aliases(const endpoint_options_t *options) {
  return (aliases_t){alias_of(options->room_keys, options->room_keys_length, &default_room),
                     alias_of(options->participant_keys, options->participant_keys_length, &default_participant)};
}

name_keys_t endpoint_options_name_keys(const endpoint_options_t *options) {
  return (name_keys_t){.app_data = (const char *const *)options->app_data,
                       .app_data_length = options->app_data_length,
                       .aliases = endpoint_options_aliases(options)};
}
