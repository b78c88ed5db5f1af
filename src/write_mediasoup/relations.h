/*
 * What belongs to what: the maps of mediasoup's router.dump(), made of the rows themselves, so that nobody has to dump.
 */
#ifndef COLLECTD_MEDIASOUP_RELATIONS_H
#define COLLECTD_MEDIASOUP_RELATIONS_H

#include "store.h"

#include <yajl/yajl_gen.h>

typedef struct relations relations_t;

/* For the rows of `class`; NULL, which all functions take, when the class has none or out of memory: whole or not at
 * all.
 */
relations_t *relations_new(store_t *store, const class_t *class, double now);
void relations_free(relations_t *relations);

/* Writes the members of a router's or worker's JSON object that name other objects. */
void relations_write(const relations_t *relations, const store_row_t *row, yajl_gen json);

#endif
