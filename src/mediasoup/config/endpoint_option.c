/* SPDX-License-Identifier: MIT */
#include "endpoint_option.h"

#include "common/options.h"
#include "mediasoup/source.h"
#include "mediasoup/template.h"
#include "mediasoup/url.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- where it is and how it is read --- */

/* The path as the application has it, copied from its code, is one at which there is never a socket. */
static MUST_CHECK status_t read_socket(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  status_t status = value_text(option, &options->socket, failure);
  const char *process = status == STATUS_OK ? strstr(options->socket, "%p") : NULL;
  if (process != NULL)
    return failure_set(failure, STATUS_OPTION, "%%p stands for a process in serve() only; here a * does: \"%.*s*%s\"",
                       (int)(process - options->socket), options->socket, process + 2);
  return status;
}

/* The URL as one gives it to curl has the path of the snapshot, which is appended here. */
static void cut_path(char *url) {
  static const char path[] = SNAPSHOT_PATH;
  size_t length = strlen(url);
  if (length >= sizeof(path) - 1 && strcmp(url + length - (sizeof(path) - 1), path) == 0)
    url[length - (sizeof(path) - 1)] = '\0';
}

static MUST_CHECK status_t read_url(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  status_t status = value_text(option, &options->url, failure);
  if (status != STATUS_OK)
    return status;
  if (!url_is_http(options->url) && !url_is_https(options->url))
    return failure_set(failure, STATUS_OPTION, "it takes a URL that begins with http:// or https://");
  if (strpbrk(options->url, "?#") != NULL)
    return failure_set(failure, STATUS_OPTION,
                       "it takes a URL without parameters; the option Rows says what is asked for");
  cut_path(options->url);
  return STATUS_OK;
}

static MUST_CHECK status_t read_ca_cert(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  return value_text(option, &options->ca_file, failure);
}

static MUST_CHECK status_t read_verify_peer(const oconfig_item_t *option, endpoint_options_t *options,
                                            failure_t *failure) {
  return value_boolean(option, &options->verify_peer, failure);
}

static MUST_CHECK status_t read_verify_host(const oconfig_item_t *option, endpoint_options_t *options,
                                            failure_t *failure) {
  return value_boolean(option, &options->verify_host, failure);
}

static MUST_CHECK status_t read_token_file(const oconfig_item_t *option, endpoint_options_t *options,
                                           failure_t *failure) {
  return value_text(option, &options->token_file, failure);
}

static MUST_CHECK status_t read_host(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  return value_text(option, &options->host, failure);
}

static MUST_CHECK status_t read_interval(const oconfig_item_t *option, endpoint_options_t *options,
                                         failure_t *failure) {
  return value_seconds(option, &options->interval_seconds, failure);
}

static MUST_CHECK status_t read_timeout(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  return value_seconds(option, &options->timeout_seconds, failure);
}

/* --- which rows, and how many --- */

static MUST_CHECK status_t read_rows(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  status_t status = value_texts(option, failure);
  if (status != STATUS_OK)
    return status;
  options->classes = 1U << CLASS_ENDPOINT;
  for (int i = 0; i < option->values_num; i++) {
    const char *name = option->values[i].value.string;
    const class_t *class = class_by_name(name, strlen(name));
    if (class == NULL || class_id(class) == CLASS_ENDPOINT || class_is_summary(class))
      return failure_set(failure, STATUS_OPTION,
                         "there is no class of rows \"%s\"; the classes are usage, workers, routers, transports, "
                         "producers, consumers, data_producers, data_consumers",
                         name);
    options->classes |= 1U << class_id(class);
  }
  return STATUS_OK;
}

static MUST_CHECK status_t read_max_objects(const oconfig_item_t *option, endpoint_options_t *options,
                                            failure_t *failure) {
  return value_number(option, OBJECTS_MAX, &options->max_objects, failure);
}

/* --- names and metadata --- */

static MUST_CHECK status_t read_app_data(const oconfig_item_t *option, endpoint_options_t *options,
                                         failure_t *failure) {
  status_t status = value_texts(option, failure);
  if (status != STATUS_OK)
    return status;
  size_t more = (size_t)option->values_num;
  char **keys = realloc(options->app_data, (options->app_data_length + more) * sizeof(*keys));
  if (keys == NULL)
    return failure_no_memory(failure);
  options->app_data = keys;
  for (size_t i = 0; i < more && status == STATUS_OK; i++)
    status = value_add_key(option->values[i].value.string, keys, &options->app_data_length, failure);
  return status;
}

