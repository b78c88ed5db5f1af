/* SPDX-License-Identifier: MIT */
/*
 * The workers of one process of an application, as its last reading had them: they tell which of them died.
 */
#ifndef COLLECTD_MEDIASOUP_KNOWN_WORKERS_H
#define COLLECTD_MEDIASOUP_KNOWN_WORKERS_H

#include "write_mediasoup/observer.h"
#include "write_mediasoup/views/endpoint_state.h"

typedef struct {
  double worker; /* its slot */
  double pid;    /* NaN: unknown */
} known_worker_t;

/* Zero-initialise. */
typedef struct {
  known_worker_t *list;
  size_t length;
} known_workers_t;

void known_workers_done(known_workers_t *workers);

/* The workers that the rows of this reading of the endpoint have, for known_workers_done(). Without memory they are
 * fewer. `rows` are those of the class workers. */
known_workers_t known_workers_of(const observed_rows_t *rows, const endpoint_state_t *endpoint);

/* Whether a worker of this slot and process is among them. */
bool known_workers_have(const known_workers_t *workers, const known_worker_t *worker);

#endif
