/* SPDX-License-Identifier: MIT */
/* Judging: each stream of a reading has its verdict and what follows from it, whether or not anything is summed up. */
#include "mediasoup/judge.h"
#include "support/chain.h"

#include <math.h>
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
  uint64_t time; /* epoch milliseconds of the last reading */
} rig_t;

static void judge_all(rig_t *rig, bool read) {
  for (object_t *object = NULL; (object = model_next(rig->chain->model, object)) != NULL;)
    object->metadata_due = false;
  judge_begin(&rig->judge, ++rig->time);
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

/* --- why --- */

static void assert_why(const rig_t *rig, const char *name, const char *cause, const char *since, bool is_due) {
  assert_string_equal(said(rig, name, "cause"), cause);
  assert_string_equal(said(rig, name, "badSince"), since);
  assert_int_equal(chain_find(rig->chain, name)->metadata_due, is_due);
}

#define LOSSY(packets, score, lost)                                                                                    \
  STREAM("consumer", "c", "t", ",'producerId':'p'",                                                                    \
         "'packetCount':" #packets ",'bitrate':1,'score':" #score ",'fractionLost':" #lost)

/* After two readings, and for two more. */
static void says_why(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
  take(&rig, TREE LAYER("l", 9, 1, 10) LOSSY(9, 10, 0));
  take(&rig, TREE LAYER("l", 19, 1, 10) LOSSY(19, 3, 64));
  assert_why(&rig, "consumers c", "", "", true); /* `bad` is new */
  take(&rig, TREE LAYER("l", 29, 1, 10) LOSSY(29, 3, 64));
  assert_why(&rig, "consumers c", "receiver", "2", true);
  take(&rig, TREE LAYER("l", 39, 1, 10) LOSSY(39, 3, 0));
  assert_why(&rig, "consumers c", "receiver", "2", false);
  take(&rig, TREE LAYER("l", 49, 1, 10) LOSSY(49, 6, 0));
  assert_why(&rig, "consumers c", "receiver", "2", true); /* `bad` is gone */
  take(&rig, TREE LAYER("l", 59, 1, 10) LOSSY(59, 6, 0));
  assert_why(&rig, "consumers c", "", "", true);
  take(&rig, TREE LAYER("l", 69, 1, 10) LOSSY(69, 6, 0));
  assert_why(&rig, "consumers c", "", "", false);
  judge_done(&rig.judge);
}

/* The consumer's row may come before its producer's. */
static void blames_the_sender_of_a_bad_producer(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
  for (int reading = 1; reading <= 2; reading++)
    take(&rig, TREE LOSSY(9, 3, 64) LAYER("l", 9, 1, 4) LAYER("h", 9, 1, 5));
  assert_string_equal(said(&rig, "producers p l", "cause"), "sender");
  assert_string_equal(said(&rig, "producers p h", "cause"), "sender");
  assert_string_equal(said(&rig, "consumers c", "cause"), "sender");
  judge_done(&rig.judge);
}

/* --- whom it affects --- */

#define CONSUMER_OF(id, more)                                                                                          \
  STREAM("consumer", id, "t", ",'producerId':'p'" more, "'packetCount':9,'bitrate':1,'score':10")

static void counts_who_is_affected(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
#define AUDIENCE CONSUMER_OF("c", "") CONSUMER_OF("d", "") CONSUMER_OF("e", ",'paused':true")
  take(&rig, TREE LAYER("l", 9, 1, 4) LAYER("h", 9, 1, 10) AUDIENCE);
  assert_value(chain, "producers p l", "consumers_affected", 0);
  take(&rig, TREE LAYER("l", 19, 1, 4) LAYER("h", 19, 1, 10) AUDIENCE);
  assert_value(chain, "producers p l", "consumers_affected", 2);
  assert_value(chain, "producers p h", "consumers_affected", 0);
  take(&rig, TREE LAYER("l", 29, 1, 4) LAYER("h", 29, 1, 10) CONSUMER_OF("c", ""));
  assert_value(chain, "producers p l", "consumers_affected", 1);
  for (int reading = 1; reading <= 2; reading++)
    take(&rig, TREE LAYER("l", 39, 1, 6) LAYER("h", 39, 1, 10) AUDIENCE);
  assert_value(chain, "producers p l", "consumers_affected", 0);
  judge_done(&rig.judge);
}

/* What nobody was told of goes on as it was, and a reading without an answer does not count as one of two. */
static void keeps_trouble_without_an_answer(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
#define NO_ANSWER "{'row':'consumers','consumerId':'c','transportId':'t','error':'deadline'}\n"
  take(&rig, TREE LAYER("l", 9, 1, 10) LOSSY(9, 3, 64));
  take(&rig, TREE LAYER("l", 19, 1, 10) NO_ANSWER);
  assert_why(&rig, "consumers c", "", "", false);
  judge_all(&rig, false);
  assert_why(&rig, "consumers c", "", "", false);
  take(&rig, TREE LAYER("l", 29, 1, 10) LOSSY(29, 3, 64));
  assert_why(&rig, "consumers c", "receiver", "1", true);
  take(&rig, TREE LAYER("l", 39, 1, 10) LOSSY(39, 9, 0));
  take(&rig, TREE LAYER("l", 49, 1, 10) NO_ANSWER);
  assert_why(&rig, "consumers c", "receiver", "1", false);
  take(&rig, TREE LAYER("l", 59, 1, 10) LOSSY(59, 9, 0));
  assert_why(&rig, "consumers c", "", "", true);
  judge_done(&rig.judge);
}

/* --- how it sounds --- */

#define SOUND(class, id, more, mime_type, packets, score)                                                              \
  STREAM(class, id, "t", ",'kind':'audio','mimeType':'" mime_type "','clockRate':48000" more,                          \
         "'packetCount':" #packets ",'bitrate':" #packets ",'score':" #score ",'fractionLost':0,'roundTripTime':0,"    \
         "'jitter':0")

static void estimates_how_audio_sounds(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
  take(&rig, TREE SOUND("producer", "p", "", "audio/opus", 9, 10)
                 SOUND("consumer", "c", ",'producerId':'p'", "audio/opus", 9, 10)
                     SOUND("consumer", "d", ",'producerId':'p'", "audio/unheard", 9, 10)
                         SOUND("consumer", "e", ",'producerId':'p','paused':true", "audio/opus", 9, 10)
                             STREAM("consumer", "v", "t", ",'producerId':'p','kind':'video','mimeType':'video/VP8'",
                                    "'packetCount':9,'bitrate':9,'score':10,'fractionLost':0"));
  double best = mos_estimate(mos_codec("audio/opus"), 0, 0, 0);
  assert_value(chain, "producers p", "mos", best);
  assert_value(chain, "consumers c", "mos", best);
  assert_unknown(chain, "consumers d", "mos");
  assert_unknown(chain, "consumers e", "mos");
  assert_unknown(chain, "consumers v", "mos");
  take(&rig, TREE SOUND("producer", "p", "", "audio/opus", 0, 0)
                 SOUND("consumer", "c", ",'producerId':'p'", "audio/opus", 0, 0));
  assert_unknown(chain, "producers p", "mos");
  assert_unknown(chain, "consumers c", "mos");
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
    CHAIN_TEST(follows_a_stream),
    CHAIN_TEST(judges_streams_only),
    CHAIN_TEST(knows_what_is_piped),
    CHAIN_TEST(keeps_verdicts_without_an_answer),
    CHAIN_TEST(says_why),
    CHAIN_TEST(blames_the_sender_of_a_bad_producer),
    CHAIN_TEST(counts_who_is_affected),
    CHAIN_TEST(keeps_trouble_without_an_answer),
    CHAIN_TEST(estimates_how_audio_sounds),
    CHAIN_TEST(every_allocation_may_fail),
};

int main(void) {
  TEST_CASES(chain_test, chain_tests);
  return tests_run("judge");
}
