/* SPDX-License-Identifier: MIT */
#include "draft.h"

#include "known.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void drafts_close(drafts_t *drafts) {
  buffer_done(&drafts->key);
  text_index_done(&drafts->affecting);
}

void drafts_done(drafts_t *drafts) {
  draft_t *first = drafts->by_name;
  HASH_CLEAR(by_name, drafts->by_name);
  for (draft_t *draft = first, *next; draft != NULL; draft = next) {
    next = draft->by_name.next;
    free(draft);
  }
  drafts_close(drafts);
}

size_t drafts_length(const drafts_t *drafts) { return HASH_CNT(by_name, drafts->by_name); }

/* --- finding --- */

/* What it is called by stands in the draft from now on. */
static void take_key(draft_t *draft, const participant_t *participant, const table_key_t *key) {
  const char *host = memcpy(draft->texts, key->bytes, key->length);
  const char *endpoint = string_after(host), *room = string_after(endpoint);
  draft->participant.key = *key;
  draft->participant.key.bytes = draft->participant.host = host;
  draft->participant.endpoint = participant->endpoint != NULL ? endpoint : NULL;
  draft->participant.room = participant->room != NULL ? room : NULL;
  draft->participant.participant = string_after(room);
}

static draft_t *new_draft(const participant_t *participant, const table_key_t *key) {
  draft_t *draft = calloc(1, sizeof(*draft) + key->length);
  if (draft == NULL)
    return NULL;
  double *figures = draft->participant.figures;
  take_key(draft, participant, key);
  draft->participant.room_key = participant->room_key;
  draft->participant.participant_key = participant->participant_key;
  draft->participant.since = draft->participant.bytes_received = draft->participant.bytes_sent = NAN;
  figures[FIGURE_MOS] = figures[FIGURE_CONSUMERS_AFFECTED] = figures[FIGURE_CONNECT_TIME] = NAN;
  way_init(&draft->uplink, &figures[FIGURE_UPLINK]);
  way_init(&draft->downlink, &figures[FIGURE_DOWNLINK]);
  return draft;
}

/* NULL when out of memory. */
static draft_t *add(drafts_t *drafts, const participant_t *participant, const table_key_t *key) {
  draft_t *draft = new_draft(participant, key);
  if (draft == NULL)
    return NULL;
  HASH_ADD_KEYPTR_BYHASHVALUE(by_name, drafts->by_name, draft->texts, key->length, key->hash, draft);
  if (draft->by_name.tbl == NULL) { /* out of memory */
    free(draft);
    return NULL;
  }
  return draft;
}

draft_t *drafts_find_or_add(drafts_t *drafts, const participant_t *participant) {
  draft_t *draft = NULL;
  buffer_clear(&drafts->key);
  participant_write_key(participant, &drafts->key);
  if (buffer_status(&drafts->key) != STATUS_OK)
    return NULL;
  const table_key_t key = table_key(drafts->key.data, drafts->key.length);
  HASH_FIND_BYHASHVALUE(by_name, drafts->by_name, key.bytes, key.length, key.hash, draft);
  return draft != NULL ? draft : add(drafts, participant, &key);
}

/* --- adding --- */

/* The newest row tells how old the participant's figures are. */
static void add_time(draft_t *draft, const store_row_t *row) {
  if (row->time < draft->participant.time)
    return;
  draft->participant.time = row->time;
  draft->participant.received = row->received;
}

/* Each stream of a producer affects the producer's consumers. They count once: by the stream that affects the most. */
static MUST_CHECK bool add_affected(drafts_t *drafts, draft_t *draft, const stream_row_t *stream, int column) {
  double affected = stream_gauge(stream, column), *sum = &draft->participant.figures[FIGURE_CONSUMERS_AFFECTED];
  if (isnan(affected))
    return true;
  *sum = isnan(*sum) ? 0 : *sum;
  if (affected == 0 || stream->told->producer_id == NULL)
    return true;
  text_index_place_t *place =
      text_index_place(&drafts->affecting, &(text_key_t){{stream->row->host, stream->told->producer_id}});
  if (place == NULL)
    return false;
  const store_row_t *before = place->thing;
  double counted = before != NULL ? before->values[column].gauge : 0;
  if (affected <= counted)
    return true;
  *sum += affected - counted;
  place->thing = (void *)(uintptr_t)stream->row; /* which is only read */
  return true;
}

