/* SPDX-License-Identifier: MIT */
/*
 * What belongs to what: the maps of mediasoup's router.dump(), made of the rows themselves, so that nobody has to dump.
 */
#ifndef COLLECTD_MEDIASOUP_RELATIONS_H
#define COLLECTD_MEDIASOUP_RELATIONS_H

#include "common/json_writer.h"
#include "query.h"

typedef struct relations relations_t;

/* The place of this key among the members that rows of `class` get here, or -1. */
int relations_find(const class_t *class, const char *key);

/* For the rows of `class`: whole or not at all. NULL, which all functions take, when the query wants none of them or
 * out of memory. It costs a sort of all rows below. `query` is lent until relations_free. */
relations_t *relations_new(store_t *store, const class_t *class, const query_t *query, double now);
void relations_free(relations_t *relations);

/* Writes those members of a router's or worker's JSON object that name other objects and that the query wants. */
void relations_write(const relations_t *relations, const store_row_t *row, json_writer_t *json);

#endif
