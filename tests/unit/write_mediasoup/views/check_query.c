/* SPDX-License-Identifier: MIT */
/* What a request may ask of a view: parameters and exact errors, which rows match, and the list as a whole. */
#include "support/rows.h"
#include "write_mediasoup/views/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const class_id_t tested = CLASS_CONSUMERS;

enum { ROOM = 100, NOW = 20 };

/* --- parameters --- */

typedef struct {
  const char *name;
  class_id_t class;
  const char *key, *value;
  const char *cause;
} refuse_case_t;

static const refuse_case_t refuse_cases[] = {
    {"a limit of nothing", CLASS_CONSUMERS, "limit", "0", "limit takes a whole number from 1 to 1000000000, not \"0\""},
    {"an empty limit", CLASS_CONSUMERS, "limit", "", "limit takes a whole number from 1 to 1000000000, not \"\""},
    {"a signed limit", CLASS_CONSUMERS, "limit", "+1", "limit takes a whole number from 1 to 1000000000, not \"+1\""},
    {"a limit beyond all", CLASS_CONSUMERS, "limit", "1000000001",
     "limit takes a whole number from 1 to 1000000000, not \"1000000001\""},
    {"an offset in words", CLASS_CONSUMERS, "offset", "1x",
     "offset takes a whole number from 0 to 1000000000, not \"1x\""},
    {"worst of nothing", CLASS_CONSUMERS, "worst", "-1", "worst takes a whole number from 1 to 1000000000, not \"-1\""},
    {"worst without scores", CLASS_WORKERS, "worst", "3",
     "worst: /workers has no score; /producers and /consumers have one"},
    {"a field that is none", CLASS_CONSUMERS, "fields", "score,rtpBytesSend",
     "fields: /consumers has no field \"rtpBytesSend\""},
    {"a field of another class", CLASS_CONSUMERS, "fields", "routerIds",
     "fields: /consumers has no field \"routerIds\""},
    {"no field", CLASS_CONSUMERS, "fields", "", "fields: /consumers has no field \"\""},
    {"an empty field", CLASS_CONSUMERS, "fields", "score,", "fields: /consumers has no field \"\""},
    {"a long field", CLASS_CONSUMERS, "fields",
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
     "fields: /consumers has no field \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""},
    {"a parameter that is none", CLASS_CONSUMERS, "nonsense", "1",
     "/consumers has no parameter \"nonsense\"; there are limit, offset, worst, fields, appData.KEY, and the names of "
     "the fields in its rows"},
    {"a member that is shown only", CLASS_ROUTERS, "transportIds", "1",
     "/routers has no parameter \"transportIds\"; there are limit, offset, worst, fields, appData.KEY, and the names "
     "of "
     "the fields in its rows"},
};

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  query_t query = {0};
  failure_t failure = {0};
  assert_int_equal(query_add(&query, &classes[one->class], one->key, one->value, &failure), STATUS_QUERY);
  assert_string_equal(failure.cause, one->cause);
  assert_int_equal(query.filters_length, 0);
  assert_int_equal(query_add(&query, &classes[one->class], one->key, one->value, NULL), STATUS_QUERY);
}

static query_t asks(class_id_t class, const char *const *parameters) {
  query_t query = {0};
  failure_t failure = {0};
  for (; parameters[0] != NULL; parameters += 2) {
    status_t status = query_add(&query, &classes[class], parameters[0], parameters[1], &failure);
    assert_string_equal(failure.cause, "");
    assert_int_equal(status, STATUS_OK);
  }
  return query;
}

#define ASKS(class, ...) asks(class, (const char *const[]){__VA_ARGS__, NULL})

