/* SPDX-License-Identifier: MIT */
#include "value.h"

#include "common/limits.h"

#include <collectd/core/utils/common/common.h>

#include <stdlib.h>
#include <string.h>

static bool read_text(const value_target_t *target, oconfig_item_t *item) {
  char *text = NULL;
  if (cf_util_get_string(item, &text) != 0)
    return false;
  if (target->is_right != NULL && !target->is_right(text)) {
    sfree(text);
    return false;
  }
  sfree(*target->text);
  *target->text = text;
  return true;
}

/* A whole number may stand in quotation marks, as that of Port. -1 for anything else. */
static int read_number(oconfig_item_t *item) {
  int number = 0;
  bool is_quoted = item->values_num == 1 && item->values[0].type == OCONFIG_TYPE_STRING;
  const char *text = is_quoted ? item->values[0].value.string : "";
  if (is_quoted && (text[0] == '\0' || strlen(text) > 9 || strspn(text, "0123456789") != strlen(text)))
    return -1;
  if (is_quoted)
    return atoi(text);
  return cf_util_get_int(item, &number) == 0 ? number : -1;
}

bool value_read(const value_target_t *target, oconfig_item_t *item) {
  if (target->given != NULL)
    *target->given = true;
  if (target->text != NULL)
    return read_text(target, item);
  if (target->read != NULL)
    return target->read(item);
  int number = target->is_port ? cf_util_get_port_number(item) : read_number(item);
  bool is_right = number >= (target->may_be_zero ? 0 : 1) && (target->is_port || number <= OBJECTS_MAX);
  if (is_right)
    *target->whole = number;
  return is_right;
}
