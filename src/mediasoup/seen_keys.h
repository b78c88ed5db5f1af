/* SPDX-License-Identifier: MIT */
/*
 * The keys that objects have in their appData, each once: what a line of the log or a report can show of them.
 */
#ifndef COLLECTD_MEDIASOUP_SEEN_KEYS_H
#define COLLECTD_MEDIASOUP_SEEN_KEYS_H

#include "common/app_data.h"

#include <stddef.h>

enum { SEEN_KEYS_MAX = 12 };

/* Zero-initialise. The texts are lent by the appData. */
typedef struct {
  const char *keys[SEEN_KEYS_MAX];
  size_t length;
} seen_keys_t;

/* Adds the key, or each key of appData (may be NULL), unless it is there already or there is no place left. */
void seen_keys_add(seen_keys_t *seen, const char *key);
void seen_keys_add_all(seen_keys_t *seen, const app_data_t *app_data);

#endif
