/* SPDX-License-Identifier: MIT */
/* The observer: which rows its followers see and how often, and the end of its thread. */
#include "common/clock.h"
#include "support/rows.h"
#include "write_mediasoup/observer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ROOM = 100 };

/* --- a follower that writes down what it sees --- */

static char a[] = "a", b[] = "b", nobody[] = ""; /* names of followers */
static char seen[2000];
static atomic_int observations;

static void note(const char *name, const observation_t *observation) {
  size_t end = strlen(seen);
  (void)snprintf(seen + end, sizeof(seen) - end, "%s%s:", end > 0 ? " " : "", name);
  for (size_t class = 0; class < CLASS_COUNT; class ++)
    for (size_t i = 0; i < observation->rows[class].length; i++) {
      const store_row_t *row = observation->rows[class].list[i];
      end = strlen(seen);
      (void)snprintf(seen + end, sizeof(seen) - end, "%s@%.0f,", row->class->name, row->time);
    }
}

static void note_first(void *context, const observation_t *observation) {
  note(context, observation);
  observations++;
}

static void note_second(void *context, const observation_t *observation) { note(context, observation); }

static void count(void *context, const observation_t *observation) {
  (void)context, (void)observation;
  observations++;
}

static void begin(void) {
  seen[0] = '\0';
  observations = 0;
}

static void put_endpoint(store_t *store, const char *name, double time) {
  put_row(store, CLASS_ENDPOINT, name, time, 1, "version=1");
}

/* --- a store that is observed --- */

typedef struct {
  store_t *store;
  observer_t *observer;
  follower_t follower;
} watch_t;

/* The follower is called with `context`, and may be NULL: none. */
static void watch_open(watch_t *watch, void (*observe)(void *context, const observation_t *observation),
                       void *context) {
  *watch = (watch_t){.store = store_new(ROOM), .follower = {.observe = observe, .context = context}};
  watch->observer = observer_new(watch->store);
  if (observe != NULL)
    observer_follow(watch->observer, &watch->follower);
}

static void watch_close(const watch_t *watch) {
  observer_free(watch->observer);
  store_free(watch->store);
}

/* --- what --- */

static void followers_see_rows_one_after_the_other(void **state) {
  (void)state;
  long before = allocations_live();
  store_t *store = store_new(ROOM);
  observer_t *observer = observer_new(store);
  follower_t first = {.observe = note_first, .context = a}, second = {.observe = note_second, .context = b};
  observer_follow(observer, &first);
  observer_follow(observer, &second);
  put_endpoint(store, "", 100);
  put_row(store, CLASS_WORKERS, "worker=0", 101, 1, "worker=0");
  put_row(store, CLASS_CONSUMERS, "id=c", 102, 1, "consumerId=c");
  put_row(store, CLASS_GROUPS, "group=room", 103, 1, "group=room");
  put_row(store, CLASS_GROUP_PRODUCERS, "group=room", 104, 1, "group=room");
  put_row(store, CLASS_GROUP_CONSUMERS, "group=room", 105, 1, "group=room");
  put_row(store, CLASS_GROUP_TRANSPORTS, "group=room", 106, 1, "group=room");
  begin();
  assert_true(observer_turn(observer, 50, 106));
#define ALL "endpoint@100,workers@101,groups@103,group_producers@104,group_consumers@105,group_transports@106,"
  assert_string_equal(seen, "a:" ALL " b:" ALL);
  observer_free(observer);
  store_free(store);
  observer_free(NULL);
  assert_int_equal(allocations_live(), before);
}

/* It is still there when its other rows are gone. */
static void an_endpoint_that_fell_silent_is_among_them(void **state) {
  (void)state;
  watch_t watch;
  watch_open(&watch, note_first, a);
  put_endpoint(watch.store, "", 100);
  put_row(watch.store, CLASS_WORKERS, "worker=0", 100, 1, "worker=0");
  begin();
  assert_true(observer_turn(watch.observer, 50, 1000));
  assert_string_equal(seen, "a:endpoint@100,");
  watch_close(&watch);
}

/* --- how often --- */

/* A turn in each second from `from` on, in which rows come at the times that divide by the interval. Returns how often
 * it was due. */
static int run_turns(observer_t *observer, store_t *store, int from, int turns, int interval) {
  int due = 0;
  for (int at = from; at < from + turns; at++) {
    if (at % interval == 0)
      put_endpoint(store, "", at);
    due += observer_turn(observer, at + 0.5, at + 0.5) ? 1 : 0;
  }
  return due;
}

