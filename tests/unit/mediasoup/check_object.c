/* SPDX-License-Identifier: MIT */
/* An object: what its row makes of it, and what it says of itself and of those above it. */
#include "support/chain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- values --- */

static void values_follow_their_row(chain_t *chain) {
  chain_read(chain,
             "{'row':'workers','worker':0,'residentMemory':5,'channelRoundTripTime':2.5,'stats':{'ru_utime':7.9}}\n"
             "{'row':'usage','pid':1,'cpu':12.5,'ctime':3}\n");
  assert_value(chain, "workers 0", "resident_memory_bytes", 5);
  assert_value(chain, "workers 0", "channel_round_trip_seconds", 0.0025);
  assert_value(chain, "workers 0", "ru_utime", 7);
  assert_unknown(chain, "workers 0", "ru_maxrss");
  assert_value(chain, "workers 0", "ru_stime", 0);
  assert_value(chain, "workers 0", "responding", 1);
  assert_value(chain, "usage 1", "cpu", 12.5);
  chain_read(chain, "{'row':'workers','worker':0}\n{'row':'usage','pid':1}\n");
  assert_unknown(chain, "workers 0", "resident_memory_bytes");
  assert_value(chain, "workers 0", "ru_utime", 7); /* nothing was measured: no counter goes back for that */
  assert_unknown(chain, "usage 1", "cpu");
}

static void zero_is_unknown_where_it_says_so(chain_t *chain) {
  chain_read(chain, TREE "{'row':'consumers','consumerId':'c','transportId':'t','stats':{'roundTripTime':0,'score':0,"
                         "'jitter':0,'packetsLost':-3}}\n");
  assert_unknown(chain, "consumers c", "round_trip_time");
  assert_value(chain, "consumers c", "score", 0);
  assert_value(chain, "consumers c", "jitter", 0);
  assert_value(chain, "consumers c", "packets_lost", -3);
}

static void large_counters_are_exact_enough(chain_t *chain) {
  chain_read(chain, TREE ADD_PRODUCER("p", 9007199254740991, 9.1e18));
  assert_true(chain_find(chain, "producers p")->values[0].counter == INT64_C(9007199254740991));
  assert_true(chain_find(chain, "producers p")->values[1].counter == INT64_C(9100000000000000000));
}

/* What an error row tells is new, what it does not tell stays. */
static void an_error_leaves_the_last_figures(chain_t *chain) {
  chain_read(chain, "{'row':'workers','worker':0,'pid':11,'routers':2,'residentMemory':5,'channelRoundTripTime':2,"
                    "'appData':{'a':1},'stats':{'ru_utime':100,'ru_maxrss':9}}\n");
  chain_read(chain, "{'row':'workers','worker':0,'pid':11,'routers':3,'error':'deadline'}\n");
  assert_value(chain, "workers 0", "responding", 0);
  assert_value(chain, "workers 0", "routers", 3);
  assert_value(chain, "workers 0", "resident_memory_bytes", 5);
  assert_value(chain, "workers 0", "channel_round_trip_seconds", 0.002);
  assert_value(chain, "workers 0", "ru_utime", 100);
  assert_value(chain, "workers 0", "ru_maxrss", 9);
  assert_string_equal(object_find_attribute(chain_find(chain, "workers 0"), "pid"), "11");
  assert_string_equal(chain_find(chain, "workers 0")->plugin_instance, "a=1");
  assert_true(chain_dispatches(chain, "workers 0"));
}

/* --- attributes --- */

static void attributes_have_types(chain_t *chain) {
  chain_read(chain, TREE "{'row':'producers','producerId':'p','transportId':'t','kind':'','clockRate':48000,"
                         "'paused':true,'rtpObserverIds':['a',{'b':null}],'stats':{'rid':'x\\u0000y'}}\n");
  const object_t *producer = chain_find(chain, "producers p");
  member_type_t type = MEMBER_JSON;
  assert_string_equal(object_attribute(producer, 0, &type), "p");
  assert_int_equal(type, MEMBER_TEXT);
  assert_string_equal(object_attribute(producer, 2, &type), "");
  assert_int_equal(type, MEMBER_TEXT);
  assert_null(object_attribute(producer, 3, &type));
  assert_string_equal(object_attribute(producer, 4, &type), "48000");
  assert_int_equal(type, MEMBER_NUMBER);
  assert_string_equal(object_attribute(producer, 7, &type), "true");
  assert_int_equal(type, MEMBER_BOOLEAN);
  assert_string_equal(object_attribute(producer, 12, &type), "[\"a\",{\"b\":null}]");
  assert_int_equal(type, MEMBER_JSON);
  assert_string_equal(object_find_attribute(producer, "rid"), "x"); /* a NUL ends it */
  assert_string_equal(object_find_attribute(producer, "routerId"), "r");
  assert_null(object_find_attribute(producer, "label"));
}

