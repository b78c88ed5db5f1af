/* SPDX-License-Identifier: MIT */
/* The numbers of events: what is asked for, what is taken, and what becomes of it when snapshots fail or processes
 * change. */
#include "mediasoup/events.h"
#include "support/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT(number) "{'row':'connections','number':" #number ",'event':'left','transportType':'webrtc'}\n"
#define OF(pid, events) ",'pid':" #pid ",'events':" #events
/* The application's own process, for so many seconds. */
#define RUNS(pid, seconds) "{'row':'usage','type':'parent','pid':" #pid ",'elapsed':" #seconds "000}\n"

typedef struct {
  const char *endpoint; /* members of its row; NULL: the list of readings ends */
  const char *rows;
  bool cut;
  const char *taken; /* how many count in this reading */
  const char *next;  /* what the next reading asks for; "": no number */
} reading_of_events_t;

typedef struct {
  const char *name;
  reading_of_events_t readings[6];
} events_case_t;

/* A snapshot comes every ten seconds. */
static const events_case_t events_cases[] = {
    {"the first contact counts nothing", {{OF(1, 7), EVENT(6) EVENT(7), false, "0", "7"}}},
    {"none so far", {{OF(1, 0), "", false, "0", "0"}, {OF(1, 2), EVENT(1) EVENT(2), false, "2", "2"}}},
    {"each counts once",
     {{OF(1, 7), "", false, "0", "7"},
      {OF(1, 9), EVENT(8) EVENT(9), false, "2", "9"},
      {OF(1, 9), "", false, "0", "9"},
      {OF(1, 10), EVENT(8) EVENT(9) EVENT(10), false, "1", "10"}}},
    {"twice in one snapshot", {{OF(1, 7), "", false, "0", "7"}, {OF(1, 8), EVENT(8) EVENT(8), false, "1", "8"}}},
    {"a lost snapshot",
     {{OF(1, 7), "", false, "0", "7"},
      {OF(1, 9), EVENT(8) EVENT(9), true, "0", "7"},
      {OF(1, 10), EVENT(8) EVENT(9) EVENT(10), false, "3", "10"}}},
    {"a lost snapshot first",
     {{OF(1, 7), "", true, "0", ""}, {OF(1, 8), EVENT(8), false, "0", "8"}, {OF(1, 9), EVENT(9), false, "1", "9"}}},
    {"the endpoint has forgotten some",
     {{OF(1, 7), "", false, "0", "7"}, {OF(1, 30), EVENT(29) EVENT(30), false, "2", "30"}}},
    {"they are told later", /* the number is not moved by what did not come */
     {{OF(1, 7), "", false, "0", "7"}, {OF(1, 9), EVENT(8), false, "1", "8"}, {OF(1, 9), EVENT(9), false, "1", "9"}}},
    {"a restart: another pid",
     {{OF(1, 7), "", false, "0", "7"},
      {OF(2, 3), "", false, "0", "0"},
      {OF(2, 4), EVENT(1) EVENT(2) EVENT(3) EVENT(4), false, "4", "4"}}},
    {"a restart: the same pid, fewer", {{OF(1, 7), "", false, "0", "7"}, {OF(1, 6), "", false, "0", "0"}}},
    {"a restart: more than before", /* 8 is another one than it would have been */
     {{OF(1, 7), RUNS(1, 900), false, "0", "7"},
      {OF(1, 8), RUNS(1, 4) EVENT(8), false, "0", "0"},
      {OF(1, 8), RUNS(1, 14) EVENT(1) EVENT(8), false, "2", "8"}}},
    {"a restart that was lost",
     {{OF(1, 7), "", false, "0", "7"}, {OF(2, 3), "", true, "0", "7"}, {OF(2, 3), "", false, "0", "0"}}},
    {"another process that ran before", /* what happened to it so far, nobody here has seen */
     {{OF(1, 7), RUNS(1, 900), false, "0", "7"},
      {OF(2, 50), RUNS(2, 500) EVENT(50), false, "0", "50"},
      {OF(2, 51), RUNS(2, 510) EVENT(51), false, "1", "51"}}},
    {"an endpoint that knows no events", {{"", "", false, "0", ""}, {"", EVENT(1), false, "0", ""}}},
    {"one that learns of them: it began anew", {{",'pid':1", "", false, "0", ""}, {OF(2, 3), "", false, "0", "0"}}},
    {"one that forgets them",
     {{OF(1, 7), "", false, "0", "7"}, {",'pid':2", "", false, "0", ""}, {",'pid':2", EVENT(8), false, "0", ""}}},
};