static void takes_each_parameter(void **state) {
  (void)state;
  query_t query = ASKS(tested, "limit", "10", "offset", "0", "worst", "3", "fields", "score,kind,age,timestamp,host");
  assert_int_equal(query.limit, 10);
  assert_int_equal(query.offset, 0);
  assert_int_equal(query.worst, 3);
  assert_true(query_wants(&query, "score") && query_wants(&query, "host"));
  assert_false(query_wants(&query, "kin") || query_wants(&query, "bitrate"));
  assert_true(query_wants(&(query_t){0}, "bitrate"));
  (void)ASKS(CLASS_ROUTERS, "fields", "id,transportIds,mapProducerIdConsumerIds", "worker", "1", "process", "0");
}

static void takes_fields_several_times(void **state) {
  (void)state;
  query_t query = ASKS(tested, "fields", "score", "fields", "kind,score", "fields", "ssrc");
  assert_true(query_wants(&query, "score") && query_wants(&query, "kind") && query_wants(&query, "ssrc"));
  assert_false(query_wants(&query, "bitrate"));
}

/* A request of 30 KB, which would cost each of 20,000 rows six thousand comparisons. */
static void repeated_fields_cost_nothing(void **state) {
  (void)state;
  char list[30000];
  for (size_t i = 0; i < sizeof(list); i++)
    list[i] = "kind,"[i % 5];
  list[sizeof(list) - 1] = '\0';
  query_t query = ASKS(tested, "fields", list);
  assert_int_equal(query.fields.length, 1);
}

static void takes_one_number_of_a_kind(void **state) {
  (void)state;
  static const char *const keys[] = {"limit", "offset", "worst"};
  for (size_t i = 0; i < LENGTH(keys); i++) {
    char cause[100];
    query_t query = ASKS(tested, keys[i], i == 1 ? "0" : "1");
    failure_t failure = {0};
    assert_int_equal(query_add(&query, &classes[tested], keys[i], "2", &failure), STATUS_QUERY);
    (void)snprintf(cause, sizeof(cause), "%s is given more than once", keys[i]);
    assert_string_equal(failure.cause, cause);
  }
}

static void takes_16_filters(void **state) {
  (void)state;
  query_t query = {0};
  failure_t failure = {0};
  for (int i = 0; i < 16; i++)
    assert_int_equal(query_add(&query, &classes[tested], "score", "1", &failure), STATUS_OK);
  assert_int_equal(query_add(&query, &classes[tested], "kind", "video", &failure), STATUS_QUERY);
  assert_string_equal(failure.cause, "there are more than 16 filters; leave out \"kind\" or another one");
}

/* --- rows --- */

static store_t *filled(void) {
  static const char *const facts[] = {
      "consumerId=c0 kind=audio paused=true", "consumerId=c1 kind=video appData={\"roomId\":\"x\",\"n\":2}",
      "consumerId=c2 kind=video ssrc=1",      "consumerId=c2 kind=video ssrc=2",
      "consumerId=c3 kind=video label=a/b",
  };
  static const char *const names[] = {"n0", "n1", "n2", "n3", "far:n4"};
  store_t *store = store_new(ROOM);
  for (int i = 0; i < (int)LENGTH(facts); i++)
    put_row(store, tested, names[i], NOW, i, facts[i]);
  return store;
}

typedef struct {
  const char *name;
  const char *id;
  const char *parameters[5];
  const char *shown;
} match_case_t;

static const match_case_t match_cases[] = {
    {"nothing is asked", NULL, {NULL}, "far:n4=4 n0=0 n1=1 n2=2 n3=3"},
    {"a text", NULL, {"kind", "audio"}, "n0=0"},
    {"a truth", NULL, {"paused", "true"}, "n0=0"},
    {"a counter", NULL, {"byteCount", "2"}, "n2=2"},
    {"a number written otherwise", NULL, {"byteCount", "2.0"}, "n2=2"},
    {"a gauge", NULL, {"score", "3"}, "n3=3"},
    {"a number that is none", NULL, {"score", "x"}, ""},
    {"no number", NULL, {"score", ""}, ""},
    {"a host", NULL, {"host", "far"}, "far:n4=4"},
    {"appData", NULL, {"appData.roomId", "x"}, "n1=1"},
    {"a number of appData", NULL, {"appData.n", "2"}, "n1=1"},
    {"appData from above", NULL, {"appData.room", "one"}, "far:n4=4 n0=0 n1=1 n2=2 n3=3"},
    {"appData that nobody has", NULL, {"appData.kind", "video"}, ""},
    {"two filters", NULL, {"kind", "video", "score", "2"}, "n2=2"},
    {"one key twice", NULL, {"kind", "video", "kind", "audio"}, ""},
    {"an id as a filter", NULL, {"consumerId", "c2"}, "n2=2 n3=3"},
    {"an id", "c2", {NULL}, "n2=2 n3=3"},
    {"an id and a filter", "c2", {"ssrc", "2"}, "n3=3"},
    {"an id and another one", "c2", {"consumerId", "c1"}, ""},
    {"part of an id", "c", {NULL}, ""},
};

