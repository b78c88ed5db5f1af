/* SPDX-License-Identifier: MIT */
/*
 * What the members of a group have in common, by the keys of its <Group> block, and what the group is called by it.
 */
#ifndef COLLECTD_MEDIASOUP_GROUP_NAME_H
#define COLLECTD_MEDIASOUP_GROUP_NAME_H

#include "mediasoup/object.h"

typedef struct {
  char *name;        /* the label */
  bool is_attribute; /* of the table of fields, rather than a key of appData */
} group_key_t;

/* Zero-initialise. */
typedef struct {
  char *endpoint; /* clean */
  char *block;    /* the block's name */
  group_key_t keys[GROUP_KEYS_MAX];
  size_t length;
  bool by_transport; /* whether piped streams are told apart from the others */
  buffer_t text;     /* what is being written */
} group_namer_t;

/* Texts are copied. false when out of memory; done it must be all the same. */
bool group_namer_init(group_namer_t *namer, const char *endpoint, const char *block, char *const *by, size_t length);
void group_namer_done(group_namer_t *namer);

/* What tells the object's group apart: bytes in namer->text, valid until the next call. */
MUST_CHECK status_t group_namer_write_key(group_namer_t *namer, const object_t *object);

/* The name of the group that `object` is in, NULL: that of the rest. What appData tells is its plugin_instance, what
 * attributes tell its type_instance, as with the rows of single objects. Both are the caller's; false when out of
 * memory, then some may be there all the same. */
bool group_namer_name(group_namer_t *namer, const object_t *object, char **plugin_instance, char **type_instance);

/* The type_instance of the block's own row; NULL when out of memory. */
char *group_namer_name_block(group_namer_t *namer);

#endif
