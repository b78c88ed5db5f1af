/* SPDX-License-Identifier: MIT */
/*
 * The last records of one type. One thread adds them; any thread takes them.
 */
#ifndef COLLECTD_MEDIASOUP_RECORD_LOG_H
#define COLLECTD_MEDIASOUP_RECORD_LOG_H

#include "record.h"

typedef struct record_log record_log_t;

/* How many records a log keeps of each concern: a bad day's, and less than a megabyte of usual ones. */
enum { RECORD_LOG_MAX = 1000 };

/* What records are about. Each has room of its own: a thousand participants must not push out the worker that died and
 * took them along. */
typedef enum { CONCERNS_MACHINE, CONCERNS_ROOM, CONCERNS_PARTICIPANT, CONCERNS } concern_t;

/* Records get numbers above `number`, which may come from a clock, so that they grow from one start of collectd to the
 * next. The type is lent for good. NULL when out of memory. */
record_log_t *record_log_new(const record_type_t *type, uint64_t number);
void record_log_free(record_log_t *log); /* takes NULL */

/* Gives the record its number and takes it over. The oldest of this concern makes room. `record` may be NULL. */
void record_log_add(record_log_t *log, concern_t concern, record_t *record);

const record_type_t *record_log_type(const record_log_t *log);

/* All records, newest first, for record_log_release(), and in `*number` the newest number that was given. NULL when out
 * of memory; with no record at all it is not NULL. */
record_t **record_log_take(record_log_t *log, size_t *length, uint64_t *number);
void record_log_release(record_t **records, size_t length);

#endif
