/* SPDX-License-Identifier: MIT */
#include "rooms.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "common/hash.h"
#include "common/identifier.h"
#include "common/limits.h"
#include "common/options.h"
#include "common/table.h"
#include "room_sums.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct room {
  UT_hash_handle by_name;
  subject_name_t name; /* texts of `texts` */
  const char *block; /* whose rows count in this look, of several <Group> that have the room: the first by name. Lent */
  room_sums_t sums;
  double interval;          /* seconds, of its rows */
  double judged;            /* the time of the reading that was judged last */
  uint64_t judged_by;       /* a hash of its block */
  bool is_judged;           /* there is one */
  bool is_bad;              /* what that said */
  room_sums_t older, newer; /* readings of before, from which loss is counted */
  char detail[ROOM_DETAIL_MAX];
  uint64_t look;
  char texts[]; /* host, endpoint, room */
};

/* --- which room --- */

static bool names_participants(const char *key) {
  static const char *const keys[] = {DEFAULT_PARTICIPANT_KEYS};
  for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
    if (strcmp(keys[i], key) == 0)
      return true;
  return false;
}

static bool is_text(const char *bytes, size_t length, const char *text) {
  return strlen(text) == length && memcmp(bytes, text, length) == 0;
}

/* The key of the only pair in plugin_instance; false where there is none, or another one. */
static bool read_only_pair(const char *plugin_instance, pair_t *pair) {
  pair_t other;
  const char *at = plugin_instance;
  return identifier_next(&at, pair) && !identifier_next(&at, &other);
}

/* The room that a group's row is of: its exact name from appData, else what its identifier has. Writes into `space`
 * what is not a text of the row. NULL where the group is no room. */
static const char *room_of(const store_row_t *row, char space[2 * (IDENTIFIER_MAX + 1)]) {
  pair_t pair;
  if (!read_only_pair(row->plugin_instance, &pair) || is_text(pair.value, pair.value_length, "__other__"))
    return NULL;
  char *key = space, *value = space + IDENTIFIER_MAX + 1;
  (void)snprintf(key, IDENTIFIER_MAX + 1, "%.*s", (int)pair.key_length, pair.key);
  (void)snprintf(value, IDENTIFIER_MAX + 1, "%.*s", (int)pair.value_length, pair.value);
  const char *exact = app_data_find(facts_app_data(row->facts), key);
  return names_participants(key) ? NULL : exact != NULL ? exact : value;
}

/* NULL when out of memory. */
static room_t *add_room(rooms_t *rooms, const table_key_t *key) {
  room_t *room = calloc(1, sizeof(*room) + key->length);
  if (room == NULL)
    return NULL;
  memcpy(room->texts, key->bytes, key->length);
  room->name.host = room->texts;
  room->name.endpoint = string_after(room->name.host);
  room->name.room = string_after(room->name.endpoint);
  HASH_ADD_KEYPTR_BYHASHVALUE(by_name, rooms->by_name, room->texts, key->length, key->hash, room);
  if (room->by_name.tbl != NULL)
    return room;
  free(room);
  return NULL;
}

/* NULL when out of memory. */
static room_t *find_or_add(rooms_t *rooms, const table_key_t *key) {
  room_t *room = NULL;
  HASH_FIND_BYHASHVALUE(by_name, rooms->by_name, key->bytes, key->length, key->hash, room);
  return room != NULL ? room : add_room(rooms, key);
}

/* NULL when out of memory. */
static room_t *room_named(rooms_t *rooms, const subject_name_t *name) {
  room_t *room = NULL;
  buffer_t texts = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  buffer_append_string(&texts, name->host, strlen(name->host));
  buffer_append_string(&texts, name->endpoint, strlen(name->endpoint));
  buffer_append_string(&texts, name->room, strlen(name->room));
  if (buffer_status(&texts) == STATUS_OK) {
    const table_key_t key = table_key(texts.data, texts.length);
    room = find_or_add(rooms, &key);
  }
  buffer_done(&texts);
  return room;
}

static void forget(rooms_t *rooms, room_t *room) {
  HASH_DELETE(by_name, rooms->by_name, room);
  free(room);
}

void rooms_done(rooms_t *rooms) {
  room_t *room, *next;
  HASH_ITER(by_name, rooms->by_name, room, next)
    forget(rooms, room);
}

/* --- sums --- */

