/* SPDX-License-Identifier: MIT */
/* A snapshot's rows: which object each is about, in which order they may come, and what is refused. */
#include "common/limits.h"
#include "support/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- which object --- */

typedef struct {
  const char *name;
  const char *members; /* of a producer's row */
  const char *object;
} stream_case_t;

static const stream_case_t stream_cases[] = {
    {"stream: the only one has no name", "'encodings':1,'stats':{'rid':'h','ssrc':5}", "producers p"},
    {"stream: without encodings", "'stats':{'rid':'h','ssrc':5}", "producers p"},
    {"stream: encodings that are no count", "'encodings':'2','stats':{'rid':'h','ssrc':5}", "producers p"},
    {"stream: its rid", "'encodings':2,'stats':{'rid':'h','ssrc':5}", "producers p h"},
    {"stream: its SSRC", "'encodings':2,'stats':{'ssrc':5}", "producers p 5"},
    {"stream: an empty rid is none", "'encodings':2,'stats':{'rid':'','ssrc':5}", "producers p 5"},
    {"stream: a rid that is no text", "'encodings':2,'stats':{'rid':7,'ssrc':5}", "producers p 5"},
    {"stream: an SSRC that is no number", "'encodings':2,'stats':{'ssrc':'5'}", "producers p"},
    {"stream: nothing is known yet", "'encodings':2", "producers p"},
    {"stream: a rid of the row itself", "'encodings':2,'rid':'h'", "producers p"},
};

static void names_streams(void **state) {
  const stream_case_t *one = *state;
  char rows[1000];
  chain_t chain;
  chain_init(&chain);
  (void)snprintf(rows, sizeof(rows), TREE "{'row':'producers','producerId':'p','transportId':'t',%s}\n", one->members);
  chain_read(&chain, rows);
  assert_non_null(chain_find(&chain, one->object));
  assert_int_equal(HASH_COUNT(chain.model->objects), 4);
  chain_done(&chain);
}

/* Objects stay the same whatever the order of rows. */
static void rows_may_come_in_another_order(chain_t *chain) {
  chain_read(chain, TREE ADD_PRODUCER("p", 1, 1) ADD_PRODUCER("q", 2, 2) ADD_CONSUMER("c", 3, 3));
  const object_t *p = chain_find(chain, "producers p"), *q = chain_find(chain, "producers q"),
                 *c = chain_find(chain, "consumers c");
  chain_read(chain,
             TREE ADD_CONSUMER("c", 4, 3) ADD_PRODUCER("q", 5, 2) ADD_PRODUCER("n", 9, 9) ADD_PRODUCER("p", 6, 1));
  assert_ptr_equal(chain_find(chain, "producers p"), p);
  assert_ptr_equal(chain_find(chain, "producers q"), q);
  assert_ptr_equal(chain_find(chain, "consumers c"), c);
  assert_value(chain, "producers p", "byte_count", 6);
  assert_value(chain, "producers q", "byte_count", 5);
  assert_value(chain, "consumers c", "byte_count", 4);
}

static void an_object_may_move_to_another_parent(chain_t *chain) {
  chain_read(chain, TREE ADD_CONSUMER("c", 1, 1));
  object_t *consumer = chain_find(chain, "consumers c");
  chain_read(chain, TREE "{'row':'transports','transportId':'u','routerId':'r'}\n"
                         "{'row':'consumers','consumerId':'c','transportId':'u'}\n");
  assert_ptr_equal(chain_find(chain, "consumers c"), consumer);
  assert_ptr_equal(consumer->parent, chain_find(chain, "transports u"));
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
    chain_read_cut(chain, rows);
    if (i == 1)
      before = allocations_live();
  }
  assert_int_equal(allocations_live(), before);
  chain_read(chain, TREE ADD_PRODUCER("p", 7, 1));
  assert_value(chain, "workers 0", "rtp_bytes_received", 7);
}

/* --- what is refused --- */

typedef struct {
  const char *name;
  const char *text;
  status_t status;
  const char *cause; /* part of it */
} bad_case_t;

#define ENDPOINT "{'row':'endpoint','protocol':1}\n"
#define END(counts) "{'row':'end','counts':{'endpoint':1" counts "}}\n"

