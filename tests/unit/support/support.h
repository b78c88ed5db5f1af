/* SPDX-License-Identifier: MIT */
/*
 * What the unit tests share: an allocator that fails when told to, snapshots written in few words, and a chain of
 * parser, model and namer that reads them.
 *
 * JSON stands in the tests with ' for ", since C needs no backslash before it.
 */
#ifndef COLLECTD_MEDIASOUP_SUPPORT_H
#define COLLECTD_MEDIASOUP_SUPPORT_H

#include "mediasoup/model.h"
#include "mediasoup/namer.h"
#include "mediasoup/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* --- tests --- */

/* Each test, and each case of a table, is a line of the program's TAP. A case begins with its name. */
void tests_add(const char *name, CMUnitTestFunction test, const void *state);
void tests_add_cases(CMUnitTestFunction test, const void *cases, size_t size, size_t length);
int tests_run(const char *module);

#define TEST(test) tests_add(#test, test, NULL)
#define TEST_CASES(test, cases) tests_add_cases(test, cases, sizeof((cases)[0]), LENGTH(cases))

/* --- allocations --- */

/* Those that our own code asks for, not the libraries'. The one of this number fails, counted from 1 from now on; 0:
 * none does. */
void allocations_fail_at(unsigned long number);

/* Whether it came to that. */
bool allocations_failed(void);

/* Blocks that were not given back. */
long allocations_live(void);

/* --- snapshots --- */

/* `text` with ' become ". The caller frees it. */
char *json(const char *text);

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
