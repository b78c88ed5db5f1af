/* SPDX-License-Identifier: MIT */
/*
 * What the rows of a room's group add up to in one reading, and whether the room is bad by them.
 */
#ifndef COLLECTD_MEDIASOUP_ROOM_SUMS_H
#define COLLECTD_MEDIASOUP_ROOM_SUMS_H

#include "write_mediasoup/store/row.h"

/* The two ways: what the room sends, and what it gets. */
enum { WAY_IN, WAY_OUT, WAYS };

/* What the plugin mediasoup may find to be the cause of bad streams. */
enum { ROOM_CAUSES = 6 };

typedef struct {
  double packets, lost;
} packets_t;

/* Initialise with {.loss = NAN}. */
typedef struct {
  double time;    /* epoch seconds, of the newest row */
  double members; /* streams and transports */
  double expected[WAYS], bad[WAYS], silent[WAYS];
  packets_t packets[WAYS];
  double loss; /* the highest ratio of a row; NaN: unknown */
  double causes[ROOM_CAUSES];
  double stream_bytes[WAYS];
  double transport_bytes[WAYS];
  bool has_transports;
} room_sums_t;

/* Adds a row of the classes group_producers, group_consumers or group_transports. */
void room_sums_add(room_sums_t *sums, const store_row_t *row);

enum { ROOM_DETAIL_MAX = 120 };

/* Whether it is bad, by this reading and what happened since `before`, NULL where there was nothing. One that `was_bad`
 * by the reading before stays so down to lower limits. Writes how bad, in words; "" where it is good. */
bool room_sums_judge(const room_sums_t *sums, const room_sums_t *before, bool was_bad, char detail[ROOM_DETAIL_MAX]);

/* The cause that most of its bad streams have, or NULL. Static. */
const char *room_sums_cause(const room_sums_t *sums);

/* Counted since the group began: of transports where they are grouped, else of streams. */
double room_sums_received(const room_sums_t *sums);
double room_sums_sent(const room_sums_t *sums);

#endif
