/* SPDX-License-Identifier: MIT */
/*
 * One thing of the mediasoup application that has a row: a worker, a router, ..., a stream of a producer. It lives in
 * the model from the first snapshot that names it to the first whole one that does not.
 */
#ifndef COLLECTD_MEDIASOUP_OBJECT_H
#define COLLECTD_MEDIASOUP_OBJECT_H

#include "common/app_data.h"
#include "common/table.h"
#include "loss.h"
#include "mos.h"
#include "row.h"
#include "verdict.h"

/* How the operator writes a key of appData where attributes have names too: in templates and in By. */
#define APP_DATA_PREFIX "appData:"

typedef union {
  double gauge;    /* NaN when unknown */
  int64_t counter; /* 0 or more */
} object_value_t;

/* What the summaries know of an object. They look it up anew when the object or one above it has changed. */
typedef struct {
  uint64_t known;    /* `inherited` at that time; 0 before */
  bool paused;       /* itself, or its producer */
  bool connected;    /* its transport is, or it has no connection to make */
  bool disconnected; /* its transport lost its connection, or could not make one */
  bool on_pipe;      /* it is a pipe transport, or on one */
  bool piped;        /* to or from another router of the same application; of the last reading */
  bool video;
  bool has_rtx;                           /* of a stream: what is sent again comes as a stream of its own */
  bool without_layer;                     /* of a consumer: layers_are_missing() */
  double below_preferred;                 /* of a consumer: see layers.h */
  double clock_rate;                      /* Hz; NaN when unknown */
  const mos_codec_t *codec;               /* of a stream whose sound can be judged, or NULL */
  struct link *producer;                  /* of a stream: what all streams of its producer have in common, or NULL */
  struct link *pipe;                      /* of a pipe transport: what both its ends have in common, or NULL */
  struct group *groups[GROUP_BLOCKS_MAX]; /* by <Group> block; NULL where it is in none */
} membership_t;

/* A reading goes through all objects several times, and there are more than a processor's cache holds: what most turns
 * look at comes first, and what is looked at together stands together. */
typedef struct object {
  UT_hash_handle hh;
  const class_t *class;
  struct object *parent; /* NULL for the endpoint, usage and workers; outlives its children */

  uint64_t seen;        /* the snapshot that named it last */
  uint64_t changed;     /* the snapshot that last brought new attributes or appData */
  uint64_t inherited;   /* the latest `changed` of it and of all above it; 0 before it was in a whole snapshot */
  uint64_t named;       /* `inherited` when its names were written */
  uint64_t number;      /* counts objects, so that they take turns with their metadata */
  bool answered;        /* its worker answered in the last snapshot */
  bool measured;        /* the last snapshot had its statistics */
  bool has_baseline;    /* what its counters say beyond `counted` is growth that was seen */
  bool compared;        /* `grown` tells the growth since an earlier whole snapshot */
  bool admitted;        /* within MaxObjects */
  bool metadata_due;    /* its metadata says something new; false once that was sent */
  app_data_t *app_data; /* NULL when it has none */

  const char *id;
  const char *stream; /* the rid or SSRC where the object is one of several streams, else "" */
  const char *key;    /* see object_key */
  size_t key_length;
  char *attributes; /* the text of each in turn, behind a sign of its type and before a NUL; see object.c */
  size_t attributes_size;
  char *plugin_instance; /* NULL until the namer was here */
  char *type_instance;

  verdict_t verdict;              /* a stream's, of the last reading in which its worker answered */
  struct object *next_in_trouble; /* the judge's, within a reading */
  membership_t membership;
  loss_t loss;      /* a stream's */
  int64_t repaired; /* a stream's packets_repaired in the reading before */

  uint64_t counted[GROWTHS_MAX]; /* by growth_t: the value that is in the sums already */
  uint64_t grown[GROWTHS_MAX];   /* by growth_t: what the last whole snapshot added to them */
  double cpu_milliseconds;       /* a worker's, at `cpu_time` */
  double cpu_time;               /* seconds; 0 before the first snapshot */
  uint64_t inherited_hash;       /* of what inherited.h wrote when it was named */

  object_value_t values[]; /* one for each field of the class; the key's bytes follow them */
} object_t;

/* NULL when out of memory. `id` and `stream` are copied, at most ID_MAX bytes each. */
object_t *object_new(const class_t *class, object_t *parent, const char *id, const char *stream);
void object_free(object_t *object);

/* The key by which the model finds an object: its class, its id and its stream, and the parent's id where the class
 * keeps its id when piped. Writes it to `key` and returns its length. */
enum { OBJECT_KEY_MAX = 1 + 3 * (ID_MAX + 1) };
size_t object_key(char key[OBJECT_KEY_MAX], const class_t *class, const object_t *parent, const char *id,
                  const char *stream);

/* Takes values, attributes and appData from the object's row. `*new` says whether attributes or appData are new. A row
 * with an `error` leaves as they were the members that it lacks. `scratch` is any buffer; its content is lost.
 * STATUS_PROTOCOL names the member that is wrong; STATUS_NO_MEMORY. */
MUST_CHECK status_t object_update(object_t *object, const row_t *row, buffer_t *scratch, bool *new, failure_t *failure);

/* Whether summaries count it: its class can be grouped, and a whole snapshot has named it. */
bool object_is_summed(const object_t *object);

/* The text of the attribute at `index` of the class, and its type when `type` is not NULL. NULL when the row had no
 * such member, or the verdict says nothing of it. */
const char *object_attribute(const object_t *object, size_t index, member_type_t *type);

/* The text of the attribute of this name, of the object or of the nearest above it that has it; or NULL. */
const char *object_find_attribute(const object_t *object, const char *key);

/* A scalar of its appData, or of the nearest object above that has it, and its text; or NULL. */
const app_data_scalar_t *object_find_scalar(const object_t *object, const char *key);
const char *object_find_app_data(const object_t *object, const char *key);

#endif
