/* SPDX-License-Identifier: MIT */
/* Participants: who they are, whatever names them; what both ways of them are like; and without memory. */
#include "support/rows.h"
#include "write_mediasoup/participants/participants.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1000, NOW = 20 };

/* --- rows --- */

/* A row of a stream, a transport or a router. */
typedef struct {
  class_id_t class;
  const char *name;  /* see row_of() */
  const char *facts; /* with ' for " */
  double score, fraction_lost, round_trip_time, jitter, bitrate, connect_time, mos, consumers_affected;
} row_case_t;

static void set_gauge(store_row_t *row, const char *field, double value) {
  int column = class_field(row->class, field);
  if (column >= 0)
    row->values[column].gauge = value != 0 ? value : NAN;
}

static void put(store_t *store, const row_case_t *given) {
  char *facts = json(given->facts);
  store_row_t *row = row_of(given->class, given->name, NOW, 0, facts);
  free(facts);
  if (row != NULL) {
    set_gauge(row, "score", given->score);
    set_gauge(row, "fraction_lost", given->fraction_lost);
    set_gauge(row, "round_trip_time", given->round_trip_time);
    set_gauge(row, "jitter", given->jitter);
    set_gauge(row, "bitrate", given->bitrate);
    set_gauge(row, "connect_time", given->connect_time);
    set_gauge(row, "mos", given->mos);
    set_gauge(row, "consumers_affected", given->consumers_affected);
  }
  store_write(store, row);
}

#define ROW(c, n, f) {.class = (c), .name = (n), .facts = (f)}
#define ROUTER(host, id, facts) ROW(CLASS_ROUTERS, host "id=" id, "routerId=" id " " facts)
#define TRANSPORT(host, id, facts) ROW(CLASS_TRANSPORTS, host "id=" id, "transportId=" id " " facts)
#define PRODUCER(host, id, facts) ROW(CLASS_PRODUCERS, host "id=" id, "producerId=" id " " facts)
#define CONSUMER(host, id, facts) ROW(CLASS_CONSUMERS, host "id=" id, "consumerId=" id " " facts)
#define NAMES(room, participant) " names={'room':'" room "','participant':'" participant "'}"
#define FLOWS " state=flowing"
/* As the name alone tells it. */
#define UNTOLD(c, n, participant, s, b)                                                                                \
  {.class = (c),                                                                                                       \
   .name = "id=" n,                                                                                                    \
   .facts = "appData={'roomId':'red','peerId':'" participant "'}",                                                     \
   .score = (s),                                                                                                       \
   .bitrate = (b)}

/* --- as text --- */

static void append(buffer_t *text, const char *piece) { buffer_append_text(text, piece != NULL ? piece : "-"); }

static void append_ids(buffer_t *text, const char *const *ids, size_t length) {
  append(text, " ");
  for (size_t i = 0; i < length; i++) {
    append(text, i > 0 ? "+" : "");
    append(text, ids[i]);
  }
}

static void append_way(buffer_t *text, const double *figures) {
  char counts[50];
  (void)snprintf(counts, sizeof(counts), " %g/%g/%g", figures[WAY_STREAMS], figures[WAY_STREAMS_BAD],
                 figures[WAY_STREAMS_SILENT]);
  append(text, counts);
}

/* "host endpoint room(key) participant(key) transports routers flowing/bad/silent flowing/bad/silent quality" */
static void append_participant(buffer_t *text, const participant_t *participant) {
  const char *pieces[] = {participant->host,        " ", participant->endpoint,        " ",
                          participant->room,        "(", participant->room_key,        ") ",
                          participant->participant, "(", participant->participant_key, ")"};
  append(text, text->length > 0 ? "\n" : "");
  for (size_t i = 0; i < LENGTH(pieces); i++)
    append(text, pieces[i]);
  append_ids(text, participant->transport_ids, participant->transport_ids_length);
  append_ids(text, participant->router_ids, participant->router_ids_length);
  append_way(text, &participant->figures[FIGURE_UPLINK]);
  append_way(text, &participant->figures[FIGURE_DOWNLINK]);
  append(text, " ");
  append(text, participant_quality_name(participant->quality));
}

static void assert_participants(store_t *store, const char *expected) {
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  participants_t *participants = participants_new(store, NOW);
  assert_non_null(participants);
  for (size_t i = 0; i < participants->length; i++)
    append_participant(&text, participants->list[i]);
  assert_string_equal(buffer_text(&text), expected);
  buffer_done(&text);
  participants_free(participants);
}

