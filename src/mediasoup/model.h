/* SPDX-License-Identifier: MIT */
/*
 * What is known of one mediasoup application: its objects, which are kept from snapshot to snapshot. apply.h takes a
 * snapshot's rows as they come, commit.h makes them count once the snapshot is whole. A snapshot that ends early
 * changes no sum and ends no object, and the next whole one overwrites what it said.
 *
 * Not for several threads at once.
 */
#ifndef COLLECTD_MEDIASOUP_MODEL_H
#define COLLECTD_MEDIASOUP_MODEL_H

#include "events.h"
#include "growth.h"
#include "restart.h"

/* The snapshot under way. */
typedef struct {
  object_t *expected; /* the object after the last one named, or NULL: rows come in much the same order each time */
  size_t seen;        /* objects that it has named */
  bool unanswered;    /* a worker did not answer for one of them */
  uint64_t rows[CLASS_ROWS_COUNT];
  uint64_t events; /* rows of that class */
  uint64_t rows_total;
  bool ended; /* its end row has come */
} snapshot_t;

/* For apply.c and commit.c; others use the functions below. */
typedef struct {
  object_t *objects; /* in the order they came, so parents before children */
  object_t *endpoint;
  unsigned selected;
  size_t max_objects;
  growth_plan_t growth;
  process_t process; /* the application's */
  events_t events;
  size_t counted;     /* objects that are admitted and count for MaxObjects */
  size_t waiting;     /* objects that are not admitted */
  size_t uncommitted; /* objects that no whole snapshot has named */
  uint64_t snapshot;  /* counts the snapshots that began, also those that failed */
  uint64_t numbers;   /* counts the objects that came */
  bool committed;     /* there was a whole snapshot */
  buffer_t scratch;
  snapshot_t under_way;
} model_t;

/* `selected` has the bit 1 << class_id_t of each class that is asked for. At most `max_objects` of the objects that the
 * application made are admitted. NULL when out of memory. */
model_t *model_new(unsigned selected, size_t max_objects);
void model_free(model_t *model);

/* --- what is known --- */

/* The endpoint's own object, which lives as long as the model. */
object_t *model_endpoint(model_t *model);

/* Each of the other objects in turn, parents before their children; NULL after the last. Start with NULL. */
object_t *model_next(const model_t *model, const object_t *object);

/* The number of the last snapshot that began, counted from 1. */
uint64_t model_snapshot(const model_t *model);

/* What happened to the connections of WebRTC transports between the last two whole snapshots, oldest first. Lent until
 * the next snapshot begins. They are no objects of the model's, and never get a value list. */
object_t *const *model_events(const model_t *model, size_t *length);

/* What the next snapshot is to be asked for: those after this number. false: without a number. */
bool model_events_told(const model_t *model, uint64_t *number);

/* Whether the object gets a value list: its class is selected, it is admitted, and its worker answered. A worker's own
 * row needs no answer, since it says so. */
bool model_dispatches(const model_t *model, const object_t *object);

/* --- for apply.c and commit.c --- */

/* Whether it is this object. `object` may be NULL; `parent` matters where the class keeps its id when piped. */
bool model_is_named(const object_t *object, const class_t *class, const object_t *parent, const char *id,
                    const char *stream);

/* The object of this name, or NULL. */
object_t *model_find(const model_t *model, const class_t *class, const object_t *parent, const char *id,
                     const char *stream);

/* Adds one, which is not there yet. NULL when out of memory. */
object_t *model_add(model_t *model, const class_t *class, object_t *parent, const char *id, const char *stream);

/* Frees the object. Its children must follow. */
void model_forget(model_t *model, object_t *object);

/* Frees the objects that only a snapshot that failed has named. They would pile up if snapshots failed in a row. */
void model_forget_uncommitted(model_t *model);

/* Whether it takes a place of MaxObjects. */
bool model_counts_object(const model_t *model, const object_t *object);

#endif