bool drafts_add_stream(drafts_t *drafts, draft_t *draft, const stream_row_t *stream, const stream_columns_t *columns) {
  bool is_uplink = stream->row->class == &classes[CLASS_PRODUCERS];
  double *mos = &draft->participant.figures[FIGURE_MOS];
  way_add(is_uplink ? &draft->uplink : &draft->downlink, stream, columns);
  draft->participant.since = known_least(draft->participant.since, stream->told->bad_since);
  add_time(draft, stream->row);
  if (is_uplink)
    return add_affected(drafts, draft, stream, columns->consumers_affected);
  *mos = known_least(*mos, stream_gauge(stream, columns->mos));
  return true;
}

/* The later of the two in the list; one that is not in it comes before all. */
static const char *worse(const char *const *list, const char *left, const char *right) {
  size_t left_rank = 0, right_rank = 0;
  if (left == NULL || right == NULL)
    return left != NULL ? left : right;
  for (size_t i = 0; list[i] != NULL; i++) {
    left_rank = strcmp(list[i], left) == 0 ? i + 1 : left_rank;
    right_rank = strcmp(list[i], right) == 0 ? i + 1 : right_rank;
  }
  return left_rank >= right_rank ? left : right;
}

void draft_add_transport(draft_t *draft, const carrier_t *carrier) {
  participant_t *participant = &draft->participant;
  double *connect_time = &participant->figures[FIGURE_CONNECT_TIME];
  participant->connection = worse(participant_connections, participant->connection, carrier->connection);
  participant->protocol = worse(participant_protocols, participant->protocol, carrier->protocol);
  *connect_time = known_most(*connect_time, carrier->connect_time);
  participant->bytes_received = known_sum(participant->bytes_received, carrier->bytes_received);
  participant->bytes_sent = known_sum(participant->bytes_sent, carrier->bytes_sent);
  draft->has_untold_transport = draft->has_untold_transport || carrier_is_untold(carrier);
  add_time(draft, carrier->row);
}

/* --- finishing --- */

/* Nothing is good of which a part is unknown. */
static participant_quality_t quality_of(const draft_t *draft) {
  const way_t *up = &draft->uplink, *down = &draft->downlink;
  if (up->figures[WAY_STREAMS_BAD] + down->figures[WAY_STREAMS_BAD] > 0)
    return QUALITY_BAD;
  if (up->figures[WAY_STREAMS_SILENT] + down->figures[WAY_STREAMS_SILENT] > 0 || up->waiting + down->waiting > 0)
    return QUALITY_SILENT;
  if (up->unknown + down->unknown > 0)
    return QUALITY_UNKNOWN;
  if (up->figures[WAY_STREAMS] + down->figures[WAY_STREAMS] > 0)
    return QUALITY_GOOD;
  return draft->has_untold_transport ? QUALITY_UNKNOWN : QUALITY_IDLE;
}

/* What such a transport carried for each of those who use it nobody knows. */
static bool shares_a_transport(const draft_t *draft) {
  bool shares = false;
  for (const tie_t *tie = draft->ties; tie != NULL; tie = tie->next)
    shares = shares || (!tie->carrier->is_inner && tie->carrier->owner != draft);
  return shares;
}

void draft_finish(draft_t *draft) {
  participant_t *participant = &draft->participant;
  if (shares_a_transport(draft))
    participant->bytes_received = participant->bytes_sent = NAN;
  participant->quality = quality_of(draft);
  participant->uplink_cause = draft->uplink.worst.cause;
  participant->downlink_cause = draft->downlink.worst.cause;
  participant->cause = way_worse(&draft->uplink.worst, &draft->downlink.worst)->cause;
}
