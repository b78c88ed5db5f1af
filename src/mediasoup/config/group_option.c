/* SPDX-License-Identifier: MIT */
#include "group_option.h"

#include "common/options.h"
#include "value.h"

#include <string.h>

static MUST_CHECK status_t read_by(const oconfig_item_t *option, group_options_t *group, failure_t *failure) {
  status_t status = value_texts(option, failure);
  for (int i = 0; i < option->values_num && status == STATUS_OK; i++) {
    if (group->by_length == GROUP_KEYS_MAX)
      return failure_set(failure, STATUS_OPTION, "it takes up to %d keys", GROUP_KEYS_MAX);
    status = value_add_key(option->values[i].value.string, group->by, &group->by_length, failure);
  }
  return status;
}

static MUST_CHECK status_t read_of(const oconfig_item_t *option, group_options_t *group, failure_t *failure) {
  status_t status = value_texts(option, failure);
  if (status != STATUS_OK)
    return status;
  group->classes = 0;
  for (int i = 0; i < option->values_num; i++) {
    const char *name = option->values[i].value.string;
    const class_t *class = class_by_name(name, strlen(name));
    if (class == NULL || class->group == NULL || (group->classes & (1U << class_id(class))) != 0)
      return failure_set(failure, STATUS_OPTION,
                         "it takes \"producers\", \"consumers\" and \"transports\", each at most once");
    group->classes |= 1U << class_id(class);
  }
  return STATUS_OK;
}

static MUST_CHECK status_t read_max_groups(const oconfig_item_t *option, group_options_t *group, failure_t *failure) {
  return value_number(option, GROUPS_MAX, &group->max_groups, failure);
}

typedef status_t (*reader_t)(const oconfig_item_t *option, group_options_t *group, failure_t *failure);

static const reader_t readers[GROUP_OPTIONS] = {
    [GROUP_BY] = read_by,
    [GROUP_OF] = read_of,
    [GROUP_MAX_GROUPS] = read_max_groups,
};

status_t group_option_read(int place, const oconfig_item_t *option, group_options_t *group, failure_t *failure) {
  return readers[place](option, group, failure);
}
