/* SPDX-License-Identifier: MIT */
/*
 * The transports, each with what its row and its streams tell of whose it is.
 */
#ifndef COLLECTD_MEDIASOUP_CARRIER_H
#define COLLECTD_MEDIASOUP_CARRIER_H

#include "said_names.h"
#include "stream_row.h"
#include "text_index.h"

/* A transport. Texts are those of rows; NULL: unknown. */
typedef struct {
  const store_row_t *row; /* NULL where only its streams tell of it */
  const char *host;
  const char *id;
  const char *router_id;
  const char *endpoint;
  const char *connection;
  const char *protocol;
  double connect_time;               /* milliseconds; NaN: unknown, and where it has no row */
  double bytes_received, bytes_sent; /* since it began; NaN where it has no row */
  bool is_inner;                     /* a pipe, or direct: it leads to no participant unless a key names one */
  said_names_t names;                /* its own, or adopted from its streams */
  bool is_wanted;                    /* a stream without a name belongs to it */
  void *owner; /* the participant that it names or stands for; NULL: none, or nobody has looked yet */
} carrier_t;

/* Zero-initialise. */
typedef struct {
  text_index_t routers; /* rows by host and id */
  text_index_t by_id;   /* carriers by host and id */
  carrier_t *list;
  size_t length;
  int connect_time, bytes_received, bytes_sent; /* where these fields are in a row of a transport */
} carriers_t;

void carriers_done(carriers_t *carriers);

/* Makes those of the rows of routers and transports, with room for `more` that only streams tell of. The rows are lent
 * as long as the carriers are. false when out of memory. */
MUST_CHECK bool carriers_make(carriers_t *carriers, const store_row_t *const *routers, size_t routers_length,
                              const store_row_t *const *transports, size_t transports_length, size_t more);

/* The carrier of a stream that names its transport; it may be new. NULL when out of memory. */
carrier_t *carriers_of(carriers_t *carriers, const stream_row_t *stream);

/* The endpoint of a router, or NULL. `router_id` may be NULL. */
const char *carriers_endpoint(const carriers_t *carriers, const char *host, const char *router_id);

/* Whether it names the room and the participant itself: its streams need not be asked. */
bool carrier_is_named(const carrier_t *carrier);

/* Whether its row came without metadata. Every transport has a router. */
bool carrier_is_untold(const carrier_t *carrier);

/* Takes the names of one of its streams for those that it lacks. */
void carrier_adopt(carrier_t *carrier, const said_names_t *said);

#endif
