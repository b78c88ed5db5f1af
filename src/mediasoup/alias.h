/* SPDX-License-Identifier: MIT */
/*
 * The keys of appData by which applications name one thing: their rooms, their participants. Rows, groups and log lines
 * all name them by this rule, so that a room has one name wherever it is shown.
 */
#ifndef COLLECTD_MEDIASOUP_ALIAS_H
#define COLLECTD_MEDIASOUP_ALIAS_H

#include "object.h"

/* All is lent. */
typedef struct {
  const char *keys[ALIASES_MAX]; /* the first is the one that AppData, By and the label have */
  size_t length;
  bool else_router; /* without any of them it is named by the router's id */
} alias_t;

typedef struct {
  alias_t room;
  alias_t participant;
} aliases_t;

/* The alias whose first key this is, or NULL. */
const alias_t *alias_find(const aliases_t *aliases, const char *key);

/* The first of the keys that the object has, or an object above it, by its index: `length` where they have none. A key
 * with an empty text counts as missing. Where `value` is not NULL, its value, or NULL; lent by the object. */
size_t alias_key(const alias_t *alias, const object_t *object, const app_data_scalar_t **value);

/* What names the thing for the object: the value of that key; else the router's id, if the alias says so. Its `text` is
 * NULL where nothing does. Lent by the object. */
app_data_scalar_t alias_value(const alias_t *alias, const object_t *object);

/* The value of any key of appData for the object: by the alias whose first key it is, else its own or that of the
 * nearest above it that has it. As above. */
app_data_scalar_t aliases_value(const aliases_t *aliases, const object_t *object, const char *key);

#endif