static void looks_once_in_an_interval(void **state) {
  (void)state;
  watch_t watch;
  watch_open(&watch, note_first, nobody);
  put_endpoint(watch.store, "", 100);
  begin();
  assert_int_equal(run_turns(watch.observer, watch.store, 101, 59, 10), 6);
  assert_string_equal(seen,
                      ":endpoint@100, :endpoint@110, :endpoint@120, :endpoint@130, :endpoint@140, :endpoint@150,");
  watch_close(&watch);
}

/* The others of a reading come after the first. */
static void waits_until_the_rows_of_a_reading_are_there(void **state) {
  (void)state;
  watch_t watch;
  watch_open(&watch, note_first, nobody);
  put_endpoint(watch.store, "", 100);
  for (int at = 100; at < 110; at++)
    assert_int_equal(observer_turn(watch.observer, at + 0.5, at + 0.5), at == 100);
  put_endpoint(watch.store, "", 110);
  begin();
  for (int at = 110; at < 113; at++)
    assert_false(observer_turn(watch.observer, at + 0.5, at + 0.5));
  put_row(watch.store, CLASS_WORKERS, "worker=0", 110, 1, "worker=0");
  assert_true(observer_turn(watch.observer, 113.5, 113.5));
  assert_string_equal(seen, ":endpoint@110,workers@110,");
  watch_close(&watch);
}

/* Its followers have to learn that nothing comes. */
static void looks_though_no_rows_come(void **state) {
  (void)state;
  watch_t watch;
  watch_open(&watch, NULL, NULL);
  put_endpoint(watch.store, "", 100);
  assert_true(observer_turn(watch.observer, 100.5, 100.5));
  for (int at = 101; at < 115; at++)
    assert_false(observer_turn(watch.observer, at + 0.5, at + 0.5));
  assert_true(observer_turn(watch.observer, 115.5, 115.5));
  watch_close(&watch);
}

/* Two endpoints that are read at different times: none of their rows is missed. */
static void no_row_of_several_endpoints_is_missed(void **state) {
  (void)state;
  for (int apart = 1; apart < 10; apart++) {
    watch_t watch;
    watch_open(&watch, note_first, nobody);
    begin();
    for (int at = 100; at < 160; at++) {
      if (at % 10 == 0)
        put_endpoint(watch.store, "one:", at);
      if (at % 10 == apart)
        put_endpoint(watch.store, "other:", at);
      (void)observer_turn(watch.observer, at + 0.5, at + 0.5);
    }
    for (int at = 100; at < 150; at += 10) {
      char one[32], other[32];
      (void)snprintf(one, sizeof(one), "endpoint@%d,", at);
      (void)snprintf(other, sizeof(other), "endpoint@%d,", at + apart);
      assert_non_null(strstr(seen, one));
      assert_non_null(strstr(seen, other));
    }
    assert_true(observations <= 13);
    watch_close(&watch);
  }
}

static void put_worker(store_t *store, const char *endpoint, double time) {
  char name[40];
  (void)snprintf(name, sizeof(name), "%s:worker=0", endpoint);
  put_row(store, CLASS_WORKERS, name, time, 1, "worker=0");
}

/* The observation waits for a second reading that has begun. */
static void waits_for_the_reading_of_another_endpoint(void **state) {
  (void)state;
  watch_t watch;
  watch_open(&watch, note_first, nobody);
  put_endpoint(watch.store, "one:", 100);
  put_endpoint(watch.store, "other:", 102);
  assert_true(observer_turn(watch.observer, 102.5, 102.5));
  begin();
  for (int at = 110; at < 119; at++) {
    if (at == 110)
      put_endpoint(watch.store, "one:", 110);
    if (at == 112)
      put_endpoint(watch.store, "other:", 112);
    if (at == 114)
      put_worker(watch.store, "other", 112);
    assert_int_equal(observer_turn(watch.observer, at + 0.5, at + 0.5), at == 115);
  }
  assert_non_null(strstr(seen, "endpoint@110,"));
  assert_non_null(strstr(seen, "endpoint@112,"));
  assert_non_null(strstr(seen, "workers@112,"));
  watch_close(&watch);
}

/* By the time of a worker's row: when an observation first had it; 0: none did. */
enum { TIMES = 200 };
static double first_seen[TIMES];

