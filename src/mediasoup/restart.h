/* SPDX-License-Identifier: MIT */
/*
 * Whether the application has restarted between two whole snapshots. One that a supervisor starts again after a
 * worker's death counts no deaths: its counters begin anew with it.
 */
#ifndef COLLECTD_MEDIASOUP_RESTART_H
#define COLLECTD_MEDIASOUP_RESTART_H

#include "object.h"

/* The application's process as the last whole snapshot told of it. Zero-initialise. */
typedef struct {
  bool known;
  bool is_new;  /* that snapshot was the first, and succession.h has not seen it yet */
  double began; /* when the process did, by the same clock; NaN when unknown */
  double asked; /* when that snapshot was asked for, in seconds on any steady clock */
  char pid[ID_MAX + 1];
  int64_t worker_deaths;
  int64_t transports_created;
  uint64_t events;
} process_t;

typedef enum {
  RESTART_NONE,
  RESTART_SEEN,
  RESTART_OTHER, /* another process answers, which ran before already */
} restart_t;

/* Compares the process with that of the snapshot asked for at `now`, and remembers the latter. `endpoint` is the
 * snapshot's endpoint, `usage` the usage of the application's own process, or NULL where the snapshot has none;
 * `events` is the number of the newest event, 0 where nobody knows. Any of these is a restart:
 * another pid; a process that began after the snapshot before (in a container the pid is always the same); a counter
 * that fell. */
restart_t restart_look(process_t *process, const object_t *endpoint, const object_t *usage, uint64_t events,
                       double now);

#endif