static void looks_above_itself(chain_t *chain) {
  chain_read(chain, "{'row':'workers','worker':0,'pid':11,'appData':{'zone':'w','only':'w'}}\n"
                    "{'row':'routers','routerId':'r','worker':0,'appData':{'zone':'r'}}\n"
                    "{'row':'transports','transportId':'t','routerId':'r','appData':{'zone':'t'}}\n"
                    "{'row':'transports','transportId':'u','routerId':'r'}\n");
  const object_t *transport = chain_find(chain, "transports t"), *bare = chain_find(chain, "transports u");
  assert_string_equal(object_find_app_data(transport, "zone"), "t");
  assert_string_equal(object_find_app_data(bare, "zone"), "r");
  assert_string_equal(object_find_app_data(bare, "only"), "w");
  assert_null(object_find_app_data(bare, "none"));
  assert_string_equal(object_find_attribute(bare, "transportId"), "u");
  assert_string_equal(object_find_attribute(bare, "routerId"), "r");
  assert_string_equal(object_find_attribute(bare, "pid"), "11");
  assert_null(object_find_attribute(bare, "kind"));
  assert_null(bare->app_data);
}

/* --- what is new --- */

typedef struct {
  const char *name;
  const char *before, *after; /* members of a producer */
  bool due;
} metadata_case_t;

static const metadata_case_t metadata_cases[] = {
    {"metadata: nothing new", "'kind':'audio','stats':{'byteCount':1}", "'kind':'audio','stats':{'byteCount':2}",
     false},
    {"metadata: an attribute", "'kind':'audio','paused':false", "'kind':'audio','paused':true", true},
    {"metadata: its type", "'clockRate':90", "'clockRate':'90'", true},
    {"metadata: an attribute more", "'kind':'audio'", "'kind':'audio','paused':true", true},
    {"metadata: an attribute less", "'kind':'audio','paused':true", "'kind':'audio'", true},
    {"metadata: an empty attribute is one", "'kind':''", "'paused':true", true},
    {"metadata: another attribute of the same text", "'kind':'x'", "'mimeType':'x'", true},
    {"metadata: statistics' own", "'stats':{'ssrc':1}", "'stats':{'ssrc':2}", true},
    {"metadata: appData", "'appData':{'a':1}", "'appData':{'a':2}", true},
    {"metadata: appData in another order", "'appData':{'a':1,'b':2}", "'appData':{'b':2,'a':1}", true},
    {"metadata: appData comes", "'kind':'x'", "'kind':'x','appData':{'a':1}", true},
    {"metadata: appData goes", "'appData':{'a':1}", "'kind':'x'", true},
    {"metadata: empty appData is none", "'kind':'x'", "'kind':'x','appData':{}", false},
};

static void read_producer(chain_t *chain, const char *members) {
  char rows[1000];
  (void)snprintf(rows, sizeof(rows), TREE "{'row':'producers','producerId':'p','transportId':'t',%s}\n", members);
  chain_read(chain, rows);
}

static void metadata_is_due(void **state) {
  const metadata_case_t *one = *state;
  chain_t chain;
  chain_init(&chain);
  read_producer(&chain, one->before);
  object_t *producer = chain_find(&chain, "producers p");
  assert_true(producer->metadata_due);
  producer->metadata_due = false;
  read_producer(&chain, one->after);
  assert_ptr_equal(chain_find(&chain, "producers p"), producer);
  assert_int_equal(producer->metadata_due, one->due);
  chain_done(&chain);
}

/* What a row that fails had already changed is not forgotten. */
static void a_row_that_fails_leaves_metadata_due(chain_t *chain) {
  chain_read(chain, TREE "{'row':'producers','producerId':'p','transportId':'t','kind':'audio'}\n");
  object_t *producer = chain_find(chain, "producers p");
  producer->metadata_due = false;
  assert_string_equal(producer->type_instance, "kind=audio,mimeType=,id=p");
  chain_read_as(chain,
                "{'row':'endpoint','protocol':1}\n" TREE
                "{'row':'producers','producerId':'p','transportId':'t','kind':'video','appData':1}\n",
                STATUS_PROTOCOL);
  chain_read(chain, TREE "{'row':'producers','producerId':'p','transportId':'t','kind':'video'}\n");
  assert_true(producer->metadata_due);
  assert_string_equal(producer->type_instance, "kind=video,mimeType=,id=p");
}

/* --- what is out of range --- */

typedef struct {
  const char *name;
  const char *stats; /* beside a jitter of 7 */
  const char *field;
  double expected; /* NaN: unknown */
} range_case_t;