/* Two <Group> blocks that both have the room would count it twice. false: this row is of the other one. */
static bool is_of_block(room_t *room, const char *block) {
  int order = room->block == NULL ? -1 : strcmp(block, room->block);
  if (order < 0) {
    room->block = block;
    room->sums = (room_sums_t){.loss = NAN};
  }
  return order <= 0;
}

/* The block that counted before may be gone. */
static void begin_look(room_t *room, uint64_t look) {
  if (room->look == look)
    return;
  room->look = look;
  room->block = NULL;
}

static void add_row(rooms_t *rooms, const store_row_t *row) {
  char space[2 * (IDENTIFIER_MAX + 1)];
  const char *endpoint = facts_find_text(row->facts, IDENTIFIER_ENDPOINT);
  const char *block = facts_find_text(row->facts, "group"), *name = room_of(row, space);
  if (endpoint == NULL || block == NULL || name == NULL)
    return;
  room_t *room = room_named(rooms, &(subject_name_t){.host = row->host, .endpoint = endpoint, .room = name});
  if (room == NULL)
    return;
  begin_look(room, rooms->look);
  if (is_of_block(room, block))
    room_sums_add(&room->sums, row);
  room->interval = row->interval;
}

static void add_rows(rooms_t *rooms, const observed_rows_t *rows) {
  for (size_t i = 0; i < rows->length; i++)
    add_row(rooms, rows->list[i]);
}

/* --- how it is --- */

/* Receivers of audio report about each five seconds. In less than two such times loss comes and goes with the reports.
 * A tenth less, for readings that are early. */
static const double loss_seconds_least = 9;

/* The reading from which this one's loss is counted: the last that is old enough. */
static const room_sums_t *loss_begins(const room_t *room) {
  return room->sums.time - room->newer.time >= loss_seconds_least ? &room->newer : &room->older;
}

static void keep_for_loss(room_t *room, bool is_first) {
  if (is_first)
    room->older = room->newer = room->sums;
  else if (room->sums.time - room->newer.time >= loss_seconds_least) {
    room->older = room->newer;
    room->newer = room->sums;
  }
}

/* Once for each reading. By a clock that was set back, or of another block, there is none before. */
static void judge(room_t *room) {
  uint64_t block = hash_add(HASH_BEGIN, room->block, strlen(room->block));
  if (clock_was_set_back(room->judged, room->sums.time, room->interval) || block != room->judged_by)
    room->is_judged = false;
  if (room->is_judged && room->sums.time <= room->judged)
    return;
  const room_sums_t *before = room->is_judged ? loss_begins(room) : NULL;
  room->is_bad = room_sums_judge(&room->sums, before, room->is_bad, room->detail);
  keep_for_loss(room, !room->is_judged);
  room->judged = room->sums.time;
  room->judged_by = block;
  room->is_judged = true;
}

static subject_reading_t reading_of(const room_t *room) {
  const room_sums_t *sums = &room->sums;
  return (subject_reading_t){
      .key = {.bytes = room->by_name.key, .length = room->by_name.keylen, .hash = room->by_name.hashv},
      .name = room->name,
      .is_present = sums->members > 0,
      .life = {.time = sums->time,
               .is_bad = room->is_bad,
               .loss_ratio = sums->loss,
               .bytes_received = room_sums_received(sums),
               .bytes_sent = room_sums_sent(sums)},
      .since = NAN,
      .cause = room->is_bad ? room_sums_cause(sums) : NULL,
      .detail = room->detail,
      .connection = CONNECTION_UNKNOWN};
}

void rooms_look(rooms_t *rooms, const observation_t *observation,
                void (*visit)(void *context, const subject_reading_t *reading), void *context) {
  static const class_id_t grouped[] = {CLASS_GROUP_PRODUCERS, CLASS_GROUP_CONSUMERS, CLASS_GROUP_TRANSPORTS};
  room_t *room, *next;
  rooms->look++;
  for (size_t i = 0; i < sizeof(grouped) / sizeof(grouped[0]); i++)
    add_rows(rooms, &observation->rows[grouped[i]]);
  HASH_ITER(by_name, rooms->by_name, room, next) {
    if (room->look != rooms->look) {
      forget(rooms, room);
      continue;
    }
    judge(room);
    subject_reading_t reading = reading_of(room);
    visit(context, &reading);
  }
}
