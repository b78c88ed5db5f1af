/* SPDX-License-Identifier: MIT */
#include "record_log.h"

#include <pthread.h>
#include <stdlib.h>

/* The records of one concern. */
typedef struct {
  size_t length;
  size_t next; /* where the next record is put */
  record_t *records[RECORD_LOG_MAX];
} ring_t;

struct record_log {
  const record_type_t *type;
  pthread_mutex_t lock; /* of what follows */
  uint64_t number;      /* of the newest record */
  ring_t rings[CONCERNS];
};

record_log_t *record_log_new(const record_type_t *type, uint64_t number) {
  record_log_t *log = calloc(1, sizeof(*log));
  if (log == NULL || pthread_mutex_init(&log->lock, NULL) != 0) {
    free(log);
    return NULL;
  }
  log->type = type;
  log->number = number;
  return log;
}

void record_log_free(record_log_t *log) {
  if (log == NULL)
    return;
  for (size_t concern = 0; concern < CONCERNS; concern++)
    for (size_t i = 0; i < RECORD_LOG_MAX; i++)
      record_release(log->rings[concern].records[i]);
  pthread_mutex_destroy(&log->lock);
  free(log);
}

/* Returns what had to make room, or NULL. */
static record_t *put(ring_t *ring, record_t *record) {
  record_t *oldest = ring->records[ring->next];
  ring->records[ring->next] = record;
  ring->next = (ring->next + 1) % RECORD_LOG_MAX;
  ring->length += oldest == NULL ? 1 : 0;
  return oldest;
}

void record_log_add(record_log_t *log, concern_t concern, record_t *record) {
  if (record == NULL)
    return;
  pthread_mutex_lock(&log->lock);
  record_set_number(record, 0, (double)++log->number);
  record_t *oldest = put(&log->rings[concern], record);
  pthread_mutex_unlock(&log->lock);
  record_release(oldest);
}

const record_type_t *record_log_type(const record_log_t *log) { return log->type; }

/* The record at `index`, newest first, or NULL. */
static record_t *at(const ring_t *ring, size_t index) {
  return index < ring->length ? ring->records[(ring->next + RECORD_LOG_MAX - 1 - index) % RECORD_LOG_MAX] : NULL;
}

/* The newest record of those that come next in the rings, which moves on; NULL after the last. */
static record_t *next_of(const record_log_t *log, size_t indexes[CONCERNS]) {
  record_t *newest = NULL;
  size_t of = 0;
  for (size_t concern = 0; concern < CONCERNS; concern++) {
    record_t *record = at(&log->rings[concern], indexes[concern]);
    if (record == NULL || (newest != NULL && record->values[0].number < newest->values[0].number))
      continue;
    newest = record;
    of = concern;
  }
  indexes[of]++;
  return newest;
}

record_t **record_log_take(record_log_t *log, size_t *length, uint64_t *number) {
  record_t **records = malloc(CONCERNS * RECORD_LOG_MAX * sizeof(record_t *));
  size_t indexes[CONCERNS] = {0};
  if (records == NULL)
    return NULL;
  pthread_mutex_lock(&log->lock);
  *length = 0;
  *number = log->number;
  for (record_t *record; (record = next_of(log, indexes)) != NULL;)
    records[(*length)++] = record_share(record);
  pthread_mutex_unlock(&log->lock);
  return records;
}

void record_log_release(record_t **records, size_t length) {
  for (size_t i = 0; i < length; i++)
    record_release(records[i]);
  free(records);
}