static const range_case_t range_cases[] = {
    {"range: a counter below 0 stays where it was", "'byteCount':-1", "byte_count", 5},
    {"range: a counter of 2^64, too", "'byteCount':18446744073709551616", "byte_count", 5},
    {"range: a counter that is large", "'byteCount':9000000000000000000", "byte_count", 9e18},
    {"range: a round trip time below 0", "'roundTripTime':-5", "round_trip_time", NAN},
    {"range: a round trip time of a minute", "'roundTripTime':60000", "round_trip_time", 60000},
    {"range: an absurd round trip time", "'roundTripTime':60001", "round_trip_time", NAN},
    {"range: a score of 0", "'score':0", "score", 0},
    {"range: a score of 10", "'score':10", "score", 10},
    {"range: a score of 123", "'score':123", "score", NAN},
    {"range: a score below 0", "'score':-1", "score", NAN},
    {"range: all is lost", "'fractionLost':255", "fraction_lost", 255},
    {"range: more than all is lost", "'fractionLost':256", "fraction_lost", NAN},
    {"range: less than nothing is lost", "'fractionLost':-1", "fraction_lost", NAN},
    {"range: a bitrate below 0", "'bitrate':-1", "bitrate", NAN},
    {"range: packets lost, below 0", "'packetsLost':-3", "packets_lost", -3},
    {"range: packets lost, signed", "'packetsLost':4294967295", "packets_lost", -1},
    {"range: packets lost, as 3.13 writes it", "'packetsLost':4286578689", "packets_lost", -8388607},
    {"range: packets lost, at most", "'packetsLost':2147483647", "packets_lost", 2147483647},
    {"range: packets lost, at least", "'packetsLost':2147483648", "packets_lost", -2147483648.0},
    {"range: packets lost, more than 32 bits", "'packetsLost':4294967296", "packets_lost", NAN},
    {"range: packets lost, less than 32 bits", "'packetsLost':-2147483649", "packets_lost", NAN},
};

/* That field is unknown, the rest of its row and of the snapshot counts. */
static void knows_what_is_out_of_range(void **state) {
  const range_case_t *one = *state;
  char rows[1000];
  chain_t chain;
  chain_init(&chain);
  chain_read(&chain, TREE ADD_PRODUCER("p", 5, 1));
  (void)snprintf(rows, sizeof(rows),
                 TREE "{'row':'producers','producerId':'p','transportId':'t','stats':{%s,'jitter':7}}\n", one->stats);
  chain_read(&chain, rows);
  if (isnan(one->expected))
    assert_unknown(&chain, "producers p", one->field);
  else
    assert_value(&chain, "producers p", one->field, one->expected);
  assert_value(&chain, "producers p", "jitter", 7);
  chain_read(&chain, TREE "{'row':'producers','producerId':'p','transportId':'t','stats':{'jitter':-1}}\n");
  assert_unknown(&chain, "producers p", "jitter");
  chain_done(&chain);
}

/* --- what is refused --- */

typedef struct {
  const char *name;
  const char *text;
  status_t status;
  const char *cause; /* part of it */
} bad_case_t;

#define ENDPOINT "{'row':'endpoint','protocol':1}\n"

#define PRODUCER(members)                                                                                              \
  ENDPOINT WORKER ROUTER TRANSPORT "{'row':'producers','producerId':'p','transportId':'t'," members "}\n"

static const bad_case_t bad_cases[] = {
    {"a counter that is a text", PRODUCER("'stats':{'byteCount':'1'}"), STATUS_PROTOCOL,
     "row 5: byteCount is not a number"},
    {"a gauge that is an object", PRODUCER("'stats':{'jitter':{}}"), STATUS_PROTOCOL, "row 5: jitter is not a number"},
    {"a gauge that is true", PRODUCER("'stats':{'score':true}"), STATUS_PROTOCOL, "row 5: score is not a number"},
    {"appData that is an array", PRODUCER("'appData':[]"), STATUS_PROTOCOL, "row 5: appData is not an object"},
    {"appData that is a text", PRODUCER("'appData':'{}'"), STATUS_PROTOCOL, "row 5: appData is not an object"},
};

static void refuses(void **state) {
  const bad_case_t *one = *state;
  assert_refused(one->text, one->status, one->cause);
}

/* --- its life --- */

