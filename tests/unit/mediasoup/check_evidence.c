/* SPDX-License-Identifier: MIT */
/* Evidence: what a reading tells of a stream in trouble, from its own row and from those around it. */
#include "mediasoup/evidence.h"
#include "mediasoup/judge.h"
#include "support/chain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BUSY_WORKER(more) "{'row':'workers','worker':0,'pid':11" more "}\n"
#define ON_TRANSPORT(more) ROUTER "{'row':'transports','transportId':'t','routerId':'r'" more "}\n"
#define PLAIN ON_TRANSPORT("")
#define PRODUCER_OF(stats)                                                                                             \
  "{'row':'producers','producerId':'p','transportId':'t','kind':'video','clockRate':90000,'stats':{" stats "}}\n"
#define LAYER_OF(rid, stats)                                                                                           \
  "{'row':'producers','producerId':'p','transportId':'t','clockRate':90000,'encodings':2,'stats':{'rid':'" rid         \
  "'," stats "}}\n"
#define CONSUMER_OF(more, stats)                                                                                       \
  "{'row':'consumers','consumerId':'c','producerId':'p','transportId':'t','clockRate':90000" more ",'stats':{" stats   \
  "}}\n"
#define FLOWS "'packetCount':9,'bitrate':500,'score':10"

typedef struct {
  chain_t chain;
  judge_t judge;
} rig_t;

static rig_t rig;

static void take(const char *rows) {
  chain_read(&rig.chain, rows);
  judge_begin(&rig.judge, 1);
  judge_add(&rig.judge, rig.chain.model, true);
  judge_end(&rig.judge);
}

/* Reads the rows twice, so that what grows and what does not is known. */
static cause_facts_t evidence(const char *rows, const char *name) {
  take(rows);
  take(rows);
  const object_t *stream = chain_find(&rig.chain, name);
  assert_non_null(stream);
  reading_fields_t fields = reading_fields(stream->class);
  evidence_fields_t others = evidence_fields();
  reading_t reading = reading_of(stream, &fields);
  return evidence_of(stream, &reading, &others);
}

static void with_rig(void **state) {
  const chain_test_t *test = *state;
  chain_init(&rig.chain);
  judge_init(&rig.judge);
  test->run(&rig.chain);
  judge_done(&rig.judge);
  chain_done(&rig.chain);
}

static bool is(double found, double expected) { return isnan(expected) ? isnan(found) : fabs(found - expected) < 1e-9; }

/* --- what is trouble --- */

typedef struct {
  const char *name;
  const char *rows;
  bool is_trouble;
} trouble_case_t;

static const trouble_case_t trouble_cases[] = {
    {"trouble: it flows", WORKER PLAIN PRODUCER_OF(FLOWS), false},
    {"trouble: it is bad", WORKER PLAIN PRODUCER_OF("'packetCount':9,'bitrate':500,'score':5"), true},
    {"trouble: it is silent", WORKER PLAIN PRODUCER_OF("'packetCount':9,'bitrate':0,'score':0"), true},
    {"trouble: it is paused",
     WORKER PLAIN "{'row':'producers','producerId':'p','transportId':'t','paused':true,'stats':{'score':0}}\n", false},
    {"trouble: it is new", WORKER ON_TRANSPORT(",'connection':'connecting'") PRODUCER_OF("'packetCount':0"), false},
    {"trouble: its peer has left", WORKER ON_TRANSPORT(",'connection':'left'") PRODUCER_OF("'packetCount':9"), false},
    {"trouble: it lost its connection", WORKER ON_TRANSPORT(",'connection':'lost'") PRODUCER_OF("'packetCount':9"),
     true},
    {"trouble: it cannot connect", WORKER ON_TRANSPORT(",'connection':'stuck'") PRODUCER_OF("'packetCount':0"), true},
    {"trouble: paused, and without a connection",
     WORKER ON_TRANSPORT(
         ",'connection':'lost'") "{'row':'producers','producerId':'p','transportId':'t','paused':true}\n",
     false},
};

