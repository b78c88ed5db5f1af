/* SPDX-License-Identifier: MIT */
/*
 * A snapshot's bytes, in pieces of any size, become rows. Nothing is kept but the row under way, so memory is bounded
 * whatever comes in.
 */
#ifndef COLLECTD_MEDIASOUP_PARSE_H
#define COLLECTD_MEDIASOUP_PARSE_H

#include "row.h"

typedef struct parser parser_t;

/* Called with each whole row, which is lent for the call. A status other than STATUS_OK ends the parsing with it; the
 * parser puts the row's number before the cause. */
typedef status_t (*parser_row_t)(void *context, const row_t *row, failure_t *failure);

/* NULL when out of memory. `context` is lent for the parser's life. */
parser_t *parser_new(parser_row_t on_row, void *context);
void parser_free(parser_t *parser);

/* Starts a new snapshot: all is forgotten, memory is kept. */
MUST_CHECK status_t parser_begin(parser_t *parser, failure_t *failure);

/* The next bytes. After a failure, only parser_begin may follow. */
MUST_CHECK status_t parser_feed(parser_t *parser, const char *bytes, size_t length, failure_t *failure);

/* No more bytes: STATUS_CLOSED where they end within a row. */
MUST_CHECK status_t parser_end(parser_t *parser, failure_t *failure);

#endif
