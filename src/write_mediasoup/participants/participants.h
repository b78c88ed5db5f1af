/* SPDX-License-Identifier: MIT */
/*
 * The participants: what the rows of transports, producers and consumers say of each of those who take part. Pure
 * computation from the store's rows of one moment. The view, what was and what happened are made of it.
 *
 * A participant is what one name of `names` (ParticipantKeys) names within one room of one endpoint of one host. A
 * stream belongs to the participant of its transport, and where that has no name to the one that the stream names
 * itself. A transport without a name belongs to the participant that its streams name, if they all name the same one.
 * Where no key names any, a transport is a participant by itself: nothing that mediasoup reports says for certain which
 * two transports belong together. Pipes, direct transports and piped streams are between routers, or the application's
 * own.
 */
#ifndef COLLECTD_MEDIASOUP_PARTICIPANTS_H
#define COLLECTD_MEDIASOUP_PARTICIPANTS_H

#include "participant.h"
#include "write_mediasoup/store/store.h"

typedef struct {
  const participant_t *const *list;
  size_t length;
  struct participants_memory *memory;
} participants_t;

/* All participants at this moment, sorted by host, endpoint, room and name. It takes time in proportion to the rows,
 * and a sort; writers wait only while the rows are taken. It keeps the rows' memory until participants_free(). NULL
 * when out of memory. */
participants_t *participants_new(store_t *store, double now);

/* The same when all rows of a reading have come: in no particular order, and without streams whose row is older than
 * their transport's. They are closed, and their last row would count for two intervals more. */
participants_t *participants_of_reading(store_t *store, double now);
void participants_free(participants_t *participants); /* takes NULL */

/* Other rows give another one. It is computed anew at each call. */
uint64_t participants_version(const participants_t *participants);

#endif