/* --- who they are --- */

enum { ROWS_MAX = 10 };

typedef struct {
  const char *name;
  row_case_t rows[ROWS_MAX];
  const char *expected;
} case_t;

static const case_t cases[] = {
    {"nobody", {{.name = NULL}}, ""},
    {"a router alone is nobody", {ROUTER("", "r", "endpoint=sfu")}, ""},
    {"both ways, on two transports",
     {ROUTER("", "r", "endpoint=sfu"), TRANSPORT("", "t2", "routerId=r" NAMES("red", "bob")),
      TRANSPORT("", "t1", "routerId=r" NAMES("red", "bob")),
      PRODUCER("", "p", "transportId=t1 routerId=r" NAMES("red", "bob") FLOWS),
      CONSUMER("", "c", "transportId=t2 routerId=r" NAMES("red", "bob") FLOWS),
      CONSUMER("", "d", "transportId=t2 routerId=r" NAMES("red", "bob") FLOWS)},
     "here sfu red(roomId) bob(peerId) t1+t2 r 1/0/0 2/0/0 good"},
    {"by other keys",
     {TRANSPORT("", "t",
                "routerId=r names={'room':'red','roomKey':'room','participant':'5','participantKey':'userId'}")},
     "here - red(room) 5(userId) t r 0/0/0 0/0/0 idle"},
    {"in a room that only its router names",
     {ROUTER("", "r", "endpoint=sfu"), TRANSPORT("", "t", "routerId=r" NAMES("r", "bob"))},
     "here sfu r(router) bob(peerId) t r 0/0/0 0/0/0 idle"},
    {"the same name in two rooms",
     {TRANSPORT("", "t", "routerId=r" NAMES("red", "bob")), TRANSPORT("", "u", "routerId=r" NAMES("blue", "bob"))},
     "here - blue(roomId) bob(peerId) u r 0/0/0 0/0/0 idle\nhere - red(roomId) bob(peerId) t r 0/0/0 0/0/0 idle"},
    {"the same name in one room of two routers",
     {ROUTER("", "r", "endpoint=sfu"), ROUTER("", "s", "endpoint=sfu"),
      TRANSPORT("", "t", "routerId=s" NAMES("red", "bob")), TRANSPORT("", "u", "routerId=r" NAMES("red", "bob"))},
     "here sfu red(roomId) bob(peerId) t+u r+s 0/0/0 0/0/0 idle"},
    {"the same name in one room of two endpoints",
     {ROUTER("", "r", "endpoint=sfu"), ROUTER("", "s", "endpoint=other"),
      TRANSPORT("", "t", "routerId=r" NAMES("red", "bob")), TRANSPORT("", "u", "routerId=s" NAMES("red", "bob"))},
     "here other red(roomId) bob(peerId) u s 0/0/0 0/0/0 idle\nhere sfu red(roomId) bob(peerId) t r 0/0/0 0/0/0 idle"},
    {"the same ids on two hosts",
     {ROUTER("", "r", "endpoint=sfu"), ROUTER("far:", "r", "endpoint=sfu"),
      TRANSPORT("", "t", "routerId=r" NAMES("red", "bob")), TRANSPORT("far:", "t", "routerId=r" NAMES("red", "bob")),
      CONSUMER("far:", "c", "transportId=t routerId=r" NAMES("red", "bob") FLOWS)},
     "far sfu red(roomId) bob(peerId) t r 0/0/0 1/0/0 good\nhere sfu red(roomId) bob(peerId) t r 0/0/0 0/0/0 idle"},
    {"each stream of a producer counts",
     {TRANSPORT("", "t", "routerId=r" NAMES("red", "bob")),
      ROW(CLASS_PRODUCERS, "id=p,rid=l", "producerId=p ssrc=1 transportId=t" NAMES("red", "bob") FLOWS),
      ROW(CLASS_PRODUCERS, "id=p,rid=m", "producerId=p ssrc=2 transportId=t" NAMES("red", "bob") FLOWS " bad=true"),
      ROW(CLASS_PRODUCERS, "id=p,rid=h", "producerId=p ssrc=3 transportId=t" NAMES("red", "bob") " state=inactive")},
     "here - red(roomId) bob(peerId) t r 2/1/0 0/0/0 bad"},
    {"streams of a pipe are nobody's",
     {TRANSPORT("", "t", "routerId=r transportType=pipe names={'room':'red'}"),
      PRODUCER("", "p", "transportId=t" NAMES("red", "bob") FLOWS " piped=true"),
      CONSUMER("", "c", "transportId=t names={'room':'red'}" FLOWS " piped=true")},
     ""},
    {"what comes through a pipe from elsewhere is whose it says",
     {TRANSPORT("", "t", "routerId=r transportType=pipe names={'room':'red'}"),
      PRODUCER("", "p", "transportId=t routerId=r" NAMES("red", "bob") FLOWS),
      CONSUMER("", "c", "transportId=t routerId=r names={'room':'red'}" FLOWS)},
     "here - red(roomId) bob(peerId) t r 1/0/0 0/0/0 good"},
    {"the application itself takes no part",
     {TRANSPORT("", "t", "routerId=r transportType=direct names={'room':'red'}")},
     ""},
    {"without a key each transport is one",
     {ROUTER("", "r", "endpoint=sfu"), TRANSPORT("", "t", "routerId=r names={'room':'red'}"),
      TRANSPORT("", "u", "routerId=r names={'room':'red'}"),
      PRODUCER("", "p", "transportId=t routerId=r names={'room':'red'}" FLOWS),
      CONSUMER("", "c", "transportId=u routerId=r names={'room':'red'} state=silent")},
     "here sfu red(roomId) t(transport) t r 1/0/0 0/0/0 good\nhere sfu red(roomId) u(transport) u r 0/0/0 0/0/1 "
     "silent"},
    {"without any name the router is the room",
     {ROUTER("", "r", "endpoint=sfu"), TRANSPORT("", "t", "routerId=r names={'room':'r'}"),
      CONSUMER("", "c", "transportId=t routerId=r names={'room':'r'} state=paused")},
     "here sfu r(router) t(transport) t r 0/0/0 0/0/0 idle"},
    {"a stream whose transport has no row",
     {ROUTER("", "r", "endpoint=sfu"), CONSUMER("", "c", "transportId=t routerId=r names={'room':'red'}" FLOWS)},
     "here sfu red(roomId) t(transport) t r 0/0/0 1/0/0 good"},
    {"a transport is whose its streams are",
     {TRANSPORT("", "t", "routerId=r names={'room':'r'}"),
      PRODUCER("", "p", "transportId=t routerId=r" NAMES("red", "bob") FLOWS),
      PRODUCER("", "q", "transportId=t routerId=r names={'room':'r'}" FLOWS)},
     "here - red(roomId) bob(peerId) t r 2/0/0 0/0/0 good"},
    {"a transport that several share is none's",
     {TRANSPORT("", "t", "routerId=r names={'room':'red'}"),
      PRODUCER("", "p", "transportId=t routerId=r" NAMES("red", "bob") FLOWS),
      PRODUCER("", "q", "transportId=t routerId=r" NAMES("red", "eve") FLOWS),
      PRODUCER("", "s", "transportId=t routerId=r" NAMES("red", "bob") FLOWS)},
     "here - red(roomId) bob(peerId) t r 2/0/0 0/0/0 good\nhere - red(roomId) eve(peerId) t r 1/0/0 0/0/0 good"},
    {"but stands for what names none",
     {TRANSPORT("", "t", "routerId=r names={'room':'red'}"),
      PRODUCER("", "p", "transportId=t routerId=r" NAMES("red", "bob") FLOWS),
      PRODUCER("", "q", "transportId=t routerId=r" NAMES("red", "eve") FLOWS),
      CONSUMER("", "c", "transportId=t routerId=r names={'room':'red'}" FLOWS)},
     "here - red(roomId) bob(peerId) t r 1/0/0 0/0/0 good\nhere - red(roomId) eve(peerId) t r 1/0/0 0/0/0 good\n"
     "here - red(roomId) t(transport) t r 0/0/0 1/0/0 good"},
    {"what goes to one is not the sender's",
     {TRANSPORT("", "t", "routerId=r" NAMES("red", "bob")),
      CONSUMER("", "c", "transportId=t routerId=r" NAMES("red", "eve") FLOWS)},
     "here - red(roomId) bob(peerId) t r 0/0/0 1/0/0 good"},
    {"rows without metadata",
     {TRANSPORT("", "t", "appData={'roomId':'red','peerId':'bob'}"),
      CONSUMER("", "c", "appData={'roomId':'red','peerId':'bob'}"), CONSUMER("", "d", "kind=audio")},
     "here - red(roomId) bob(peerId) t  0/0/0 0/0/0 -"},
    {"a transport without metadata, whose streams nobody knows",
     {TRANSPORT("", "t", "appData={'roomId':'red','peerId':'bob'}"), TRANSPORT("", "u", "transportType=webrtc")},
     "here - -(-) u(transport) u  0/0/0 0/0/0 -\nhere - red(roomId) bob(peerId) t  0/0/0 0/0/0 -"},
    {"streams without metadata flow by their bitrate, and are bad by their score",
     {UNTOLD(CLASS_PRODUCERS, "p", "ann", 9, 1000), UNTOLD(CLASS_CONSUMERS, "c", "ann", 8, 1000),
      UNTOLD(CLASS_PRODUCERS, "q", "bob", 5, 1000), UNTOLD(CLASS_CONSUMERS, "d", "bob", 9, 0)},
     "here - red(roomId) ann(peerId)   1/0/0 1/0/0 good\nhere - red(roomId) bob(peerId)   1/1/0 0/0/0 bad"},
    {"whether those without one should flow, they do not say",
     {UNTOLD(CLASS_PRODUCERS, "p", "ann", 9, 1000), UNTOLD(CLASS_CONSUMERS, "c", "ann", 0, 0),
      UNTOLD(CLASS_CONSUMERS, "d", "bob", 0, 0)},
     "here - red(roomId) ann(peerId)   1/0/0 0/0/0 -\nhere - red(roomId) bob(peerId)   0/0/0 0/0/0 -"},
    {"names that are none",
     {TRANSPORT("", "t", "routerId=r names=[1]"), TRANSPORT("", "u", "routerId=r names={'room':'','participant':''}"),
      TRANSPORT("", "v", "routerId=r names={")},
     "here - r(router) t(transport) t r 0/0/0 0/0/0 idle\nhere - r(router) u(transport) u r 0/0/0 0/0/0 idle\n"
     "here - r(router) v(transport) v r 0/0/0 0/0/0 idle"},
    {"one whose transport is lost gets nothing, which is no rest",
     {TRANSPORT("", "t", "routerId=r connection=lost" NAMES("red", "bob")),
      CONSUMER("", "c", "transportId=t" NAMES("red", "bob") " state=waiting cause=transport")},
     "here - red(roomId) bob(peerId) t r 0/0/0 0/0/0 silent"},
    {"rows that a worker never answered for",
     {TRANSPORT("", "t", "routerId=r" NAMES("red", "bob")), PRODUCER("", "p", "transportId=t" NAMES("red", "bob"))},
     "here - red(roomId) bob(peerId) t r 0/0/0 0/0/0 -"},
};

