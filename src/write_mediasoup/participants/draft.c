/* SPDX-License-Identifier: MIT */
#include "draft.h"

#include "known.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void drafts_done(drafts_t *drafts) {
  for (draft_t *draft = drafts->first, *next; draft != NULL; draft = next) {
    next = draft->next;
    free(draft);
  }
  text_index_done(&drafts->by_name);
  text_index_done(&drafts->affecting);
}

/* --- finding --- */

/* An index ends at a NULL. */
static const char *or_empty(const char *text) { return text != NULL ? text : ""; }

static draft_t *new_draft(const participant_t *participant) {
  draft_t *draft = calloc(1, sizeof(*draft));
  if (draft == NULL)
    return NULL;
  draft->participant = *participant;
  draft->participant.since = NAN;
  draft->mos = draft->affected = draft->connect_time = NAN;
  way_init(&draft->uplink);
  way_init(&draft->downlink);
  return draft;
}

draft_t *drafts_find_or_add(drafts_t *drafts, const participant_t *participant) {
  const text_key_t key = {
      {participant->host, or_empty(participant->endpoint), or_empty(participant->room), participant->participant}};
  text_index_place_t *place = text_index_place(&drafts->by_name, &key);
  if (place == NULL || place->thing != NULL)
    return place != NULL ? place->thing : NULL;
  draft_t *draft = place->thing = new_draft(participant);
  if (draft == NULL)
    return NULL;
  draft->next = drafts->first;
  drafts->first = draft;
  drafts->length++;
  return draft;
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
  double affected = stream_gauge(stream, column);
  if (isnan(affected))
    return true;
  draft->affected = isnan(draft->affected) ? 0 : draft->affected;
  if (affected == 0 || stream->producer_id == NULL)
    return true;
  text_index_place_t *place =
      text_index_place(&drafts->affecting, &(text_key_t){{stream->row->host, stream->producer_id}});
  if (place == NULL)
    return false;
  const store_row_t *before = place->thing;
  double counted = before != NULL ? before->values[column].gauge : 0;
  if (affected <= counted)
    return true;
  draft->affected += affected - counted;
  place->thing = (void *)(uintptr_t)stream->row; /* which is only read */
  return true;
}

bool drafts_add_stream(drafts_t *drafts, draft_t *draft, const stream_row_t *stream, const stream_columns_t *columns) {
  bool is_uplink = stream->row->class == &classes[CLASS_PRODUCERS];
  way_add(is_uplink ? &draft->uplink : &draft->downlink, stream, columns);
  draft->participant.since = known_least(draft->participant.since, stream->bad_since);
  add_time(draft, stream->row);
  if (is_uplink)
    return add_affected(drafts, draft, stream, columns->consumers_affected);
  draft->mos = known_least(draft->mos, stream_gauge(stream, columns->mos));
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
  participant->connection = worse(participant_connections, participant->connection, carrier->connection);
  participant->protocol = worse(participant_protocols, participant->protocol, carrier->protocol);
  draft->connect_time = known_most(draft->connect_time, carrier->connect_time);
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

void draft_finish(draft_t *draft) {
  participant_t *participant = &draft->participant;
  double *figures = participant->figures;
  memcpy(&figures[FIGURE_UPLINK], draft->uplink.figures, sizeof(draft->uplink.figures));
  memcpy(&figures[FIGURE_DOWNLINK], draft->downlink.figures, sizeof(draft->downlink.figures));
  figures[FIGURE_MOS] = draft->mos;
  figures[FIGURE_CONSUMERS_AFFECTED] = draft->affected;
  figures[FIGURE_CONNECT_TIME] = draft->connect_time;
  participant->quality = quality_of(draft);
  participant->uplink_cause = draft->uplink.worst.cause;
  participant->downlink_cause = draft->downlink.worst.cause;
  participant->cause = way_worse(&draft->uplink.worst, &draft->downlink.worst)->cause;
}
