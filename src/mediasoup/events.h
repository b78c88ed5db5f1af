/* SPDX-License-Identifier: MIT */
/*
 * What happened to the connections of WebRTC transports: the rows of the class `connections`. The endpoint numbers
 * them. Each reading asks for those after the number up to which whole snapshots have told them, so that each of them
 * counts once, whatever becomes of a snapshot.
 */
#ifndef COLLECTD_MEDIASOUP_EVENTS_H
#define COLLECTD_MEDIASOUP_EVENTS_H

#include "object.h"

/* Zero-initialise. */
typedef struct {
  bool known;      /* whole snapshots have told all up to `number` */
  uint64_t number; /* 0 while it is not known */

  /* of the snapshot under way, then of the last whole one */
  bool told; /* its endpoint row has the number of the newest, `newest` */
  uint64_t newest;
  uint64_t last;   /* the number of the last one taken from it */
  object_t **list; /* oldest first; without parents, since their appData is whole */
  size_t length;
  size_t room;
} events_t;

void events_done(events_t *events);

/* A new snapshot begins. Forgets those of the one before. */
void events_begin(events_t *events);

/* The endpoint row of a snapshot came. */
void events_begin_at(events_t *events, const row_t *endpoint);

/* Takes a row. One that was told before is passed over, and so are all of a reading that did not ask for them.
 * `scratch` is as in object_update(). STATUS_PROTOCOL, STATUS_TOO_LARGE beyond EVENTS_MAX, STATUS_NO_MEMORY. */
MUST_CHECK status_t events_add(events_t *events, const row_t *row, buffer_t *scratch, failure_t *failure);

/* How the numbers of a whole snapshot go on from those before. */
typedef enum {
  NUMBERS_GO_ON,
  NUMBERS_BEGAN_ANEW, /* with the process, since the snapshot before: all from 1 on are new */
  NUMBERS_OF_ANOTHER, /* of a process that ran before already: those so far happened unseen */
} numbers_t;

/* The snapshot is whole. Its rows count, unless they are another process's than the one that was asked. */
void events_commit(events_t *events, numbers_t numbers);

/* The snapshot failed. Its rows do not count, and come again. */
void events_fail(events_t *events);

#endif
