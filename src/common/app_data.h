/* SPDX-License-Identifier: MIT */
/*
 * An object's appData: the application's JSON object as text, and its scalars, of which identities are made.
 */
#ifndef COLLECTD_MEDIASOUP_APP_DATA_H
#define COLLECTD_MEDIASOUP_APP_DATA_H

#include "status.h"

#include <stddef.h>

typedef struct {
  const char *key;  /* UTF-8, decoded */
  const char *text; /* the string, decoded; a number's JSON text; true or false */
} app_data_scalar_t;

typedef struct {
  const char *json; /* ASCII, exact and whole */
  size_t length;
  app_data_scalar_t scalars[]; /* of the first level, sorted by key; the texts follow, since thousands are kept */
} app_data_t;

/* Takes over nothing: `json` (a JSON object's text) is copied. NULL when out of memory or not such a text. */
app_data_t *app_data_new(const char *json);
void app_data_free(app_data_t *app_data);

/* The text of a scalar, or NULL. `app_data` may be NULL. */
const char *app_data_find(const app_data_t *app_data, const char *key);

#endif
