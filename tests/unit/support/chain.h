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
/* The same with more members in the endpoint row: ",'events':3". */
char *snapshot_of(const char *endpoint, const char *rows);

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

/* The same of snapshot_of(endpoint, rows). */
void chain_read_of(chain_t *chain, const char *endpoint, const char *rows);

/* The same of snapshot_of(endpoint, rows) without its end row; asserts that it fails for that. */
void chain_read_cut_of(chain_t *chain, const char *endpoint, const char *rows);

/* The same of snapshot(rows) without its end row; asserts that it fails for that. */
void chain_read_cut(chain_t *chain, const char *rows);

/* The same of a text that is no snapshot(); asserts how it ends. */
void chain_read_as(chain_t *chain, const char *text, status_t status);

/* The object "CLASS ID" or "CLASS ID STREAM", or NULL. "endpoint" is the endpoint. */
object_t *chain_find(const chain_t *chain, const char *name);

/* A field of it as a number; fails the test where there is none. */
double chain_value(const chain_t *chain, const char *name, const char *field);
void assert_value(const chain_t *chain, const char *name, const char *field, double expected);
void assert_unknown(const chain_t *chain, const char *name, const char *field);

/* Whether it is given to collectd. */
bool chain_dispatches(const chain_t *chain, const char *name);

/* Asserts that the text is refused with this status and a cause that holds `cause`, in pieces of 1 to 31 bytes and in
 * one, and that the next snapshot is read as if nothing had been. */
void assert_refused(const char *text, status_t status, const char *cause);
enum { CHUNKS = 31 };

/* All that is known, as text: a line for the object's name, its values, its attributes. */
void chain_print(const chain_t *chain, buffer_t *text);

/* --- tests that take a chain --- */

typedef struct {
  const char *name;
  void (*run)(chain_t *chain);
} chain_test_t;

#define CHAIN_TEST(function) {#function, function}

/* Runs one on a new chain, and asserts that it left no memory behind. */
void chain_test(void **state);

/* --- a small tree, for rows below it --- */

#define WORKER "{'row':'workers','worker':0,'pid':11}\n"
#define ROUTER "{'row':'routers','routerId':'r','worker':0}\n"
#define TRANSPORT "{'row':'transports','transportId':'t','routerId':'r'}\n"
#define TREE WORKER ROUTER TRANSPORT
#define ADD_PRODUCER(id, bytes, packets)                                                                               \
  "{'row':'producers','producerId':'" id "','transportId':'t','stats':{'byteCount':" #bytes ",'packetCount':" #packets \
  "}}\n"
#define ADD_CONSUMER(id, bytes, packets)                                                                               \
  "{'row':'consumers','consumerId':'" id "','transportId':'t','stats':{'byteCount':" #bytes ",'packetCount':" #packets \
  "}}\n"
#define ADD_STREAM(rid, bytes)                                                                                         \
  "{'row':'producers','producerId':'p','transportId':'t','encodings':3,'stats':{'rid':'" rid "','byteCount':" #bytes   \
  "}}\n"
#define LATE_PRODUCER "{'row':'producers','producerId':'p','transportId':'t','error':'deadline'}\n"
#define LATE_SIMULCAST "{'row':'producers','producerId':'p','transportId':'t','encodings':3,'error':'deadline'}\n"

#endif
