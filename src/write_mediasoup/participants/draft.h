/* SPDX-License-Identifier: MIT */
/*
 * A participant while it is made: streams and transports are added in any order.
 */
#ifndef COLLECTD_MEDIASOUP_PARTICIPANT_DRAFT_H
#define COLLECTD_MEDIASOUP_PARTICIPANT_DRAFT_H

#include "carrier.h"
#include "common/buffer.h"
#include "participant.h"
#include "way.h"

/* A participant's transport. */
typedef struct tie {
  const carrier_t *carrier;
  struct tie *next; /* of the same participant */
} tie_t;

typedef struct draft draft_t;
struct draft {
  UT_hash_handle by_name;
  /* Its quality, causes and lists are set by draft_finish() and by who lists its transports. */
  participant_t participant;
  way_t uplink, downlink;
  bool has_untold_transport; /* which may have streams that do not name it */
  tie_t *ties;               /* its transports, the last one first; NULL once they are listed */
  char texts[];              /* the participant's key */
};

/* Initialise with DRAFTS_INIT. */
typedef struct {
  draft_t *by_name;
  buffer_t key;           /* of the participant that is looked for */
  text_index_t affecting; /* by host and id of a producer: that row of its which affects the most consumers */
} drafts_t;

#define DRAFTS_INIT {.key = BUFFER_INIT(SIZE_MAX)}

/* Nothing is added any more: frees what is needed for that only. */
void drafts_close(drafts_t *drafts);

void drafts_done(drafts_t *drafts);

size_t drafts_length(const drafts_t *drafts);

/* The draft with the host, endpoint, room and name of `participant`; a new one has its keys of appData too. NULL when
 * out of memory. */
draft_t *drafts_find_or_add(drafts_t *drafts, const participant_t *participant);

/* Adds a stream. false when out of memory. */
MUST_CHECK bool drafts_add_stream(drafts_t *drafts, draft_t *draft, const stream_row_t *stream,
                                  const stream_columns_t *columns);

/* Adds a transport that has a row. */
void draft_add_transport(draft_t *draft, const carrier_t *carrier);

/* Everything is added. */
void draft_finish(draft_t *draft);

#endif
