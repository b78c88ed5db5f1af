/* SPDX-License-Identifier: MIT */
/*
 * The views' HTTP server: one thread, many connections, none of which can hold it up.
 */
#ifndef COLLECTD_MEDIASOUP_HTTP_H
#define COLLECTD_MEDIASOUP_HTTP_H

#include "write_mediasoup/store/store.h"

typedef struct http http_t;

typedef struct {
  const char *address; /* "127.0.0.1", "::1", ... */
  unsigned short port;
  const char *socket; /* a Unix socket's path instead; NULL: TCP */

  const char *receive_path; /* where other hosts' write_http may post to; NULL: nowhere */
  const char *token;        /* what they must send, "Authorization: Bearer ..."; NULL: none such */
  const char *user;         /* or user and password; NULL: none such */
  const char *password;

  /* Told of what is posted and refused, once for each kind until something is taken again; from the server's thread. */
  void (*complain)(const char *complaint);
} http_options_t;

/* Listens and serves from now on, in a thread of its own. `store` is lent until http_stop, texts are copied.
 * STATUS_OPTION for an address that is none, STATUS_LISTEN where one cannot listen there, STATUS_NO_MEMORY. */
MUST_CHECK status_t http_start(const http_options_t *options, store_t *store, http_t **http, failure_t *failure);

/* Ends the thread and closes all connections. Takes NULL. */
void http_stop(http_t *http);

#endif
