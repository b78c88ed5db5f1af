/* SPDX-License-Identifier: MIT */
/* Links: who has the same producer, which pipes stay within the application, and what is forgotten. */
#include "mediasoup/links.h"
#include "mediasoup/reading.h"
#include "support/chain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PIPE(id, router, tuple)                                                                                        \
  "{'row':'routers','routerId':'" router "','worker':0}\n"                                                             \
  "{'row':'transports','transportId':'" id "','routerId':'" router                                                     \
  "','transportType':'pipe','stats':{'type':'x'" tuple "}}\n"
#define TUPLE(local, address, local_port, remote, remote_port)                                                         \
  ",'tuple':{'" local "':'" address "','localPort':" #local_port ",'remoteIp':'" remote "','remotePort':" #remote_port \
  ",'protocol':'udp'}"
#define PRODUCER_ON(id, transport, bitrate)                                                                            \
  "{'row':'producers','producerId':'" id "','transportId':'" transport "','stats':{'bitrate':" #bitrate "}}\n"
#define CONSUMER_ON(id, producer, transport)                                                                           \
  "{'row':'consumers','consumerId':'" id "','producerId':'" producer "','transportId':'" transport "','stats':{}}\n"
#define LAYER_OF(id, transport, rid, bitrate)                                                                          \
  "{'row':'producers','producerId':'" id "','transportId':'" transport "','encodings':2,'stats':{'rid':'" rid          \
  "','bitrate':" #bitrate "}}\n"

static bool moves(const object_t *object) {
  int bitrate = class_field(object->class, "bitrate");
  return bitrate >= 0 && object->values[bitrate].gauge > 0;
}

static void take(links_t *links, chain_t *chain, const char *rows) {
  chain_read(chain, rows);
  links_begin(links);
  for (object_t *object = model_next(chain->model, NULL); object != NULL; object = model_next(chain->model, object))
    if (object->class->group != NULL) {
      reading_update_membership(object);
      links_add(links, object, moves(object));
    }
  links_end(links);
}

typedef struct {
  const char *name;
  const char *rows;
  const char *object;
  bool piped;
} pipe_case_t;

#define NEAR_TUPLE TUPLE("localAddress", "127.0.0.1", 4001, "127.0.0.1", 4002)
#define FAR_TUPLE TUPLE("localIp", "127.0.0.1", 4002, "127.0.0.1", 4001)
#define HOST_TUPLE TUPLE("localAddress", "10.0.0.1", 4001, "10.0.0.2", 4002)
#define THROUGH PRODUCER_ON("p", "t", 1) CONSUMER_ON("c", "p", "near") PRODUCER_ON("p", "far", 1)

static const pipe_case_t pipe_cases[] = {
    {"pipe: not on one", TREE PRODUCER_ON("p", "t", 1), "producers p", false},
    {"pipe: its producer comes out of another here", TREE PIPE("near", "r", "") PIPE("far", "s", "") THROUGH,
     "consumers c", true},
    {"pipe: its producer comes out nowhere here", TREE PIPE("near", "r", "") CONSUMER_ON("c", "p", "near"),
     "consumers c", false},
    {"pipe: another comes out",
     TREE PIPE("near", "r", "") PIPE("far", "s", "") CONSUMER_ON("c", "p", "near") PRODUCER_ON("q", "far", 1),
     "consumers c", false},
    {"pipe: from another host", TREE PIPE("far", "s", "") PRODUCER_ON("p", "far", 1), "producers p", false},
    {"pipe: a transport of which nothing is said", TREE PIPE("near", "r", ""), "transports near", true},
    {"pipe: both ends are here", TREE PIPE("near", "r", NEAR_TUPLE) PIPE("far", "s", FAR_TUPLE), "transports near",
     true},
    {"pipe: one end is here", TREE PIPE("near", "r", NEAR_TUPLE), "transports near", false},
    {"pipe: to another host, though another pipe takes the same producer here",
     TREE PIPE("near", "r", NEAR_TUPLE) PIPE("far", "s", FAR_TUPLE) PIPE("host", "u", HOST_TUPLE)
         THROUGH CONSUMER_ON("d", "p", "host"),
     "consumers d", false},
    {"pipe: and that one",
     TREE PIPE("near", "r", NEAR_TUPLE) PIPE("far", "s", FAR_TUPLE) PIPE("host", "u", HOST_TUPLE)
         THROUGH CONSUMER_ON("d", "p", "host"),
     "consumers c", true},
    {"pipe: the producer has another id at the far end",
     TREE PIPE("near", "r", NEAR_TUPLE) PIPE("far", "s", FAR_TUPLE) CONSUMER_ON("c", "p", "near")
         PRODUCER_ON("q", "far", 1),
     "consumers c", true},
};

