/* SPDX-License-Identifier: MIT */
/*
 * The values of an option, read as what they have to be. Each function fails with STATUS_OPTION and a cause that says
 * what the option takes, or with STATUS_NO_MEMORY.
 */
#ifndef COLLECTD_MEDIASOUP_VALUE_H
#define COLLECTD_MEDIASOUP_VALUE_H

#include "common/status.h"

#include <collectd/liboconfig/oconfig.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether the item has one value, and this is a string that is not empty. */
bool value_is_text(const oconfig_item_t *item);

/* One string. Its copy takes the place of `*text`, which is freed and may be NULL. */
MUST_CHECK status_t value_text(const oconfig_item_t *option, char **text, failure_t *failure);

/* One string or more, none of them empty: a check only. */
MUST_CHECK status_t value_texts(const oconfig_item_t *option, failure_t *failure);

/* Adds a copy of `key` to a list that has room for it and does not hold it yet. */
MUST_CHECK status_t value_add_key(const char *key, char **keys, size_t *length, failure_t *failure);

/* A duration above 0. It may stand in quotation marks, like the number below. */
MUST_CHECK status_t value_seconds(const oconfig_item_t *option, double *seconds, failure_t *failure);

/* A whole number from 0 to `greatest`. */
MUST_CHECK status_t value_number(const oconfig_item_t *option, int greatest, size_t *number, failure_t *failure);

/* It may stand in quotation marks. */
MUST_CHECK status_t value_boolean(const oconfig_item_t *option, bool *boolean, failure_t *failure);

#endif
