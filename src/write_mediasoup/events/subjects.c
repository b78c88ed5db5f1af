/* SPDX-License-Identifier: MIT */
#include "subjects.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "ended.h"
#include "subject_events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As long as an endpoint waits before it calls a disconnected transport lost. */
static const double lost_seconds = 30;

struct subject {
  UT_hash_handle by_name;
  subject_name_t name; /* texts of `texts` */
  bool lives;
  turn_t turn;
  life_t life;
  double last;                           /* the time of the reading that was taken last */
  double counted_received, counted_sent; /* what an empty room's counters stood at; NaN: unknown */
  subject_connection_t connection;
  double gone_since;  /* when its connection was first seen to be gone; NaN: it is not */
  bool is_lost;       /* and the event is made */
  bool was_unwatched; /* its endpoint could not be read when it was last looked for */
  uint64_t look;
  char texts[]; /* the key, then the endpoint's name */
};

/* --- by name --- */

/* NULL when out of memory. */
static subject_t *add(subjects_t *subjects, const subject_reading_t *reading) {
  const table_key_t *key = &reading->key;
  const char *endpoint = reading->name.endpoint;
  subject_t *subject = calloc(1, sizeof(*subject) + key->length + strlen(endpoint) + 1);
  if (subject == NULL)
    return NULL;
  subject_name_t *name = &subject->name;
  name->host = memcpy(subject->texts, key->bytes, key->length);
  name->endpoint = strcpy(subject->texts + key->length, endpoint);
  name->room = string_after(string_after(name->host));
  name->participant = reading->name.participant != NULL ? string_after(name->room) : NULL;
  subject->last = -INFINITY;
  HASH_ADD_KEYPTR_BYHASHVALUE(by_name, subjects->by_name, subject->texts, key->length, key->hash, subject);
  if (subject->by_name.tbl != NULL)
    return subject;
  free(subject);
  return NULL;
}

/* Whether it is new is seen by its `last`. NULL when out of memory. */
static subject_t *find_or_add(subjects_t *subjects, const subject_reading_t *reading) {
  const table_key_t *key = &reading->key;
  subject_t *subject = NULL;
  HASH_FIND_BYHASHVALUE(by_name, subjects->by_name, key->bytes, key->length, key->hash, subject);
  return subject != NULL ? subject : add(subjects, reading);
}

static void forget(subjects_t *subjects, subject_t *subject) {
  HASH_DELETE(by_name, subjects->by_name, subject);
  free(subject);
}

void subjects_done(subjects_t *subjects) {
  subject_t *subject, *next;
  HASH_ITER(by_name, subjects->by_name, subject, next)
    forget(subjects, subject);
}

/* --- ending --- */

static ended_outcome_t outcome_of(const subject_t *subject) {
  static const ended_outcome_t by_connection[] = {[CONNECTION_UNKNOWN] = OUTCOME_UNKNOWN,
                                                  [CONNECTION_NOT] = OUTCOME_CLOSED,
                                                  [CONNECTION_UP] = OUTCOME_LEFT,
                                                  [CONNECTION_GONE] = OUTCOME_LOST};
  return subject->name.participant == NULL ? OUTCOME_CLOSED : by_connection[subject->connection];
}

static record_t *ended_record(const subject_t *subject, ended_outcome_t outcome) {
  record_t *record = record_new(&ended_type);
  record_set_text(record, ENDED_KIND, subject->name.participant == NULL ? "room" : "participant");
  subject_name_write(&subject->name, record, ENDED_HOST);
  record_set_text(record, ENDED_OUTCOME, outcome_name(outcome));
  life_write(&subject->life, record);
  return record;
}

static void tell_loss(const subjects_t *subjects, subject_t *subject) {
  sink_event(subjects->sink, subject_event_lost(&subject->name, subject->gone_since, subjects->now));
  subject->is_lost = true;
}

/* What was bad is not any more, which is told, too: whoever waits for the end of it learns it. That a participant is
 * lost says it already. */
static void end(const subjects_t *subjects, subject_t *subject, ended_outcome_t outcome) {
  bool is_lost = outcome == OUTCOME_LOST && subject->connection == CONNECTION_GONE;
  if (is_lost && !subject->is_lost)
    tell_loss(subjects, subject);
  if (subject->turn.is_bad && !is_lost)
    sink_event(subjects->sink, subject_event_over(&subject->name, &subject->turn, subject->life.last, subjects->now));
  sink_ended(subjects->sink, ended_record(subject, outcome));
  subject->lives = false;
  /* A room's group goes on counting. Transports that a participant gets after this begin at 0. */
  bool is_room = subject->name.participant == NULL;
  subject->counted_received = is_room ? subject->life.counted_received : 0;
  subject->counted_sent = is_room ? subject->life.counted_sent : 0;
}

/* It is not there any more. Keeps it where nobody knows whether it has ended. */
static void miss(const subjects_t *subjects, subject_t *subject, const known_endpoint_t *endpoint) {
  double last = subject->life.last;
  if (endpoint == NULL)
    end(subjects, subject, OUTCOME_UNKNOWN);
  else if (last < endpoint->restarted)
    end(subjects, subject, OUTCOME_RESTARTED);
  else if (endpoint_went_out_after(endpoint, last))
    subject->was_unwatched = true;
  else if (subject->was_unwatched)
    end(subjects, subject, OUTCOME_UNKNOWN);
  else
    end(subjects, subject, endpoint_worker_died_after(endpoint, last) ? OUTCOME_LOST : outcome_of(subject));
}