static void fill(store_t *store, const row_case_t *rows) {
  for (size_t i = 0; i < ROWS_MAX && rows[i].name != NULL; i++)
    put(store, &rows[i]);
}

static void tells_who_they_are(void **state) {
  const case_t *one = *state;
  store_t *store = store_new(ROOM);
  fill(store, one->rows);
  assert_participants(store, one->expected);
  store_free(store);
}

/* --- what they are like --- */

#define BOB NAMES("red", "bob")

static const row_case_t figures_rows[] = {
    {.class = CLASS_TRANSPORTS,
     .name = "id=t",
     .facts = "transportId=t routerId=r connection=connected protocol=udp" BOB,
     .connect_time = 120},
    {.class = CLASS_TRANSPORTS,
     .name = "id=u",
     .facts = "transportId=u routerId=r connection=stuck protocol=tcp" BOB,
     .connect_time = 90},
    ROW(CLASS_TRANSPORTS, "id=v", "transportId=v routerId=r connection=unused" BOB),
    {.class = CLASS_PRODUCERS,
     .name = "id=p",
     .facts = "producerId=p transportId=t clockRate=48000 badSince=900000" BOB FLOWS " bad=true cause=receiver",
     .score = 5,
     .fraction_lost = 64,
     .round_trip_time = 30,
     .jitter = 480,
     .bitrate = 1000},
    {.class = CLASS_PRODUCERS,
     .name = "id=q",
     .facts = "producerId=q transportId=t clockRate=90000 badSince=800000" BOB FLOWS " bad=true cause=bandwidth",
     .score = 4,
     .fraction_lost = 32,
     .round_trip_time = 20,
     .jitter = 1800,
     .bitrate = 500},
    {.class = CLASS_PRODUCERS,
     .name = "id=s",
     .facts = "producerId=s transportId=t" BOB " state=silent cause=sender",
     .score = 1,
     .fraction_lost = 255,
     .round_trip_time = 1000,
     .bitrate = 7},
    {.class = CLASS_CONSUMERS,
     .name = "id=c",
     .facts = "consumerId=c transportId=u" BOB FLOWS,
     .score = 9,
     .bitrate = 300},
    ROW(CLASS_CONSUMERS, "id=d", "consumerId=d transportId=u" BOB " state=silent cause=transport"),
    {.name = NULL},
};

