/* SPDX-License-Identifier: MIT */
/*
 * Lists in requests: "a,b,c".
 */
#ifndef COLLECTD_MEDIASOUP_COMMA_LIST_H
#define COLLECTD_MEDIASOUP_COMMA_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Reads the item at `*at`, which may be empty, and moves `*at` to the next one; to NULL after the last. false where
 * `*at` is NULL. The item is lent by the list and not followed by a NUL. */
bool comma_list_next(const char **at, const char **item, size_t *length);

#endif
