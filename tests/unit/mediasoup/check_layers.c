/* SPDX-License-Identifier: MIT */
/* Layers: whether a consumer gets less than it prefers. */
#include "mediasoup/layers.h"
#include "support/chain.h"

#include <math.h>
#include <stdio.h>

typedef struct {
  const char *name;
  const char *members; /* of a consumer's row */
  double below;
} layers_case_t;

#define SIMULCAST "'consumerType':'simulcast'"
#define CURRENT(layers) ",'currentLayers':{" layers "}"
#define PREFERRED(layers) ",'preferredLayers':{" layers "}"
#define LAYERS(spatial, temporal) "'spatialLayer':" #spatial ",'temporalLayer':" #temporal

static const layers_case_t layers_cases[] = {
    {"the same", SIMULCAST CURRENT(LAYERS(2, 2)) PREFERRED(LAYERS(2, 2)), 0},
    {"a lower spatial layer", SIMULCAST CURRENT(LAYERS(1, 2)) PREFERRED(LAYERS(2, 0)), 1},
    {"a higher spatial layer", SIMULCAST CURRENT(LAYERS(2, 0)) PREFERRED(LAYERS(1, 2)), 0},
    {"a lower temporal layer", SIMULCAST CURRENT(LAYERS(1, 1)) PREFERRED(LAYERS(1, 2)), 1},
    {"a higher temporal layer", SIMULCAST CURRENT(LAYERS(1, 2)) PREFERRED(LAYERS(1, 1)), 0},
    {"no temporal layer is told", SIMULCAST CURRENT("'spatialLayer':1") PREFERRED(LAYERS(1, 2)), 0},
    {"none is preferred", SIMULCAST CURRENT(LAYERS(1, 1)) PREFERRED("'spatialLayer':1"), 0},
    {"the other order", SIMULCAST CURRENT("'temporalLayer':0,'spatialLayer':0") PREFERRED(LAYERS(0, 1)), 1},
    {"SVC", "'consumerType':'svc'" CURRENT(LAYERS(0, 0)) PREFERRED(LAYERS(1, 1)), 1},
    {"nothing is sent", SIMULCAST PREFERRED(LAYERS(2, 2)), NAN},
    {"nothing is preferred", SIMULCAST CURRENT(LAYERS(2, 2)), NAN},
    {"an older endpoint", SIMULCAST, NAN},
    {"layers without numbers", SIMULCAST CURRENT("'spatialLayer':'x'") PREFERRED(LAYERS(2, 2)), NAN},
    {"layers that are none", SIMULCAST ",'currentLayers':[1],'preferredLayers':7", NAN},
    {"a stream without layers", "'consumerType':'simple'" CURRENT(LAYERS(0, 0)) PREFERRED(LAYERS(1, 1)), 0},
    {"a stream of no type", "'kind':'audio'", 0},
};

static void tells_who_gets_less(void **state) {
  const layers_case_t *one = *state;
  char rows[1000];
  chain_t chain;
  chain_init(&chain);
  (void)snprintf(rows, sizeof(rows), TREE "{'row':'consumers','consumerId':'c','transportId':'t',%s}\n", one->members);
  chain_read(&chain, rows);
  double below = layers_below_preferred(chain_find(&chain, "consumers c"));
  assert_true(isnan(one->below) ? isnan(below) : below == one->below);
  chain_done(&chain);
}

typedef struct {
  const char *name;
  const char *members;
  bool missing;
} missing_case_t;

static const missing_case_t missing_cases[] = {
    {"missing: it has one", SIMULCAST CURRENT(LAYERS(0, 0)) PREFERRED(LAYERS(2, 2)), false},
    {"missing: it has none", SIMULCAST PREFERRED(LAYERS(2, 2)), true},
    {"missing: SVC has none", "'consumerType':'svc'" PREFERRED(LAYERS(0, 2)), true},
    {"missing: an older endpoint", SIMULCAST, false},
    {"missing: a stream without layers", "'consumerType':'simple'" PREFERRED(LAYERS(1, 1)), false},
};

static void knows_who_gets_none(void **state) {
  const missing_case_t *one = *state;
  char rows[1000];
  chain_t chain;
  chain_init(&chain);
  (void)snprintf(rows, sizeof(rows), TREE "{'row':'consumers','consumerId':'c','transportId':'t',%s}\n", one->members);
  chain_read(&chain, rows);
  assert_int_equal(layers_are_missing(chain_find(&chain, "consumers c")), one->missing);
  chain_done(&chain);
}

/* Without memory nobody knows. */
static void is_unknown_without_memory(chain_t *chain) {
  chain_read(chain, TREE "{'row':'consumers','consumerId':'c','transportId':'t'," SIMULCAST CURRENT(LAYERS(0, 0))
                        PREFERRED(LAYERS(1, 1)) "}\n");
  allocations_fail_at(1);
  assert_true(isnan(layers_below_preferred(chain_find(chain, "consumers c"))));
  assert_true(allocations_failed());
  allocations_fail_at(0);
}

static const chain_test_t chain_tests[] = {CHAIN_TEST(is_unknown_without_memory)};

int main(void) {
  TEST_CASES(tells_who_gets_less, layers_cases);
  TEST_CASES(knows_who_gets_none, missing_cases);
  TEST_CASES(chain_test, chain_tests);
  return tests_run("layers");
}