/* The template is compiled to check it, so that a complaint about it can name its option. */
static MUST_CHECK status_t read_template(const oconfig_item_t *option, char **text, failure_t *failure) {
  template_t *template;
  status_t status = value_text(option, text, failure);
  if (status == STATUS_OK)
    status = template_new(*text, &template, failure);
  if (status == STATUS_OK)
    template_free(template);
  return status;
}

static MUST_CHECK status_t read_plugin_instance(const oconfig_item_t *option, endpoint_options_t *options,
                                                failure_t *failure) {
  return read_template(option, &options->plugin_instance, failure);
}

static MUST_CHECK status_t read_type_instance(const oconfig_item_t *option, endpoint_options_t *options,
                                              failure_t *failure) {
  return read_template(option, &options->type_instance, failure);
}

static MUST_CHECK status_t read_metadata(const oconfig_item_t *option, endpoint_options_t *options,
                                         failure_t *failure) {
  const char *text = value_is_text(option) ? option->values[0].value.string : "";
  options->metadata_always = strcasecmp(text, "always") == 0;
  if (options->metadata_always || strcasecmp(text, "changes") == 0)
    return STATUS_OK;
  return failure_set(failure, STATUS_OPTION, "it takes \"changes\" or \"always\"");
}

/* --- summaries --- */

static MUST_CHECK status_t read_distributions(const oconfig_item_t *option, endpoint_options_t *options,
                                              failure_t *failure) {
  return value_boolean(option, &options->distributions, failure);
}

static MUST_CHECK status_t read_worst(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  return value_number(option, WORST_MAX, &options->worst, failure);
}

static MUST_CHECK status_t read_aliases(const oconfig_item_t *option, char **keys, size_t *length, failure_t *failure) {
  status_t status = value_texts(option, failure);
  for (int i = 0; i < option->values_num && status == STATUS_OK; i++) {
    if (*length == ALIASES_MAX)
      return failure_set(failure, STATUS_OPTION, "it takes up to %d keys", ALIASES_MAX);
    status = value_add_key(option->values[i].value.string, keys, length, failure);
  }
  return status;
}

static MUST_CHECK status_t read_room_keys(const oconfig_item_t *option, endpoint_options_t *options,
                                          failure_t *failure) {
  return read_aliases(option, options->room_keys, &options->room_keys_length, failure);
}

static MUST_CHECK status_t read_participant_keys(const oconfig_item_t *option, endpoint_options_t *options,
                                                 failure_t *failure) {
  return read_aliases(option, options->participant_keys, &options->participant_keys_length, failure);
}

/* --- all of them --- */

typedef status_t (*reader_t)(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure);

static const reader_t readers[ENDPOINT_OPTIONS] = {
    [ENDPOINT_SOCKET] = read_socket,
    [ENDPOINT_URL] = read_url,
    [ENDPOINT_CA_CERT] = read_ca_cert,
    [ENDPOINT_VERIFY_PEER] = read_verify_peer,
    [ENDPOINT_VERIFY_HOST] = read_verify_host,
    [ENDPOINT_TOKEN_FILE] = read_token_file,
    [ENDPOINT_HOST] = read_host,
    [ENDPOINT_INTERVAL] = read_interval,
    [ENDPOINT_TIMEOUT] = read_timeout,
    [ENDPOINT_APP_DATA] = read_app_data,
    [ENDPOINT_ROWS] = read_rows,
    [ENDPOINT_PLUGIN_INSTANCE] = read_plugin_instance,
    [ENDPOINT_TYPE_INSTANCE] = read_type_instance,
    [ENDPOINT_MAX_OBJECTS] = read_max_objects,
    [ENDPOINT_METADATA] = read_metadata,
    [ENDPOINT_DISTRIBUTIONS] = read_distributions,
    [ENDPOINT_WORST] = read_worst,
    [ENDPOINT_ROOM_KEYS] = read_room_keys,
    [ENDPOINT_PARTICIPANT_KEYS] = read_participant_keys,
};

status_t endpoint_option_read(int place, const oconfig_item_t *option, endpoint_options_t *options,
                              failure_t *failure) {
  return readers[place](option, options, failure);
}
