/* SPDX-License-Identifier: MIT */
/*
 * What events of quality, and what has ended, are about: a room or a participant, as one reading shows it.
 */
#ifndef COLLECTD_MEDIASOUP_SUBJECT_H
#define COLLECTD_MEDIASOUP_SUBJECT_H

#include "common/table.h"
#include "life.h"

/* Texts are lent. */
typedef struct {
  const char *host;
  const char *endpoint;    /* as in identifiers; "" where it is unknown */
  const char *room;        /* "" where nothing names it */
  const char *participant; /* NULL: it is the room itself */
} subject_name_t;

/* How the participant's transports are connected: as far as it matters for how it ends. */
typedef enum {
  CONNECTION_UNKNOWN, /* the endpoint does not say, or it is a room */
  CONNECTION_NOT,     /* not yet, or in vain */
  CONNECTION_UP,      /* or closed by the peer */
  CONNECTION_GONE,    /* ICE is disconnected */
} subject_connection_t;

typedef struct {
  /* Its host, endpoint, room and, unless it is the room, participant, each with its NUL. Lent. The endpoint is as rows
   * of participants call it, which may not be as `name` does. */
  table_key_t key;
  subject_name_t name;
  bool is_present;     /* a group stays for a while when its room is empty */
  life_reading_t life; /* its time is that of the rows, by the clock of their host */
  bool is_unknown;     /* whether it is bad: then `life` says that it is not */
  double since;        /* epoch seconds, since when it is bad; NaN: unknown */
  const char *cause;   /* why it is bad; NULL: unknown. Lent */
  const char *detail;  /* how bad it is, in words; "" where it is good. Lent */
  subject_connection_t connection;
} subject_reading_t;

#endif
