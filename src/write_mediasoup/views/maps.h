/* SPDX-License-Identifier: MIT */
/*
 * The members of a router's and a worker's JSON object that name other objects: the ids and maps of mediasoup's
 * router.dump(), made from the rows themselves, so that no worker has to dump.
 */
#ifndef COLLECTD_MEDIASOUP_MAPS_H
#define COLLECTD_MEDIASOUP_MAPS_H

#include "common/json_writer.h"
#include "field_set.h"
#include "relations.h"

/* Whether rows of `class` have such a member under this key. */
bool maps_have(const class_t *class, const char *key);

/* What maps_write() needs for rows of `class`: all of it or nothing. `fields` are the wanted keys. NULL where none of
 * these members is wanted, or when out of memory. */
relations_t *maps_relations(store_t *store, const class_t *class, const field_set_t *fields, double now);

/* Writes the wanted members of the row. `relations` is from maps_relations() and may be NULL: nothing is written. */
void maps_write(const relations_t *relations, const field_set_t *fields, const store_row_t *row, json_writer_t *json);

#endif
