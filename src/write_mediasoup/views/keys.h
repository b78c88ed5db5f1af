/* SPDX-License-Identifier: MIT */
/*
 * What the members of a view's rows are called: fields and facts by mediasoup's names, what we compute by its own in
 * the same spelling. Filters and `fields` name them by it.
 */
#ifndef COLLECTD_MEDIASOUP_KEYS_H
#define COLLECTD_MEDIASOUP_KEYS_H

#include "common/fields.h"

enum { KEY_MAX_BYTES = 64 };

/* The field's key; made in `space`, of KEY_MAX_BYTES, where there is none to lend. */
const char *key_of_field(const field_t *field, char *space);

/* The index of the field of this key in class->fields, or -1. */
int key_find_field(const class_t *class, const char *key);

/* Whether this is the key of a fact that a row of the class may have: its own, or an id of what is above it. */
bool key_is_fact(const class_t *class, const char *key);

#endif
