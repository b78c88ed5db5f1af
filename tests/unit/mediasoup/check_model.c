/* SPDX-License-Identifier: MIT */
/* The model: what lives from snapshot to snapshot, and what is made of two of them. */
#include "support/chain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKER "{'row':'workers','worker':0,'pid':11}\n"
#define ROUTER "{'row':'routers','routerId':'r','worker':0}\n"
#define TRANSPORT "{'row':'transports','transportId':'t','routerId':'r'}\n"
#define TREE WORKER ROUTER TRANSPORT
#define ADD_PRODUCER(id, bytes, packets)                                                                               \
  "{'row':'producers','producerId':'" id "','transportId':'t','stats':{'byteCount':" #bytes ",'packetCount':" #packets \
  "}}\n"
#define ADD_CONSUMER(id, bytes, packets)                                                                               \
  "{'row':'consumers','consumerId':'" id "','transportId':'t','stats':{'byteCount':" #bytes ",'packetCount':" #packets \
  "}}\n"
#define ADD_STREAM(rid, bytes)                                                                                         \
  "{'row':'producers','producerId':'p','transportId':'t','encodings':3,'stats':{'rid':'" rid "','byteCount':" #bytes   \
  "}}\n"
#define LATE_PRODUCER "{'row':'producers','producerId':'p','transportId':'t','error':'deadline'}\n"

/* Reads a text that is no whole snapshot. */
static void read_bad(chain_t *chain, const char *text, status_t status) {
  char *bad = json(text);
  assert_int_equal(chain_read_text(chain, bad, strlen(bad)), status);
  free(bad);
}

/* `rows` and then nothing more. */
static void read_cut(chain_t *chain, const char *rows) {
  char *text = snapshot(rows);
  *strstr(text, "{\"row\":\"end\"") = '\0';
  assert_int_equal(chain_read_text(chain, text, strlen(text)), STATUS_INCOMPLETE);
  free(text);
}

static void assert_sums(const chain_t *chain, double bytes_received, double packets_received, double bytes_sent,
                        double packets_sent) {
  static const char *const objects[] = {"routers r", "workers 0"};
  for (size_t i = 0; i < LENGTH(objects); i++) {
    assert_value(chain, objects[i], "rtp_bytes_received", bytes_received);
    assert_value(chain, objects[i], "rtp_packets_received", packets_received);
    assert_value(chain, objects[i], "rtp_bytes_sent", bytes_sent);
    assert_value(chain, objects[i], "rtp_packets_sent", packets_sent);
  }
}

/* --- sums --- */

typedef struct {
  const char *name;
  const char *rows[6]; /* snapshots; one that begins with "cut" ends early */
  double expected[6];  /* rtp_bytes_received after each */
} sums_case_t;

#define CUT "cut"

