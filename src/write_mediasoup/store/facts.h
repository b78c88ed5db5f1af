/* SPDX-License-Identifier: MIT */
/*
 * What is known of an object besides its values: ids, states, appData. Facts are made once, then shared and never
 * changed.
 */
#ifndef COLLECTD_MEDIASOUP_FACTS_H
#define COLLECTD_MEDIASOUP_FACTS_H

#include "common/app_data.h"
#include "common/json_writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACT_APP_DATA "appData"
#define FACT_INHERITED "inherited" /* appData of the objects above, and names by other keys */
#define FACT_NAMES "names"         /* {"room":"...","participant":"..."} */

typedef enum {
  FACT_TEXT, /* UTF-8 */
  FACT_JSON, /* a number, true, false, an object or an array, as its JSON text */
} fact_type_t;

typedef struct {
  const char *key;
  const char *text;
  fact_type_t type;
  bool owns_key;    /* the table of attributes does not have the key */
  bool may_be_json; /* a text that is JSON if it is valid */
} fact_t;

typedef struct facts facts_t;

/* --- making them, by one thread: facts_new(), facts_add() as often as needed, facts_finish() --- */

/* Facts with one reference, the caller's, for facts_finish() or facts_release(). NULL when out of memory, which the
 * other functions take. */
facts_t *facts_new(void);

/* Adds a fact, in any order. The texts are copied. A failure is remembered for facts_finish(). */
void facts_add(facts_t *facts, const char *key, fact_type_t type, const char *text);

/* Remembers that the caller is out of memory. */
void facts_fail(facts_t *facts);

/* Takes them over, and returns the finished ones. The pieces `key`, `key.1`, `key.2`, ... become one fact; a text whose
 * attribute is JSON becomes JSON if it is valid; the scalars of appData and of the names are read. NULL after a
 * failure. */
facts_t *facts_finish(facts_t *made);

/* --- sharing them, by any thread --- */

/* One reference more, and one less. Both take NULL. */
facts_t *facts_share(facts_t *facts);
void facts_release(facts_t *facts);

/* A number that no other facts of this process have. */
uint64_t facts_number(const facts_t *facts);

/* The fact of this key, and its text. NULL where there is none. `facts` may be NULL. Lent as long as the facts are. */
const fact_t *facts_find(const facts_t *facts, const char *key);
const char *facts_find_text(const facts_t *facts, const char *key);

/* The texts of several facts in one walk: `texts[i]` is that of `keys[i]`, or NULL. The keys are sorted by their bytes,
 * and have no digits. */
void facts_find_texts(const facts_t *facts, const char *const *keys, size_t length, const char **texts);

/* The scalars of appData, of what is inherited, and of the names; NULL where there is none. */
const app_data_t *facts_app_data(const facts_t *facts);
const app_data_t *facts_inherited(const facts_t *facts);
const app_data_t *facts_names(const facts_t *facts);

/* What another module makes of them: `make` is asked when it is first wanted, by any thread. What it returns is one
 * piece of memory, which is kept with the facts and freed by free(). There is one such module, and its `make` is always
 * the same. NULL when out of memory. */
const void *facts_keep(const facts_t *facts, void *(*make)(const facts_t *facts));

/* All of them in turn, sorted by key. NULL after the last. */
const fact_t *facts_at(const facts_t *facts, size_t index);

/* The memory that they take, with the text that facts_write() keeps, whether or not it was asked for yet, and without
 * what facts_keep() does. It is counted anew at each call. 0 of NULL. */
size_t facts_size(const facts_t *facts);

/* Write one fact, or all of them, as members of a JSON object. Facts are the larger part of a row and seldom change, so
 * the text of all of them is made once, when it is first asked for, and kept. */
void fact_write(const fact_t *fact, json_writer_t *json);
void facts_write(const facts_t *facts, json_writer_t *json);

#endif