/* Most often it is the same as of the one before. */
static const known_endpoint_t *endpoint_of(subjects_t *subjects, const subject_name_t *name) {
  if (subjects->endpoint == NULL || !endpoint_is_called(subjects->endpoint, name->host, name->endpoint))
    subjects->endpoint = endpoints_find(subjects->endpoints, name->host, name->endpoint);
  return subjects->endpoint;
}

/* Its room's or participant's rows come by the new clock from now on. */
static void subject_follow_clock(subject_t *subject, double step) {
  subject->last += step;
  subject->gone_since += step;
  turn_follow_clock(&subject->turn, step);
  life_follow_clock(&subject->life, step);
}

/* With the only process of an application everything has ended, even what is there again under the same name. */
void subjects_begin(subjects_t *subjects, const endpoints_t *endpoints, const sink_t *sink, double now) {
  subject_t *subject, *next;
  subjects->endpoints = endpoints;
  subjects->endpoint = NULL;
  subjects->sink = sink;
  subjects->now = now;
  subjects->look++;
  subjects->seen = 0;
  if (!endpoints_have_new_clock_or_process(endpoints))
    return;
  HASH_ITER(by_name, subjects->by_name, subject, next) {
    const known_endpoint_t *endpoint = endpoint_of(subjects, &subject->name);
    if (endpoint != NULL)
      subject_follow_clock(subject, endpoint->clock_step);
    if (subject->lives && endpoint != NULL && endpoint->is_new_process)
      end(subjects, subject, OUTCOME_RESTARTED);
  }
}

/* --- living --- */

/* Nobody knows what the counters of one stood at that was there before collectd looked; those of others began at 0. */
static void begin(subject_t *subject, const subject_reading_t *reading, bool is_new, bool is_baseline) {
  if (is_new)
    subject->counted_received = subject->counted_sent = is_baseline ? NAN : 0;
  subject->lives = true;
  subject->is_lost = false;
  subject->gone_since = NAN;
  turn_begin(&subject->turn, false, reading->life.time);
  life_begin(&subject->life, &reading->life, subject->counted_received, subject->counted_sent);
}

static void look_at_quality(const subjects_t *subjects, subject_t *subject, const subject_reading_t *reading,
                            bool is_baseline) {
  if (reading->is_unknown)
    return;
  if (is_baseline)
    turn_begin(&subject->turn, reading->life.is_bad, reading->life.time);
  else if (turn_take(&subject->turn, reading->life.is_bad, reading->life.time))
    sink_event(subjects->sink, subject_event_turned(reading, &subject->turn, subjects->now));
}

static void look_at_connection(const subjects_t *subjects, subject_t *subject, const subject_reading_t *reading,
                               bool is_baseline) {
  subject->connection = reading->connection;
  if (reading->connection != CONNECTION_GONE) {
    subject->gone_since = NAN;
    subject->is_lost = false;
    return;
  }
  if (isnan(subject->gone_since))
    subject->gone_since = reading->life.time;
  if (is_baseline)
    subject->is_lost = true; /* it may have been so before */
  else if (!subject->is_lost && reading->life.time - subject->gone_since >= lost_seconds)
    tell_loss(subjects, subject);
}

/* Rows are shown for two intervals only: what is there after longer was not watched meanwhile. */
static bool was_watched(const subject_t *subject, const subject_reading_t *reading, const known_endpoint_t *endpoint) {
  return !subject->was_unwatched && reading->life.time - subject->life.last <= clock_step(endpoint->interval);
}

static void live(const subjects_t *subjects, subject_t *subject, const subject_reading_t *reading, bool is_new,
                 const known_endpoint_t *endpoint) {
  bool is_baseline = endpoint_is_baseline(endpoint);
  if (!subject->lives)
    begin(subject, reading, is_new, is_baseline);
  else
    life_take(&subject->life, &reading->life, was_watched(subject, reading, endpoint));
  subject->was_unwatched = false;
  look_at_quality(subjects, subject, reading, is_baseline);
  look_at_connection(subjects, subject, reading, is_baseline);
}

static void be_empty(const subjects_t *subjects, subject_t *subject, const subject_reading_t *reading,
                     const known_endpoint_t *endpoint) {
  if (subject->lives)
    miss(subjects, subject, endpoint);
  subject->counted_received = reading->life.bytes_received;
  subject->counted_sent = reading->life.bytes_sent;
}

/* Rows of before a restart are shown for two intervals more, and so are those of before the clock was set back. */
static bool is_of_past(const subject_reading_t *reading, const known_endpoint_t *endpoint) {
  return reading->life.time < endpoint->restarted || endpoint_has_older_clock(endpoint, reading->life.time);
}

void subjects_take(subjects_t *subjects, const subject_reading_t *reading) {
  const known_endpoint_t *endpoint = endpoint_of(subjects, &reading->name);
  subject_t *subject = endpoint != NULL ? find_or_add(subjects, reading) : NULL;
  if (subject == NULL)
    return;
  bool is_new = isinf(subject->last);
  subjects->seen += subject->look != subjects->look ? 1 : 0;
  subject->look = subjects->look;
  if (reading->life.time <= subject->last || is_of_past(reading, endpoint) || endpoint_is_out(endpoint))
    return;
  subject->last = reading->life.time;
  if (reading->is_present)
    live(subjects, subject, reading, is_new, endpoint);
  else
    be_empty(subjects, subject, reading, endpoint);
}

void subjects_end(subjects_t *subjects) {
  subject_t *subject, *next;
  if (subjects->seen == HASH_CNT(by_name, subjects->by_name))
    return;
  HASH_ITER(by_name, subjects->by_name, subject, next) {
    if (subject->look == subjects->look)
      continue;
    if (subject->lives)
      miss(subjects, subject, endpoint_of(subjects, &subject->name));
    if (!subject->lives)
      forget(subjects, subject);
  }
}
