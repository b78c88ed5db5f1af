/* SPDX-License-Identifier: MIT */
/*
 * One mediasoup application as the plugin sees it: where it answers, how it is asked, and what is known of it. It wires
 * the stages fetch, parse and model together, and holds the namer.
 */
#ifndef COLLECTD_MEDIASOUP_SOURCE_H
#define COLLECTD_MEDIASOUP_SOURCE_H

#include "model.h"
#include "namer.h"
#include "trust.h"

#include <signal.h>

/* Where an endpoint answers. */
#define SNAPSHOT_PATH "/v1/snapshot"

typedef struct source source_t;

typedef struct {
  const char *socket; /* path; NULL: `url` */
  const char *url;    /* "http://127.0.0.1:4443" */
  trust_t trust;
  long timeout_milliseconds;
  unsigned classes; /* to ask for: the bit 1 << class_id_t each; the endpoint's own row always comes */
  size_t max_objects;
  naming_t naming;
} source_options_t;

/* Options are copied. STATUS_OPTION, STATUS_NO_MEMORY. The caller frees `*source`. */
MUST_CHECK status_t source_new(const source_options_t *options, source_t **source, failure_t *failure);
void source_free(source_t *source);

/* Reads a snapshot of each, side by side. `stop` is as in fetch_all(). Not for the same source in two threads. */
void source_read_all(source_t *const *sources, size_t length, const volatile sig_atomic_t *stop);

/* How the last reading ended. `*failure` is lent until the next. */
status_t source_status(const source_t *source, const failure_t **failure);

/* Whether the operator does not know that yet: the reading before ended with another status, or there was none. */
bool source_status_is_new(const source_t *source);

/* Epoch milliseconds: since when it is up, or down, as the last reading found it; and of the last whole reading, 0
 * where there was none. */
uint64_t source_since(const source_t *source);
uint64_t source_last_reading(const source_t *source);

/* Keeps the hash of a report. Whether it differs from the one kept before. */
bool source_remember_report(source_t *source, uint64_t hash);

/* What is known now. After a failed reading only the endpoint's object says anything new. Lent. */
model_t *source_model(source_t *source);

/* What names the model's objects. Lent. */
namer_t *source_namer(source_t *source);

/* The socket's path or the URL. */
const char *source_where(const source_t *source);

/* The number that its naming has as `process`. */
int source_process(const source_t *source);

#endif