static const sums_case_t sums_cases[] = {
    {"sum: growth",
     {TREE ADD_PRODUCER("p", 100, 1), TREE ADD_PRODUCER("p", 150, 2), TREE ADD_PRODUCER("p", 150, 2)},
     {100, 150, 150}},
    {"sum: of several",
     {TREE ADD_PRODUCER("p", 100, 1) ADD_PRODUCER("q", 10, 1), TREE ADD_PRODUCER("p", 110, 1) ADD_PRODUCER("q", 15, 1)},
     {110, 125}},
    {"sum: stays when a stream ends, and when all do",
     {TREE ADD_PRODUCER("p", 100, 1) ADD_PRODUCER("q", 10, 1), TREE ADD_PRODUCER("q", 12, 1), TREE},
     {110, 112, 112}},
    {"sum: a counter that begins anew",
     {TREE ADD_PRODUCER("p", 100, 1), TREE ADD_PRODUCER("p", 30, 1), TREE ADD_PRODUCER("p", 40, 1)},
     {100, 130, 140}},
    {"sum: a stream that comes later brings all it has",
     {TREE, TREE ADD_PRODUCER("p", 70, 1), TREE ADD_PRODUCER("p", 71, 1)},
     {0, 70, 71}},
    {"sum: rows of a snapshot that fails count once",
     {TREE ADD_PRODUCER("p", 100, 1), CUT TREE ADD_PRODUCER("p", 150, 1), CUT TREE ADD_PRODUCER("p", 160, 1),
      TREE ADD_PRODUCER("p", 170, 1)},
     {100, 100, 100, 170}},
    {"sum: a snapshot that fails ends no stream",
     {TREE ADD_PRODUCER("p", 100, 1), CUT WORKER, TREE ADD_PRODUCER("p", 101, 1)},
     {100, 100, 101}},
    {"sum: a stream that is seen first in a snapshot that fails",
     {TREE, CUT TREE ADD_PRODUCER("p", 50, 1), TREE ADD_PRODUCER("p", 60, 1)},
     {0, 0, 60}},
    {"sum: a worker that does not answer",
     {TREE ADD_PRODUCER("p", 100, 1), TREE LATE_PRODUCER, TREE LATE_PRODUCER, TREE ADD_PRODUCER("p", 130, 1)},
     {100, 100, 100, 130}},
    {"sum: a worker that does not answer for a stream seen first",
     {TREE LATE_PRODUCER, TREE ADD_PRODUCER("p", 40, 1)},
     {0, 40}},
    {"sum: simulcast",
     {TREE ADD_STREAM("l", 1) ADD_STREAM("h", 10), TREE ADD_STREAM("l", 2) ADD_STREAM("h", 20),
      TREE ADD_STREAM("h", 30)},
     {11, 22, 32}},
    {"sum: a worker that does not answer for simulcast",
     {TREE ADD_STREAM("l", 100) ADD_STREAM("h", 1000),
      TREE "{'row':'producers','producerId':'p','transportId':'t','encodings':3,'error':'deadline'}\n",
      TREE "{'row':'producers','producerId':'p','transportId':'t','encodings':3,'error':'deadline'}\n",
      TREE ADD_STREAM("l", 101) ADD_STREAM("h", 1010)},
     {1100, 1100, 1100, 1111}},
    {"sum: simulcast that has sent nothing yet",
     {TREE "{'row':'producers','producerId':'p','transportId':'t','encodings':3}\n", TREE ADD_STREAM("l", 5)},
     {0, 5}},
};

static void sums(void **state) {
  const sums_case_t *one = *state;
  chain_t chain;
  chain_init(&chain);
  for (size_t i = 0; i < LENGTH(one->rows) && one->rows[i] != NULL; i++) {
    if (strncmp(one->rows[i], CUT, strlen(CUT)) == 0)
      read_cut(&chain, one->rows[i] + strlen(CUT));
    else
      chain_read(&chain, one->rows[i]);
    assert_value(&chain, "routers r", "rtp_bytes_received", one->expected[i]);
    assert_value(&chain, "workers 0", "rtp_bytes_received", one->expected[i]);
    assert_value(&chain, "workers 0", "rtp_bytes_sent", 0);
  }
  chain_done(&chain);
}

static void sums_are_four(chain_t *chain) {
  chain_read(chain, TREE ADD_PRODUCER("p", 100, 10) ADD_CONSUMER("c", 7, 3) ADD_CONSUMER("d", 1, 1));
  assert_sums(chain, 100, 10, 8, 4);
  chain_read(chain, TREE ADD_PRODUCER("p", 101, 12) ADD_CONSUMER("c", 10, 4));
  assert_sums(chain, 101, 12, 11, 5);
}

static void sums_keep_to_their_worker(chain_t *chain) {
  chain_read(chain,
             TREE "{'row':'workers','worker':1}\n{'row':'routers','routerId':'s','worker':1}\n"
                  "{'row':'routers','routerId':'u','worker':0}\n"
                  "{'row':'transports','transportId':'v','routerId':'u'}\n" ADD_PRODUCER(
                      "p", 5, 1) "{'row':'producers','producerId':'q','transportId':'v','stats':{'byteCount':3}}\n");
  assert_value(chain, "workers 0", "rtp_bytes_received", 8);
  assert_value(chain, "workers 1", "rtp_bytes_received", 0);
  assert_value(chain, "routers r", "rtp_bytes_received", 5);
  assert_value(chain, "routers u", "rtp_bytes_received", 3);
  assert_value(chain, "routers s", "rtp_bytes_received", 0);
  chain_read(chain, TREE ADD_PRODUCER("p", 6, 1)); /* a router's sum ends with it, the worker's stays */
  assert_value(chain, "workers 0", "rtp_bytes_received", 9);
}

