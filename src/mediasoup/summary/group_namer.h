/* SPDX-License-Identifier: MIT */
/*
 * Tells the groups of a <Group> block apart by what their members have in common, and names them after it.
 */
#ifndef COLLECTD_MEDIASOUP_GROUP_NAMER_H
#define COLLECTD_MEDIASOUP_GROUP_NAMER_H

#include "mediasoup/object.h"

/* The keys of appData that may name the same thing, a room for example. The first is the one that By and the label
 * have. All is lent. */
typedef struct {
  const char *keys[ALIASES_MAX];
  size_t length;
  bool else_router; /* without any of them it is named by the router's id */
} group_alias_t;

typedef struct {
  group_alias_t room;
  group_alias_t participant;
} group_aliases_t;

typedef struct {
  char *name;                /* the label */
  bool is_attribute;         /* of the table of fields, rather than a key of appData */
  char *others[ALIASES_MAX]; /* the keys that stand in for it, in their order */
  size_t others_length;
  bool else_router;
} group_key_t;

/* The key of appData that an entry of By stands for, or NULL where that is an attribute. */
const char *group_key_of_app_data(const char *by);

/* The alias whose first key the entry of By is, or NULL. */
const group_alias_t *group_alias_find(const group_aliases_t *aliases, const char *by);

/* Zero-initialise. */
typedef struct {
  char *endpoint; /* as an identifier */
  char *block;    /* the block's name */
  group_key_t keys[GROUP_KEYS_MAX];
  size_t length;
  bool by_transport; /* piped streams have groups of their own */
  buffer_t text;     /* the key or the name that is being written */
} group_namer_t;

/* Texts are copied. false when out of memory; group_namer_done() is needed all the same. */
bool group_namer_init(group_namer_t *namer, const char *endpoint, const char *block, char *const *by, size_t length,
                      const group_aliases_t *aliases);
void group_namer_done(group_namer_t *namer);

/* Writes the bytes that tell the object's group apart into namer->text, where they stay until the next call. */
MUST_CHECK status_t group_namer_write_key(group_namer_t *namer, const object_t *object);

/* Names the group that `object` is in; NULL stands for the group of the rest, `__other__`. Values of appData make the
 * plugin_instance, attributes the type_instance, as in the names of single objects. The caller frees both texts. false
 * when out of memory; one of them may be there all the same. */
bool group_namer_name(group_namer_t *namer, const object_t *object, char **plugin_instance, char **type_instance);

/* The type_instance of the block's own row, for the caller to free. NULL when out of memory. */
char *group_namer_name_block(group_namer_t *namer);

#endif