static void assert_figures(const double *figures, const double *expected, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (isnan(expected[i]) ? !isnan(figures[i]) : figures[i] != expected[i])
      fail_msg("%s: %g, not %g", participant_figures[i].key, figures[i], expected[i]);
}

static void tells_what_both_ways_are_like(void **state) {
  (void)state;
  const double expected[PARTICIPANT_FIGURES] = {/* flowing, bad, silent, score, loss, round trip, jitter, bitrate */
                                                2,   2,   1,  4, 0.25, 30,  20,  1500, /* up */
                                                1,   0,   1,  9, NAN,  NAN, NAN, 300,  /* down */
                                                NAN, NAN, 120};
  store_t *store = store_new(ROOM);
  fill(store, figures_rows);
  participants_t *participants = participants_new(store, NOW);
  assert_int_equal(participants->length, 1);
  const participant_t *bob = participants->list[0];
  assert_figures(bob->figures, expected, FIGURE_MOS);
  assert_figures(&bob->figures[FIGURE_CONNECT_TIME], &expected[FIGURE_CONNECT_TIME], 1);
  assert_string_equal(bob->uplink_cause, "bandwidth");
  assert_string_equal(bob->downlink_cause, "transport");
  assert_string_equal(bob->cause, "bandwidth");
  assert_string_equal(bob->connection, "stuck");
  assert_string_equal(bob->protocol, "tcp");
  assert_int_equal(bob->quality, QUALITY_BAD);
  assert_true(bob->since == 800000);
  assert_true(bob->time == (double)NOW && bob->received == (double)NOW);
  participants_free(participants);
  store_free(store);
}

