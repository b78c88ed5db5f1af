/* SPDX-License-Identifier: MIT */
#include "value.h"

#include "common/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double seconds_least = 0.001, seconds_most = 86400; /* the message below has the first */

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

/* The one value of the option as a number, or NaN. collectd's own options take numbers in quotation marks, so these do
 * too. */
static double only_number(const oconfig_item_t *option) {
  const oconfig_value_t *number = only_value(option, OCONFIG_TYPE_NUMBER);
  if (number != NULL)
    return number->value.number;
  const oconfig_value_t *text = only_value(option, OCONFIG_TYPE_STRING);
  const char *digits = text != NULL ? text->value.string : "";
  char *end = NULL;
  double read = digits[0] >= '0' && digits[0] <= '9' ? number_read(digits, &end) : NAN;
  return end != NULL && *end == '\0' ? read : NAN;
}

status_t value_seconds(const oconfig_item_t *option, double *seconds, failure_t *failure) {
  double given = only_number(option);
  if (!(given >= seconds_least && given <= seconds_most))
    return failure_set(failure, STATUS_OPTION, "it takes one number of seconds, from 0.001 to %.0f", seconds_most);
  *seconds = given;
  return STATUS_OK;
}

status_t value_number(const oconfig_item_t *option, int greatest, size_t *number, failure_t *failure) {
  double given = only_number(option);
  if (!(given >= 0 && given <= greatest) || given != (double)(size_t)given)
    return failure_set(failure, STATUS_OPTION, "it takes one whole number from 0 to %d", greatest);
  *number = (size_t)given;
  return STATUS_OK;
}

status_t value_boolean(const oconfig_item_t *option, bool *boolean, failure_t *failure) {
  const oconfig_value_t *value = only_value(option, OCONFIG_TYPE_BOOLEAN);
  const oconfig_value_t *quoted = only_value(option, OCONFIG_TYPE_STRING);
  const char *text = quoted != NULL ? quoted->value.string : "";
  bool is_true = strcmp(text, "true") == 0;
  if (value == NULL && !is_true && strcmp(text, "false") != 0)
    return failure_set(failure, STATUS_OPTION, "it takes true or false");
  *boolean = value != NULL ? value->value.boolean != 0 : is_true;
  return STATUS_OK;
}
