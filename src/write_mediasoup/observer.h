/* SPDX-License-Identifier: MIT */
/*
 * What looks at the store once in an interval and shows it to its followers: what is kept of the past, and what tells
 * of events. It has a thread of its own, so that neither writers nor readers wait for a follower.
 */
#ifndef COLLECTD_MEDIASOUP_OBSERVER_H
#define COLLECTD_MEDIASOUP_OBSERVER_H

#include "participants/participants.h"
#include "store/store.h"

typedef struct observer observer_t;

/* Rows of a class, as store_take() gives them. */
typedef struct {
  const store_row_t **list;
  size_t length;
} observed_rows_t;

/* The store at one moment. A row is shown again as long as no newer one has taken its place: the same `time` under the
 * same name is the same row. So who counts observations of an object has to count those with a new `time`. */
typedef struct {
  double now; /* epoch seconds */
  /* Of the classes that are observed: endpoint, workers, groups, group_producers, group_consumers and
   * group_transports; empty for others. Endpoints that have fallen silent are among them, see store_is_current(). */
  observed_rows_t rows[CLASS_COUNT];
  const participants_t *participants;
} observation_t;

/* Zero-initialise `next`. */
typedef struct follower follower_t;
struct follower {
  /* Called in the observer's thread, one follower after the other. The observation is lent; store_row_share() keeps a
   * row of it for longer. It should take well below a second, since collectd waits for it when it ends. */
  void (*observe)(void *context, const observation_t *observation);
  void *context;
  follower_t *next;
};

/* An observer without a thread. The store is lent until observer_free(). NULL when out of memory. */
observer_t *observer_new(store_t *store);

/* Adds a follower after those that are there, before observer_start(). It is lent until observer_free(). */
void observer_follow(observer_t *observer, follower_t *follower);

/* Begins the thread. false when that fails. */
MUST_CHECK bool observer_start(observer_t *observer);

/* Ends the thread, after the follower that it may be in, and frees the observer. Takes NULL. */
void observer_free(observer_t *observer);

/* One turn of the thread, which has four in each second: shows the store to the followers if that is due. That is a
 * little after the rows of an interval have come, so that an observation has the rows of one reading; and from time to
 * time though none come. `steady` is a time of steady_seconds(), `now` is in epoch seconds. Returns whether it was due;
 * out of memory it is due again at the next turn. */
bool observer_turn(observer_t *observer, double steady, double now);

#endif
