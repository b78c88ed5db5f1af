/* SPDX-License-Identifier: MIT */
/*
 * Gives objects their names: plugin_instance says whose an object is (appData), type_instance says what it is. No two
 * objects ever share both. identifier.h has the grammar.
 */
#ifndef COLLECTD_MEDIASOUP_NAMER_H
#define COLLECTD_MEDIASOUP_NAMER_H

#include "inherited.h"

typedef struct namer namer_t;

/* How the operator wants objects named. The texts are lent for the call of namer_new. */
typedef struct {
  const char *endpoint;        /* the endpoint's name */
  const char *plugin_instance; /* a template; NULL: the keys of appData */
  const char *type_instance;   /* a template; NULL: the one of the object's class */
  const char *const *app_data; /* the keys, in their order; none: all scalars, sorted by key */
  size_t app_data_length;
  aliases_t
      aliases; /* keys of `app_data` that others may stand in for; their texts are lent as long as the namer lives */
  int process; /* the process's number where the endpoint is a glob of sockets, counted from 0; else -1 */
} naming_t;

/* STATUS_OPTION for a bad template, STATUS_NO_MEMORY. The caller frees `*namer`. */
MUST_CHECK status_t namer_new(const naming_t *naming, namer_t **namer, failure_t *failure);
void namer_free(namer_t *namer);

/* Sets the object's plugin_instance and type_instance where it has none yet, or where what they are made of has
 * changed. A new name, or something new that it inherits, makes the object's metadata due. The objects above it must be
 * alive. On STATUS_NO_MEMORY the object may keep the name it had. */
MUST_CHECK status_t namer_name(namer_t *namer, object_t *object);

#endif
