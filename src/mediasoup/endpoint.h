/* SPDX-License-Identifier: MIT */
/*
 * One <Endpoint> block: its options, its sources, and the summary of them. A glob stands for several applications on
 * one host, which come and go, so its sockets are looked up before each reading.
 */
#ifndef COLLECTD_MEDIASOUP_ENDPOINT_H
#define COLLECTD_MEDIASOUP_ENDPOINT_H

#include "mediasoup/summary/summary.h"
#include "source.h"

/* The endpoint's name where the configuration has no block. */
#define ENDPOINT_DEFAULT_NAME "mediasoup"

typedef struct {
  char *name;
  char *socket; /* path or glob; NULL: `url` */
  char *url;
  char *host;              /* NULL: collectd's own */
  double interval_seconds; /* 0: the plugin's */
  double timeout_seconds;
  char **app_data; /* keys */
  size_t app_data_length;
  char *plugin_instance; /* templates or NULL */
  char *type_instance;
  unsigned classes;
  size_t max_objects;
  bool metadata_always;
  group_options_t groups[GROUP_BLOCKS_MAX];
  size_t groups_length;
  bool distributions;
  size_t worst;                 /* ranks; 0: none */
  char *room_keys[ALIASES_MAX]; /* none: the default ones */
  size_t room_keys_length;
  char *participant_keys[ALIASES_MAX];
  size_t participant_keys_length;
} endpoint_options_t;

/* The defaults. STATUS_NO_MEMORY. */
MUST_CHECK status_t endpoint_options_init(endpoint_options_t *options, const char *name);
void endpoint_options_done(endpoint_options_t *options);

typedef struct endpoint endpoint_t;

/* Takes over what `options` hold, on success only. STATUS_OPTION says what is wrong with them; STATUS_NO_MEMORY. The
 * caller frees `*endpoint`. */
MUST_CHECK status_t endpoint_new(endpoint_options_t *options, endpoint_t **endpoint, failure_t *failure);
void endpoint_free(endpoint_t *endpoint);

const endpoint_options_t *endpoint_options(const endpoint_t *endpoint);

/* Looks up the sockets, reads a snapshot of each, and sums them up. A source whose socket is gone is freed, new ones
 * are added. Where a glob matches nothing, there is one source with the glob as its path, which cannot be read. On
 * STATUS_OPTION (more sockets than SOURCES_MAX) and STATUS_NO_MEMORY the other sources are read all the same. `stop` is
 * as in fetch_all(). */
MUST_CHECK status_t endpoint_read(endpoint_t *endpoint, const volatile sig_atomic_t *stop, failure_t *failure);

/* The sources of the last reading; lent until the next. */
source_t *const *endpoint_sources(const endpoint_t *endpoint, size_t *length);

/* The summary of the last reading; lent until the next. */
const summary_t *endpoint_summary(const endpoint_t *endpoint);

#endif
