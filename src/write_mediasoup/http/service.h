/* SPDX-License-Identifier: MIT */
/*
 * Keeps the server up: where its address is taken when collectd starts, it is tried again until it can be listened on.
 */
#ifndef COLLECTD_MEDIASOUP_SERVICE_H
#define COLLECTD_MEDIASOUP_SERVICE_H

#include "server.h"

typedef struct service service_t;

/* Serves, or complains once and tries again every so many `milliseconds` in a thread of its own; `options->say` then
 * says when it serves. What another try cannot mend, such as a wrong option, is complained of and not tried again. The
 * store and the texts of the options are lent until service_stop(). NULL when out of memory. */
service_t *service_start(const http_options_t *options, int milliseconds, store_t *store);

/* Takes NULL. */
void service_stop(service_t *service);

#endif
