/* SPDX-License-Identifier: MIT */
/*
 * An object's appData: the application's JSON object as text, and its scalars, from which identifiers are made.
 */
#ifndef COLLECTD_MEDIASOUP_APP_DATA_H
#define COLLECTD_MEDIASOUP_APP_DATA_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  const char *key;  /* UTF-8, decoded */
  const char *text; /* the string, decoded; a number's JSON text; true or false */
  bool is_string;
} app_data_scalar_t;

typedef struct {
  const char *json; /* ASCII, exact and whole */
  bool lends_json;  /* it is the caller's */
  size_t length;
  app_data_scalar_t scalars[]; /* of the first level, sorted by key, without the endpoint's placeholders for instances
                                  of classes ("[WebRtcServerImpl]"). The texts follow in the same piece of memory, since
                                  thousands of objects are kept */
} app_data_t;

/* Copies `json`, the text of a JSON object. NULL when it is not one, or when out of memory. The caller frees it. */
app_data_t *app_data_new(const char *json);

/* The same, but `json` is lent until app_data_free(). */
app_data_t *app_data_of(const char *json);
void app_data_free(app_data_t *app_data);

/* The memory that it takes. 0 of NULL. */
size_t app_data_size(const app_data_t *app_data);

/* A scalar, and its text; NULL where there is none. `app_data` may be NULL. */
const app_data_scalar_t *app_data_find_scalar(const app_data_t *app_data, const char *key);
const char *app_data_find(const app_data_t *app_data, const char *key);

#endif