static char *without_twice(const char *rows) {
  /* PIPE() names its router each time. */
  static char text[4000];
  (void)snprintf(text, sizeof(text), "%s", rows);
  const char row[] = "{'row':'routers','routerId':'r','worker':0}\n";
  char *again = strstr(strstr(text, row) + 1, row);
  if (again != NULL)
    memmove(again, again + strlen(row), strlen(again + strlen(row)) + 1);
  return text;
}

static void knows_what_is_piped(void **state) {
  const pipe_case_t *one = *state;
  chain_t chain;
  links_t links;
  chain_init(&chain);
  links_init(&links);
  take(&links, &chain, without_twice(one->rows));
  assert_int_equal(links_is_piped(chain_find(&chain, one->object)), one->piped);
  links_done(&links);
  chain_done(&chain);
}

typedef struct {
  const char *name;
  const char *rows;
  const char *stream;
  bool excused;
} excuse_case_t;

static const excuse_case_t excuse_cases[] = {
    {"excuse: a single stream", TREE PRODUCER_ON("p", "t", 0), "producers p", false},
    {"excuse: a layer beside one that moves", TREE LAYER_OF("p", "t", "l", 1) LAYER_OF("p", "t", "h", 0),
     "producers p h", true},
    {"excuse: a layer that moves alone", TREE LAYER_OF("p", "t", "l", 1) LAYER_OF("p", "t", "h", 0), "producers p l",
     false},
    {"excuse: layers of which none moves", TREE LAYER_OF("p", "t", "l", 0) LAYER_OF("p", "t", "h", 0), "producers p h",
     false},
    {"excuse: the layer of another producer moves", TREE LAYER_OF("q", "t", "l", 1) LAYER_OF("p", "t", "h", 0),
     "producers p h", false},
    {"excuse: a consumer whose producer moves", TREE PRODUCER_ON("p", "t", 1) CONSUMER_ON("c", "p", "t"), "consumers c",
     false},
    {"excuse: a consumer whose producer does not", TREE PRODUCER_ON("p", "t", 0) CONSUMER_ON("c", "p", "t"),
     "consumers c", true},
    {"excuse: a consumer whose producer is unknown", TREE CONSUMER_ON("c", "p", "t"), "consumers c", true},
};

static void excuses(void **state) {
  const excuse_case_t *one = *state;
  chain_t chain;
  links_t links;
  chain_init(&chain);
  links_init(&links);
  take(&links, &chain, one->rows);
  const object_t *stream = chain_find(&chain, one->stream);
  assert_int_equal(links_excuse(stream, moves(stream)), one->excused);
  links_done(&links);
  chain_done(&chain);
}

/* --- the way in --- */

static inflow_t flowing(double score, double loss, double jitter, double bitrate) {
  return (inflow_t){
      .flows = true, .is_bad = score <= 5, .score = score, .loss_ratio = loss, .jitter = jitter, .bitrate = bitrate};
}

