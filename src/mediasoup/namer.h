/* SPDX-License-Identifier: MIT */
/*
 * Objects get their names: plugin_instance says whose it is (appData), type_instance what it is. No two objects ever
 * share both.
 */
#ifndef COLLECTD_MEDIASOUP_IDENTIFY_H
#define COLLECTD_MEDIASOUP_IDENTIFY_H

#include "model.h"

typedef struct namer namer_t;

/* How the operator wants objects named. Texts are lent for the call of namer_new. */
typedef struct {
  const char *endpoint;        /* the endpoint's name */
  const char *plugin_instance; /* templates; NULL: as PROTOCOL.md's classes have it */
  const char *type_instance;
  const char *const *app_data; /* keys, in order; none: all, sorted */
  size_t app_data_length;
  int process; /* which of a glob's sockets, from 0; -1 where there is but one */
} naming_t;

/* STATUS_OPTION for a bad template, STATUS_NO_MEMORY. */
MUST_CHECK status_t namer_new(const naming_t *naming, namer_t **namer, failure_t *failure);
void namer_free(namer_t *namer);

/* Names the object where it has no name yet or what the name is made of has changed; a new name makes its metadata due.
 * Its parents must stand in the model. STATUS_NO_MEMORY leaves the name it had. */
MUST_CHECK status_t identify(namer_t *namer, object_t *object);

/* Cuts `text` to IDENTIFIER_MAX bytes, at a character's boundary, with a hash of the whole at its end. */
MUST_CHECK status_t identity_cut(buffer_t *text);

/* A copy of `text` as a plugin_instance or type_instance can have it, the caller's to free. NULL when out of memory. */
char *identity_clean(const char *text);

#endif