static void knows_trouble(void **state) {
  const trouble_case_t *one = *state;
  chain_init(&rig.chain);
  judge_init(&rig.judge);
  take(one->rows);
  take(one->rows);
  assert_int_equal(evidence_is_trouble(chain_find(&rig.chain, "producers p")), one->is_trouble);
  judge_done(&rig.judge);
  chain_done(&rig.chain);
}

/* --- figures --- */

static void has_the_streams_own(chain_t *chain) {
  (void)chain;
  cause_facts_t facts =
      evidence(WORKER PLAIN PRODUCER_OF("'packetCount':9,'bitrate':500,'score':3,'fractionLost':64,'roundTripTime':250,"
                                        "'jitter':4500"),
               "producers p");
  assert_true(facts.of_producer);
  assert_false(facts.is_silent || facts.is_disconnected || facts.source_is_bad || facts.wants_more);
  assert_true(is(facts.loss_ratio, 0.25) && is(facts.round_trip_time, 0.25) && is(facts.jitter, 0.05));
  assert_true(is(facts.source_loss_ratio, NAN) && is(facts.source_score, NAN) && is(facts.source_jitter, NAN));
  assert_true(evidence(WORKER PLAIN PRODUCER_OF("'packetCount':9,'bitrate':0,'score':0"), "producers p").is_silent);
  assert_true(
      evidence(WORKER ON_TRANSPORT(",'connection':'disconnected'") PRODUCER_OF("'packetCount':9"), "producers p")
          .is_disconnected);
}

static void has_its_workers(chain_t *chain) {
  (void)chain;
  static const char idle[] =
      BUSY_WORKER(",'channelRoundTripTime':3,'stats':{'ru_utime':1000,'ru_stime':200}") PLAIN PRODUCER_OF(FLOWS);
  static const char busy[] =
      BUSY_WORKER(",'channelRoundTripTime':1500,'stats':{'ru_utime':9000,'ru_stime':1200}") PLAIN PRODUCER_OF(FLOWS);
  take(idle);
  chain_read(&rig.chain, busy); /* ten seconds later */
  const object_t *stream = chain_find(&rig.chain, "producers p");
  evidence_fields_t fields = evidence_fields();
  cause_facts_t facts = evidence_of(stream, &(reading_t){.score = 1}, &fields);
  assert_true(is(facts.worker_cpu_ratio, 0.9) && is(facts.worker_channel_seconds, 1.5));
  assert_false(facts.worker_is_silent);
  facts = evidence(BUSY_WORKER(",'error':'deadline'") PLAIN PRODUCER_OF(FLOWS), "producers p");
  assert_true(facts.worker_is_silent && is(facts.worker_cpu_ratio, NAN));
}

static void has_its_sources(chain_t *chain) {
  (void)chain;
  cause_facts_t facts =
      evidence(WORKER PLAIN LAYER_OF("l", "'packetCount':9,'bitrate':100,'score':4,'fractionLost':64")
                   LAYER_OF("h", "'packetCount':9,'bitrate':900,'score':8,'jitter':900") CONSUMER_OF("", FLOWS),
               "consumers c");
  assert_false(facts.of_producer || facts.source_is_bad || facts.wants_more);
  assert_true(is(facts.source_loss_ratio, 0.25) && is(facts.source_score, 8) && is(facts.source_jitter, 0.01));
  facts = evidence(WORKER PLAIN LAYER_OF("l", "'packetCount':9,'bitrate':100,'score':4")
                       LAYER_OF("h", "'packetCount':9,'bitrate':0,'score':0") CONSUMER_OF("", FLOWS),
                   "consumers c");
  assert_true(facts.source_is_bad); /* a layer that is stopped is neither well nor bad */
  facts = evidence(WORKER PLAIN CONSUMER_OF("", FLOWS), "consumers c");
  assert_false(facts.source_is_bad); /* of a producer that is not there nothing is known */
  assert_true(is(facts.source_loss_ratio, NAN));
}