static void matches(void **state) {
  const match_case_t *one = *state;
  store_t *store = filled();
  query_t query = asks(tested, one->parameters);
  query.id = one->id;
  const selection_t selection = query_selection(&query, &classes[tested]);
  char *shown = show_rows(store, tested, &selection, NOW, NULL);
  assert_string_equal(shown, one->shown);
  free(shown);
  store_free(store);
}

typedef struct {
  const char *name;
  class_id_t class;
  const char *plugin_instance;
  const char *app_data, *inherited; /* with ' for "; NULL: none */
  const char *value;                /* of roomId */
  bool matches;
} room_case_t;

static const room_case_t room_cases[] = {
    {"its own room", CLASS_CONSUMERS, "roomId=a_b~e620c3190468cf61", "{'roomId':'a/b'}", NULL, "a/b", true},
    {"its own room, as its label has it", CLASS_CONSUMERS, "roomId=a_b~e620c3190468cf61", "{'roomId':'a/b'}", NULL,
     "a_b~e620c3190468cf61", true},
    {"a room that is cleaned alike", CLASS_CONSUMERS, "roomId=a_b~e620c3190468cf61", "{'roomId':'a/b'}", NULL, "a=b",
     false},
    {"a room above it", CLASS_CONSUMERS, "roomId=a_b~e620c3190468cf61", NULL, "{'roomId':'a/b'}", "a/b", true},
    {"a room above it, not in its name", CLASS_CONSUMERS, "peerId=x", NULL, "{'roomId':'x'}", "x", true},
    {"one of the worst", CLASS_WORST_CONSUMERS, "sfu", NULL, "{'roomId':'x'}", "x", true},
    {"one of the worst, elsewhere", CLASS_WORST_CONSUMERS, "sfu", "{}", "{'roomId':'x'}", "y", false},
    {"its own before what is above", CLASS_CONSUMERS, "roomId=x", "{'roomId':'x'}", "{'roomId':'y'}", "y", false},
    {"without metadata", CLASS_CONSUMERS, "roomId=a_b~e620c3190468cf61", NULL, NULL, "a/b", true},
    {"without metadata, cleaned by others", CLASS_CONSUMERS, "roomId=a_b", NULL, NULL, "a/b", true},
    {"without metadata, another room", CLASS_CONSUMERS, "roomId=a_b~e620c3190468cf61", NULL, NULL, "a=b", false},
};

static void add_json(facts_t *facts, const char *key, const char *with_quotes) {
  char *text = json(with_quotes != NULL ? with_quotes : "");
  if (with_quotes != NULL)
    facts_add(facts, key, FACT_TEXT, text);
  free(text);
}

static void finds_rooms(void **state) {
  const room_case_t *one = *state;
  store_row_t *row = store_row_new(&classes[one->class], "here", one->plugin_instance, "id=a");
  facts_t *facts = facts_new();
  add_json(facts, "appData", one->app_data);
  add_json(facts, "inherited", one->inherited);
  row->facts = facts_finish(facts);
  query_t query = asks(one->class, (const char *const[]){"appData.roomId", one->value, NULL});
  const selection_t selection = query_selection(&query, &classes[one->class]);
  assert_int_equal(selection.matches(selection.context, row), one->matches);
  store_row_release(row);
}

