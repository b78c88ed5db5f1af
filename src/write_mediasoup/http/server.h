/* SPDX-License-Identifier: MIT */
/*
 * The HTTP server of the views: one thread and many connections, none of which can hold it up.
 */
#ifndef COLLECTD_MEDIASOUP_HTTP_H
#define COLLECTD_MEDIASOUP_HTTP_H

#include "auth.h"
#include "certificate.h"
#include "write_mediasoup/events/chronicle.h"
#include "write_mediasoup/history/history.h"
#include "write_mediasoup/store/store.h"

typedef struct http http_t;

typedef struct {
  site_t site;
  certificate_files_t certificate; /* none of them given: HTTP, else HTTPS */
  secrets_t readers;               /* what readers must send; none: everybody may read */
  hosts_t hosts;                   /* names of this server beside those that it has anyway */

  const char *receive_path; /* the path that the write_http of other hosts may post to; NULL: they may not */
  secrets_t secrets;        /* what they must send */

  history_t *history;           /* what was, lent until http_stop(); NULL: nothing is kept */
  const chronicle_t *chronicle; /* what happened, lent until http_stop(); NULL: nobody looks */

  /* Called when a POST is refused: once for each HTTP status until one is taken again, from the server's thread; and
   * within http_start() of a certificate that has expired. */
  void (*complain)(const char *complaint);

  /* Called by service.h with what is good to know. */
  void (*say)(const char *news);
} http_options_t;

/* Listens and serves from now on, in a thread of its own. The store and the texts of the options are lent until
 * http_stop(). STATUS_OPTION for what is no address, STATUS_CERTIFICATE, STATUS_LISTEN where it cannot be served at,
 * STATUS_NO_MEMORY. */
MUST_CHECK status_t http_start(const http_options_t *options, store_t *store, http_t **http, failure_t *failure);

/* Ends the thread and closes all connections. Takes NULL. */
void http_stop(http_t *http);

#endif
