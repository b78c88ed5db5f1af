/* SPDX-License-Identifier: MIT */
/*
 * What the unit tests of the read plugin share: snapshots written in few words, and a chain of parser, model and namer
 * that reads them. JSON stands in them with ' for ".
 */
#ifndef COLLECTD_MEDIASOUP_CHAIN_H
#define COLLECTD_MEDIASOUP_CHAIN_H

#include "mediasoup/model.h"
#include "mediasoup/namer.h"
#include "mediasoup/parse.h"
#include "support.h"

/* A snapshot's text: `rows` between an endpoint row and an end row that counts them. The caller frees it. */
char *snapshot(const char *rows);

/* Rows of every class: two workers, simulcast, SVC, data, pipes, appData on several levels. */
extern const char sample_rows[];

typedef struct {
  model_t *model;
  parser_t *parser;
  namer_t *namer;
  double now;        /* seconds; ten more with each snapshot */
  size_t chunk;      /* bytes fed at a time; 0: all at once */
  failure_t failure; /* of the last reading */
} chain_t;

enum { ALL_CLASSES = (1 << CLASS_ROWS_COUNT) - 1 };

/* All classes, no bound, an endpoint named "sfu", all keys of appData. */
void chain_init(chain_t *chain);
/* The same with other options; NULL `naming`: as above. */
MUST_CHECK status_t chain_init_with(chain_t *chain, unsigned classes, size_t max_objects, const naming_t *naming);
void chain_done(chain_t *chain);

/* Reads a snapshot's text as the plugin does: parse, apply, commit (or fail), name what is dispatched. */
status_t chain_read_text(chain_t *chain, const char *text, size_t length);

/* The same of snapshot(rows); asserts that it succeeds. */
void chain_read(chain_t *chain, const char *rows);

/* The object "CLASS ID" or "CLASS ID STREAM", or NULL. "endpoint" is the endpoint. */
object_t *chain_find(const chain_t *chain, const char *name);

/* A field of it as a number; fails the test where there is none. */
double chain_value(const chain_t *chain, const char *name, const char *field);
void assert_value(const chain_t *chain, const char *name, const char *field, double expected);
void assert_unknown(const chain_t *chain, const char *name, const char *field);

/* Whether it is given to collectd. */
bool chain_dispatches(const chain_t *chain, const char *name);

/* All that is known, as text: a line for the object's name, its values, its attributes. */
void chain_print(const chain_t *chain, buffer_t *text);

#endif