static void read_one(chain_t *chain, const reading_of_events_t *reading) {
  size_t length;
  uint64_t number;
  char taken[16], next[32] = "";
  if (reading->cut)
    chain_read_cut_of(chain, reading->endpoint, reading->rows);
  else
    chain_read_of(chain, reading->endpoint, reading->rows);
  (void)model_events(chain->model, &length);
  (void)snprintf(taken, sizeof(taken), "%zu", length);
  if (model_events_told(chain->model, &number))
    (void)snprintf(next, sizeof(next), "%" PRIu64, number);
  assert_string_equal(taken, reading->taken);
  assert_string_equal(next, reading->next);
}

static void takes_each_once(void **state) {
  const events_case_t *one = *state;
  chain_t chain;
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, NULL), STATUS_OK);
  for (size_t i = 0; i < LENGTH(one->readings) && one->readings[i].endpoint != NULL; i++)
    read_one(&chain, &one->readings[i]);
  chain_done(&chain);
  assert_int_equal(allocations_live(), 0);
}

static void holds_what_a_row_tells(chain_t *chain) {
  size_t length;
  chain_read_of(chain, OF(1, 0), "");
  chain_read_of(
      chain, OF(1, 1),
      "{'row':'connections','number':1,'event':'connected','transportId':'t','worker':0,'routerId':'r',"
      "'transportType':'webrtc','connectTime':120.5,'protocol':'tcp','appData':{'roomId':'red'},'new':[1]}\n");
  const object_t *event = model_events(chain->model, &length)[0];
  assert_int_equal(length, 1);
  assert_string_equal(object_find_attribute(event, "event"), "connected");
  assert_string_equal(object_find_attribute(event, "transportType"), "webrtc");
  assert_string_equal(object_find_attribute(event, "routerId"), "r");
  assert_string_equal(object_find_attribute(event, "protocol"), "tcp");
  assert_string_equal(object_find_app_data(event, "roomId"), "red");
  assert_true(event->values[class_field(event->class, "connect_time")].gauge == 120.5);
  assert_null(chain_find(chain, "connections 1")); /* it is no object of the model's */
}

static void refuses_what_has_no_number(chain_t *chain) {
  (void)chain;
  assert_refused("{'row':'endpoint','protocol':1,'events':0}\n{'row':'connections','event':'left'}\n", STATUS_PROTOCOL,
                 "row 2: number is not a count");
  assert_refused("{'row':'endpoint','protocol':1,'events':1}\n{'row':'connections','number':1,'event':'left'}\n"
                 "{'row':'end','counts':{'endpoint':1,'connections':2}}\n",
                 STATUS_INCOMPLETE, "the end row counts 2 rows of connections, but 1 came");
}

static void has_a_bound(chain_t *chain) {
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  buffer_append_text(&text, "{'row':'endpoint','protocol':1,'events':20000}\n");
  for (int i = 1; i <= EVENTS_MAX + 1; i++) {
    char row[80];
    (void)snprintf(row, sizeof(row), "{'row':'connections','number':%d}\n", i);
    buffer_append_text(&text, row);
  }
  chain_read_of(chain, OF(1, 0), "");
  chain_read_as(chain, buffer_text(&text), STATUS_TOO_LARGE);
  buffer_done(&text);
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    chain_t chain;
    chain_init(&chain);
    chain_read_of(&chain, OF(1, 0), "");
    char *text = snapshot_of(OF(1, 2), "{'row':'connections','number':1,'event':'left','appData':{'a':1}}\n" EVENT(2));
    allocations_fail_at(number);
    status_t status = chain_read_text(&chain, text, strlen(text));
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
    if (failed)
      assert_int_equal(chain_read_text(&chain, text, strlen(text)), STATUS_OK);
    size_t length;
    (void)model_events(chain.model, &length);
    assert_int_equal(length, 2);
    chain_done(&chain);
    free(text);
    assert_int_equal(allocations_live(), 0);
    assert_true(number < 100);
  }
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(holds_what_a_row_tells),
    CHAIN_TEST(refuses_what_has_no_number),
    CHAIN_TEST(has_a_bound),
};

int main(void) {
  TEST_CASES(takes_each_once, events_cases);
  TEST_CASES(chain_test, chain_tests);
  TEST(every_allocation_may_fail);
  return tests_run("events");
}
