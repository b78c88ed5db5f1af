/* SPDX-License-Identifier: MIT */
/* Growth: what counters grew by, and the sums of it on the rows above. */
#include "mediasoup/growth.h"
#include "support/chain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- sums of snapshots --- */

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
    {"sum: a worker that does not answer for simulcast seen first",
     {TREE LATE_SIMULCAST, TREE ADD_STREAM("l", 100) ADD_STREAM("h", 1000),
      TREE ADD_STREAM("l", 101) ADD_STREAM("h", 1010)},
     {0, 1100, 1111}},
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
      chain_read_cut(&chain, one->rows[i] + strlen(CUT));
    else
      chain_read(&chain, one->rows[i]);
    assert_value(&chain, "routers r", "rtp_bytes_received", one->expected[i]);
    assert_value(&chain, "workers 0", "rtp_bytes_received", one->expected[i]);
    assert_value(&chain, "workers 0", "rtp_bytes_sent", 0);
  }
  chain_done(&chain);
}

/* A receiver report with a cumulative loss of -1 (RFC 3550 6.4.1), which mediasoup 3.13 writes as if it had no sign. */
static void losses_below_nothing_are_signed(chain_t *chain) {
  static const char *const lost[] = {"0", "4286578689", "0", "300"};
  static const uint64_t grown[] = {0, 0, 0, 300};
  for (size_t i = 0; i < LENGTH(lost); i++) {
    char rows[1000];
    (void)snprintf(rows, sizeof(rows),
                   TREE "{'row':'consumers','consumerId':'c','transportId':'t','stats':{'packetsLost':%s}}\n", lost[i]);
    chain_read(chain, rows);
    assert_int_equal(chain_find(chain, "consumers c")->grown[GROWTH_PACKETS_LOST], grown[i]);
  }
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

typedef struct {
  const char *name;
  const char *rows[4];
  double expected[4]; /* rtp_bytes_received after each */
} start_case_t;

static const start_case_t start_cases[] = {
    {"start: a worker that does not answer",
     {TREE LATE_PRODUCER, TREE ADD_PRODUCER("p", 50000, 1), TREE ADD_PRODUCER("p", 50007, 1)},
     {0, 0, 7}},
    {"start: a worker that does not answer, twice",
     {TREE LATE_PRODUCER, TREE LATE_PRODUCER, TREE ADD_PRODUCER("p", 50000, 1), TREE ADD_PRODUCER("p", 50007, 1)},
     {0, 0, 0, 7}},
    {"start: a worker that does not answer for simulcast",
     {TREE LATE_SIMULCAST, TREE ADD_STREAM("l", 50000) ADD_STREAM("h", 90000),
      TREE ADD_STREAM("l", 50001) ADD_STREAM("h", 90010) ADD_STREAM("f", 100)},
     {0, 0, 111}},
    {"start: a producer that has sent nothing yet",
     {TREE "{'row':'producers','producerId':'p','transportId':'t'}\n", TREE ADD_PRODUCER("p", 40, 1)},
     {0, 40}},
};

/* collectd starts: what was counted before a stream's statistics were first read is no growth. */
static void starts_without_a_baseline(void **state) {
  const start_case_t *one = *state;
  chain_t chain;
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, NULL), STATUS_OK);
  for (size_t i = 0; i < LENGTH(one->rows) && one->rows[i] != NULL; i++) {
    chain_read(&chain, one->rows[i]);
    assert_value(&chain, "routers r", "rtp_bytes_received", one->expected[i]);
  }
  chain_done(&chain);
}

/* --- one object --- */

/* A stream that is measured, below a transport, a router and a worker. */
typedef struct {
  growth_plan_t plan;
  object_t *worker, *router, *transport, *stream;
} branch_t;

static void branch_init(branch_t *branch, class_id_t class) {
  growth_plan_init(&branch->plan);
  branch->worker = object_new(&classes[CLASS_WORKERS], NULL, "0", "");
  branch->router = object_new(&classes[CLASS_ROUTERS], branch->worker, "r", "");
  branch->transport = object_new(&classes[CLASS_TRANSPORTS], branch->router, "t", "");
  branch->stream = object_new(&classes[class], branch->transport, "s", "");
  branch->stream->measured = branch->stream->answered = true;
  branch->stream->has_baseline = true;
}

static void branch_done(branch_t *branch) {
  object_free(branch->stream);
  object_free(branch->transport);
  object_free(branch->router);
  object_free(branch->worker);
}

static object_value_t *value(object_t *object, const char *field) {
  int index = class_field(object->class, field);
  assert_true(index >= 0);
  return &object->values[index];
}

/* Every field that adds to a sum is in the plan of its class, and finds its sum on the rows above. */
static void plans_every_summed_field(void **state) {
  (void)state;
  growth_plan_t plan;
  growth_plan_init(&plan);
  for (size_t class = 0; class < CLASS_ROWS_COUNT; class ++) {
    size_t planned = 0;
    for (size_t i = 0; i < classes[class].fields_length; i++) {
      const field_t *field = &classes[class].fields[i];
      if (!field_is_summed(field))
        continue;
      const summed_t *summed = &plan.summed[class][planned++];
      assert_int_equal(summed->field, i);
      for (size_t above = 0; above < CLASS_ROWS_COUNT; above++)
        assert_int_equal(summed->above[above], class_derived_field(&classes[above], field->sum));
    }
    assert_int_equal(plan.length[class], planned);
  }
  assert_int_equal(plan.length[CLASS_PRODUCERS], GROWTHS_OF_STREAM);
  assert_int_equal(plan.length[CLASS_TRANSPORTS], GROWTHS_OF_TRANSPORT);
  assert_int_equal(plan.length[CLASS_WORKERS], 0);
}

