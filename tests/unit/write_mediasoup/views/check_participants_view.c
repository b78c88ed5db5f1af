/* SPDX-License-Identifier: MIT */
/* /participants: every member, what can be asked for, which are the worst, and without memory. */
#include "support/rows.h"
#include "write_mediasoup/participants/figures.h"
#include "write_mediasoup/views/participants_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 100, NOW = 20 };

#define NAMES(participant) " names={'room':'red','participant':'" participant "'}"

static void put(store_t *store, class_id_t class, const char *name, double score, const char *with_quotes) {
  char *facts = json(with_quotes);
  store_row_t *row = row_of(class, name, NOW, 0, facts);
  for (size_t i = 0; row != NULL && i < row->class->fields_length; i++)
    if (row->class->fields[i].kind == KIND_GAUGE)
      row->values[i].gauge = NAN;
  if (row != NULL && score > 0)
    row->values[class_field(row->class, "score")].gauge = score;
  store_write(store, row);
  free(facts);
}

/* bob is good, eve is bad, zoe is silent, and a transport is idle. */
static store_t *filled(void) {
  store_t *store = store_new(ROOM);
  put(store, CLASS_ROUTERS, "id=r", 0, "routerId=r endpoint=sfu");
  put(store, CLASS_TRANSPORTS, "id=t", 0, "transportId=t routerId=r connection=connected protocol=udp" NAMES("bob"));
  put(store, CLASS_PRODUCERS, "id=p", 8, "producerId=p transportId=t state=flowing" NAMES("bob"));
  put(store, CLASS_CONSUMERS, "id=c", 4,
      "consumerId=c transportId=u routerId=r state=flowing bad=true cause=sender badSince=1000" NAMES("eve"));
  put(store, CLASS_CONSUMERS, "id=d", 0, "consumerId=d transportId=w routerId=r state=silent" NAMES("zoe"));
  put(store, CLASS_TRANSPORTS, "id=x", 0, "transportId=x routerId=r names={'room':'red'}");
  return store;
}

/* The caller frees it. */
static char *read_all(body_t *view) {
  char piece[7];
  ssize_t length;
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  while ((length = body_read(view, piece, sizeof(piece))) > 0)
    buffer_append(&text, piece, (size_t)length);
  body_free(view);
  char *copy = strdup(buffer_text(&text));
  buffer_done(&text);
  return copy;
}

enum { PARAMETERS_MAX = 7 };

static query_t asks(const char *const *parameters) {
  query_t query = {0};
  failure_t failure = {0};
  for (; parameters[0] != NULL; parameters += 2) {
    status_t status = query_add_for(&query, &participants_keys, parameters[0], parameters[1], &failure);
    assert_string_equal(failure.cause, "");
    assert_int_equal(status, STATUS_OK);
  }
  return query;
}

typedef struct {
  const char *name;
  const char *parameters[PARAMETERS_MAX];
  const char *expected; /* with ' for " */
} case_t;

#define BOB "{'participant':'bob'}"
#define EVE "{'participant':'eve'}"
#define ZOE "{'participant':'zoe'}"
#define IDLE "{'participant':'x'}"
#define SHOW "fields", "participant"

static const case_t cases[] = {
    {"all of one",
     {"participant", "eve"},
     "[{'host':'here','endpoint':'sfu','room':'red','participant':'eve','roomKey':'roomId','participantKey':'peerId',"
     "'routerIds':['r'],'transportIds':['u'],'uplinkStreams':0,'uplinkStreamsBad':0,'uplinkStreamsSilent':0,"
     "'uplinkBitrate':0,'downlinkStreams':1,'downlinkStreamsBad':1,'downlinkStreamsSilent':0,'downlinkScore':4,"
     "'downlinkBitrate':0,'quality':'bad','downlinkCause':'sender','cause':'sender','since':1000,'timestamp':20000,"
     "'age':0}]"},
    {"in their order", {SHOW}, "[" BOB "," EVE "," IDLE "," ZOE "]"},
    {"some members",
     {"fields", "connection,protocol", "fields", "quality", "participant", "bob"},
     "[{'quality':'good','connection':'connected','protocol':'udp'}]"},
    {"the lists",
     {"fields", "routerIds,transportIds,age", "participant", "x"},
     "[{'routerIds':['r'],'transportIds':['x'],'age':0}]"},
    {"by a text", {SHOW, "quality", "silent"}, "[" ZOE "]"},
    {"by a key", {SHOW, "participantKey", "transport"}, "[" IDLE "]"},
    {"by a cause", {SHOW, "downlinkCause", "sender", "host", "here"}, "[" EVE "]"},
    {"by a number", {SHOW, "uplinkScore", "8.0"}, "[" BOB "]"},
    {"by the time", {SHOW, "since", "1000"}, "[" EVE "]"},
    {"by an unknown number", {SHOW, "uplinkScore", "nan"}, "[]"},
    {"by an unknown text", {SHOW, "connection", ""}, "[]"},
    {"by two that do not agree", {SHOW, "participant", "bob", "quality", "bad"}, "[]"},
    {"the worst", {SHOW, "worst", "9"}, "[" EVE "," ZOE "," BOB "," IDLE "]"},
    {"few of the worst", {SHOW, "worst", "2"}, "[" EVE "," ZOE "]"},
    {"a part", {SHOW, "limit", "2", "offset", "1"}, "[" EVE "," IDLE "]"},
    {"beyond the end", {SHOW, "offset", "4"}, "[]"},
};

