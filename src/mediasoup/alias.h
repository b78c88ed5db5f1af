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

/* What names the thing for the object: the value of the first of the keys that it has, or an object above it; else the
 * router's id, if the alias says so. Its `text` is NULL where nothing does. Lent by the object. */
app_data_scalar_t alias_value(const alias_t *alias, const object_t *object);

#endif
