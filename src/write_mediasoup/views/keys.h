/* SPDX-License-Identifier: MIT */
/*
 * The keys of a view's rows. Fields and facts have mediasoup's names; what the plugin computes has its own name in the
 * same spelling. Filters and `fields` use the same keys.
 */
#ifndef COLLECTD_MEDIASOUP_KEYS_H
#define COLLECTD_MEDIASOUP_KEYS_H

#include "common/fields.h"

enum { KEY_MAX_BYTES = 64 };

/* The key of a field. It is the table's, or is written to `space`, which has KEY_MAX_BYTES. */
const char *key_of_field(const field_t *field, char *space);

/* The index in class->fields of the field with this key, or -1. */
int key_find_field(const class_t *class, const char *key);

/* Whether rows of the class may have a fact of this key: an attribute, appData and what comes of it, or an id of an
 * object above. */
bool key_is_fact(const class_t *class, const char *key);

#endif
