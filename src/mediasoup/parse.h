/* SPDX-License-Identifier: MIT */
/*
 * Makes rows of a snapshot's bytes, which come in pieces of any size. It keeps the row under way and nothing else, so
 * its memory is bounded whatever comes in.
 */
#ifndef COLLECTD_MEDIASOUP_PARSE_H
#define COLLECTD_MEDIASOUP_PARSE_H

#include "row.h"

typedef struct parser parser_t;

/* Takes a whole row, which is lent for the call. A status other than STATUS_OK ends the parsing with it; the parser
 * puts the row's number before the cause. */
typedef status_t (*parser_row_t)(void *context, const row_t *row, failure_t *failure);

/* NULL when out of memory. `context` is lent for the parser's life. */
parser_t *parser_new(parser_row_t on_row, void *context);
void parser_free(parser_t *parser);

/* Starts a new snapshot. Everything is forgotten, memory is kept. */
MUST_CHECK status_t parser_begin(parser_t *parser, failure_t *failure);

/* Takes the next bytes; a fetch_body_t with the parser as its context. Fails with STATUS_SYNTAX, STATUS_PROTOCOL,
 * STATUS_TOO_LARGE, STATUS_NO_MEMORY, or as on_row does. Only parser_begin() may follow a failure. */
MUST_CHECK status_t parser_feed(void *parser, const char *bytes, size_t length, failure_t *failure);

/* The bytes end here: STATUS_CLOSED where that is within a row. */
MUST_CHECK status_t parser_end(parser_t *parser, failure_t *failure);

#endif
