/* SPDX-License-Identifier: MIT */
/*
 * Tells the groups of a <Group> block apart by what their members have in common, and names them after it.
 */
#ifndef COLLECTD_MEDIASOUP_GROUP_NAMER_H
#define COLLECTD_MEDIASOUP_GROUP_NAMER_H

#include "mediasoup/alias.h"

typedef struct {
  char *name;           /* the label */
  bool is_attribute;    /* of the table of fields, rather than a key of appData */
  const alias_t *alias; /* what may stand in its place; NULL: nothing */
} group_key_t;

/* The key of appData that an entry of By stands for, or NULL where that is an attribute. */
const char *group_key_of_app_data(const char *by);

/* Zero-initialise. */
typedef struct {
  char *endpoint; /* as an identifier */
  char *block;    /* the block's name */
  group_key_t keys[GROUP_KEYS_MAX];
  size_t length;
  aliases_t aliases; /* lent */
  bool by_transport; /* piped streams have groups of their own */
  buffer_t text;     /* the key or the name that is being written */
} group_namer_t;

/* Texts are copied, but for those of the aliases, which are lent as long as the namer lives. false when out of memory;
 * group_namer_done() is needed all the same. */
bool group_namer_init(group_namer_t *namer, const char *endpoint, const char *block, char *const *by, size_t length,
                      const aliases_t *aliases);
void group_namer_done(group_namer_t *namer);

/* Writes the bytes that tell the object's group apart into namer->text, where they stay until the next call. */
MUST_CHECK status_t group_namer_write_key(group_namer_t *namer, const object_t *object);

/* Names the group that `object` is in; NULL stands for the group of the rest, `__other__`. Values of appData make the
 * plugin_instance, attributes the type_instance, as in the names of single objects. The caller frees both texts. false
 * when out of memory; one of them may be there all the same. */
bool group_namer_name(group_namer_t *namer, const object_t *object, char **plugin_instance, char **type_instance);

/* The values of appData by which the group is named, as a JSON object for the caller to free. `*app_data` stays NULL
 * where `plugin_instance`, which group_namer_name() gave, has them exactly, and without an object. false when out of
 * memory. */
bool group_namer_app_data(group_namer_t *namer, const object_t *object, const char *plugin_instance, char **app_data);

/* The type_instance of the block's own row, for the caller to free. NULL when out of memory. */
char *group_namer_name_block(group_namer_t *namer);

#endif
