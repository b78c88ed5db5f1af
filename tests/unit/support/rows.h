/* SPDX-License-Identifier: MIT */
/*
 * What the unit tests of the views share: rows written and shown in few words.
 */
#ifndef COLLECTD_MEDIASOUP_ROWS_H
#define COLLECTD_MEDIASOUP_ROWS_H

#include "support.h"
#include "write_mediasoup/participants/participant.h"
#include "write_mediasoup/store/store.h"

#define ROWS_INTERVAL 10 /* seconds, of every row written here */

/* Facts of "key=value key=value"; NULL of NULL, and without memory. */
facts_t *facts_of(const char *pairs);

/* A row of the class, each of whose fields is `figure`. `name` is its type_instance, with "host:" before it where that
 * is not the usual one. NULL without memory. */
store_row_t *row_of(class_id_t class, const char *name, double time, int64_t figure, const char *facts);

/* Sets a field that its class has, whatever its kind. */
void row_set(store_row_t *row, const char *field, double value);

/* Writes that row into the store. */
void put_row(store_t *store, class_id_t class, const char *name, double time, int64_t figure, const char *facts);

/* Gives the participant its key. Returns the key's texts, for the caller to free. */
char *give_key(participant_t *participant);

/* All rows that are taken, sorted: "name=figure name=figure(k=v)", with the fact `fact` where one has it and it is not
 * NULL. The caller frees it. */
char *show_rows(store_t *store, class_id_t class, const selection_t *selection, double now, const char *fact);

#endif
