/* SPDX-License-Identifier: MIT */
/*
 * collectd's parser keeps no line numbers, so a complaint quotes the line.
 */
#include "config.h"

#include "common/options.h"
#include "template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINE_SHOWN = 160, COMPLAINT_MAX = 900 };

/* --- complaints --- */

static MUST_CHECK status_t append_value(buffer_t *line, const oconfig_value_t *value) {
  char number[32];
  if (value->type == OCONFIG_TYPE_STRING) {
    status_t status = buffer_append_text(line, " \"");
    if (status == STATUS_OK)
      status = buffer_append_text(line, value->value.string);
    return status == STATUS_OK ? buffer_append_text(line, "\"") : status;
  }
  if (value->type == OCONFIG_TYPE_BOOLEAN)
    return buffer_append_text(line, value->value.boolean ? " true" : " false");
  (void)snprintf(number, sizeof(number), " %.15g", value->value.number);
  return buffer_append_text(line, number);
}

/* The option as it stands in the file: Socket "/run/x" */
static void write_line(const oconfig_item_t *option, buffer_t *line) {
  status_t status = buffer_append_text(line, option->key);
  for (int i = 0; i < option->values_num && status == STATUS_OK; i++)
    status = append_value(line, &option->values[i]);
}

static void complain_of(const oconfig_item_t *option, config_complain_t complain, const char *where, const char *what) {
  char complaint[COMPLAINT_MAX];
  buffer_t line = BUFFER_INIT(LINE_SHOWN);
  write_line(option, &line);
  (void)snprintf(complaint, sizeof(complaint), "%s: %s: %s", where, buffer_text(&line), what);
  complain(complaint);
  buffer_done(&line);
}

/* Of one that costs more than itself. */
static status_t complain_of_cost(const oconfig_item_t *option, config_complain_t complain, const char *where,
                                 const char *cause, const char *cost) {
  char what[COMPLAINT_MAX / 2];
  (void)snprintf(what, sizeof(what), "%s; %s", cause, cost);
  complain_of(option, complain, where, what);
  return STATUS_OPTION;
}

/* Of a block as a whole. */
static void complain_of_block(config_complain_t complain, const char *where, const char *what) {
  char complaint[COMPLAINT_MAX];
  (void)snprintf(complaint, sizeof(complaint), "%s: %s; this endpoint is left out", where, what);
  complain(complaint);
}

/* --- values --- */

static MUST_CHECK status_t read_text(const oconfig_item_t *option, char **text, failure_t *failure) {
  if (option->values_num != 1 || option->values[0].type != OCONFIG_TYPE_STRING ||
      option->values[0].value.string[0] == '\0')
    return failure_set(failure, STATUS_OPTION, "it takes one text in quotation marks");
  char *copy = strdup(option->values[0].value.string);
  if (copy == NULL)
    return failure_no_memory(failure);
  free(*text);
  *text = copy;
  return STATUS_OK;
}

static MUST_CHECK status_t read_seconds(const oconfig_item_t *option, double *seconds, failure_t *failure) {
  static const double longest = 86400;
  if (option->values_num != 1 || option->values[0].type != OCONFIG_TYPE_NUMBER ||
      !(option->values[0].value.number >= 0.001 && option->values[0].value.number <= longest))
    return failure_set(failure, STATUS_OPTION, "it takes one number of seconds, above 0 and up to %.0f", longest);
  *seconds = option->values[0].value.number;
  return STATUS_OK;
}

static MUST_CHECK status_t check_texts(const oconfig_item_t *option, failure_t *failure) {
  for (int i = 0; i < option->values_num; i++)
    if (option->values[i].type != OCONFIG_TYPE_STRING || option->values[i].value.string[0] == '\0')
      return failure_set(failure, STATUS_OPTION, "it takes texts in quotation marks");
  return option->values_num > 0 ? STATUS_OK
                                : failure_set(failure, STATUS_OPTION, "it takes at least one text in quotation marks");
}

/* --- options --- */

static MUST_CHECK status_t read_socket(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  return read_text(option, &options->socket, failure);
}

static MUST_CHECK status_t read_url(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  status_t status = read_text(option, &options->url, failure);
  if (status == STATUS_OK && strncasecmp(options->url, "http://", strlen("http://")) != 0)
    return failure_set(failure, STATUS_OPTION, "it takes a URL that begins with http://");
  return status;
}

