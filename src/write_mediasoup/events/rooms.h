/* SPDX-License-Identifier: MIT */
/*
 * The rooms, by the rows of groups: what each reading says of a room, and whether it is bad. A room is a group by one
 * key of appData that names no participant; the shipped configuration calls that group "room".
 */
#ifndef COLLECTD_MEDIASOUP_ROOMS_H
#define COLLECTD_MEDIASOUP_ROOMS_H

#include "subject.h"
#include "write_mediasoup/observer.h"

typedef struct room room_t;

/* Zero-initialise. For one thread at a time. */
typedef struct {
  room_t *by_name;
  uint64_t look; /* the number of the last observation */
} rooms_t;

void rooms_done(rooms_t *rooms);

/* Takes an observation, and calls `visit` with what it says of each room. Rooms that it does not have any more are
 * forgotten. Without memory some are missing. */
void rooms_look(rooms_t *rooms, const observation_t *observation,
                void (*visit)(void *context, const subject_reading_t *reading), void *context);

#endif
