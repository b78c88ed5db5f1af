/* SPDX-License-Identifier: MIT */
#include "participants.h"

#include "common/hash.h"
#include "listing.h"

#include <stdlib.h>

/* The classes whose rows are taken, in this order: a transport needs its router, and a stream its transport. */
typedef enum { TAKEN_ROUTERS, TAKEN_TRANSPORTS, TAKEN_PRODUCERS, TAKEN_CONSUMERS, TAKEN_LENGTH } taken_id_t;
static const class_id_t taken_classes[TAKEN_LENGTH] = {CLASS_ROUTERS, CLASS_TRANSPORTS, CLASS_PRODUCERS,
                                                       CLASS_CONSUMERS};

typedef struct {
  const store_row_t **rows;
  size_t length;
} taken_t;

/* What participants stand in, and what their texts and lists are lent by. */
typedef struct participants_memory {
  taken_t taken[TAKEN_LENGTH];
  drafts_t drafts;
  listing_t listing;
} participants_memory_t;

typedef struct {
  stream_row_t row;
  carrier_t *carrier; /* NULL where its transport is unknown */
} placed_stream_t;

typedef struct {
  bool of_reading; /* all rows of a reading have come */
  carriers_t carriers;
  placed_stream_t *streams;
  size_t streams_length;
  drafts_t *drafts;
  tie_t *ties;
  size_t ties_length;
} making_t;

/* --- taking --- */

static MUST_CHECK bool take(participants_memory_t *memory, store_t *store, double now) {
  for (size_t i = 0; i < TAKEN_LENGTH; i++) {
    taken_t *taken = &memory->taken[i];
    taken->rows = store_take(store, &classes[taken_classes[i]], NULL, now, &taken->length);
    if (taken->rows == NULL)
      return false;
  }
  return true;
}

/* --- streams, and what they tell of their transports --- */

/* A worker that does not answer has no newer row of the transport either. */
static bool is_closed(const making_t *making, const placed_stream_t *stream) {
  const store_row_t *transport = stream->carrier != NULL ? stream->carrier->row : NULL;
  return making->of_reading && transport != NULL && stream->row.row->time < transport->time;
}

static MUST_CHECK bool place_stream(making_t *making, const store_row_t *row) {
  placed_stream_t *stream = &making->streams[making->streams_length];
  *stream = (placed_stream_t){.row = stream_row_of(row)};
  const told_stream_t *told = stream->row.told;
  if (told == NULL)
    return false;
  if (told->piped)
    return true;
  if (told->transport_id != NULL && (stream->carrier = carriers_of(&making->carriers, &stream->row)) == NULL)
    return false;
  if (is_closed(making, stream))
    return true;
  making->streams_length++;
  if (stream->carrier != NULL && !carrier_is_named(stream->carrier))
    carrier_adopt(stream->carrier, &told->said);
  return true;
}

static MUST_CHECK bool place_streams(making_t *making, const taken_t *taken) {
  bool placed = true;
  for (size_t i = 0; placed && i < taken->length; i++)
    placed = place_stream(making, taken->rows[i]);
  return placed;
}

/* --- whose they are --- */

/* The room that is named, or the router that stands for it. */
static void set_room(participant_t *participant, const said_name_t *room, const char *router_id) {
  bool is_named = room->text != NULL;
  participant->room = is_named ? room->text : router_id;
  participant->room_key = is_named ? room->key : router_id != NULL ? PARTICIPANT_KEY_ROUTER : NULL;
}

static void set_name(participant_t *participant, const said_name_t *name, const carrier_t *carrier) {
  bool is_named = name->text != NULL;
  participant->participant = is_named ? name->text : carrier->id;
  participant->participant_key = is_named ? name->key : PARTICIPANT_KEY_TRANSPORT;
}

/* Whether a participant is to be found for what names none: its transport stands for it. */
static bool can_stand(const carrier_t *carrier) { return carrier != NULL && !carrier->is_inner; }

/* A participant is told of a transport once, unless it has streams on several that come in turns. */
static draft_t *tie(making_t *making, draft_t *draft, const carrier_t *carrier) {
  if (draft == NULL || carrier == NULL || (draft->ties != NULL && draft->ties->carrier == carrier))
    return draft;
  tie_t *tie = &making->ties[making->ties_length++];
  *tie = (tie_t){.carrier = carrier, .next = draft->ties};
  draft->ties = tie;
  return draft;
}

/* Whose a stream or a transport is: by these names, on this transport, which may be NULL for a stream. NULL when out of
 * memory. */
static draft_t *find_owner(making_t *making, const stream_row_t *stream, const carrier_t *carrier,
                           const said_name_t *room, const said_name_t *name) {
  participant_t participant = {.host = carrier != NULL ? carrier->host : stream->row->host};
  const char *router_id = carrier != NULL ? carrier->router_id : stream->told->router_id;
  participant.endpoint =
      carrier != NULL ? carrier->endpoint : carriers_endpoint(&making->carriers, participant.host, router_id);
  set_room(&participant, room, router_id);
  set_name(&participant, name, carrier);
  return tie(making, drafts_find_or_add(making->drafts, &participant), carrier);
}

/* Whose a transport is that names all itself: it is looked for once. */
static draft_t *find_named_owner(making_t *making, carrier_t *carrier) {
  if (carrier->owner == NULL)
    carrier->owner = find_owner(making, NULL, carrier, &carrier->names.room, &carrier->names.participant);
  return carrier->owner;
}

static const said_names_t no_names;

