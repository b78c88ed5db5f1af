/* SPDX-License-Identifier: MIT */
/*
 * One value list to be: what the summaries and the objects hand to dispatch.
 */
#ifndef COLLECTD_MEDIASOUP_NAMED_VALUES_H
#define COLLECTD_MEDIASOUP_NAMED_VALUES_H

#include "object.h"

/* All is lent. */
typedef struct {
  const class_t *class;
  const char *plugin_instance;
  const char *type_instance;
  const object_value_t *values; /* one for each field of the class */
  const object_t *about;        /* the object whose metadata goes with them; NULL: no metadata */
  const char *app_data;         /* without such an object: appData as JSON, which goes as metadata; or NULL */
} named_values_t;

/* Takes the next of several; they are lent for the call. */
typedef void (*named_values_visit_t)(void *context, const named_values_t *values);

#endif