static void note_workers(void *context, const observation_t *observation) {
  (void)context;
  const observed_rows_t *workers = &observation->rows[CLASS_WORKERS];
  observations++;
  for (size_t i = 0; i < workers->length; i++) {
    double *first = &first_seen[(size_t)workers->list[i]->time];
    *first = *first > 0 ? *first : observation->now;
  }
}

/* In each second comes the first row of another endpoint's reading, and its last one two seconds later. Each is seen
 * before the next one takes its place. */
static void sees_the_whole_reading_of_each_of_many(void **state) {
  (void)state;
  enum { ENDPOINTS = 10, LATE = 2, BEGIN = 100, END = 160 };
  watch_t watch;
  watch_open(&watch, note_workers, NULL);
  begin();
  for (int at = BEGIN; at < END; at++) {
    char name[20];
    (void)snprintf(name, sizeof(name), "host%d:", at % ENDPOINTS);
    put_endpoint(watch.store, name, at);
    (void)snprintf(name, sizeof(name), "host%d", (at - LATE) % ENDPOINTS);
    put_worker(watch.store, name, at - LATE);
    (void)observer_turn(watch.observer, at + 0.5, at + 0.5);
  }
  for (int at = BEGIN; at < END - ENDPOINTS; at++) {
    assert_true(first_seen[at] > 0);
    assert_true(first_seen[at] < at + LATE + ENDPOINTS);
  }
  assert_true(observations <= 13);
  watch_close(&watch);
}

/* Rows of a second reading that are half there at an observation are seen by one soon after. */
static void a_reading_that_was_half_there_is_seen_once_more(void **state) {
  (void)state;
  watch_t watch;
  watch_open(&watch, note_first, nobody);
  put_endpoint(watch.store, "one:", 100);
  assert_true(observer_turn(watch.observer, 100.5, 100.5));
  for (int at = 101; at < 115; at++)
    assert_false(observer_turn(watch.observer, at + 0.5, at + 0.5));
  put_endpoint(watch.store, "one:", 115); /* late, as the observation because nothing came is due */
  assert_true(observer_turn(watch.observer, 115.5, 115.5));
  put_worker(watch.store, "one", 115);
  begin();
  for (int at = 116; at < 125; at++)
    assert_int_equal(observer_turn(watch.observer, at + 0.5, at + 0.5), at == 120);
  assert_string_equal(seen, ":endpoint@115,workers@115,");
  watch_close(&watch);
}

/* --- its thread --- */

static void its_thread_looks_and_ends(void **state) {
  (void)state;
  watch_t watch;
  watch_open(&watch, count, NULL);
  begin();
  assert_true(observer_start(watch.observer));
  double begun = steady_seconds();
  while (observations == 0 && steady_seconds() < begun + 30)
    (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  assert_int_equal(observations, 1);
  double ending = steady_seconds();
  observer_free(watch.observer);
  assert_true(steady_seconds() - ending < 2);
  store_free(watch.store);
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_endpoint(store, "", 100);
  bool has_failed = true;
  for (unsigned long number = 1; has_failed; number++) {
    long before = allocations_live();
    allocations_fail_at(number);
    observer_t *observer = observer_new(store);
    follower_t follower = {.observe = count};
    begin();
    if (observer != NULL)
      observer_follow(observer, &follower);
    bool was_due = observer != NULL && observer_turn(observer, 100.5, 100.5);
    has_failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(was_due, !has_failed);
    assert_int_equal(observations, was_due ? 1 : 0);
    assert_true(observer == NULL || was_due || observer_turn(observer, 101.5, 101.5));
    observer_free(observer);
    assert_int_equal(allocations_live(), before);
  }
  store_free(store);
}

int main(void) {
  TEST(followers_see_rows_one_after_the_other);
  TEST(an_endpoint_that_fell_silent_is_among_them);
  TEST(looks_once_in_an_interval);
  TEST(waits_until_the_rows_of_a_reading_are_there);
  TEST(looks_though_no_rows_come);
  TEST(no_row_of_several_endpoints_is_missed);
  TEST(waits_for_the_reading_of_another_endpoint);
  TEST(sees_the_whole_reading_of_each_of_many);
  TEST(a_reading_that_was_half_there_is_seen_once_more);
  TEST(its_thread_looks_and_ends);
  TEST(bears_each_allocation_that_fails);
  return tests_run("observer");
}