static void each_growth_has_its_place(void **state) {
  (void)state;
  static const struct {
    const char *field;
    growth_t growth;
  } places[] = {{"byte_count", GROWTH_BYTES},
                {"packet_count", GROWTH_PACKETS},
                {"packets_retransmitted", GROWTH_PACKETS_RETRANSMITTED},
                {"pli_count", GROWTH_PLI},
                {"fir_count", GROWTH_FIR}};
  branch_t branch;
  branch_init(&branch, CLASS_CONSUMERS);
  for (size_t i = 0; i < LENGTH(places); i++)
    value(branch.stream, places[i].field)->counter = (int64_t)(10 + i);
  value(branch.stream, "packets_lost")->gauge = 9;
  growth_count(&branch.plan, branch.stream);
  for (size_t i = 0; i < LENGTH(places); i++)
    assert_int_equal(branch.stream->grown[places[i].growth], 10 + i);
  assert_int_equal(branch.stream->grown[GROWTH_PACKETS_LOST], 9);
  assert_int_equal(value(branch.router, "rtp_bytes_sent")->counter, 10);
  assert_int_equal(value(branch.worker, "rtp_packets_sent")->counter, 11);
  assert_int_equal(value(branch.worker, "rtp_bytes_received")->counter, 0);
  growth_count(&branch.plan, branch.stream);
  for (size_t i = 0; i < GROWTHS_MAX; i++)
    assert_int_equal(branch.stream->grown[i], 0);
  branch_done(&branch);
}

typedef struct {
  const char *name;
  double lost[6]; /* packets_lost in each snapshot; NaN: unknown */
  uint64_t grown[6];
  size_t length;
} lost_case_t;

static const lost_case_t lost_cases[] = {
    {"lost: more and more", {3, 5, 5, 9}, {3, 2, 0, 4}, 4},
    {"lost: it has to get beyond its highest", {10, 7, 9, 10, 12}, {10, 0, 0, 0, 2}, 5},
    {"lost: below nothing", {-3, -1, 0, 2}, {0, 0, 0, 2}, 4},
    {"lost: unknown in between", {4, NAN, 6}, {4, 0, 2}, 3},
    {"lost: beyond all numbers", {4, 1e19, INFINITY, 6}, {4, 0, 0, 2}, 4},
};

static void counts_what_is_lost(void **state) {
  const lost_case_t *one = *state;
  branch_t branch;
  branch_init(&branch, CLASS_PRODUCERS);
  for (size_t i = 0; i < one->length; i++) {
    value(branch.stream, "packets_lost")->gauge = one->lost[i];
    growth_count(&branch.plan, branch.stream);
    assert_int_equal(branch.stream->grown[GROWTH_PACKETS_LOST], one->grown[i]);
  }
  branch_done(&branch);
}

/* What comes after a counter that fell began anew as well, even where it is higher than before. */
static void all_begin_anew_together(void **state) {
  (void)state;
  branch_t branch;
  branch_init(&branch, CLASS_PRODUCERS);
  value(branch.stream, "byte_count")->counter = 1000;
  value(branch.stream, "packet_count")->counter = 10;
  value(branch.stream, "packets_lost")->gauge = 4;
  growth_count(&branch.plan, branch.stream);
  value(branch.stream, "byte_count")->counter = 900;
  value(branch.stream, "packet_count")->counter = 12;
  value(branch.stream, "packets_lost")->gauge = 3;
  growth_count(&branch.plan, branch.stream);
  assert_int_equal(branch.stream->grown[GROWTH_BYTES], 900);
  assert_int_equal(branch.stream->grown[GROWTH_PACKETS], 12);
  assert_int_equal(branch.stream->grown[GROWTH_PACKETS_LOST], 3);
  assert_int_equal(value(branch.worker, "rtp_bytes_received")->counter, 1900);
  branch_done(&branch);
}

static void without_a_baseline_nothing_grows(void **state) {
  (void)state;
  branch_t branch;
  branch_init(&branch, CLASS_PRODUCERS);
  branch.stream->has_baseline = false;
  value(branch.stream, "byte_count")->counter = 1000;
  growth_count(&branch.plan, branch.stream);
  assert_int_equal(branch.stream->grown[GROWTH_BYTES], 0);
  value(branch.stream, "byte_count")->counter = 1001;
  growth_count(&branch.plan, branch.stream);
  assert_int_equal(branch.stream->grown[GROWTH_BYTES], 1);
  branch.stream->measured = false;
  value(branch.stream, "byte_count")->counter = 5;
  growth_count(&branch.plan, branch.stream);
  assert_int_equal(branch.stream->grown[GROWTH_BYTES], 0);
  assert_int_equal(branch.stream->counted[GROWTH_BYTES], 1001);
  assert_int_equal(value(branch.worker, "rtp_bytes_received")->counter, 1);
  branch_done(&branch);
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(losses_below_nothing_are_signed),
    CHAIN_TEST(sums_are_four),
    CHAIN_TEST(sums_keep_to_their_worker),
    CHAIN_TEST(a_piped_producer_is_two),
};

int main(void) {
  TEST_CASES(sums, sums_cases);
  TEST_CASES(starts_without_a_baseline, start_cases);
  TEST_CASES(chain_test, chain_tests);
  TEST(what_was_before_the_first_snapshot_is_not_summed);
  TEST(plans_every_summed_field);
  TEST(each_growth_has_its_place);
  TEST_CASES(counts_what_is_lost, lost_cases);
  TEST(all_begin_anew_together);
  TEST(without_a_baseline_nothing_grows);
  return tests_run("growth");
}