static void put_transport(store_t *store, const char *id, const char *names, double received, double sent) {
  char text[200];
  (void)snprintf(text, sizeof(text), "transportId=%s routerId=r%s", id, names);
  char *facts = json(text);
  store_row_t *row = row_of(CLASS_TRANSPORTS, id, NOW, 0, facts);
  row_set(row, "bytes_received", received);
  row_set(row, "bytes_sent", sent);
  store_write(store, row);
  free(facts);
}

static void put_consumer(store_t *store, const char *id, const char *transport, const char *names) {
  char text[200];
  (void)snprintf(text, sizeof(text), "consumerId=%s transportId=%s%s", id, transport, names);
  char *facts = json(text);
  put_row(store, CLASS_CONSUMERS, id, NOW, 0, facts);
  free(facts);
}

/* NAN: unknown. */
static void assert_bytes(store_t *store, size_t place, const char *name, double received, double sent) {
  participants_t *participants = participants_new(store, NOW);
  assert_true(place < participants->length);
  const participant_t *one = participants->list[place];
  assert_string_equal(one->participant, name);
  assert_true(isnan(received) ? isnan(one->bytes_received) : one->bytes_received == received);
  assert_true(isnan(sent) ? isnan(one->bytes_sent) : one->bytes_sent == sent);
  participants_free(participants);
}

/* Of a transport that several use nobody knows whose bytes they were: then all of them stand still, instead of falling
 * and growing by the same bytes again. */
static void counts_the_bytes_of_its_transports(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_transport(store, "up", BOB, 100, 10);
  put_transport(store, "down", "", 20, 2000);
  put_transport(store, "inner", " transportType=direct", 3, 4);
  put_consumer(store, "b", "down", BOB);
  put_consumer(store, "d", "inner", BOB);
  assert_bytes(store, 0, "bob", 120, 2010);
  put_consumer(store, "a", "down", NAMES("red", "ann"));
  assert_bytes(store, 0, "ann", NAN, NAN);
  assert_bytes(store, 1, "bob", NAN, NAN);
  store_free(store);
}

