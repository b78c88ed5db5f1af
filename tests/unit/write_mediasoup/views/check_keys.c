/* SPDX-License-Identifier: MIT */
/* The keys of a view's rows: fields in mediasoup's spelling, facts of the object and of what is above it. */
#include "support/support.h"
#include "write_mediasoup/views/keys.h"

#include <string.h>

typedef struct {
  const char *name;
  class_id_t class;
  const char *field; /* of collectd */
  const char *key;
} field_case_t;

static const field_case_t field_cases[] = {
    {"mediasoup's own name", CLASS_CONSUMERS, "byte_count", "byteCount"},
    {"mediasoup's own underscore", CLASS_WORKERS, "ru_utime", "ru_utime"},
    {"what the plugin computes", CLASS_WORKERS, "cpu_ratio", "cpuRatio"},
    {"what is scaled is no longer mediasoup's", CLASS_WORKERS, "channel_round_trip_seconds", "channelRoundTripSeconds"},
    {"one word", CLASS_ENDPOINT, "up", "up"},
    {"several words", CLASS_WORST_CONSUMERS, "bitrate_bits_per_second", "bitrateBitsPerSecond"},
};

static void names_a_field(void **state) {
  const field_case_t *one = *state;
  const class_t *class = &classes[one->class];
  char space[KEY_MAX_BYTES];
  int field = class_field(class, one->field);
  assert_true(field >= 0);
  assert_string_equal(key_of_field(&class->fields[field], space), one->key);
  assert_int_equal(key_find_field(class, one->key), field);
}

/* A key longer than the space for it would be cut. */
static void finds_each_field_by_its_key_alone(void **state) {
  (void)state;
  char space[KEY_MAX_BYTES];
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    for (size_t j = 0; j < classes[i].fields_length; j++) {
      const char *key = key_of_field(&classes[i].fields[j], space);
      assert_true(strlen(key) < KEY_MAX_BYTES);
      assert_int_equal(key_find_field(&classes[i], key), j);
      assert_false(key_is_fact(&classes[i], key));
    }
  }
  assert_int_equal(key_find_field(&classes[CLASS_CONSUMERS], "byte_count"), -1);
  assert_int_equal(key_find_field(&classes[CLASS_CONSUMERS], ""), -1);
}

typedef struct {
  const char *name;
  class_id_t class;
  const char *key;
  bool expected;
} fact_case_t;

static const fact_case_t fact_cases[] = {
    {"an attribute", CLASS_CONSUMERS, "mimeType", true},
    {"an attribute of another class", CLASS_ROUTERS, "mimeType", false},
    {"an id above", CLASS_CONSUMERS, "routerId", true},
    {"the slot above", CLASS_CONSUMERS, "worker", true},
    {"an id below", CLASS_ROUTERS, "transportId", false},
    {"appData", CLASS_ROUTERS, "appData", true},
    {"appData of the machine", CLASS_WORKERS, "appData", false},
    {"the endpoint of a slot", CLASS_WORKERS, "endpoint", true},
    {"the process of a slot", CLASS_ROUTERS, "process", true},
    {"the endpoint of a stream", CLASS_CONSUMERS, "endpoint", false},
    {"what a summary is of", CLASS_GROUP_CONSUMERS, "group", true},
    {"of the worst, what its stream is", CLASS_WORST_CONSUMERS, "producerPaused", true},
    {"and its appData", CLASS_WORST_CONSUMERS, "appData", true},
    {"and what it inherits", CLASS_WORST_CONSUMERS, "inherited", true},
    {"what a stream inherits", CLASS_CONSUMERS, "inherited", true},
    {"the names of a router", CLASS_ROUTERS, "names", true},
    {"the machine inherits nothing", CLASS_WORKERS, "inherited", false},
    {"a key that nothing has", CLASS_WORST_CONSUMERS, "zeal", false},
};

static void knows_facts(void **state) {
  const fact_case_t *one = *state;
  assert_int_equal(key_is_fact(&classes[one->class], one->key), one->expected);
}

int main(void) {
  TEST_CASES(names_a_field, field_cases);
  TEST(finds_each_field_by_its_key_alone);
  TEST_CASES(knows_facts, fact_cases);
  return tests_run("keys");
}
