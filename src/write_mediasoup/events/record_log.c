/* SPDX-License-Identifier: MIT */
#include "record_log.h"

#include <pthread.h>
#include <stdlib.h>

struct record_log {
  const record_type_t *type;
  pthread_mutex_t lock; /* of what follows */
  uint64_t number;      /* of the newest record */
  size_t length;
  size_t next;                       /* where the next record is put */
  record_t *records[RECORD_LOG_MAX]; /* a ring */
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
  for (size_t i = 0; i < RECORD_LOG_MAX; i++)
    record_release(log->records[i]);
  pthread_mutex_destroy(&log->lock);
  free(log);
}

void record_log_add(record_log_t *log, record_t *record) {
  if (record == NULL)
    return;
  pthread_mutex_lock(&log->lock);
  record_set_number(record, 0, (double)++log->number);
  record_t *oldest = log->records[log->next];
  log->records[log->next] = record;
  log->next = (log->next + 1) % RECORD_LOG_MAX;
  log->length += oldest == NULL ? 1 : 0;
  pthread_mutex_unlock(&log->lock);
  record_release(oldest);
}

const record_type_t *record_log_type(const record_log_t *log) { return log->type; }

record_t **record_log_take(record_log_t *log, size_t *length, uint64_t *number) {
  record_t **records = malloc(RECORD_LOG_MAX * sizeof(record_t *));
  if (records == NULL)
    return NULL;
  pthread_mutex_lock(&log->lock);
  *length = log->length;
  *number = log->number;
  for (size_t i = 0; i < log->length; i++)
    records[i] = record_share(log->records[(log->next + RECORD_LOG_MAX - 1 - i) % RECORD_LOG_MAX]);
  pthread_mutex_unlock(&log->lock);
  return records;
}

void record_log_release(record_t **records, size_t length) {
  for (size_t i = 0; i < length; i++)
    record_release(records[i]);
  free(records);
}
