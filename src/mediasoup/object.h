/* SPDX-License-Identifier: MIT */
/*
 * One thing of the mediasoup application that has a row: a worker, a router, ..., a stream of a producer. It lives in
 * the model from the first snapshot that names it to the first whole one that does not.
 */
#ifndef COLLECTD_MEDIASOUP_OBJECT_H
#define COLLECTD_MEDIASOUP_OBJECT_H

#include "common/app_data.h"
#include "row.h"

/* Without memory for an entry of its table, uthash leaves the object out and says so in hh.tbl. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

typedef union {
  double gauge;    /* NaN when unknown */
  int64_t counter; /* 0 or more */
} object_value_t;

/* What the summaries know of an object, looked up anew when something of it or above it has changed. */
typedef struct {
  uint64_t known; /* `inherited` at that time; 0 before */
  bool paused;    /* itself, or its producer */
  bool piped;     /* to or from another router of the same application */
  bool video;
  double clock_rate;                      /* Hz; NaN when unknown */
  struct group *groups[GROUP_BLOCKS_MAX]; /* by <Group> block; NULL where it is in none */
} membership_t;

enum { GROWTHS_MAX = 6 };

typedef struct object {
  UT_hash_handle hh;
  const class_t *class;
  struct object *parent; /* NULL for the endpoint, usage and workers; outlives its children */
  const char *id;
  const char *stream; /* the rid or SSRC where the object has several streams, else "" */

  uint64_t counted[GROWTHS_MAX]; /* of the fields that add to a sum, in their order: what is in it already, */
  uint64_t grown[GROWTHS_MAX];   /* and what the last whole snapshot added */
  double cpu_milliseconds;       /* a worker's, at `cpu_time` */
  double cpu_time;               /* seconds; 0 before the first snapshot */

  char *attributes; /* as many texts, each led by its member_type_t's sign and followed by a NUL; see object.c */
  size_t attributes_size;
  app_data_t *app_data; /* NULL when it has none */

  char *plugin_instance; /* NULL until identified */
  char *type_instance;

  uint64_t seen;       /* the snapshot that named it last */
  uint64_t changed;    /* the snapshot that last brought new attributes or appData */
  uint64_t inherited;  /* the same, of it and of all above it; 0 before it was in a whole snapshot */
  uint64_t identified; /* the snapshot for which its identity was made last */
  uint64_t number;     /* counts objects up: metadata's turns */
  bool answered;       /* its worker answered in the last snapshot */
  bool measured;       /* the last snapshot had statistics of it */
  bool admitted;       /* within MaxObjects */
  membership_t membership;
  bool metadata_due; /* its metadata says something new; whoever sends it takes this back */

  const char *key; /* class, id NUL, stream NUL, where the class keeps its id when piped the parent's id, NUL */
  size_t key_length;
  object_value_t values[]; /* as many as the class has fields; after them, the key's bytes */
} object_t;

/* NULL when out of memory. `id` and `stream` are copied, at most ID_MAX bytes each. */
object_t *object_new(const class_t *class, object_t *parent, const char *id, const char *stream);
void object_free(object_t *object);

/* The bytes by which the model finds an object: writes them to `key`, returns their length. */
enum { OBJECT_KEY_MAX = 1 + 3 * (ID_MAX + 1) };
size_t object_key(char key[OBJECT_KEY_MAX], const class_t *class, const object_t *parent, const char *id,
                  const char *stream);

/* Takes values, attributes and appData from its row. `*new` says whether attributes or appData are new. A row with an
 * `error` leaves what it does not tell as it was. `scratch` is any buffer, to spare making one for each row.
 * STATUS_PROTOCOL names the member that is not what it should be. */
MUST_CHECK status_t object_update(object_t *object, const row_t *row, buffer_t *scratch, bool *new, failure_t *failure);

/* The attribute's text, and its type when `type` is not NULL; NULL when the row did not have it. */
const char *object_attribute(const object_t *object, size_t index, member_type_t *type);

/* The same by name, of this object or of the nearest above it. */
const char *object_find_attribute(const object_t *object, const char *key);

/* The text of a scalar of its appData, or of the nearest above it; or NULL. */
const char *object_find_app_data(const object_t *object, const char *key);

#endif