static const bad_case_t bad_cases[] = {
    {"no class", ENDPOINT "{'worker':0}\n", STATUS_PROTOCOL,
     "row 2: its member \"row\", which names its class, is missing"},
    {"a class that is a number", ENDPOINT "{'row':1}\n", STATUS_PROTOCOL,
     "row 2: its member \"row\", which names its class, is missing"},
    {"the endpoint is not the first", WORKER ENDPOINT, STATUS_PROTOCOL, "row 1: it comes before the endpoint row"},
    {"the endpoint is not the only one", ENDPOINT ENDPOINT, STATUS_PROTOCOL, "row 2: it is a second endpoint row"},
    {"only an end", END(""), STATUS_PROTOCOL, "row 1: it comes before the endpoint row"},
    {"another version", "{'row':'endpoint','protocol':2}\n", STATUS_VERSION,
     "row 1: the endpoint speaks version 2 of the protocol, this plugin speaks version 1"},
    {"no version", "{'row':'endpoint'}\n", STATUS_PROTOCOL, "row 1: protocol is missing"},
    {"a version that is a text", "{'row':'endpoint','protocol':'1'}\n", STATUS_PROTOCOL, "row 1: protocol is missing"},
    {"a version between two", "{'row':'endpoint','protocol':1.5}\n", STATUS_PROTOCOL, "row 1: protocol is missing"},

    {"no id", ENDPOINT "{'row':'workers'}\n", STATUS_PROTOCOL, "row 2: worker is missing"},
    {"an id that is an object", ENDPOINT "{'row':'workers','worker':{}}\n", STATUS_PROTOCOL,
     "row 2: worker is missing"},
    {"an id below", ENDPOINT "{'row':'workers','stats':{'worker':0}}\n", STATUS_PROTOCOL, "row 2: worker is missing"},
    {"an empty id", ENDPOINT "{'row':'workers','worker':''}\n", STATUS_PROTOCOL,
     "row 2: worker is not a text of 1 to 128 bytes"},
    {"an id with a NUL", ENDPOINT "{'row':'workers','worker':'a\\u0000b'}\n", STATUS_PROTOCOL,
     "row 2: worker is not a text of 1 to 128 bytes"},
    {"no parent's id", ENDPOINT "{'row':'routers','routerId':'r'}\n", STATUS_PROTOCOL, "row 2: worker is missing"},
    {"no such parent", ENDPOINT "{'row':'routers','routerId':'r','worker':5}\n", STATUS_PROTOCOL,
     "row 2: its parent, worker 5, has no row before it"},
    {"the parent comes later", ENDPOINT ROUTER WORKER, STATUS_PROTOCOL,
     "row 2: its parent, worker 0, has no row before it"},
    {"an id twice", ENDPOINT WORKER WORKER, STATUS_PROTOCOL, "row 3: worker 0 is in this snapshot twice"},
    {"a stream twice",
     ENDPOINT WORKER ROUTER TRANSPORT
     "{'row':'producers','producerId':'p','transportId':'t','encodings':2,'stats':{'rid':'h'}}\n"
     "{'row':'producers','producerId':'p','transportId':'t','encodings':2,'stats':{'rid':'h'}}\n",
     STATUS_PROTOCOL, "row 6: producerId p h is in this snapshot twice"},

    {"more rows than counted", ENDPOINT WORKER END(""), STATUS_INCOMPLETE,
     "row 3: the end row counts 0 rows of workers, but 1 came"},
    {"fewer rows than counted", ENDPOINT END(",'usage':2"), STATUS_INCOMPLETE,
     "row 2: the end row counts 2 rows of usage, but 0 came"},
    {"the endpoint not counted", ENDPOINT "{'row':'end'}\n", STATUS_INCOMPLETE,
     "row 2: the end row counts 0 rows of endpoint, but 1 came"},
    {"a count that is none", ENDPOINT END(",'usage':-1"), STATUS_PROTOCOL, "row 2: counts.usage is not a count"},
    {"a count that is a text", ENDPOINT END(",'usage':'0'"), STATUS_PROTOCOL, "row 2: counts.usage is not a count"},
    {"a row after the end", ENDPOINT END("") WORKER, STATUS_PROTOCOL, "row 3: it comes after the end row"},
    {"an end after the end", ENDPOINT END("") END(""), STATUS_PROTOCOL, "row 3: it comes after the end row"},
};

static void refuses(void **state) {
  const bad_case_t *one = *state;
  assert_refused(one->text, one->status, one->cause);
}

/* Small rows are no way to make it keep more than it is meant to; those that were read are forgotten. */
static void bounds_objects(chain_t *chain) {
  enum { ROW_SIZE = 40 };
  chain_read(chain, TREE);
  long before = allocations_live();
  char *text = malloc(ROW_SIZE * (SNAPSHOT_MAX_OBJECTS + 2));
  assert_non_null(text);
  int length = snprintf(text, ROW_SIZE, ENDPOINT);
  for (int i = 0; i <= SNAPSHOT_MAX_OBJECTS; i++)
    length += snprintf(text + length, ROW_SIZE, "{'row':'usage','pid':%d}\n", i);
  chain_read_as(chain, text, STATUS_TOO_LARGE);
  free(text);
  assert_string_equal(chain->failure.cause, "row 250002: the snapshot has more than 250000 objects");
  chain_read(chain, TREE);
  assert_int_equal(allocations_live(), before);
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(bounds_objects),
    CHAIN_TEST(rows_may_come_in_another_order),
    CHAIN_TEST(an_object_may_move_to_another_parent),
    CHAIN_TEST(failed_snapshots_leave_nothing),
};

int main(void) {
  TEST_CASES(names_streams, stream_cases);
  TEST_CASES(chain_test, chain_tests);
  TEST_CASES(refuses, bad_cases);
  return tests_run("apply");
}
