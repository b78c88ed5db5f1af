/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "endpoint_option.h"
#include "group_option.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char endpoint_is_disabled[] = "this endpoint is disabled";
static const char group_is_disabled[] = "this group is disabled";
static const char option_is_ignored[] = "this option is ignored";

/* --- <Group> --- */

static MUST_CHECK status_t check_group(const oconfig_item_t *block, const endpoint_options_t *options,
                                       failure_t *failure) {
  if (!value_is_text(block))
    return failure_set(failure, STATUS_OPTION, "the block takes one name: <Group \"name\">");
  if (options->groups_length == GROUP_BLOCKS_MAX)
    return failure_set(failure, STATUS_OPTION, "an endpoint takes up to %d <Group> blocks", GROUP_BLOCKS_MAX);
  for (size_t i = 0; i < options->groups_length; i++)
    if (strcmp(options->groups[i].name, block->values[0].value.string) == 0)
      return failure_set(failure, STATUS_OPTION, "another <Group> of this endpoint has the name; choose another name");
  return STATUS_OK;
}

static MUST_CHECK status_t read_group_options(const oconfig_item_t *block, const complaints_t *complaints,
                                              group_options_t *group) {
  status_t result = STATUS_OK;
  for (int i = 0; i < block->children_num; i++) {
    const oconfig_item_t *option = &block->children[i];
    int place = option_find(OPTIONS_OF_GROUP, option->key);
    failure_t failure = {0};
    if (place < 0) {
      complaints_add_unknown(complaints, option, OPTIONS_OF_GROUP, "");
    } else if (group_option_read(place, option, group, &failure) != STATUS_OK) {
      complaints_add(complaints, option, failure.cause, group_is_disabled);
      result = failure.status;
    }
  }
  return result;
}

/* A mistake in a group disables the group, not its endpoint. */
static void read_group(const oconfig_item_t *block, const complaints_t *endpoint, endpoint_options_t *options) {
  failure_t failure = {0};
  group_options_t group = {.classes = 1U << CLASS_PRODUCERS | 1U << CLASS_CONSUMERS, .max_groups = GROUPS_DEFAULT_MAX};
  status_t status = check_group(block, options, &failure);
  if (status == STATUS_OK)
    status = value_text(block, &group.name, &failure);
  if (status != STATUS_OK) {
    complaints_add(endpoint, block, failure.cause, group_is_disabled);
    return;
  }
  complaints_t complaints = complaints_of_group(endpoint, group.name);
  if (read_group_options(block, &complaints, &group) == STATUS_OK)
    options->groups[options->groups_length++] = group;
  else
    group_options_done(&group);
}

/* --- <Endpoint> --- */

/* Summaries come on top of the rows. A mistake in their options is no reason to do without the rows. */
static bool is_of_summaries(int place) {
  return place == ENDPOINT_DISTRIBUTIONS || place == ENDPOINT_WORST || place == ENDPOINT_ROOM_KEYS ||
         place == ENDPOINT_PARTICIPANT_KEYS;
}

/* Returns whether the endpoint can do without the option, or has it. */
static MUST_CHECK status_t read_option(const oconfig_item_t *option, const complaints_t *complaints,
                                       endpoint_options_t *options) {
  int place = option_find(OPTIONS_OF_ENDPOINT, option->key);
  failure_t failure = {0};
  if (place < 0) {
    complaints_add_unknown(complaints, option, OPTIONS_OF_ENDPOINT, ", and blocks <Group \"name\">");
    return STATUS_OK;
  }
  if (endpoint_option_read(place, option, options, &failure) == STATUS_OK)
    return STATUS_OK;
  complaints_add(complaints, option, failure.cause, is_of_summaries(place) ? option_is_ignored : endpoint_is_disabled);
  return is_of_summaries(place) ? STATUS_OK : failure.status;
}

static MUST_CHECK status_t read_options(const oconfig_item_t *block, const complaints_t *complaints,
                                        endpoint_options_t *options) {
  status_t result = STATUS_OK;
  for (int i = 0; i < block->children_num; i++) {
    status_t status = STATUS_OK;
    if (strcasecmp(block->children[i].key, "Group") == 0)
      read_group(&block->children[i], complaints, options);
    else
      status = read_option(&block->children[i], complaints, options);
    result = status != STATUS_OK ? status : result;
  }
  return result;
}

static MUST_CHECK status_t make_endpoint(endpoint_options_t *options, const complaints_t *complaints,
                                         endpoint_t **endpoint) {
  failure_t failure = {0};
  status_t status = endpoint_new(options, endpoint, &failure);
  if (status != STATUS_OK)
    complaints_add(complaints, NULL, failure.cause, endpoint_is_disabled);
  return status;
}

status_t config_read_endpoint(const oconfig_item_t *block, complain_t complain, endpoint_t **endpoint) {
  endpoint_options_t options = {0};
  if (!value_is_text(block)) {
    complaints_t complaints = complaints_of_plugin(complain);
    complaints_add(&complaints, block, "the block takes one name: <Endpoint \"name\">", endpoint_is_disabled);
    return STATUS_OPTION;
  }
  complaints_t complaints = complaints_of_endpoint(complain, block->values[0].value.string);
  status_t status = endpoint_options_init(&options, block->values[0].value.string);
  if (status != STATUS_OK) {
    complaints_add(&complaints, NULL, "out of memory", endpoint_is_disabled);
    return status;
  }
  status = read_options(block, &complaints, &options);
  if (status == STATUS_OK)
    status = make_endpoint(&options, &complaints, endpoint);
  endpoint_options_done(&options);
  return status;
}

void config_refuse(const oconfig_item_t *option, complain_t complain) {
  complaints_t complaints = complaints_of_plugin(complain);
  complaints_add(&complaints, option, "unknown option; the options stand within blocks <Endpoint \"name\">",
                 option_is_ignored);
}