/* mediasoup's pipeToRouter() keeps the producer's id on the other router. */
static void a_piped_producer_is_two(chain_t *chain) {
  static const char rows[] =
      TREE ADD_PRODUCER("p", 100, 1) "{'row':'routers','routerId':'s','worker':0}\n"
                                     "{'row':'transports','transportId':'u','routerId':'s','transportType':'pipe'}\n"
                                     "{'row':'producers','producerId':'p','transportId':'u','stats':{'byteCount':40}}\n"
                                     "{'row':'data_producers','dataProducerId':'d','transportId':'t'}\n"
                                     "{'row':'data_producers','dataProducerId':'d','transportId':'u'}\n";
  chain_read(chain, rows);
  assert_value(chain, "routers r", "rtp_bytes_received", 100);
  assert_value(chain, "routers s", "rtp_bytes_received", 40);
  chain_read(chain, rows);
  assert_value(chain, "workers 0", "rtp_bytes_received", 140);
  chain_read(chain, TREE ADD_PRODUCER("p", 101, 1)); /* one ends, the other stays */
  assert_value(chain, "workers 0", "rtp_bytes_received", 141);
}

/* --- life and death --- */

static void ends_what_is_not_named(chain_t *chain) {
  chain_read(chain, sample_rows);
  object_t *router = chain_find(chain, "routers r0");
  assert_non_null(chain_find(chain, "producers p0 h"));
  chain_read(chain, "{'row':'workers','worker':0,'pid':11}\n{'row':'routers','routerId':'r0','worker':0}\n");
  assert_ptr_equal(chain_find(chain, "routers r0"), router);
  assert_null(chain_find(chain, "routers r1"));
  assert_null(chain_find(chain, "transports t0"));
  assert_null(chain_find(chain, "producers p0 h"));
  chain_read(chain, "");
  assert_null(model_next(chain->model, NULL));
  chain_read(chain, sample_rows);
  assert_non_null(chain_find(chain, "producers p0 h"));
}

static void parents_come_before_children(chain_t *chain) {
  chain_read(chain, sample_rows);
  size_t objects = 0;
  for (object_t *object = NULL; (object = model_next(chain->model, object)) != NULL; objects++) {
    const object_t *at = NULL;
    while (object->parent != NULL && (at = model_next(chain->model, at)) != object->parent)
      assert_ptr_not_equal(at, object);
  }
  assert_int_equal(objects, 18);
}

/* Snapshots that fail again and again, each with other objects, are forgotten. */
static void failed_snapshots_leave_nothing(chain_t *chain) {
  chain_read(chain, TREE ADD_PRODUCER("p", 5, 1));
  long before = 0;
  for (int i = 0; i < 50; i++) {
    char rows[1000];
    (void)snprintf(rows, sizeof(rows),
                   WORKER "{'row':'routers','routerId':'x%d','worker':0}\n"
                          "{'row':'transports','transportId':'t','routerId':'x%d'}\n"
                          "{'row':'transports','transportId':'y%d','routerId':'x%d'}\n"
                          "{'row':'producers','producerId':'p','transportId':'y%d','stats':{'byteCount':9}}\n",
                   i, i, i, i, i);
    read_cut(chain, rows);
    if (i == 1)
      before = allocations_live();
  }
  assert_int_equal(allocations_live(), before);
  chain_read(chain, TREE ADD_PRODUCER("p", 7, 1));
  assert_value(chain, "workers 0", "rtp_bytes_received", 7);
}

static void a_worker_that_dies_takes_its_tree_along(chain_t *chain) {
  chain_read(chain, sample_rows);
  chain_read(chain, "{'row':'workers','worker':1,'pid':99,'stats':{'ru_utime':0}}\n");
  assert_null(chain_find(chain, "routers r1"));
  assert_value(chain, "workers 1", "rtp_bytes_received", 110); /* the slot's sum goes on */
}

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

