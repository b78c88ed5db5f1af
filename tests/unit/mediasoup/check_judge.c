/* SPDX-License-Identifier: MIT */
/* Judging: each stream of a reading has its verdict and what follows from it, whether or not anything is summed up. */
#include "mediasoup/judge.h"
#include "support/chain.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
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
  rig->time += 5000;
  judge_begin(&rig->judge, rig->time);
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
  assert_why(&rig, "consumers c", "receiver", "10000", true);
  take(&rig, TREE LAYER("l", 39, 1, 10) LOSSY(39, 3, 0));
  assert_why(&rig, "consumers c", "receiver", "10000", false);
  take(&rig, TREE LAYER("l", 49, 1, 10) LOSSY(49, 6, 0));
  assert_why(&rig, "consumers c", "receiver", "10000", true); /* `bad` is gone */
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

/* --- no layer --- */

#define VIEWER(layers, packets, more)                                                                                  \
  STREAM("consumer", "c", "t",                                                                                         \
         ",'producerId':'p','consumerType':'simulcast','preferredLayers':{'spatialLayer':1}" layers more,              \
         "'packetCount':" #packets ",'bitrate':1,'score':10")
#define LOWEST ",'currentLayers':{'spatialLayer':0}"
#define NARROW                                                                                                         \
  WORKER ROUTER "{'row':'transports','transportId':'t','routerId':'r','stats':{'rtpSendBitrate':300,"                  \
                "'availableOutgoingBitrate':200}}\n"
#define SENT(packets) NARROW LAYER("l", packets, 100, 10) LAYER("h", packets, 900, 10)

/* mediasoup tries the lowest layer again and again, so packets come in every reading, and now and then it has one. */
static void holds_through_tries(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
  take(&rig, SENT(9) VIEWER(LOWEST, 9, ""));
  take(&rig, SENT(19) VIEWER(LOWEST, 19, ""));
  assert_string_equal(said(&rig, "consumers c", "state"), "flowing");
  take(&rig, SENT(29) VIEWER("", 25, ""));
  assert_string_equal(said(&rig, "consumers c", "state"), "silent");
  take(&rig, SENT(39) VIEWER("", 27, ""));
  assert_why(&rig, "consumers c", "bandwidth", "15000", true);
  take(&rig, SENT(49) VIEWER(LOWEST, 30, ""));
  assert_string_equal(said(&rig, "consumers c", "cause"), "bandwidth");
  take(&rig, SENT(59) VIEWER("", 33, ""));
  assert_string_equal(said(&rig, "consumers c", "state"), "silent");
  assert_string_equal(said(&rig, "consumers c", "badSince"), "15000");
  take(&rig, SENT(69) VIEWER(LOWEST, 43, ""));
  take(&rig, SENT(79) VIEWER(LOWEST, 53, ""));
  assert_why(&rig, "consumers c", "", "", true);
  judge_done(&rig.judge);
}

/* It waits for a key frame. */
static void a_viewer_may_have_no_layer_yet(chain_t *chain) {
  rig_t rig = {.chain = chain};
  judge_init(&rig.judge);
  take(&rig, SENT(9) STREAM("consumer", "c", "t", ",'producerId':'p','consumerType':'simulcast','preferredLayers':{}",
                            "'packetCount':0,'bitrate':0,'score':10"));
  assert_string_equal(said(&rig, "consumers c", "state"), "waiting");
  take(&rig, SENT(19) VIEWER("", 3, ""));
  assert_string_equal(said(&rig, "consumers c", "state"), "flowing");
  take(&rig, SENT(29) VIEWER("", 3, ",'paused':true"));
  take(&rig, SENT(39) VIEWER("", 5, ""));
  assert_string_equal(said(&rig, "consumers c", "state"), "flowing");
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
  assert_why(&rig, "consumers c", "receiver", "5000", true);
  take(&rig, TREE LAYER("l", 39, 1, 10) LOSSY(39, 9, 0));
  take(&rig, TREE LAYER("l", 49, 1, 10) NO_ANSWER);
  assert_why(&rig, "consumers c", "receiver", "5000", false);
  take(&rig, TREE LAYER("l", 59, 1, 10) LOSSY(59, 9, 0));
  assert_why(&rig, "consumers c", "", "", true);
  judge_done(&rig.judge);
}

/* --- how much is lost --- */

typedef struct {
  uint64_t received, missed_in, sent, missed_down, repaired_in, repaired_down;
} packets_t;

/* A score that 10 % of loss has, and a producer whose consumer misses what it misses. */
static void take_packets(rig_t *rig, const packets_t *packets, const char *producer, const char *consumer) {
  char rows[2000];
  (void)snprintf(rows, sizeof(rows),
                 TREE STREAM("producer", "p", "t", "%s",
                             "'ssrc':1,'rtxSsrc':2,'bitrate':1,'score':6,'fractionLost':0,'packetCount':%" PRIu64
                             ",'packetsLost':%" PRIu64 ",'packetsRepaired':%" PRIu64)
                     STREAM("consumer", "c", "t", ",'producerId':'p'%s",
                            "'ssrc':1,'bitrate':1,'score':7,'fractionLost':0,'packetCount':%" PRIu64
                            ",'packetsLost':%" PRIu64 ",'packetsRepaired':%" PRIu64),
                 producer, packets->received, packets->missed_in, packets->repaired_in, consumer, packets->sent,
                 packets->missed_down, packets->repaired_down);
  take(rig, rows);
}

/* Each reading of 5 s brings as much more. */
static void flow(rig_t *rig, packets_t *packets, const packets_t *more, int readings) {
  for (; readings > 0; readings--) {
    packets->received += more->received, packets->missed_in += more->missed_in;
    packets->sent += more->sent, packets->missed_down += more->missed_down;
    packets->repaired_in += more->repaired_in, packets->repaired_down += more->repaired_down;
    take_packets(rig, packets, "", "");
  }
}

static void assert_bad(const rig_t *rig, const char *producer, const char *consumer) {
  assert_string_equal(said(rig, "producers p", "cause"), producer);
  assert_string_equal(said(rig, "producers p", "bad"), producer[0] != '\0' ? "true" : "");
  assert_string_equal(said(rig, "consumers c", "cause"), consumer);
  assert_string_equal(said(rig, "consumers c", "bad"), consumer[0] != '\0' ? "true" : "");
}

typedef struct {
  const char *name;
  packets_t lossy; /* of 250 in 5 s */
  const char *producer, *consumer;
} loss_case_t;

static const loss_case_t loss_cases[] = {
    {"loss: none", {250, 0, 250, 0, 0, 0}, "", ""},
    {"loss: 10 % on the way in", {225, 25, 225, 25, 0, 0}, "sender", "sender"},
    {"loss: 5 % on the way in", {238, 12, 238, 12, 0, 0}, "", ""},
    {"loss: 10 % on the way down", {250, 0, 250, 25, 0, 0}, "", "receiver"},
    {"loss: 5 % on the way down", {250, 0, 250, 12, 0, 0}, "", ""},
    {"loss: 10 % on the way in, sent again", {250, 25, 250, 0, 25, 0}, "", ""},
    {"loss: 20 % on the way in, half of it sent again", {225, 50, 225, 25, 25, 0}, "sender", "sender"},
    {"loss: 5 % on the way in, and 6 % on the way down", {238, 12, 238, 26, 0, 0}, "", "receiver"},
    /* Without RTX what was sent again and came is not lost. */
    {"loss: 20 % on the way down, half of it sent again", {250, 0, 250, 25, 0, 25}, "", "receiver"},
};

static void tells_loss(void **state) {
  const loss_case_t *one = *state;
  static const packets_t well = {250, 0, 250, 0, 0, 0};
  chain_t chain;
  chain_init(&chain);
  rig_t rig = {.chain = &chain};
  packets_t packets = {0};
  judge_init(&rig.judge);
  flow(&rig, &packets, &well, 12);
  flow(&rig, &packets, &one->lossy, 3);
  assert_bad(&rig, "", "");
  flow(&rig, &packets, &one->lossy, 5); /* after 21 s and a reading it is bad, and one later it has a cause */
  assert_bad(&rig, one->producer, one->consumer);
  flow(&rig, &packets, &one->lossy, 50);
  assert_bad(&rig, one->producer, one->consumer);
  flow(&rig, &packets, &well, 5);
  assert_bad(&rig, "", "");
  judge_done(&rig.judge);
  chain_done(&chain);
}

/* What is missing from a time in which a stream did not flow, or from counters that began anew, is no loss of it. */
static void tells_no_loss_of_what_did_not_flow(chain_t *chain) {
  static const packets_t well = {250, 0, 250, 0, 0, 0}, stopped = {0, 0, 0, 0, 0, 0};
  rig_t rig = {.chain = chain};
  packets_t packets = {0};
  judge_init(&rig.judge);
  flow(&rig, &packets, &well, 12);
  take_packets(&rig, &packets, ",'paused':true", ",'producerPaused':true");
  packets.received += 250, packets.missed_in += 500, packets.sent += 250, packets.missed_down += 500;
  take_packets(&rig, &packets, "", "");
  assert_bad(&rig, "", "");
  flow(&rig, &packets, &(packets_t){250, 0, 250, 200, 0, 0}, 1); /* a report that was under way */
  flow(&rig, &packets, &well, 12);
  assert_bad(&rig, "", "");
  packets = stopped;
  packets.missed_in = packets.missed_down = 0;
  flow(&rig, &packets, &well, 12);
  assert_bad(&rig, "", "");
  judge_done(&rig.judge);
}

/* packets_lost is computed anew each time: where it falls nothing was found. */
static void tells_no_loss_where_it_falls(chain_t *chain) {
  rig_t rig = {.chain = chain};
  packets_t packets = {0};
  judge_init(&rig.judge);
  packets.missed_in = packets.missed_down = 500;
  for (int reading = 0; reading < 24; reading++) {
    packets.received += 250, packets.sent += 250;
    packets.missed_in = packets.missed_down = reading % 2 == 0 ? 500 : 450;
    take_packets(&rig, &packets, "", "");
    assert_bad(&rig, "", "");
  }
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
    CHAIN_TEST(holds_through_tries),
    CHAIN_TEST(a_viewer_may_have_no_layer_yet),
    CHAIN_TEST(counts_who_is_affected),
    CHAIN_TEST(keeps_trouble_without_an_answer),
    CHAIN_TEST(tells_no_loss_of_what_did_not_flow),
    CHAIN_TEST(tells_no_loss_where_it_falls),
    CHAIN_TEST(estimates_how_audio_sounds),
    CHAIN_TEST(every_allocation_may_fail),
};

int main(void) {
  TEST_CASES(chain_test, chain_tests);
  TEST_CASES(tells_loss, loss_cases);
  return tests_run("judge");
}
