/* SPDX-License-Identifier: MIT */
#include "endpoint_options.h"

#include "common/buffer.h"
#include "common/options.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

status_t endpoint_options_init(endpoint_options_t *options, const char *name) {
  char *copy = strdup(name);
  if (copy == NULL)
    return STATUS_NO_MEMORY;
  *options = (endpoint_options_t){
      .name = copy,
      .verify_peer = true,
      .verify_host = true,
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
  free(options->token_file);
  free(options->ca_file);
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

trust_t endpoint_options_trust(const endpoint_options_t *options) {
  return (trust_t){.token_file = options->token_file,
                   .ca_file = options->ca_file,
                   .takes_any_signature = !options->verify_peer,
                   .takes_any_name = !options->verify_host};
}

/* --- two blocks --- */

/* Of two sockets, either may be a pattern that the other agrees with. */
static bool is_same_place(const endpoint_options_t *one, const endpoint_options_t *other) {
  enum { AS_GLOB = FNM_PATHNAME | FNM_PERIOD };
  if (one->socket == NULL || other->socket == NULL)
    return string_is(one->socket, other->socket) && string_is(one->url, other->url);
  return strcmp(one->socket, other->socket) == 0 || fnmatch(one->socket, other->socket, AS_GLOB) == 0 ||
         fnmatch(other->socket, one->socket, AS_GLOB) == 0;
}

/* Rows of the machine, and summaries, have the endpoint's name. */
static bool shares_objects(const endpoint_options_t *one, const endpoint_options_t *other) {
  for (class_id_t id = 0; id < CLASS_ROWS_COUNT; id++)
    if ((one->classes & other->classes & 1U << id) != 0 && class_is_made_by_application(&classes[id]))
      return true;
  return false;
}

static bool gives_same_names(const endpoint_options_t *one, const endpoint_options_t *other) {
  return string_is(one->host, other->host) && string_is(one->plugin_instance, other->plugin_instance) &&
         string_is(one->type_instance, other->type_instance);
}

status_t endpoint_options_compare(const endpoint_options_t *options, const endpoint_options_t *other,
                                  failure_t *failure) {
  if (strcmp(options->name, other->name) == 0)
    return failure_set(failure, STATUS_OPTION, "another block has this name; choose another name");
  if (is_same_place(options, other) && shares_objects(options, other) && gives_same_names(options, other))
    return failure_set(failure, STATUS_OPTION,
                       "<Endpoint \"%s\"> reads the same application, so its rows would have the same names; correct "
                       "Socket or URL, or choose other Rows",
                       other->name);
  return STATUS_OK;
}

/* --- keys --- */

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