static void only_a_worker_has_a_row_without_an_answer(chain_t *chain) {
  chain_read(chain, TREE ADD_PRODUCER("p", 1, 1));
  assert_true(chain_dispatches(chain, "producers p"));
  chain_read(chain, TREE LATE_PRODUCER);
  assert_false(chain_dispatches(chain, "producers p"));
  chain_read(chain, TREE ADD_PRODUCER("p", 1, 1));
  assert_true(chain_dispatches(chain, "producers p"));
}

static void simulcast_without_an_answer_is_not_dispatched(chain_t *chain) {
  chain_read(chain, TREE ADD_STREAM("l", 1) ADD_STREAM("h", 2));
  uint64_t number = chain_find(chain, "producers p h")->number;
  chain_read(chain, TREE "{'row':'producers','producerId':'p','transportId':'t','encodings':3,'error':'deadline'}\n");
  assert_false(chain_dispatches(chain, "producers p h"));
  assert_false(chain_dispatches(chain, "producers p"));
  chain_read(chain, TREE ADD_STREAM("l", 1) ADD_STREAM("h", 2));
  assert_true(chain_dispatches(chain, "producers p h"));
  assert_int_equal(chain_find(chain, "producers p h")->number, number);
  assert_null(chain_find(chain, "producers p"));
  chain_read(chain, TREE); /* and ends with the producer */
  assert_null(chain_find(chain, "producers p h"));
  chain_read(chain, TREE ADD_STREAM("l", 1));
  chain_read(chain, WORKER ROUTER "{'row':'transports','transportId':'u','routerId':'r'}\n"
                                  "{'row':'producers','producerId':'p','transportId':'u','encodings':3,'error':'x'}\n");
  assert_null(chain_find(chain, "producers p l")); /* another one's error keeps nothing alive */
}

/* --- the processor --- */

#define CPU(utime, stime) "{'row':'workers','worker':0,'stats':{'ru_utime':" #utime ",'ru_stime':" #stime "}}\n"

/* Ten seconds lie between snapshots. */
static void cpu_ratio_is_of_two_snapshots(chain_t *chain) {
  chain_read(chain, CPU(1000, 500));
  assert_unknown(chain, "workers 0", "cpu_ratio");
  chain_read(chain, CPU(4000, 1500));
  assert_value(chain, "workers 0", "cpu_ratio", 0.4);
  chain_read(chain, CPU(4000, 1500));
  assert_value(chain, "workers 0", "cpu_ratio", 0);
  chain_read(chain, "{'row':'workers','worker':0,'error':'deadline'}\n");
  assert_unknown(chain, "workers 0", "cpu_ratio");
  read_cut(chain, CPU(5000, 1500));
  chain_read(chain, CPU(10000, 1500)); /* 6 s in 30 s */
  assert_value(chain, "workers 0", "cpu_ratio", 0.2);
  chain_read(chain, CPU(50, 20)); /* another process in this slot */
  assert_unknown(chain, "workers 0", "cpu_ratio");
  chain_read(chain, CPU(1050, 20));
  assert_value(chain, "workers 0", "cpu_ratio", 0.1);
}

static void no_time_is_no_ratio(chain_t *chain) {
  chain_read(chain, CPU(1000, 0));
  chain->now -= 10;
  chain_read(chain, CPU(2000, 0));
  assert_unknown(chain, "workers 0", "cpu_ratio");
}

/* --- the endpoint --- */

static void the_endpoint_tells_of_the_snapshot(chain_t *chain) {
  assert_unknown(chain, "endpoint", "workers");
  read_bad(chain,
           "{'row':'endpoint','protocol':1,'workers':2,'workerDeaths':3,'pid':44}\n{'row':'usage','pid':1}\n"
           "{'row':'end','unanswered':5,'counts':{'endpoint':1,'usage':1}}\n",
           STATUS_OK);
  assert_value(chain, "endpoint", "up", 1);
  assert_value(chain, "endpoint", "rows", 3);
  assert_value(chain, "endpoint", "unanswered", 5);
  assert_value(chain, "endpoint", "snapshot_seconds", 0.25);
  assert_value(chain, "endpoint", "objects_skipped", 0);
  assert_value(chain, "endpoint", "workers", 2);
  assert_value(chain, "endpoint", "worker_deaths", 3);
  assert_unknown(chain, "endpoint", "routers");
  assert_string_equal(object_find_attribute(chain_find(chain, "endpoint"), "pid"), "44");
}

