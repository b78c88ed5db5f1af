/* SPDX-License-Identifier: MIT */
/*
 * The stages one after the other, from bytes to names: real snapshots, pieces of any size, and each allocation failing
 * in turn.
 */
#include "support/golden.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- real snapshots --- */

static void becomes_the_golden_text(void **state) {
  const char *path = *state;
  char text_path[4096];
  size_t length, expected_length;
  assert_true(strlen(path) < sizeof(text_path) - 1);
  (void)snprintf(text_path, sizeof(text_path), "%.*s.txt", (int)(strlen(path) - strlen(".ndjson")), path);
  char *content = golden_load(path, &length), *expected = golden_load(text_path, &expected_length);
  assert_non_null(content);
  if (expected == NULL)
    fail_msg("%s is missing: run make update-golden", text_path);
  for (size_t chunk = 0; chunk <= CHUNKS; chunk++) {
    failure_t failure = {0};
    buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
    assert_int_equal(golden_print(content, length, chunk, &text, &failure), STATUS_OK);
    assert_same_text(buffer_text(&text), expected);
    buffer_done(&text);
  }
  free(content);
  free(expected);
}

/* One that a worker did not answer for, between two that are whole, costs no stream its sums or its name. */
static void survives_a_stopped_worker(void **state) {
  static const char stopped[] = "-stopped.ndjson";
  const char *path = *state;
  char whole_path[4096];
  size_t length[2];
  (void)snprintf(whole_path, sizeof(whole_path), "%.*s.ndjson", (int)(strlen(path) - strlen(stopped)), path);
  char *content[2] = {golden_load(whole_path, &length[0]), golden_load(path, &length[1])};
  assert_non_null(content[0]);
  assert_non_null(content[1]);
  buffer_t text[2] = {BUFFER_INIT(SNAPSHOT_MAX_BYTES), BUFFER_INIT(SNAPSHOT_MAX_BYTES)};
  for (int i = 0; i < 2; i++) {
    chain_t chain;
    chain_init(&chain);
    assert_int_equal(chain_read_text(&chain, content[0], length[0]), STATUS_OK);
    assert_int_equal(chain_read_text(&chain, content[i], length[i]), STATUS_OK);
    for (int j = 0; j < 2; j++) /* twice: the other worker's processor time has gone back */
      assert_int_equal(chain_read_text(&chain, content[0], length[0]), STATUS_OK);
    chain_print(&chain, &text[i]);
    assert_int_equal(buffer_status(&text[i]), STATUS_OK);
    chain_done(&chain);
  }
  assert_same_text(buffer_text(&text[1]), buffer_text(&text[0]));
  for (int i = 0; i < 2; i++) {
    buffer_done(&text[i]);
    free(content[i]);
  }
}

static void there_are_golden_snapshots(void **state) {
  (void)state;
  fail_msg("there is no snapshot in %s", getenv("GOLDEN") != NULL ? getenv("GOLDEN") : "$GOLDEN, which is not set");
}

static void add_golden(glob_t *matches) {
  char pattern[4096];
  (void)snprintf(pattern, sizeof(pattern), "%s/*.ndjson", getenv("GOLDEN") != NULL ? getenv("GOLDEN") : ".");
  if (glob(pattern, 0, NULL, matches) != 0)
    TEST(there_are_golden_snapshots);
  for (size_t i = 0; i < matches->gl_pathc; i++) {
    tests_add(strrchr(matches->gl_pathv[i], '/') + 1, becomes_the_golden_text, matches->gl_pathv[i]);
    if (strstr(matches->gl_pathv[i], "-stopped.ndjson") != NULL)
      tests_add("a worker that stops", survives_a_stopped_worker, matches->gl_pathv[i]);
  }
}

static void is_the_same_in_pieces_of_any_size(void **state) {
  (void)state;
  char *content = snapshot(sample_rows);
  buffer_t whole = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  failure_t failure = {0};
  assert_int_equal(golden_print(content, strlen(content), 0, &whole, &failure), STATUS_OK);
  for (size_t chunk = 1; chunk <= CHUNKS; chunk++) {
    buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
    assert_int_equal(golden_print(content, strlen(content), chunk, &text, &failure), STATUS_OK);
    assert_same_text(buffer_text(&text), buffer_text(&whole));
    buffer_done(&text);
  }
  buffer_done(&whole);
  free(content);
}

/* --- without memory --- */

/* Reads the snapshot twice, as the plugin would: what cannot be had the first time is had the next. */
static status_t read_twice(chain_t *chain, const char *text) {
  status_t first = chain_read_text(chain, text, strlen(text));
  assert_true(first == STATUS_OK || first == STATUS_NO_MEMORY);
  status_t second = chain_read_text(chain, text, strlen(text));
  assert_true(second == STATUS_OK || second == STATUS_NO_MEMORY);
  return first != STATUS_OK ? first : second;
}

static void assert_whole(chain_t *chain, const char *text, const char *expected) {
  buffer_t printed = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  assert_int_equal(chain_read_text(chain, text, strlen(text)), STATUS_OK);
  chain_print(chain, &printed);
  assert_int_equal(buffer_status(&printed), STATUS_OK);
  assert_same_text(buffer_text(&printed), expected);
  buffer_done(&printed);
}

/* Whether the allocation of this number was still needed. */
static bool survives_failure_of(unsigned long number, const char *text, const char *expected) {
  chain_t chain;
  long before = allocations_live();
  allocations_fail_at(number);
  status_t status = chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, NULL);
  if (status == STATUS_OK)
    status = read_twice(&chain, text);
  bool failed = allocations_failed();
  allocations_fail_at(0);
  assert_int_equal(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
  if (chain.model != NULL)
    assert_whole(&chain, text, expected);
  chain_done(&chain);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static char *print_after_three(const char *text) {
  chain_t chain;
  buffer_t printed = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, NULL), STATUS_OK);
  assert_int_equal(read_twice(&chain, text), STATUS_OK);
  assert_int_equal(chain_read_text(&chain, text, strlen(text)), STATUS_OK);
  chain_print(&chain, &printed);
  assert_int_equal(buffer_status(&printed), STATUS_OK);
  chain_done(&chain);
  return printed.data;
}

static void survives_each_allocation_failing(void **state) {
  (void)state;
  unsigned long number = 1;
  char *text = snapshot(sample_rows), *expected = print_after_three(text);
  while (survives_failure_of(number, text, expected))
    number++;
  assert_true(number > 100);
  free(text);
  free(expected);
}

/* Enough objects for the table that finds them to grow. */
static void survives_the_table_not_growing(void **state) {
  (void)state;
  buffer_t rows = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  for (int i = 0; i < 400; i++) {
    char row[64];
    (void)snprintf(row, sizeof(row), "{'row':'usage','pid':%d}\n", i);
    buffer_append_text(&rows, row);
  }
  assert_int_equal(buffer_status(&rows), STATUS_OK);
  char *text = snapshot(buffer_text(&rows)), *expected = print_after_three(text);
  unsigned long number = 1;
  while (survives_failure_of(number, text, expected))
    number += number < 1000 ? 7 : 1; /* they grow at some point; every one is tried in the test above */
  free(text);
  free(expected);
  buffer_done(&rows);
}

int main(void) {
  glob_t golden = {0};
  add_golden(&golden);
  TEST(is_the_same_in_pieces_of_any_size);
  TEST(survives_each_allocation_failing);
  TEST(survives_the_table_not_growing);
  int failed = tests_run("chain");
  globfree(&golden);
  return failed;
}
