/* SPDX-License-Identifier: MIT */
#include "observer.h"

#include "arrivals.h"
#include "common/clock.h"

#include <utlist.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* The few rows of endpoints are looked at so often; all that is observed in each second at the most. */
enum { TURN_NANOSECONDS = 250000000 };
static const double shortest_pause = 1;

/* What the interval is taken for until a row tells it, and its bounds. */
static const double usual_interval = 10, shortest_interval = 1, longest_interval = 3600;

/* A reading is whole when a quarter of the interval has passed since its first row, and after so many seconds. */
static const double longest_wait = 3;

static const class_id_t observed[] = {CLASS_ENDPOINT,        CLASS_WORKERS,         CLASS_GROUPS,
                                      CLASS_GROUP_PRODUCERS, CLASS_GROUP_CONSUMERS, CLASS_GROUP_TRANSPORTS};
enum { OBSERVED = sizeof(observed) / sizeof(observed[0]) };

struct observer {
  store_t *store;
  follower_t *followers;
  double interval; /* the shortest of the rows that were seen last */
  double observed; /* when the last observation was, in steady seconds */
  arrivals_t arrivals;
  pthread_t thread;
  bool has_thread;
  pthread_mutex_t lock;
  pthread_cond_t ends;
  bool is_ending; /* under the lock */
};

/* --- when --- */

static double bounded(double interval) {
  return !(interval > shortest_interval) ? shortest_interval : fmin(interval, longest_interval);
}

/* The shortest interval of these rows, or of none `otherwise`. */
static double interval_of(const observed_rows_t *rows, double otherwise) {
  double shortest = INFINITY;
  for (size_t i = 0; i < rows->length; i++)
    shortest = fmin(shortest, rows->list[i]->interval);
  return isinf(shortest) ? otherwise : bounded(shortest);
}

static double time_to_settle(const observer_t *observer) { return fmin(observer->interval / 4, longest_wait); }

/* Readings of several endpoints come at different times, and no row may be missed, so there may be two observations in
 * an interval. Without endpoints nothing tells when rows have come. */
static bool is_due(const observer_t *observer, double steady) {
  double interval = observer->interval, passed = steady - observer->observed;
  bool has_news =
      observer->arrivals.length == 0 || arrivals_are_due(&observer->arrivals, steady, time_to_settle(observer));
  return passed >= interval * 3 / 2 || (has_news && passed >= fmax(interval / 2, shortest_pause));
}

/* --- what --- */

/* false when out of memory. */
static bool take(observer_t *observer, observation_t *observation, class_id_t class) {
  const selection_t all = {.also_silent = true};
  observed_rows_t *rows = &observation->rows[class];
  if (rows->list == NULL)
    rows->list = store_take(observer->store, &classes[class], &all, observation->now, &rows->length);
  return rows->list != NULL;
}

static void release(observation_t *observation) {
  for (size_t i = 0; i < OBSERVED; i++)
    store_release(observation->rows[observed[i]].list, observation->rows[observed[i]].length);
}

/* false when out of memory. */
static bool show(observer_t *observer, observation_t *observation) {
  double interval = INFINITY;
  for (size_t i = 0; i < OBSERVED; i++) {
    if (!take(observer, observation, observed[i]))
      return false;
    interval = fmin(interval, interval_of(&observation->rows[observed[i]], INFINITY));
  }
  participants_t *participants = participants_of_reading(observer->store, observation->now);
  if (participants == NULL)
    return false;
  observation->participants = participants;
  observer->interval = isinf(interval) ? usual_interval : interval;
  follower_t *follower;
  LL_FOREACH(observer->followers, follower)
    follower->observe(follower->context, observation);
  participants_free(participants);
  return true;
}

/* false when out of memory. */
static bool look_for_readings(observer_t *observer, observation_t *observation, double steady) {
  const observed_rows_t *endpoints = &observation->rows[CLASS_ENDPOINT];
  if (!take(observer, observation, CLASS_ENDPOINT) ||
      !arrivals_take(&observer->arrivals, endpoints->list, endpoints->length, steady))
    return false;
  observer->interval = interval_of(endpoints, observer->interval);
  return true;
}

bool observer_turn(observer_t *observer, double steady, double now) {
  observation_t observation = {.now = now};
  bool was_due = look_for_readings(observer, &observation, steady) && is_due(observer, steady);
  double settled = time_to_settle(observer);
  was_due = was_due && show(observer, &observation);
  if (was_due) {
    arrivals_were_seen(&observer->arrivals, steady, settled);
    observer->observed = steady;
  }
  release(&observation);
  return was_due;
}

/* --- life --- */

static double epoch_seconds(void) { return (double)epoch_milliseconds() / 1000; }

/* false when the observer ends. */
static bool wait_for_turn(observer_t *observer) {
  struct timespec until;
  (void)clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += TURN_NANOSECONDS;
  until.tv_sec += until.tv_nsec / 1000000000L;
  until.tv_nsec %= 1000000000L;
  pthread_mutex_lock(&observer->lock);
  while (!observer->is_ending && pthread_cond_timedwait(&observer->ends, &observer->lock, &until) == 0)
    ;
  bool goes_on = !observer->is_ending;
  pthread_mutex_unlock(&observer->lock);
  return goes_on;
}

static void *run(void *context) {
  while (wait_for_turn(context))
    (void)observer_turn(context, steady_seconds(), epoch_seconds());
  return NULL;
}

static bool init_lock(observer_t *observer) {
  pthread_condattr_t clock;
  if (pthread_mutex_init(&observer->lock, NULL) != 0)
    return false;
  bool made = pthread_condattr_init(&clock) == 0 && pthread_condattr_setclock(&clock, CLOCK_MONOTONIC) == 0 &&
              pthread_cond_init(&observer->ends, &clock) == 0;
  (void)pthread_condattr_destroy(&clock);
  if (!made)
    pthread_mutex_destroy(&observer->lock);
  return made;
}

observer_t *observer_new(store_t *store) {
  observer_t *observer = calloc(1, sizeof(*observer));
  if (observer == NULL)
    return NULL;
  *observer = (observer_t){.store = store, .interval = usual_interval, .observed = -INFINITY};
  if (init_lock(observer))
    return observer;
  free(observer);
  return NULL;
}

void observer_follow(observer_t *observer, follower_t *follower) { LL_APPEND(observer->followers, follower); }

bool observer_start(observer_t *observer) {
  observer->has_thread = pthread_create(&observer->thread, NULL, run, observer) == 0;
  return observer->has_thread;
}

void observer_free(observer_t *observer) {
  if (observer == NULL)
    return;
  pthread_mutex_lock(&observer->lock);
  observer->is_ending = true;
  pthread_cond_signal(&observer->ends);
  pthread_mutex_unlock(&observer->lock);
  if (observer->has_thread)
    (void)pthread_join(observer->thread, NULL);
  pthread_cond_destroy(&observer->ends);
  pthread_mutex_destroy(&observer->lock);
  arrivals_done(&observer->arrivals);
  free(observer);
}