/* So that the store need not look at others. */
static void an_id_is_part_of_the_selection(void **state) {
  (void)state;
  query_t query = ASKS(tested, "kind", "video", "consumerId", "c2");
  assert_string_equal(query_selection(&query, &classes[tested]).id, "c2");
  query = ASKS(tested, "producerId", "c2");
  assert_null(query_selection(&query, &classes[tested]).id);
  query = ASKS(tested, "limit", "1");
  assert_null(query_selection(&query, &classes[tested]).matches);
}

/* --- the list as a whole --- */

static void assert_selected(const query_t *query, const char *expected) {
  static const char *const names[] = {"good", "paused", "bad", "worse", "muted", "lossy"};
  static const int scores[] = {9, 0, 5, 2, 0, 5};
  static const char *const facts[] = {"consumerId=a", "state=paused", NULL, "state=flowing", "state=silent", NULL};
  store_row_t *made[LENGTH(names)];
  const store_row_t *rows[LENGTH(names)];
  char shown[200] = "";
  size_t length = LENGTH(names);
  int loss = class_field(&classes[tested], "fraction_lost");
  for (size_t i = 0; i < length; i++) {
    rows[i] = made[i] = row_of(tested, names[i], NOW, scores[i], facts[i]);
    made[i]->values[loss].gauge = i == 5 ? 200 : 100;
  }
  const store_row_t **selected = query_select(query, rows, &length);
  for (size_t i = 0; i < length; i++) {
    size_t end = strlen(shown);
    (void)snprintf(shown + end, sizeof(shown) - end, "%s%s", i > 0 ? " " : "", selected[i]->type_instance);
  }
  assert_string_equal(shown, expected);
  for (size_t i = 0; i < LENGTH(names); i++)
    store_row_release(made[i]);
}

static void selects(void **state) {
  (void)state;
  assert_selected(&(query_t){0}, "good paused bad worse muted lossy");
  assert_selected(&(query_t){.worst = 100}, "worse lossy bad good muted paused");
  assert_selected(&(query_t){.worst = 2}, "worse lossy");
  assert_selected(&(query_t){.worst = 3, .offset = 1, .limit = 1}, "lossy");
  assert_selected(&(query_t){.limit = 2}, "good paused");
  assert_selected(&(query_t){.limit = 100, .offset = 5}, "lossy");
  assert_selected(&(query_t){.offset = 6}, "");
  assert_selected(&(query_t){.offset = 100}, "");
}

/* The worst streams of the summaries have a ratio. */
static void the_worst_of_the_worst_are_by_their_ratio(void **state) {
  (void)state;
  store_row_t *few = row_of(CLASS_WORST_CONSUMERS, "few", NOW, 5, NULL);
  store_row_t *many = row_of(CLASS_WORST_CONSUMERS, "many", NOW, 5, NULL);
  int loss = class_field(&classes[CLASS_WORST_CONSUMERS], "loss_ratio");
  few->values[loss].gauge = 0.1;
  many->values[loss].gauge = 0.2;
  const store_row_t *rows[] = {few, many};
  size_t length = 2;
  assert_ptr_equal(query_select(&(query_t){.worst = 1}, rows, &length)[0], many);
  assert_int_equal(length, 1);
  store_row_release(few);
  store_row_release(many);
}

int main(void) {
  TEST_CASES(refuses, refuse_cases);
  TEST(takes_each_parameter);
  TEST(takes_fields_several_times);
  TEST(repeated_fields_cost_nothing);
  TEST(takes_one_number_of_a_kind);
  TEST(takes_16_filters);
  TEST_CASES(matches, match_cases);
  TEST_CASES(finds_rooms, room_cases);
  TEST(an_id_is_part_of_the_selection);
  TEST(selects);
  TEST(the_worst_of_the_worst_are_by_their_ratio);
  return tests_run("query");
}
