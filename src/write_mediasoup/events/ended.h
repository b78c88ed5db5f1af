/* SPDX-License-Identifier: MIT */
/*
 * What has ended: a room or a participant, with how it was and how it ended.
 */
#ifndef COLLECTD_MEDIASOUP_ENDED_H
#define COLLECTD_MEDIASOUP_ENDED_H

#include "record.h"

typedef enum {
  OUTCOME_LEFT,      /* a participant that went, or whose transports were closed, while connected */
  OUTCOME_LOST,      /* a participant whose connection was gone first; or whose worker died */
  OUTCOME_CLOSED,    /* a room that became empty; a participant that was not connected */
  OUTCOME_RESTARTED, /* the application did */
  OUTCOME_UNKNOWN,   /* the endpoint was not read when it ended, or does not say how transports are connected */
  OUTCOMES
} ended_outcome_t;

/* Places of the members. Times are epoch milliseconds. */
enum {
  ENDED_NUMBER,
  ENDED_KIND, /* "room" or "participant" */
  ENDED_HOST,
  ENDED_ENDPOINT,
  ENDED_ROOM,
  ENDED_PARTICIPANT,
  ENDED_BEGAN, /* when it was first seen */
  ENDED_ENDED, /* when it was last seen */
  ENDED_DURATION,
  ENDED_BYTES_RECEIVED,
  ENDED_BYTES_SENT,
  ENDED_WORST_LOSS_RATIO,
  ENDED_SECONDS_BAD,
  ENDED_OUTCOME,
  ENDED_MEMBERS
};

extern const record_type_t ended_type;

/* Its name in JSON, and for documents when it is given: one line, without a full stop. Static, for any thread. */
const char *outcome_name(ended_outcome_t outcome);
const char *outcome_when(ended_outcome_t outcome);

#endif
