/* SPDX-License-Identifier: MIT */
/* Successions: which process that comes is a restart of one that has gone. */
#include "mediasoup/succession.h"
#include "support/support.h"

#include <curl/curl.h>
#include <math.h>

static source_t *new_source(int process) {
  failure_t failure = {0};
  source_t *source = NULL;
  assert_int_equal(source_new(&(source_options_t){.socket = "/x",
                                                  .timeout_milliseconds = 1,
                                                  .classes = 1U << CLASS_USAGE,
                                                  .max_objects = 1,
                                                  .naming = {.endpoint = "sfu", .process = process}},
                              &source, &failure),
                   STATUS_OK);
  return source;
}

static int64_t restarts(source_t *source) {
  const object_t *endpoint = model_endpoint(source_model(source));
  return endpoint->values[class_derived_field(endpoint->class, DERIVED_RESTARTS)].counter;
}

/* A process of this number that answered for the first time at `asked`, where it is none of them yet. */
static source_t *enter(const succession_t *succession, int number, double began, double asked) {
  source_t *source = new_source(number);
  succession_enter(succession, source);
  source_model(source)->process = (process_t){.known = true, .is_new = true, .began = began, .asked = asked};
  return source;
}

static void leave(succession_t *succession, source_t *source, double now) {
  succession_leave(succession, source, now);
  source_free(source);
}

typedef struct {
  const char *name;
  double heard, left;  /* the one that has gone: when it was last heard, and when it was found to have gone */
  double began, asked; /* the newcomer: when it began, and when it answered first */
  int64_t restarts;
} succession_case_t;

static const succession_case_t succession_cases[] = {
    {"at once", 100, 110, 101, 110, 1},
    {"after a while", 100, 100, 150, 159, 1},
    {"too late to be the same", 100, 100, 155, 161, 0},
    {"both ran at the same time", 100, 110, 90, 110, 0},
    {"when it began is unknown", 100, 110, NAN, 110, 1},
    {"collectd reads once a minute", 100, 160.01, 107, 160.01, 1},
    {"it hung for long before it was killed", 100, 400, 402, 410, 1},
};

static void counts_a_restart(void **state) {
  const succession_case_t *one = *state;
  succession_t succession = {0};
  source_t *before = enter(&succession, 0, 10, one->heard);
  succession_count(&succession, &before, 1, one->heard);
  assert_int_equal(restarts(before), 0); /* it was the first */
  leave(&succession, before, one->left);
  source_t *after = enter(&succession, 0, one->began, one->asked);
  succession_count(&succession, &after, 1, one->asked);
  assert_int_equal(restarts(after), one->restarts);
  succession_count(&succession, &after, 1, one->asked + 1);
  assert_int_equal(restarts(after), one->restarts); /* once */
  source_free(after);
}

/* A process that is added replaces nobody, and of two that come after one has gone, one does. */
static void counts_one_for_each_that_has_gone(void **state) {
  (void)state;
  succession_t succession = {0};
  source_t *sources[] = {enter(&succession, 0, 10, 100), enter(&succession, 1, 10, 100), NULL, NULL};
  succession_count(&succession, sources, 2, 100);
  sources[2] = enter(&succession, 2, 101, 110);
  succession_count(&succession, sources, 3, 110);
  assert_int_equal(restarts(sources[2]), 0);
  leave(&succession, sources[1], 120);
  sources[1] = enter(&succession, 1, 111, 120);
  sources[3] = enter(&succession, 3, 112, 120);
  succession_count(&succession, sources, 4, 120);
  assert_int_equal(restarts(sources[1]) + restarts(sources[3]), 1);
  for (size_t i = 0; i < LENGTH(sources); i++)
    source_free(sources[i]);
}

/* The row of a number never falls, though nobody may have it for a long time. */
static void goes_on_counting(void **state) {
  (void)state;
  succession_t succession = {0};
  source_t *source = enter(&succession, 0, 10, 100);
  for (int n = 1; n <= 3; n++) {
    leave(&succession, source, 100 + 10 * n);
    source = enter(&succession, 0, 100 + 10 * n - 5, 100 + 10 * n);
    succession_count(&succession, &source, 1, 100 + 10 * n);
    assert_int_equal(restarts(source), n);
  }
  leave(&succession, source, 140);
  source = new_source(0); /* nobody: it stands for a pattern that matches nothing */
  succession_enter(&succession, source);
  assert_int_equal(restarts(source), 3);
  leave(&succession, source, 1001);
  source = enter(&succession, 0, 1000, 1001);
  succession_count(&succession, &source, 1, 1001);
  assert_int_equal(restarts(source), 3);
  source_free(source);
}

/* One that never answered has not gone. */
static void forgets_none_that_never_was(void **state) {
  (void)state;
  succession_t succession = {0};
  leave(&succession, new_source(0), 20);
  source_t *source = enter(&succession, 0, 10, 20);
  succession_count(&succession, &source, 1, 20);
  assert_int_equal(restarts(source), 0);
  source_free(source);
}

static void is_bounded(void **state) {
  (void)state;
  succession_t succession = {0};
  for (int n = 0; n < 2 * SOURCES_MAX; n++)
    leave(&succession, enter(&succession, n % SOURCES_MAX, 10, 100), 100);
  assert_int_equal(succession.gone_length, SOURCES_MAX);
}

int main(void) {
  (void)curl_global_init(CURL_GLOBAL_DEFAULT);
  TEST_CASES(counts_a_restart, succession_cases);
  TEST(counts_one_for_each_that_has_gone);
  TEST(goes_on_counting);
  TEST(forgets_none_that_never_was);
  TEST(is_bounded);
  int failed = tests_run("succession");
  curl_global_cleanup();
  return failed;
}