static MUST_CHECK status_t read_host(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  return read_text(option, &options->host, failure);
}

static MUST_CHECK status_t read_interval(const oconfig_item_t *option, endpoint_options_t *options,
                                         failure_t *failure) {
  return read_seconds(option, &options->interval_seconds, failure);
}

static MUST_CHECK status_t read_timeout(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  return read_seconds(option, &options->timeout_seconds, failure);
}

static bool is_among(const char *text, char *const *texts, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (strcmp(texts[i], text) == 0)
      return true;
  return false;
}

/* Adds a copy to a list that has room for it. */
static MUST_CHECK status_t add_key(const char *key, char **keys, size_t *length, failure_t *failure) {
  if (is_among(key, keys, *length))
    return failure_set(failure, STATUS_OPTION, "the key \"%s\" is there twice", key);
  keys[*length] = strdup(key);
  if (keys[*length] == NULL)
    return failure_no_memory(failure);
  (*length)++;
  return STATUS_OK;
}

static MUST_CHECK status_t read_app_data(const oconfig_item_t *option, endpoint_options_t *options,
                                         failure_t *failure) {
  status_t status = check_texts(option, failure);
  if (status != STATUS_OK)
    return status;
  size_t more = (size_t)option->values_num;
  char **keys = realloc(options->app_data, (options->app_data_length + more) * sizeof(*keys));
  if (keys == NULL)
    return failure_no_memory(failure);
  options->app_data = keys;
  for (size_t i = 0; i < more && status == STATUS_OK; i++)
    status = add_key(option->values[i].value.string, keys, &options->app_data_length, failure);
  return status;
}

static MUST_CHECK status_t read_rows(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  status_t status = check_texts(option, failure);
  if (status != STATUS_OK)
    return status;
  options->classes = 1U << CLASS_ENDPOINT;
  for (int i = 0; i < option->values_num; i++) {
    const char *name = option->values[i].value.string;
    const class_t *class = class_by_name(name, strlen(name));
    if (class == NULL || class_id(class) == CLASS_ENDPOINT || class_is_summary(class))
      return failure_set(failure, STATUS_OPTION,
                         "there are no rows \"%s\"; there are usage, workers, routers, transports, producers, "
                         "consumers, data_producers, data_consumers",
                         name);
    options->classes |= 1U << class_id(class);
  }
  return STATUS_OK;
}