static void a_failure_is_the_endpoints(chain_t *chain) {
  chain_read(chain, sample_rows);
  read_bad(chain, "{'row':'endpoint','protocol':1,'workers':2,'workerDeaths':3}\n", STATUS_INCOMPLETE);
  assert_value(chain, "endpoint", "up", 0);
  static const char *const unknown[] = {"snapshot_seconds", "rows",    "unanswered",
                                        "objects_skipped",  "workers", "routers"};
  for (size_t i = 0; i < LENGTH(unknown); i++)
    assert_unknown(chain, "endpoint", unknown[i]);
  assert_value(chain, "consumers c0", "byte_count", 70);
  assert_true(model_dispatches(chain->model, model_endpoint(chain->model)));
  chain_read(chain, sample_rows);
  assert_value(chain, "endpoint", "up", 1);
  assert_value(chain, "endpoint", "rows", 20);
}

/* collectd was restarted: what streams counted before is no growth. */
static void what_was_before_the_first_snapshot_is_not_summed(void **state) {
  (void)state;
  chain_t chain;
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, NULL), STATUS_OK);
  chain_read(&chain, TREE ADD_PRODUCER("p", 1000, 100));
  assert_value(&chain, "routers r", "rtp_bytes_received", 0);
  chain_read(&chain, TREE ADD_PRODUCER("p", 1010, 101) ADD_PRODUCER("q", 7, 1));
  assert_value(&chain, "routers r", "rtp_bytes_received", 17);
  assert_value(&chain, "workers 0", "rtp_packets_received", 2);
  chain_done(&chain);
}

static void snapshots_are_counted(chain_t *chain) {
  uint64_t before = model_snapshot(chain->model);
  chain_read(chain, "");
  read_cut(chain, "");
  chain_read(chain, "");
  assert_int_equal(model_snapshot(chain->model), before + 3);
}

/* --- metadata --- */

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
  read_bad(chain,
           "{'row':'endpoint','protocol':1}\n" TREE
           "{'row':'producers','producerId':'p','transportId':'t','kind':'video','appData':1}\n",
           STATUS_PROTOCOL);
  chain_read(chain, TREE "{'row':'producers','producerId':'p','transportId':'t','kind':'video'}\n");
  assert_true(producer->metadata_due);
  assert_string_equal(producer->type_instance, "kind=video,mimeType=,id=p");
}

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

/* --- MaxObjects --- */

static void assert_admitted(const chain_t *chain, const char *names, double skipped) {
  static const char *const all[] = {"routers r",   "transports t", "producers p", "producers q",
                                    "producers s", "consumers c",  "workers 0"};
  for (size_t i = 0; i < LENGTH(all); i++)
    if (chain_find(chain, all[i]) != NULL && chain_dispatches(chain, all[i]) != (strstr(names, all[i]) != NULL))
      fail_msg("%s is %s", all[i], chain_dispatches(chain, all[i]) ? "admitted" : "not admitted");
  assert_value(chain, "endpoint", "objects_skipped", skipped);
}

static void first_come_first_admitted(void **state) {
  (void)state;
  chain_t chain;
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, 4, NULL), STATUS_OK);
  chain_read(&chain, "");
  chain_read(&chain, TREE ADD_PRODUCER("p", 1, 1));
  assert_admitted(&chain, "workers 0,routers r,transports t,producers p", 0);
  chain_read(&chain,
             TREE ADD_PRODUCER("s", 1, 1) ADD_PRODUCER("q", 1, 1) ADD_PRODUCER("p", 1, 1) ADD_CONSUMER("c", 1, 1));
  assert_admitted(&chain, "workers 0,routers r,transports t,producers p,producers s", 2);
  assert_value(&chain, "workers 0", "rtp_bytes_received", 3); /* the others are in the sums */
  chain_read(&chain, TREE ADD_PRODUCER("s", 1, 1) ADD_PRODUCER("q", 1, 1) ADD_CONSUMER("c", 1, 1));
  assert_admitted(&chain, "workers 0,routers r,transports t,producers s,producers q", 1);
  chain_read(&chain, TREE ADD_PRODUCER("s", 1, 1) ADD_CONSUMER("c", 1, 1));
  assert_admitted(&chain, "workers 0,routers r,transports t,producers s,consumers c", 0);
  chain_done(&chain);
}