static void keys_tell_apart(void **state) {
  (void)state;
  object_t *t = object_new(&classes[CLASS_TRANSPORTS], NULL, "t", "");
  object_t *u = object_new(&classes[CLASS_TRANSPORTS], NULL, "u", "");
  const struct {
    class_id_t class;
    const object_t *parent;
    const char *id, *stream;
  } names[] = {{CLASS_PRODUCERS, NULL, "p", ""}, {CLASS_PRODUCERS, t, "p", ""},  {CLASS_PRODUCERS, t, "", "p"},
               {CLASS_PRODUCERS, t, "p", "h"},   {CLASS_PRODUCERS, t, "ph", ""}, {CLASS_CONSUMERS, t, "p", ""},
               {CLASS_CONSUMERS, t, "p", "t"},   {CLASS_PRODUCERS, t, "pt", ""}, {CLASS_DATA_PRODUCERS, t, "p", ""},
               {CLASS_PRODUCERS, u, "p", ""}};
  char keys[LENGTH(names)][OBJECT_KEY_MAX];
  size_t lengths[LENGTH(names)];
  for (size_t i = 0; i < LENGTH(names); i++) {
    lengths[i] = object_key(keys[i], &classes[names[i].class], names[i].parent, names[i].id, names[i].stream);
    for (size_t j = 0; j < i; j++)
      assert_false(lengths[i] == lengths[j] && memcmp(keys[i], keys[j], lengths[i]) == 0);
  }
  char again[OBJECT_KEY_MAX]; /* a consumer's id is its own, whatever its transport */
  assert_int_equal(object_key(again, &classes[CLASS_CONSUMERS], NULL, "p", ""), lengths[5]);
  assert_memory_equal(again, keys[5], lengths[5]);
  object_free(u);
  object_free(t);
}

static void begins_unknown(void **state) {
  (void)state;
  char id[ID_MAX + 1] = {0}, stream[ID_MAX + 1] = {0};
  memset(id, 'i', ID_MAX);
  memset(stream, 's', ID_MAX);
  object_t *object = object_new(&classes[CLASS_CONSUMERS], NULL, id, stream);
  assert_string_equal(object->id, id);
  assert_string_equal(object->stream, stream);
  assert_true(object->id != id && object->stream != stream);
  for (size_t i = 0; i < object->class->fields_length; i++)
    if (object->class->fields[i].kind == KIND_COUNTER)
      assert_int_equal(object->values[i].counter, 0);
    else
      assert_true(object->values[i].gauge != object->values[i].gauge); /* NaN */
  assert_null(object_attribute(object, 0, NULL));
  assert_null(object_find_attribute(object, "kind"));
  object_free(object);
  object_free(NULL);
  allocations_fail_at(1);
  assert_null(object_new(&classes[CLASS_CONSUMERS], NULL, "c", ""));
  allocations_fail_at(0);
}

/* --- without memory --- */

static row_t *last_row; /* of the parser, which lends it */

static status_t remember(void *context, const row_t *row, failure_t *failure) {
  (void)context;
  (void)failure;
  last_row = (row_t *)(uintptr_t)row;
  return STATUS_OK;
}

/* A row that cannot be taken for want of memory is taken the next time, and is new then. */
static void updates_without_memory(void **state) {
  (void)state;
  char *text = json("{'kind':'video','appData':{'a':1},'stats':{'byteCount':7}}\n");
  failure_t failure = {0};
  parser_t *parser = parser_new(remember, NULL);
  assert_int_equal(parser_begin(parser, &failure), STATUS_OK);
  assert_int_equal(parser_feed(parser, text, strlen(text), &failure), STATUS_OK);
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    buffer_t scratch = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
    object_t *object = object_new(&classes[CLASS_PRODUCERS], NULL, "p", "");
    bool new = false, newer = false;
    allocations_fail_at(number);
    status_t status = object_update(object, last_row, &scratch, &new, &failure);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_int_equal(object_update(object, last_row, &scratch, &newer, &failure), STATUS_OK);
    assert_true(failed ? newer : new && !newer);
    assert_string_equal(object_find_attribute(object, "kind"), "video");
    assert_string_equal(object_find_app_data(object, "a"), "1");
    assert_int_equal(object->values[0].counter, 7);
    object_free(object);
    buffer_done(&scratch);
    assert_true(number < 20);
  }
  parser_free(parser);
  free(text);
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(values_follow_their_row),
    CHAIN_TEST(zero_is_unknown_where_it_says_so),
    CHAIN_TEST(large_counters_are_exact_enough),
    CHAIN_TEST(an_error_leaves_the_last_figures),
    CHAIN_TEST(attributes_have_types),
    CHAIN_TEST(looks_above_itself),
    CHAIN_TEST(a_row_that_fails_leaves_metadata_due),
};

int main(void) {
  TEST_CASES(chain_test, chain_tests);
  TEST_CASES(metadata_is_due, metadata_cases);
  TEST_CASES(knows_what_is_out_of_range, range_cases);
  TEST_CASES(refuses, bad_cases);
  TEST(keys_tell_apart);
  TEST(begins_unknown);
  TEST(updates_without_memory);
  return tests_run("object");
}
