/* SPDX-License-Identifier: MIT */
/* What a whole snapshot ends, admits and derives, and what one that failed leaves as it was. */
#include "mediasoup/commit.h"
#include "support/chain.h"

#include <stdio.h>
#include <string.h>

/* --- what ends --- */

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

static void a_worker_that_dies_takes_its_tree_along(chain_t *chain) {
  chain_read(chain, sample_rows);
  chain_read(chain, "{'row':'workers','worker':1,'pid':99,'stats':{'ru_utime':0}}\n");
  assert_null(chain_find(chain, "routers r1"));
  assert_value(chain, "workers 1", "rtp_bytes_received", 110); /* the slot's sum goes on */
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
  chain_read_cut(chain, CPU(5000, 1500));
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
  chain_read_as(chain,
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
  chain_read_as(chain, "{'row':'endpoint','protocol':1,'workers':2,'workerDeaths':3}\n", STATUS_INCOMPLETE);
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

static void without_an_end_row_nothing_changes(void **state) {
  (void)state;
  failure_t failure = {0};
  model_t *model = model_new(ALL_CLASSES, OBJECTS_MAX);
  assert_int_equal(commit_snapshot(model, 1, 1, &failure), STATUS_INCOMPLETE);
  assert_string_equal(failure.cause, "the snapshot has no end row");
  assert_false(model->committed);
  model_free(model);
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

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(ends_what_is_not_named),
    CHAIN_TEST(a_worker_that_dies_takes_its_tree_along),
    CHAIN_TEST(simulcast_without_an_answer_is_not_dispatched),
    CHAIN_TEST(cpu_ratio_is_of_two_snapshots),
    CHAIN_TEST(no_time_is_no_ratio),
    CHAIN_TEST(the_endpoint_tells_of_the_snapshot),
    CHAIN_TEST(a_failure_is_the_endpoints),
};

int main(void) {
  TEST_CASES(chain_test, chain_tests);
  TEST(without_an_end_row_nothing_changes);
  TEST(first_come_first_admitted);
  TEST(no_objects_but_sums);
  TEST(unselected_classes_do_not_count);
  return tests_run("commit");
}