/* By its key it is found again in the next observation. */
static void has_a_key_of_what_tells_it_from_others(void **state) {
  (void)state;
  static const char expected[] = "here\0\0red\0bob";
  store_t *store = store_new(ROOM);
  fill(store, figures_rows);
  participants_t *participants = participants_new(store, NOW), *again = participants_new(store, NOW);
  const table_key_t *key = &participants->list[0]->key, *other = &again->list[0]->key;
  assert_int_equal(key->length, sizeof(expected));
  assert_memory_equal(key->bytes, expected, sizeof(expected));
  assert_int_equal(key->hash, other->hash);
  assert_int_equal(key->hash, table_key(expected, sizeof(expected)).hash);
  participants_free(participants);
  participants_free(again);
  store_free(store);
}

static const row_case_t affecting_rows[] = {
    ROW(CLASS_TRANSPORTS, "id=t", "transportId=t" BOB),
    {.class = CLASS_PRODUCERS,
     .name = "id=p,rid=l",
     .facts = "producerId=p ssrc=1 transportId=t" BOB,
     .consumers_affected = 3,
     .mos = 1},
    {.class = CLASS_PRODUCERS,
     .name = "id=p,rid=m",
     .facts = "producerId=p ssrc=2 transportId=t" BOB,
     .consumers_affected = 5},
    {.class = CLASS_PRODUCERS,
     .name = "id=p,rid=h",
     .facts = "producerId=p ssrc=3 transportId=t" BOB,
     .consumers_affected = 4},
    {.class = CLASS_PRODUCERS, .name = "id=q", .facts = "producerId=q transportId=t" BOB, .consumers_affected = 2},
    {.class = CLASS_CONSUMERS, .name = "id=c", .facts = "consumerId=c transportId=t" BOB, .mos = 4.25},
    {.class = CLASS_CONSUMERS, .name = "id=d", .facts = "consumerId=d transportId=t" BOB, .mos = 3.5},
    {.class = CLASS_CONSUMERS, .name = "id=e", .facts = "consumerId=e transportId=t" BOB},
    {.name = NULL},
};

/* Each producer's consumers count once, however many streams it has; a MOS is of what one hears. */
static void tells_who_is_affected_and_how_it_sounds(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  fill(store, affecting_rows);
  participants_t *participants = participants_new(store, NOW);
  assert_true(participants->list[0]->figures[FIGURE_CONSUMERS_AFFECTED] == 7);
  assert_true(participants->list[0]->figures[FIGURE_MOS] == 3.5);
  participants_free(participants);
  char *facts = json("producerId=a transportId=u" NAMES("red", "ann"));
  put_row(store, CLASS_PRODUCERS, "id=a", NOW, 0, facts);
  free(facts);
  participants = participants_new(store, NOW);
  assert_true(participants->list[0]->figures[FIGURE_CONSUMERS_AFFECTED] == 0); /* known to be none */
  assert_true(isnan(participants->list[0]->figures[FIGURE_MOS]));
  participants_free(participants);
  store_free(store);
}

static void leaves_out_what_is_unknown(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put(store, &(row_case_t)TRANSPORT("", "t", "routerId=r transportType=plain names={'room':'red'}"));
  participants_t *participants = participants_new(store, NOW);
  const participant_t *plain = participants->list[0];
  assert_null(plain->connection);
  assert_null(plain->protocol);
  assert_null(plain->cause);
  assert_true(isnan(plain->since));
  assert_true(isnan(plain->figures[FIGURE_CONNECT_TIME]));
  assert_true(isnan(plain->figures[FIGURE_MOS]));
  participants_free(participants);
  store_free(store);
}

/* Rows that have fallen silent are gone, and the newest row is the participant's. */
static void is_of_one_moment(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put(store, &(row_case_t)TRANSPORT("", "t", "routerId=r" BOB));
  char *facts = json("consumerId=c transportId=t" BOB FLOWS);
  put_row(store, CLASS_CONSUMERS, "id=c", NOW + 5, 9, facts);
  free(facts);
  participants_t *participants = participants_new(store, NOW + 2 * ROWS_INTERVAL + 1); /* without the transport */
  put_row(store, CLASS_CONSUMERS, "id=c", NOW + 10, 0, "consumerId=c");
  assert_int_equal(participants->length, 1);
  assert_true(participants->list[0]->time == NOW + 5);
  assert_true(participants->list[0]->figures[FIGURE_OF(FIGURE_DOWNLINK, WAY_SCORE)] == 9);
  assert_null(participants->list[0]->connection);
  participants_free(participants);
  store_free(store);
}