/* A template is tried here, so that the complaint names its line. */
static MUST_CHECK status_t read_template(const oconfig_item_t *option, char **text, failure_t *failure) {
  template_t *template;
  status_t status = read_text(option, text, failure);
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

static MUST_CHECK status_t read_number(const oconfig_item_t *option, int greatest, size_t *read, failure_t *failure) {
  double number =
      option->values_num == 1 && option->values[0].type == OCONFIG_TYPE_NUMBER ? option->values[0].value.number : -1;
  if (!(number >= 0 && number <= greatest) || number != (double)(size_t)number)
    return failure_set(failure, STATUS_OPTION, "it takes one whole number from 0 to %d", greatest);
  *read = (size_t)number;
  return STATUS_OK;
}

static MUST_CHECK status_t read_max_objects(const oconfig_item_t *option, endpoint_options_t *options,
                                            failure_t *failure) {
  return read_number(option, OBJECTS_MAX, &options->max_objects, failure);
}

static MUST_CHECK status_t read_worst(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure) {
  return read_number(option, WORST_MAX, &options->worst, failure);
}

static MUST_CHECK status_t read_distributions(const oconfig_item_t *option, endpoint_options_t *options,
                                              failure_t *failure) {
  if (option->values_num != 1 || option->values[0].type != OCONFIG_TYPE_BOOLEAN)
    return failure_set(failure, STATUS_OPTION, "it takes true or false");
  options->distributions = option->values[0].value.boolean;
  return STATUS_OK;
}

static MUST_CHECK status_t read_metadata(const oconfig_item_t *option, endpoint_options_t *options,
                                         failure_t *failure) {
  const char *text =
      option->values_num == 1 && option->values[0].type == OCONFIG_TYPE_STRING ? option->values[0].value.string : "";
  options->metadata_always = strcasecmp(text, "always") == 0;
  if (options->metadata_always || strcasecmp(text, "changes") == 0)
    return STATUS_OK;
  return failure_set(failure, STATUS_OPTION, "it takes \"changes\" or \"always\"");
}

typedef status_t (*read_option_t)(const oconfig_item_t *option, endpoint_options_t *options, failure_t *failure);

static const read_option_t readers[ENDPOINT_OPTIONS] = {
    [ENDPOINT_SOCKET] = read_socket,
    [ENDPOINT_URL] = read_url,
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
};

static void complain_of_unknown(const oconfig_item_t *option, config_complain_t complain, const char *where,
                                block_id_t block) {
  char names[COMPLAINT_MAX / 4], what[COMPLAINT_MAX / 2];
  option_names(block, names, sizeof(names));
  (void)snprintf(what, sizeof(what), "unknown option, left out; the options are %s%s", names,
                 block == OPTIONS_OF_ENDPOINT ? ", and blocks <Group \"name\">" : "");
  complain_of(option, complain, where, what);
}

/* --- <Group> --- */

static MUST_CHECK status_t read_by(const oconfig_item_t *option, group_options_t *group, failure_t *failure) {
  status_t status = check_texts(option, failure);
  for (int i = 0; i < option->values_num && status == STATUS_OK; i++) {
    if (group->by_length == GROUP_KEYS_MAX)
      return failure_set(failure, STATUS_OPTION, "a group has up to %d keys", GROUP_KEYS_MAX);
    status = add_key(option->values[i].value.string, group->by, &group->by_length, failure);
  }
  return status;
}

static MUST_CHECK status_t read_of(const oconfig_item_t *option, group_options_t *group, failure_t *failure) {
  static const class_id_t grouped[] = {CLASS_PRODUCERS, CLASS_CONSUMERS, CLASS_TRANSPORTS};
  status_t status = check_texts(option, failure);
  if (status != STATUS_OK)
    return status;
  group->classes = 0;
  for (int i = 0; i < option->values_num; i++) {
    unsigned classes_before = group->classes;
    for (size_t j = 0; j < sizeof(grouped) / sizeof(grouped[0]); j++)
      if (strcmp(option->values[i].value.string, classes[grouped[j]].name) == 0)
        group->classes |= 1U << grouped[j];
    if (group->classes == classes_before)
      return failure_set(failure, STATUS_OPTION, "it takes \"producers\", \"consumers\" and \"transports\", each once");
  }
  return STATUS_OK;
}

static MUST_CHECK status_t read_max_groups(const oconfig_item_t *option, group_options_t *group, failure_t *failure) {
  return read_number(option, GROUPS_MAX, &group->max_groups, failure);
}

typedef status_t (*read_group_option_t)(const oconfig_item_t *option, group_options_t *group, failure_t *failure);

static const read_group_option_t group_readers[GROUP_OPTIONS] = {
    [GROUP_BY] = read_by,
    [GROUP_OF] = read_of,
    [GROUP_MAX_GROUPS] = read_max_groups,
};

static MUST_CHECK status_t check_group(const oconfig_item_t *block, const endpoint_options_t *options,
                                       failure_t *failure) {
  char *name = NULL;
  status_t status = read_text(block, &name, failure);
  if (status != STATUS_OK)
    return failure_set(failure, STATUS_OPTION, "a block has one name: <Group \"name\">");
  if (options->groups_length == GROUP_BLOCKS_MAX)
    status = failure_set(failure, STATUS_OPTION, "an endpoint has up to %d groups", GROUP_BLOCKS_MAX);
  for (size_t i = 0; i < options->groups_length && status == STATUS_OK; i++)
    if (strcmp(options->groups[i].name, name) == 0)
      status = failure_set(failure, STATUS_OPTION, "the name is taken: give it another");
  free(name);
  return status;
}

/* A mistake costs the group, not its endpoint. */
static MUST_CHECK status_t read_group_options(const oconfig_item_t *block, const char *where,
                                              config_complain_t complain, group_options_t *group) {
  status_t result = STATUS_OK;
  for (int i = 0; i < block->children_num; i++) {
    const oconfig_item_t *option = &block->children[i];
    int place = option_find(OPTIONS_OF_GROUP, option->key);
    failure_t failure = {0};
    if (place < 0)
      complain_of_unknown(option, complain, where, OPTIONS_OF_GROUP);
    else if (group_readers[place](option, group, &failure) != STATUS_OK)
      result = complain_of_cost(option, complain, where, failure.cause, "this group is left out");
  }
  return result;
}

static void read_group(const oconfig_item_t *block, const char *endpoint_where, config_complain_t complain,
                       endpoint_options_t *options) {
  char where[2 * LINE_SHOWN];
  failure_t failure = {0};
  group_options_t group = {.classes = 1U << CLASS_PRODUCERS | 1U << CLASS_CONSUMERS, .max_groups = GROUPS_DEFAULT_MAX};
  if (check_group(block, options, &failure) != STATUS_OK) {
    (void)complain_of_cost(block, complain, endpoint_where, failure.cause, "this group is left out");
    return;
  }
  (void)snprintf(where, sizeof(where), "%s: <Group \"%.*s\">", endpoint_where, LINE_SHOWN / 2,
                 block->values[0].value.string);
  group.name = strdup(block->values[0].value.string);
  if (group.name != NULL && read_group_options(block, where, complain, &group) == STATUS_OK)
    options->groups[options->groups_length++] = group;
  else
    group_options_done(&group);
}

/* --- blocks --- */

/* `<Endpoint "sfu">`, as far as it is known. */
static void write_where(const oconfig_item_t *block, char *where, size_t size) {
  bool named = block->values_num > 0 && block->values[0].type == OCONFIG_TYPE_STRING;
  (void)snprintf(where, size, named ? "<Endpoint \"%.*s\">" : "<Endpoint>", LINE_SHOWN / 2,
                 named ? block->values[0].value.string : "");
}

/* What the endpoint has besides its rows is no reason to go without them. Returns the status of the block so far. */
static status_t complain_of_endpoint(const oconfig_item_t *option, config_complain_t complain, const char *where,
                                     const char *cause, int place, status_t before) {
  bool costs_itself = place == ENDPOINT_DISTRIBUTIONS || place == ENDPOINT_WORST;
  status_t status = complain_of_cost(option, complain, where, cause,
                                     costs_itself ? "this option is left out" : "this endpoint is left out");
  return costs_itself ? before : status;
}

static MUST_CHECK status_t read_options(const oconfig_item_t *block, const char *where, config_complain_t complain,
                                        endpoint_options_t *options) {
  status_t result = STATUS_OK;
  for (int i = 0; i < block->children_num; i++) {
    const oconfig_item_t *option = &block->children[i];
    int place = option_find(OPTIONS_OF_ENDPOINT, option->key);
    failure_t failure = {0};
    if (strcasecmp(option->key, "Group") == 0)
      read_group(option, where, complain, options);
    else if (place < 0)
      complain_of_unknown(option, complain, where, OPTIONS_OF_ENDPOINT);
    else if (readers[place](option, options, &failure) != STATUS_OK)
      result = complain_of_endpoint(option, complain, where, failure.cause, place, result);
  }
  return result;
}

status_t config_read_endpoint(const oconfig_item_t *block, config_complain_t complain, endpoint_t **endpoint) {
  char where[LINE_SHOWN];
  endpoint_options_t options = {0};
  failure_t failure = {0};
  write_where(block, where, sizeof(where));
  if (block->values_num != 1 || block->values[0].type != OCONFIG_TYPE_STRING ||
      block->values[0].value.string[0] == '\0') {
    complain_of(block, complain, "<Plugin mediasoup>",
                "a block has one name: <Endpoint \"name\">; this endpoint is left out");
    return STATUS_OPTION;
  }
  status_t status = endpoint_options_init(&options, block->values[0].value.string);
  if (status == STATUS_OK)
    status = read_options(block, where, complain, &options);
  if (status == STATUS_OK) {
    status = endpoint_new(&options, endpoint, &failure);
    if (status != STATUS_OK)
      complain_of_block(complain, where, failure.cause);
  }
  endpoint_options_done(&options);
  return status;
}

void config_unknown(const oconfig_item_t *option, config_complain_t complain) {
  complain_of(option, complain, "<Plugin mediasoup>",
              "unknown option, left out; it holds blocks <Endpoint \"name\">, and options stand in those");
}