/* The way through a pipe of the same application is no sender's. */
static void leaves_out_what_is_piped(chain_t *chain) {
  (void)chain;
#define PIPE(id, router) "{'row':'transports','transportId':'" id "','routerId':'" router "','transportType':'pipe'}\n"
  cause_facts_t facts =
      evidence(TREE "{'row':'routers','routerId':'s','worker':0}\n" PIPE("near", "r") PIPE("far", "s")
                   PRODUCER_OF("'packetCount':9,'bitrate':500,'score':9,'fractionLost':16")
                       CONSUMER_OF("", FLOWS) "{'row':'consumers','consumerId':'into','producerId':'p','transportId':"
                                              "'near','stats':{'packetCount':7}}\n"
                                              "{'row':'producers','producerId':'p','transportId':'far','stats':{"
                                              "'packetCount':7,'bitrate':7,'score':2,'fractionLost':128}}\n",
               "consumers c");
  assert_true(is(facts.source_loss_ratio, 0.0625) && is(facts.source_score, 9));
  assert_false(facts.source_is_bad);
}

#define SIMULCAST ",'consumerType':'simulcast','preferredLayers':{'spatialLayer':1,'temporalLayer':0}"
#define CURRENT(layer) ",'currentLayers':{'spatialLayer':" #layer ",'temporalLayer':0}"
#define ESTIMATE ON_TRANSPORT(",'stats':{'rtpSendBitrate':300,'availableOutgoingBitrate':700}")
#define LAYERS                                                                                                         \
  LAYER_OF("l", "'packetCount':9,'bitrate':100,'score':10") LAYER_OF("h", "'packetCount':9,'bitrate':900,'score':10")

static void has_its_bandwidth(chain_t *chain) {
  (void)chain;
  cause_facts_t facts = evidence(WORKER PLAIN LAYERS CONSUMER_OF(SIMULCAST CURRENT(0), FLOWS), "consumers c");
  assert_true(is(facts.available_bitrate, NAN) && is(facts.wanted_bitrate, 900 - 500));
  /* It gets the lower layer: the upper one would take as much more as that has beyond what it gets. */
  facts = evidence(WORKER ESTIMATE LAYERS CONSUMER_OF(SIMULCAST CURRENT(0), "'packetCount':9,'bitrate':100,'score':4"),
                   "consumers c");
  assert_true(facts.wants_more && is(facts.wanted_bitrate, 300 + 900 - 100) && is(facts.available_bitrate, 700));
  /* It gets none: the lower one is missing. */
  facts =
      evidence(WORKER ESTIMATE LAYERS CONSUMER_OF(SIMULCAST, "'packetCount':9,'bitrate':0,'score':10"), "consumers c");
  assert_true(facts.is_silent && facts.wants_more && is(facts.wanted_bitrate, 300 + 100));
  facts = evidence(WORKER ESTIMATE LAYERS CONSUMER_OF(SIMULCAST CURRENT(1), "'packetCount':9,'bitrate':900,'score':4"),
                   "consumers c");
  assert_false(facts.wants_more);
  facts = evidence(WORKER ESTIMATE PRODUCER_OF(FLOWS) CONSUMER_OF("", "'packetCount':9,'bitrate':0,'score':10"),
                   "consumers c");
  assert_false(facts.wants_more); /* without layers there is nothing more to want */
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(has_the_streams_own),      CHAIN_TEST(has_its_workers),   CHAIN_TEST(has_its_sources),
    CHAIN_TEST(leaves_out_what_is_piped), CHAIN_TEST(has_its_bandwidth),
};

int main(void) {
  TEST_CASES(knows_trouble, trouble_cases);
  TEST_CASES(with_rig, chain_tests);
  return tests_run("evidence");
}