static void shows(void **state) {
  const case_t *one = *state;
  store_t *store = filled();
  failure_t failure = {0};
  body_t *view;
  query_t query = asks(one->parameters);
  assert_int_equal(participants_view_new(store, &query, NOW, &view, &failure), STATUS_OK);
  char *shown = read_all(view), *expected = json(one->expected);
  assert_string_equal(shown, expected);
  free(shown);
  free(expected);
  store_free(store);
}

/* Whatever the order of their rows. */
static void the_worst_are_in_the_order_of_their_names_where_nothing_else_decides(void **state) {
  (void)state;
  static const char *const names[] = {"mia", "zed", "amy", "kim", "bea"};
  const char *const parameters[PARAMETERS_MAX] = {SHOW, "worst", "9"};
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  body_t *view;
  for (size_t i = 0; i < LENGTH(names); i++) {
    char facts[150];
    (void)snprintf(facts, sizeof(facts), "consumerId=%s transportId=t%s state=flowing" NAMES("%s"), names[i], names[i],
                   names[i]);
    put(store, CLASS_CONSUMERS, names[i], 9, facts);
  }
  query_t query = asks(parameters);
  assert_int_equal(participants_view_new(store, &query, NOW, &view, &failure), STATUS_OK);
  char *shown = read_all(view);
  char *expected = json("[{'participant':'amy'},{'participant':'bea'},{'participant':'kim'},{'participant':'mia'},"
                        "{'participant':'zed'}]");
  assert_string_equal(shown, expected);
  free(shown);
  free(expected);
  store_free(store);
}

typedef struct {
  const char *name; /* the key */
  const char *value;
  const char *cause;
} refuse_case_t;

static const refuse_case_t refuse_cases[] = {
    {"peer", "bob",
     "/participants has no parameter \"peer\"; there are limit, offset, worst, fields, and the names of the fields in "
     "its rows"},
    {"appData.peerId", "bob",
     "/participants has no parameter \"appData.peerId\"; there are limit, offset, worst, fields, and the names of the "
     "fields in its rows"},
    {"transportIds", "t",
     "/participants has no parameter \"transportIds\"; there are limit, offset, worst, fields, and the names of the "
     "fields in its rows"},
    {"fields", "participant,score", "fields: /participants has no field \"score\""},
    {"worst", "0", "worst takes a whole number from 1 to 1000000000, not \"0\""},
    {"limit", "x", "limit takes a whole number from 1 to 1000000000, not \"x\""},
};

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  query_t query = {0};
  failure_t failure = {0};
  assert_int_equal(query_add_for(&query, &participants_keys, one->name, one->value, &failure), STATUS_QUERY);
  assert_string_equal(failure.cause, one->cause);
}

static void each_figure_can_be_asked_for(void **state) {
  (void)state;
  for (size_t i = 0; i < PARTICIPANT_FIGURES; i++) {
    query_t query =
        asks((const char *const[]){participant_figures[i].key, "1", "fields", participant_figures[i].key, NULL});
    assert_int_equal(query.filters[0].field, i);
  }
}

static uint64_t version(store_t *store) {
  body_t *view;
  failure_t failure = {0};
  assert_int_equal(participants_view_new(store, &(query_t){0}, NOW, &view, &failure), STATUS_OK);
  uint64_t number = body_version(view);
  body_free(view);
  return number;
}

static void its_version_changes_with_its_rows(void **state) {
  (void)state;
  store_t *store = filled();
  uint64_t before = version(store);
  assert_true(version(store) == before);
  put_row(store, CLASS_CONSUMERS, "id=c", NOW + 1, 0, NULL);
  assert_true(version(store) != before);
  store_free(store);
}

/* --- memory --- */

/* What is read from the rows' facts is kept with them: each attempt has rows of its own. */
static bool fails_at(unsigned long number) {
  long before = allocations_live();
  store_t *store = filled();
  query_t query = {.worst = 3};
  failure_t failure = {0};
  body_t *view = NULL;
  allocations_fail_at(number);
  status_t status = participants_view_new(store, &query, NOW, &view, &failure);
  char piece[4096];
  ssize_t length = 1;
  while (status == STATUS_OK && length > 0)
    length = body_read(view, piece, sizeof(piece));
  bool failed = allocations_failed();
  allocations_fail_at(0);
  assert_int_equal(failed, status == STATUS_NO_MEMORY || length < 0);
  body_free(view);
  store_free(store);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  assert_true(allocations_fail_in_turn(fails_at) > 20);
}

int main(void) {
  TEST_CASES(shows, cases);
  TEST(the_worst_are_in_the_order_of_their_names_where_nothing_else_decides);
  TEST_CASES(refuses, refuse_cases);
  TEST(each_figure_can_be_asked_for);
  TEST(its_version_changes_with_its_rows);
  TEST(bears_each_allocation_that_fails);
  return tests_run("participants_view");
}
