/* SPDX-License-Identifier: MIT */
/*
 * A JSON array that is written piece by piece: its beginning, each row and its end. Views are such arrays.
 */
#ifndef COLLECTD_MEDIASOUP_VIEWS_ARRAY_H
#define COLLECTD_MEDIASOUP_VIEWS_ARRAY_H

#include "common/json_writer.h"

/* Initialise with ARRAY_INIT. */
typedef struct {
  json_writer_t json; /* the piece */
  size_t next;        /* the row that comes next */
  bool has_begun;
  bool has_ended;
} array_t;

#define ARRAY_INIT {.json = JSON_WRITER_INIT(SIZE_MAX)}

void array_done(array_t *array);

/* Writes a row to array->json. */
typedef void (*array_write_t)(void *context, size_t row);

/* The next piece of `length` rows, lent until the next call; NULL after the last. A failure is the piece's status. */
const buffer_t *array_next(array_t *array, size_t length, array_write_t write, void *context);

#endif
