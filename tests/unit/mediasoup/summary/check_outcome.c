/* SPDX-License-Identifier: MIT */
/* Outcomes: which figure of a group counts a transport, and what happened to it. */
#include "mediasoup/summary/outcome.h"
#include "support/chain.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  const char *name;
  const char *event;
  derived_t counter;
} event_case_t;

static const event_case_t event_cases[] = {
    {"event: connected", "connected", DERIVED_CONNECTED},
    {"event: left", "left", DERIVED_LEFT},
    {"event: lost", "lost", DERIVED_LOST},
    {"event: dtls_failed", "dtls_failed", DERIVED_DTLS_FAILED},
    {"event: never_connected", "never_connected", DERIVED_NEVER_CONNECTED},
    {"event: of a later version", "moved", DERIVED_NOT},
    {"event: none", "", DERIVED_NOT},
};

static void has_a_counter_for_each_event(void **state) {
  const event_case_t *one = *state;
  char row[200];
  size_t length;
  chain_t chain;
  chain_init(&chain);
  chain_read_of(&chain, ",'events':0", "");
  (void)snprintf(row, sizeof(row), "{'row':'connections','number':1,'event':'%s'}\n", one->event);
  chain_read_of(&chain, ",'events':1", row);
  const object_t *event = model_events(chain.model, &length)[0];
  assert_int_equal(outcome_counter(event), one->counter);
  assert_int_equal(outcome_is_connected(event), one->counter == DERIVED_CONNECTED);
  assert_int_equal(class_derived_field(&classes[CLASS_GROUP_TRANSPORTS], one->counter) >= 0,
                   one->counter != DERIVED_NOT);
  chain_done(&chain);
}

typedef struct {
  const char *name;
  const char *members; /* of a transport's row */
  derived_t state, protocol;
  bool told;
} state_case_t;

#define WEBRTC "'transportType':'webrtc'"
static const state_case_t state_cases[] = {
    {"state: unused", WEBRTC ",'connection':'unused'", DERIVED_TRANSPORTS_UNUSED, DERIVED_NOT, true},
    {"state: connecting", WEBRTC ",'connection':'connecting'", DERIVED_TRANSPORTS_CONNECTING, DERIVED_NOT, true},
    {"state: stuck", WEBRTC ",'connection':'stuck'", DERIVED_TRANSPORTS_STUCK, DERIVED_NOT, true},
    {"state: connected", WEBRTC ",'connection':'connected'", DERIVED_TRANSPORTS_CONNECTED, DERIVED_NOT, true},
    {"state: connected by UDP", WEBRTC ",'connection':'connected','protocol':'udp'", DERIVED_TRANSPORTS_CONNECTED,
     DERIVED_TRANSPORTS_UDP, true},
    {"state: connected by TCP", WEBRTC ",'connection':'connected','protocol':'tcp'", DERIVED_TRANSPORTS_CONNECTED,
     DERIVED_TRANSPORTS_TCP, true},
    {"state: disconnected", WEBRTC ",'connection':'disconnected','protocol':'udp'", DERIVED_TRANSPORTS_DISCONNECTED,
     DERIVED_NOT, true},
    {"state: lost", WEBRTC ",'connection':'lost'", DERIVED_TRANSPORTS_DISCONNECTED, DERIVED_NOT, true},
    {"state: left", WEBRTC ",'connection':'left'", DERIVED_NOT, DERIVED_NOT, true},
    {"state: DTLS failed", WEBRTC ",'connection':'dtls_failed'", DERIVED_NOT, DERIVED_NOT, true},
    {"state: of a later version", WEBRTC ",'connection':'moving'", DERIVED_NOT, DERIVED_NOT, true},
    {"state: of an older endpoint", WEBRTC, DERIVED_NOT, DERIVED_NOT, false},
    {"state: of a plain transport", "'transportType':'plain'", DERIVED_NOT, DERIVED_NOT, true},
    {"state: of a transport of some type", "'a':1", DERIVED_NOT, DERIVED_NOT, true},
};

static void has_gauges_for_each_state(void **state) {
  const state_case_t *one = *state;
  char rows[500];
  chain_t chain;
  chain_init(&chain);
  (void)snprintf(rows, sizeof(rows), WORKER ROUTER "{'row':'transports','transportId':'t','routerId':'r',%s}\n",
                 one->members);
  chain_read(&chain, rows);
  const object_t *transport = chain_find(&chain, "transports t");
  outcome_gauges_t gauges = outcome_gauges(transport);
  assert_int_equal(gauges.state, one->state);
  assert_int_equal(gauges.protocol, one->protocol);
  assert_int_equal(outcome_is_told(transport), one->told);
  chain_done(&chain);
}

/* Each of them is a gauge of the group, and none is missing. */
static void lists_its_gauges(void **state) {
  (void)state;
  const class_t *group = &classes[CLASS_GROUP_TRANSPORTS];
  unsigned long listed = 0;
  for (size_t i = 0; outcome_gauge_at(i) != DERIVED_NOT; i++) {
    int field = class_derived_field(group, outcome_gauge_at(i));
    assert_true(field >= 0 && group->fields[field].kind == KIND_GAUGE);
    listed |= 1UL << field;
  }
  for (size_t i = 0; i < group->fields_length; i++)
    assert_int_equal((listed >> i & 1) != 0, strncmp(group->fields[i].name, "transports_", 11) == 0);
}

int main(void) {
  TEST_CASES(has_a_counter_for_each_event, event_cases);
  TEST_CASES(has_gauges_for_each_state, state_cases);
  TEST(lists_its_gauges);
  return tests_run("outcome");
}