static const participant_t *participant_named(const participants_t *participants, const char *name) {
  for (size_t i = 0; i < participants->length; i++)
    if (strcmp(participants->list[i]->participant, name) == 0)
      return participants->list[i];
  fail_msg("no participant %s", name);
  return NULL;
}

/* ann's camera was bad and is closed; her microphone goes on. bob's worker did not answer. */
static void leaves_out_what_is_closed(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put(store, &(row_case_t)TRANSPORT("", "t", "routerId=r" NAMES("red", "ann")));
  put_row(store, CLASS_PRODUCERS, "id=camera", NOW, 2, "producerId=camera transportId=t bad=true state=flowing");
  put_row(store, CLASS_TRANSPORTS, "id=t", NOW + 5, 0, NULL);
  put_row(store, CLASS_PRODUCERS, "id=microphone", NOW + 5, 10, "producerId=microphone transportId=t state=flowing");
  put(store, &(row_case_t)TRANSPORT("", "u", "routerId=r" BOB));
  put_row(store, CLASS_CONSUMERS, "id=c", NOW, 10, "consumerId=c transportId=u state=flowing");
  participants_t *all = participants_new(store, NOW + 6), *now = participants_of_reading(store, NOW + 6);
  assert_int_equal(all->length, 2);
  assert_int_equal(all->list[0]->quality, QUALITY_BAD);
  assert_true(all->list[0]->figures[FIGURE_OF(FIGURE_UPLINK, WAY_STREAMS)] == 2);
  assert_int_equal(now->length, 2);
  const participant_t *ann = participant_named(now, "ann");
  assert_int_equal(ann->quality, QUALITY_GOOD);
  assert_true(ann->figures[FIGURE_OF(FIGURE_UPLINK, WAY_STREAMS)] == 1);
  assert_true(ann->figures[FIGURE_OF(FIGURE_UPLINK, WAY_SCORE)] == 10);
  assert_int_equal(participant_named(now, "bob")->quality, QUALITY_GOOD);
  participants_free(all);
  participants_free(now);
  store_free(store);
}

static uint64_t version(store_t *store) {
  participants_t *participants = participants_new(store, NOW);
  uint64_t number = participants_version(participants);
  participants_free(participants);
  return number;
}

static void its_version_changes_with_its_rows(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  fill(store, figures_rows);
  uint64_t before = version(store);
  assert_true(version(store) == before);
  put_row(store, CLASS_ROUTERS, "id=r", NOW, 0, "routerId=r endpoint=sfu");
  uint64_t with_router = version(store);
  assert_true(with_router != before);
  put_row(store, CLASS_CONSUMERS, "id=c", NOW + 1, 0, NULL);
  assert_true(version(store) != with_router);
  store_free(store);
}

/* --- memory --- */

/* What is read from the rows' facts is kept with them: each attempt has rows of its own. */
static bool fails_at(unsigned long number) {
  long before = allocations_live();
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_ROUTERS, "id=r", NOW, 0, "routerId=r endpoint=sfu");
  fill(store, figures_rows);
  allocations_fail_at(number);
  participants_t *participants = participants_new(store, NOW);
  bool failed = allocations_failed();
  allocations_fail_at(0);
  assert_int_equal(participants == NULL, failed);
  participants_free(participants);
  store_free(store);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  assert_true(allocations_fail_in_turn(fails_at) > 15);
}

int main(void) {
  TEST_CASES(tells_who_they_are, cases);
  TEST(tells_what_both_ways_are_like);
  TEST(counts_the_bytes_of_its_transports);
  TEST(has_a_key_of_what_tells_it_from_others);
  TEST(tells_who_is_affected_and_how_it_sounds);
  TEST(leaves_out_what_is_unknown);
  TEST(is_of_one_moment);
  TEST(leaves_out_what_is_closed);
  TEST(its_version_changes_with_its_rows);
  TEST(bears_each_allocation_that_fails);
  return tests_run("participants");
}
