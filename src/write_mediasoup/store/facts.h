/* SPDX-License-Identifier: MIT */
/*
 * What is known of an object besides its figures: ids, states, appData. Made once, then shared and never changed.
 */
#ifndef COLLECTD_MEDIASOUP_FACTS_H
#define COLLECTD_MEDIASOUP_FACTS_H

#include "common/app_data.h"
#include "common/fields.h"
#include "common/json_writer.h"
#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
  FACT_TEXT, /* UTF-8 */
  FACT_JSON, /* a number, true, false, an object or an array, as its JSON text */
} fact_type_t;

typedef struct {
  const char *key;
  const char *text;
  fact_type_t type;
  bool owns_key; /* the key is not the table's */
} fact_t;

typedef struct facts facts_t;

/* One reference, the caller's. NULL when out of memory. */
facts_t *facts_new(void);

/* A number that no other facts have, as long as the program runs. */
uint64_t facts_number(const facts_t *facts);

/* Both take NULL. Another reference to the same facts; one reference less. Any thread. */
facts_t *facts_share(facts_t *facts);
void facts_release(facts_t *facts);

/* While they are being made, by one thread: adds one, in any order. Texts are copied. */
MUST_CHECK status_t facts_add(facts_t *facts, const char *key, fact_type_t type, const char *text);

/* Adds what a summary's identifiers tell (endpoint, group, rank, le), which is not among its metadata. */
MUST_CHECK status_t facts_add_summary(facts_t *facts, const class_t *class, const char *plugin_instance,
                                      const char *type_instance);

/* They are whole: pieces (key, key.1, key.2, ...) are put together, texts that are JSON by their key are taken for it
 * where they are valid, appData's scalars are read. */
MUST_CHECK status_t facts_finish(facts_t *facts);

/* Facts that the identifiers of a value list tell by themselves, for rows that come without metadata. NULL when out of
 * memory. */
facts_t *facts_from_identifiers(const class_t *class, const char *plugin_instance, const char *type_instance);

/* NULL where there is none such. `facts` may be NULL. Lent as long as the facts are. */
const fact_t *facts_find(const facts_t *facts, const char *key);
const char *facts_find_text(const facts_t *facts, const char *key);

/* appData's scalars, for filters; NULL without any. */
const app_data_t *facts_app_data(const facts_t *facts);

/* All of them in turn: NULL after the last. */
const fact_t *facts_at(const facts_t *facts, size_t index);

/* Writes one as a member of a JSON object; all of them. They are the larger part of a row and seldom change, so their
 * text is made when first asked for, and kept. Any thread. */
void fact_write(const fact_t *fact, json_writer_t *json);
void facts_write(const facts_t *facts, json_writer_t *json);

#endif
