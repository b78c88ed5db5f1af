/* SPDX-License-Identifier: MIT */
/*
 * The options of an <Endpoint> block, as the operator wrote them.
 */
#ifndef COLLECTD_MEDIASOUP_ENDPOINT_OPTIONS_H
#define COLLECTD_MEDIASOUP_ENDPOINT_OPTIONS_H

#include "inherited.h"
#include "mediasoup/summary/group_block.h"
#include "trust.h"

/* The endpoint's name where the configuration has no block. */
#define ENDPOINT_DEFAULT_NAME "mediasoup"

typedef struct {
  char *name;
  char *socket; /* path or glob; NULL: `url` */
  char *url;
  char *token_file; /* NULL: no token is sent */
  char *ca_file;    /* NULL: the system's certificates */
  bool verify_peer, verify_host;
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

/* Whether both blocks may stand in one configuration. STATUS_OPTION where they have one name, or would give the same
 * objects the same names: collectd would drop the rows of one of them, with a line in its log for each. */
MUST_CHECK status_t endpoint_options_compare(const endpoint_options_t *options, const endpoint_options_t *other,
                                             failure_t *failure);

/* How it and the plugin know each other. Lends the names of the files. */
trust_t endpoint_options_trust(const endpoint_options_t *options);

/* The keys that name rooms and participants: the operator's, lent, or the default ones. */
aliases_t endpoint_options_aliases(const endpoint_options_t *options);

/* The same with those of AppData. */
name_keys_t endpoint_options_name_keys(const endpoint_options_t *options);

#endif
