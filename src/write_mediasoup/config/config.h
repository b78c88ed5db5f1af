/* SPDX-License-Identifier: MIT */
/*
 * The configuration of the plugin write_mediasoup, by the tables of common/options.h. A mistake is logged, and costs
 * its option only: it must not keep collectd from starting.
 */
#ifndef COLLECTD_WRITE_MEDIASOUP_CONFIG_H
#define COLLECTD_WRITE_MEDIASOUP_CONFIG_H

#include "secret_options.h"
#include "write_mediasoup/http/certificate.h"

#include <collectd/core/daemon/plugin.h>

/* It owns the texts; NULL: the option is not there. */
typedef struct {
  char *listen_address;
  int listen_port;
  char *listen_socket;
  char *socket_owner;
  char *socket_group;
  char *socket_perms; /* octal */
  char *allowed_hosts[HOSTS_MAX];
  size_t allowed_hosts_length;
  int max_objects;
  int history_seconds;     /* 0: nothing is kept */
  int history_memory;      /* MiB */
  unsigned notified_kinds; /* a bit 1 << event_kind_t for each */
  bool has_notifications;  /* the option is given */
  char *certificate_file;
  char *certificate_key_file;
  bool wants_certificate; /* one of the two options was given, if only with a wrong value */
  secret_options_t readers;
  secret_options_t senders;
  char *receive_path;
  bool has_no_path; /* Path was given, and is none */
} config_t;

/* The only one, since collectd's configuration is. Filled by config_read(), with the defaults from the beginning. For
 * the thread that collectd configures and initialises its plugins in. */
extern config_t config;

/* Takes <Plugin write_mediasoup>, of which there may be several. */
void config_read(oconfig_item_t *block);
void config_done(void);

/* What the options come to. Lent by the configuration. */
const char *config_address(void);
unsigned config_socket_mode(void); /* 0: the default */
hosts_t config_hosts(void);
certificate_files_t config_certificate(void);

/* The path at which other hosts' rows are taken; NULL where none are, or cannot be, which is logged. Reads the senders'
 * token. */
const char *config_receive_path(void);

#endif
