/* SPDX-License-Identifier: MIT */
#include "value.h"

#include <stdlib.h>
#include <string.h>

static const double seconds_least = 0.001, seconds_most = 86400;

/* The one value of the option if it is of this type, else NULL. */
static const oconfig_value_t *only_value(const oconfig_item_t *option, int type) {
  return option->values_num == 1 && option->values[0].type == type ? &option->values[0] : NULL;
}

static bool is_text(const oconfig_value_t *value) {
  return value->type == OCONFIG_TYPE_STRING && value->value.string[0] != '\0';
}

bool value_is_text(const oconfig_item_t *item) { return item->values_num == 1 && is_text(&item->values[0]); }

status_t value_text(const oconfig_item_t *option, char **text, failure_t *failure) {
  if (!value_is_text(option))
    return failure_set(failure, STATUS_OPTION, "it takes one string in quotation marks");
  char *copy = strdup(option->values[0].value.string);
  if (copy == NULL)
    return failure_no_memory(failure);
  free(*text);
  *text = copy;
  return STATUS_OK;
}

status_t value_texts(const oconfig_item_t *option, failure_t *failure) {
  bool all = option->values_num > 0;
  for (int i = 0; i < option->values_num; i++)
    all = all && is_text(&option->values[i]);
  return all ? STATUS_OK : failure_set(failure, STATUS_OPTION, "it takes one string or more, in quotation marks");
}

status_t value_add_key(const char *key, char **keys, size_t *length, failure_t *failure) {
  for (size_t i = 0; i < *length; i++)
    if (strcmp(keys[i], key) == 0)
      return failure_set(failure, STATUS_OPTION, "the key \"%s\" is given twice", key);
  keys[*length] = strdup(key);
  if (keys[*length] == NULL)
    return failure_no_memory(failure);
  (*length)++;
  return STATUS_OK;
}

status_t value_seconds(const oconfig_item_t *option, double *seconds, failure_t *failure) {
  const oconfig_value_t *value = only_value(option, OCONFIG_TYPE_NUMBER);
  if (value == NULL || !(value->value.number >= seconds_least && value->value.number <= seconds_most))
    return failure_set(failure, STATUS_OPTION, "it takes one number of seconds, from %g to %.0f", seconds_least,
                       seconds_most);
  *seconds = value->value.number;
  return STATUS_OK;
}

status_t value_number(const oconfig_item_t *option, int greatest, size_t *number, failure_t *failure) {
  const oconfig_value_t *value = only_value(option, OCONFIG_TYPE_NUMBER);
  double given = value != NULL ? value->value.number : -1;
  if (!(given >= 0 && given <= greatest) || given != (double)(size_t)given)
    return failure_set(failure, STATUS_OPTION, "it takes one whole number from 0 to %d", greatest);
  *number = (size_t)given;
  return STATUS_OK;
}

status_t value_boolean(const oconfig_item_t *option, bool *boolean, failure_t *failure) {
  const oconfig_value_t *value = only_value(option, OCONFIG_TYPE_BOOLEAN);
  if (value == NULL)
    return failure_set(failure, STATUS_OPTION, "it takes true or false");
  *boolean = value->value.boolean != 0;
  return STATUS_OK;
}
