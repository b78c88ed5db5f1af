/* SPDX-License-Identifier: MIT */
/*
 * The keys that `fields` of a request names: each once, however often it is repeated, so that the work for a row does
 * not grow with the request.
 */
#ifndef COLLECTD_MEDIASOUP_FIELD_SET_H
#define COLLECTD_MEDIASOUP_FIELD_SET_H

#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Twice as many as rows of any class have. */
enum { FIELD_SET_MAX = 128 };

/* Zero-initialised it is empty, which stands for all keys. The texts are lent, and not followed by a NUL. */
typedef struct {
  struct {
    const char *text;
    size_t length;
  } keys[FIELD_SET_MAX];
  size_t length;
} field_set_t;

bool field_set_has(const field_set_t *set, const char *key, size_t length);

/* Whether it has this key, or is empty. */
bool field_set_wants(const field_set_t *set, const char *key);

/* Adds a key, or each key of a list (see comma_list.h), unless it is there already. STATUS_QUERY where they are too
 * many. */
MUST_CHECK status_t field_set_add(field_set_t *set, const char *key, size_t length, failure_t *failure);
MUST_CHECK status_t field_set_add_list(field_set_t *set, const char *list, failure_t *failure);

#endif
