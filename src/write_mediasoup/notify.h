/* SPDX-License-Identifier: MIT */
/*
 * Events as collectd's notifications. With plugin.c and sample.c the only file that knows collectd.
 */
#ifndef COLLECTD_MEDIASOUP_NOTIFY_H
#define COLLECTD_MEDIASOUP_NOTIFY_H

#include "write_mediasoup/events/record.h"

/* Which kinds of events become notifications: a bit 1 << event_kind_t for each. Called by collectd's thread, before the
 * one that notifies begins. */
void notify_select(unsigned kinds);

/* collectd ends: no event is dispatched any more. Any thread. */
void notify_end(void);

/* Dispatches the event as a notification if its kind is selected. It waits for the plugins that take notifications, as
 * every dispatch of collectd's does, so it is called where nobody waits.
 *
 * When collectd ends, the one that is under way is waited for, however long its plugin takes: collectd frees what
 * plugins have registered right after, and a thread that was left inside one would end the process badly. collectd
 * waits for its own readers and writers in the same way. Plugins have bounds of their own, such as the Timeout of
 * write_http. */
void notify(const record_t *event);

#endif