/* What consumers get is made of all streams of their producer. Each reading begins anew. */
static void adds_up_the_way_in(chain_t *chain) {
  links_t links;
  links_init(&links);
  const char rows[] = TREE LAYER_OF("p", "t", "l", 1) LAYER_OF("p", "t", "h", 1) CONSUMER_ON("c", "p", "t");
  take(&links, chain, rows);
  const object_t *low = chain_find(chain, "producers p l"), *high = chain_find(chain, "producers p h");
  const way_in_t *way_in = &chain_find(chain, "consumers c")->membership.producer->way_in;
  assert_true(way_in->well == 0 && way_in->troubled == 0 && isnan(way_in->score) && isnan(way_in->loss_ratio) &&
              isnan(way_in->jitter) && isnan(way_in->bitrate_least) && isnan(way_in->bitrate_most));
  inflow_t inflow = flowing(4, NAN, 0.02, 900);
  links_add_inflow(high, &inflow);
  inflow = flowing(9, 0.1, 0.01, 100);
  links_add_inflow(low, &inflow);
  assert_true(way_in->well == 1 && way_in->troubled == 1 && way_in->score == 9 && way_in->loss_ratio == 0.1 &&
              way_in->jitter == 0.02 && way_in->bitrate_least == 100 && way_in->bitrate_most == 900);
  take(&links, chain, rows);
  assert_true(way_in->well == 0 && way_in->troubled == 0 && isnan(way_in->score));
  inflow = (inflow_t){.is_silent = true, .score = 0, .loss_ratio = 0.5, .jitter = 0.5, .bitrate = 0};
  links_add_inflow(low, &inflow);
  inflow = (inflow_t){.score = 0};
  links_add_inflow(high, &inflow);
  assert_true(way_in->well == 0 && way_in->troubled == 1 && isnan(way_in->loss_ratio) && isnan(way_in->bitrate_most));
  links_done(&links);
}

/* Those who hear or see the producer here: a pipe takes it elsewhere, where others do. */
static void counts_consumers(chain_t *chain) {
  links_t links;
  links_init(&links);
  take(&links, chain,
       TREE PIPE("far", "s", "") PRODUCER_ON("p", "t", 1) CONSUMER_ON("c", "p", "t") CONSUMER_ON("d", "p", "t")
           CONSUMER_ON("e", "p", "far") CONSUMER_ON("f", "q", "t") "{'row':'consumers','consumerId':'g','producerId':'"
                                                                   "p','transportId':'t','paused':true,'stats':{}}\n");
  assert_int_equal(chain_find(chain, "producers p")->membership.producer->consumers, 2);
  take(&links, chain, TREE PRODUCER_ON("p", "t", 1) CONSUMER_ON("c", "p", "t"));
  assert_int_equal(chain_find(chain, "producers p")->membership.producer->consumers, 1);
  links_done(&links);
}

static void forgets_what_is_gone(chain_t *chain) {
  links_t links;
  links_init(&links);
  take(&links, chain, TREE PRODUCER_ON("p", "t", 1) CONSUMER_ON("c", "p", "t"));
  assert_int_equal(HASH_COUNT(links.table), 1);
  take(&links, chain, TREE CONSUMER_ON("c", "p", "t"));
  assert_int_equal(HASH_COUNT(links.table), 1);
  take(&links, chain, "");
  assert_int_equal(HASH_COUNT(links.table), 0);
  links_done(&links);
}

/* A stream without a link for want of memory has one in the next reading. */
static void every_allocation_may_fail(void **state) {
  (void)state;
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    chain_t chain;
    links_t links;
    chain_init(&chain);
    links_init(&links);
    take(&links, &chain, "");
    chain_read(&chain, TREE PRODUCER_ON("p", "t", 1));
    object_t *producer = chain_find(&chain, "producers p");
    reading_update_membership(producer);
    allocations_fail_at(number);
    links_begin(&links);
    links_add(&links, producer, true);
    links_end(&links);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(producer->membership.producer != NULL, !failed);
    take(&links, &chain, TREE PRODUCER_ON("p", "t", 1));
    assert_non_null(producer->membership.producer);
    links_done(&links);
    chain_done(&chain);
    assert_int_equal(allocations_live(), 0);
    assert_true(number < 20);
  }
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(adds_up_the_way_in),
    CHAIN_TEST(counts_consumers),
    CHAIN_TEST(forgets_what_is_gone),
};

int main(void) {
  TEST_CASES(knows_what_is_piped, pipe_cases);
  TEST_CASES(excuses, excuse_cases);
  TEST_CASES(chain_test, chain_tests);
  TEST(every_allocation_may_fail);
  return tests_run("links");
}
