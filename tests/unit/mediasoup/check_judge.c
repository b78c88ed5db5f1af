/* SPDX-License-Identifier: MIT */
/* Judging: each stream of a reading has its verdict, whether or not anything is summed up. */
#include "mediasoup/judge.h"
#include "support/chain.h"

#include <string.h>

#define PIPE(id, router) "{'row':'transports','transportId':'" id "','routerId':'" router "','transportType':'pipe'}\n"
#define STREAM(class, id, transport, more, stats)                                                                      \
  "{'row':'" class "s','" class "Id':'" id "','transportId':'" transport "'" more ",'stats':{" stats "}}\n"
#define LAYER(rid, packets, bitrate, score)                                                                            \
  STREAM("producer", "p", "t", ",'encodings':2",                                                                       \
         "'rid':'" rid "','packetCount':" #packets ",'bitrate':" #bitrate ",'score':" #score)
#define CONSUMER(more, packets, score)                                                                                 \
  STREAM("consumer", "c", "t", ",'producerId':'p'" more,                                                               \
         "'packetCount':" #packets ",'bitrate':" #packets ",'score':" #score)

typedef struct {
  chain_t *chain;
  judge_t judge;
} rig_t;

static void judge_all(rig_t *rig, bool read) {
  for (object_t *object = NULL; (object = model_next(rig->chain->model, object)) != NULL;)
    object->metadata_due = false;
  judge_begin(&rig->judge);
  judge_add(&rig->judge, rig->chain->model, read);
  judge_end(&rig->judge);
}

static void take(rig_t *rig, const char *rows) {
  chain_read(rig->chain, rows);
  judge_all(rig, true);
}

/* What the attribute of an object says, as dispatch reads it; "" for nothing. */
static const char *said(const rig_t *rig, const char *name, const char *key) {
  const object_t *object = chain_find(rig->chain, name);
  assert_non_null(object);
  const char *text = object_find_attribute(object, key);
  return text != NULL ? text : "";
}

static void assert_said(const rig_t *rig, const char *name, const char *state, const char *bad, bool is_due) {
  assert_string_equal(said(rig, name, "state"), state);
  assert_string_equal(said(rig, name, "bad"), bad);
  assert_int_equal(chain_find(rig->chain, name)->metadata_due, is_due);
}

static void follows_a_stream(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
  take(&rig, TREE LAYER("l", 9, 1, 10) LAYER("h", 9, 1, 10) CONSUMER("", 9, 10));
  assert_said(&rig, "producers p l", "flowing", "", true);
  assert_said(&rig, "consumers c", "flowing", "", true);
  take(&rig, TREE LAYER("l", 19, 1, 10) LAYER("h", 19, 1, 10) CONSUMER("", 19, 10));
  assert_said(&rig, "producers p l", "flowing", "", false);
  assert_said(&rig, "consumers c", "flowing", "", false);
  take(&rig, TREE LAYER("l", 29, 1, 5) LAYER("h", 19, 0, 0) CONSUMER("", 29, 6));
  assert_said(&rig, "producers p l", "flowing", "true", true);
  assert_said(&rig, "producers p h", "inactive", "", true);
  assert_said(&rig, "consumers c", "flowing", "", false);
  take(&rig, TREE LAYER("l", 29, 0, 0) LAYER("h", 19, 0, 0) CONSUMER(",'paused':true", 29, 0));
  assert_said(&rig, "producers p l", "silent", "", true);
  assert_said(&rig, "producers p h", "silent", "", true);
  assert_said(&rig, "consumers c", "paused", "", true);
  judge_done(&rig.judge);
}

/* Transports and the rest have no state, even if their rows should say so. */
static void judges_streams_only(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
  take(&rig, WORKER ROUTER "{'row':'transports','transportId':'t','routerId':'r','state':'x','bad':true}\n"
                           "{'row':'data_consumers','dataConsumerId':'d','transportId':'t','state':'x'}\n"
                           "{'row':'consumers','consumerId':'c','transportId':'t','state':'x','bad':true}\n");
  assert_said(&rig, "transports t", "", "", false);
  assert_said(&rig, "data_consumers d", "", "", false);
  assert_said(&rig, "consumers c", "waiting", "", true);
  judge_done(&rig.judge);
}

/* What nobody was told of stays as it was. */
static void keeps_verdicts_without_an_answer(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
  take(&rig, TREE LAYER("l", 9, 1, 4) CONSUMER("", 9, 10));
  take(&rig, TREE LAYER("l", 19, 1, 4) "{'row':'consumers','consumerId':'c','transportId':'t','error':'deadline'}\n");
  assert_said(&rig, "consumers c", "flowing", "", false);
  judge_all(&rig, false);
  assert_said(&rig, "producers p l", "flowing", "true", false);
  judge_done(&rig.judge);
}

/* A pipe counts as one while both of its ends are here. */
static void knows_what_is_piped(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
#define THERE STREAM("consumer", "into", "near", ",'producerId':'p'", "'packetCount':7")
#define BACK STREAM("producer", "p", "far", "", "'packetCount':7")
  take(&rig, TREE "{'row':'routers','routerId':'s','worker':0}\n" PIPE("near", "r") PIPE("far", "s")
                 STREAM("producer", "p", "t", "", "'packetCount':9") THERE BACK);
  assert_string_equal(said(&rig, "consumers into", "piped"), "true");
  take(&rig, TREE PIPE("near", "r") STREAM("producer", "p", "t", "", "'packetCount':9") THERE);
  assert_string_equal(said(&rig, "consumers into", "piped"), "");
  assert_true(chain_find(chain, "consumers into")->metadata_due);
  judge_done(&rig.judge);
}

static void every_allocation_may_fail(chain_t *chain) {
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    rig_t rig = {.chain = chain};
    judge_init(&rig.judge);
    take(&rig, "");
    chain_read(chain, TREE LAYER("l", 9, 1, 10) CONSUMER("", 9, 10));
    allocations_fail_at(number);
    judge_all(&rig, true);
    failed = allocations_failed();
    allocations_fail_at(0);
    take(&rig, TREE LAYER("l", 19, 1, 10) CONSUMER("", 19, 3));
    assert_said(&rig, "consumers c", "flowing", "true", true);
    judge_done(&rig.judge);
  }
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(follows_a_stream),          CHAIN_TEST(judges_streams_only),
    CHAIN_TEST(knows_what_is_piped),       CHAIN_TEST(keeps_verdicts_without_an_answer),
    CHAIN_TEST(every_allocation_may_fail),
};

int main(void) {
  TEST_CASES(chain_test, chain_tests);
  return tests_run("judge");
}