static void no_objects_but_sums(void **state) {
  (void)state;
  chain_t chain;
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, 0, NULL), STATUS_OK);
  chain_read(&chain, "");
  chain_read(&chain, TREE ADD_PRODUCER("p", 8, 1) "{'row':'usage','pid':1}\n");
  assert_admitted(&chain, "workers 0", 0); /* none are wanted */
  assert_true(chain_dispatches(&chain, "usage 1"));
  assert_value(&chain, "workers 0", "rtp_bytes_received", 8);
  chain_done(&chain);
}

/* Rows that come for their appData only take nobody's place. */
static void unselected_classes_do_not_count(void **state) {
  (void)state;
  chain_t chain;
  unsigned selected = 1U << CLASS_PRODUCERS | 1U << CLASS_ENDPOINT;
  assert_int_equal(chain_init_with(&chain, selected, 1, NULL), STATUS_OK);
  chain_read(&chain, TREE ADD_PRODUCER("p", 8, 1) ADD_PRODUCER("q", 8, 1));
  assert_admitted(&chain, "producers p", 1);
  assert_true(model_dispatches(chain.model, model_endpoint(chain.model)));
  chain_done(&chain);
}

/* --- life of the model --- */

static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  for (unsigned long number = 1; number <= 2; number++) {
    allocations_fail_at(number);
    assert_null(model_new(ALL_CLASSES, 1));
    assert_int_equal(allocations_live(), before);
  }
  allocations_fail_at(0);
  model_free(NULL);
}

/* Runs a test that takes a chain. */
typedef struct {
  const char *name;
  void (*run)(chain_t *chain);
} chain_test_t;

static void runs(void **state) {
  const chain_test_t *test = *state;
  long before = allocations_live();
  chain_t chain;
  chain_init(&chain);
  test->run(&chain);
  chain_done(&chain);
  assert_int_equal(allocations_live(), before);
}

#define CHAIN_TEST(function) {#function, function}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(sums_are_four),
    CHAIN_TEST(sums_keep_to_their_worker),
    CHAIN_TEST(a_piped_producer_is_two),
    CHAIN_TEST(ends_what_is_not_named),
    CHAIN_TEST(parents_come_before_children),
    CHAIN_TEST(failed_snapshots_leave_nothing),
    CHAIN_TEST(a_worker_that_dies_takes_its_tree_along),
    CHAIN_TEST(values_follow_their_row),
    CHAIN_TEST(zero_is_unknown_where_it_says_so),
    CHAIN_TEST(large_counters_are_exact_enough),
    CHAIN_TEST(an_error_leaves_the_last_figures),
    CHAIN_TEST(only_a_worker_has_a_row_without_an_answer),
    CHAIN_TEST(simulcast_without_an_answer_is_not_dispatched),
    CHAIN_TEST(cpu_ratio_is_of_two_snapshots),
    CHAIN_TEST(no_time_is_no_ratio),
    CHAIN_TEST(the_endpoint_tells_of_the_snapshot),
    CHAIN_TEST(a_failure_is_the_endpoints),
    CHAIN_TEST(snapshots_are_counted),
    CHAIN_TEST(a_row_that_fails_leaves_metadata_due),
    CHAIN_TEST(attributes_have_types),
};

int main(void) {
  TEST_CASES(sums, sums_cases);
  TEST_CASES(runs, chain_tests);
  TEST_CASES(metadata_is_due, metadata_cases);
  TEST(what_was_before_the_first_snapshot_is_not_summed);
  TEST(first_come_first_admitted);
  TEST(no_objects_but_sums);
  TEST(unselected_classes_do_not_count);
  TEST(fails_without_memory);
  return tests_run("model");
}
