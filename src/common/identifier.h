/* SPDX-License-Identifier: MIT */
/*
 * The pairs of an identifier: "key=value,key=value".
 */
#ifndef COLLECTD_MEDIASOUP_PAIRS_H
#define COLLECTD_MEDIASOUP_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  const char *key;
  size_t key_length;
  const char *value;
  size_t length; /* of the value */
} pair_t;

/* Reads the next pair of "key=value,key=value" at `*at`, and moves on. What has no '=' is passed over. */
bool pair_next(const char **at, pair_t *pair);

/* Whether `clean`, of an identifier, is what became of `text` there: what would break an identifier is a _. */
bool pair_is_from(const char *clean, size_t length, const char *text);

/* The pair of this key; false where there is none. */
bool pair_find(const char *identifier, const char *key, pair_t *pair);

#endif
