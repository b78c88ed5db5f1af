/* SPDX-License-Identifier: MIT */
/*
 * Whether collectd is about to end. It waits for its read threads before it tells plugins, so an endpoint that hangs
 * would hold it up for as long as Timeout allows. Its signal handlers know earlier.
 */
#ifndef COLLECTD_MEDIASOUP_STOP_H
#define COLLECTD_MEDIASOUP_STOP_H

#include <signal.h>

/* Puts itself before the handlers of SIGINT and SIGTERM, which are called all the same. A signal without a handler of
 * the usual kind is left as it is. For collectd's main thread, once. */
void stop_watch(void);

/* Other than 0 once one of them has come. */
const volatile sig_atomic_t *stop_flag(void);

#endif