static MUST_CHECK bool add_stream(making_t *making, const placed_stream_t *stream, const stream_columns_t *columns) {
  carrier_t *carrier = stream->carrier;
  const said_names_t *above = carrier != NULL ? &carrier->names : &no_names;
  const said_name_t *room = said_name_choose(&above->room, &stream->row.told->said.room);
  const said_name_t *name = said_name_choose(&above->participant, &stream->row.told->said.participant);
  if (name->text == NULL && !can_stand(carrier))
    return true;
  if (name->text == NULL)
    carrier->is_wanted = true;
  draft_t *draft = carrier != NULL && carrier_is_named(carrier) ? find_named_owner(making, carrier)
                                                                : find_owner(making, &stream->row, carrier, room, name);
  return draft != NULL && drafts_add_stream(making->drafts, draft, &stream->row, columns);
}

/* Whether it leads to a participant: to the one that names it or, where its streams are those of several, only if one
 * of them names none. */
static bool is_shown(const carrier_t *carrier) {
  const said_name_t *name = &carrier->names.participant;
  if (name->text != NULL && !name->is_disputed)
    return true;
  return can_stand(carrier) && (name->text == NULL || carrier->is_wanted);
}

static MUST_CHECK bool add_transport(making_t *making, carrier_t *carrier) {
  if (carrier->row == NULL || !is_shown(carrier))
    return true;
  const said_name_t *room = said_name_choose(&carrier->names.room, &no_names.room);
  const said_name_t *name = said_name_choose(&carrier->names.participant, &no_names.participant);
  draft_t *draft =
      carrier_is_named(carrier) ? find_named_owner(making, carrier) : find_owner(making, NULL, carrier, room, name);
  carrier->owner = draft;
  if (draft != NULL)
    draft_add_transport(draft, carrier);
  return draft != NULL;
}

static MUST_CHECK bool add_all(making_t *making) {
  const stream_columns_t of_producers = stream_columns(&classes[CLASS_PRODUCERS]);
  const stream_columns_t of_consumers = stream_columns(&classes[CLASS_CONSUMERS]);
  bool added = true;
  for (size_t i = 0; added && i < making->streams_length; i++) {
    const placed_stream_t *stream = &making->streams[i];
    bool is_producer = stream->row.row->class == &classes[CLASS_PRODUCERS];
    added = add_stream(making, stream, is_producer ? &of_producers : &of_consumers);
  }
  for (size_t i = 0; added && i < making->carriers.length; i++)
    added = add_transport(making, &making->carriers.list[i]);
  return added;
}

/* --- life --- */

static void making_done(making_t *making) {
  carriers_done(&making->carriers);
  free(making->streams);
  free(making->ties);
}

static MUST_CHECK bool make(making_t *making, participants_t *participants) {
  const taken_t *taken = participants->memory->taken;
  size_t streams = taken[TAKEN_PRODUCERS].length + taken[TAKEN_CONSUMERS].length;
  making->streams = malloc((streams + 1) * sizeof(*making->streams));
  making->ties = malloc((streams + taken[TAKEN_TRANSPORTS].length + 1) * sizeof(*making->ties));
  bool made = making->streams != NULL && making->ties != NULL &&
              carriers_make(&making->carriers, taken[TAKEN_ROUTERS].rows, taken[TAKEN_ROUTERS].length,
                            taken[TAKEN_TRANSPORTS].rows, taken[TAKEN_TRANSPORTS].length, streams) &&
              place_streams(making, &taken[TAKEN_PRODUCERS]) && place_streams(making, &taken[TAKEN_CONSUMERS]) &&
              add_all(making) && listing_make(&participants->memory->listing, making->drafts, making->ties_length);
  drafts_close(making->drafts);
  participants->list = participants->memory->listing.list;
  participants->length = made ? drafts_length(making->drafts) : 0;
  if (made && !making->of_reading) /* history and events need no order */
    listing_sort(&participants->memory->listing, participants->length);
  return made;
}

static participants_t *new_participants(store_t *store, double now, bool of_reading) {
  participants_t *participants = calloc(1, sizeof(*participants));
  participants_memory_t *memory = calloc(1, sizeof(*memory));
  if (participants == NULL || memory == NULL) {
    free(participants);
    free(memory);
    return NULL;
  }
  *memory = (participants_memory_t){.drafts = DRAFTS_INIT};
  participants->memory = memory;
  making_t making = {.of_reading = of_reading, .drafts = &memory->drafts};
  bool made = take(memory, store, now) && make(&making, participants);
  making_done(&making);
  if (made)
    return participants;
  participants_free(participants);
  return NULL;
}

participants_t *participants_new(store_t *store, double now) { return new_participants(store, now, false); }

participants_t *participants_of_reading(store_t *store, double now) { return new_participants(store, now, true); }

uint64_t participants_version(const participants_t *participants) {
  const participants_memory_t *memory = participants->memory;
  uint64_t version = HASH_BEGIN;
  for (size_t i = 0; i < TAKEN_LENGTH; i++)
    version = store_hash(version, memory->taken[i].rows, memory->taken[i].length);
  return version;
}

void participants_free(participants_t *participants) {
  participants_memory_t *memory = participants != NULL ? participants->memory : NULL;
  if (memory != NULL) {
    for (size_t i = 0; i < TAKEN_LENGTH; i++)
      store_release(memory->taken[i].rows, memory->taken[i].length);
    listing_done(&memory->listing);
    drafts_done(&memory->drafts);
  }
  free(memory);
  free(participants);
}
