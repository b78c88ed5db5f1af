/* SPDX-License-Identifier: MIT */
/*
 * HTTP GET with libcurl, over a Unix socket or TCP, bounded in time and size. Several run side by side.
 */
#ifndef COLLECTD_MEDIASOUP_FETCH_H
#define COLLECTD_MEDIASOUP_FETCH_H

#include "common/status.h"
#include "trust.h"

#include <signal.h>
#include <stddef.h>

typedef struct fetch fetch_t;

/* Takes the next bytes of the answer's body. A status other than STATUS_OK ends the fetch with it. */
typedef status_t (*fetch_body_t)(void *context, const char *bytes, size_t length, failure_t *failure);

typedef struct {
  const char *socket; /* path; NULL: TCP */
  const char *url;    /* with its path and query; the host is ignored when `socket` is set */
  trust_t trust;
  long timeout_milliseconds; /* from the request to the last byte */
  fetch_body_t on_body;      /* called within fetch_all() only */
  void *context;
} fetch_options_t;

/* curl_global_init() must have been called. Texts are copied. NULL when out of memory. */
fetch_t *fetch_new(const fetch_options_t *options);
void fetch_free(fetch_t *fetch);

/* Asks for another URL from the next fetch on, which is copied. STATUS_NO_MEMORY. */
MUST_CHECK status_t fetch_set_url(fetch_t *fetch, const char *url);

/* Runs them side by side and returns when all have ended, each at its timeout at the latest. fetch_status() has the
 * results. Within a second after `*stop` (NULL: never) has become other than 0, those that have not ended fail with
 * STATUS_CLOSED. Not for the same fetch in two threads. */
void fetch_all(fetch_t *const *fetches, size_t length, const volatile sig_atomic_t *stop);

/* STATUS_OK: the answer had HTTP status 200, and its whole body was taken. Else `*failure` says why not; it is lent
 * until the next fetch_all(). */
status_t fetch_status(const fetch_t *fetch, const failure_t **failure);

/* Seconds that the last one took. */
double fetch_seconds(const fetch_t *fetch);

#endif
