/* SPDX-License-Identifier: MIT */
/*
 * A view: the rows of one class as a JSON array, read in pieces of bounded size. What is asked for by its id is an
 * array, too: a producer has a row for each of its streams.
 */
#ifndef COLLECTD_MEDIASOUP_VIEW_H
#define COLLECTD_MEDIASOUP_VIEW_H

#include "query.h"

#include <sys/types.h>

typedef struct view view_t;

/* The rows as they are now, whatever comes later. STATUS_NOT_FOUND where the query names one object and there is none,
 * STATUS_NO_MEMORY. */
MUST_CHECK status_t view_new(store_t *store, const class_t *class, const query_t *query, double now, view_t **view,
                             failure_t *failure);
void view_free(view_t *view);

/* The next bytes, at most `size`; 0 after the last; -1 when out of memory. */
ssize_t view_read(view_t *view, char *bytes, size_t size);

/* Tells apart what differs: the same number for the same rows. */
uint64_t view_version(const view_t *view);

/* Text that is made elsewhere. */
typedef struct {
  ssize_t (*read)(void *context, char *bytes, size_t size); /* as view_read */
  void (*free)(void *context);
} view_text_t;

/* A view of such a text. Takes over the context, unless it returns NULL: out of memory. */
view_t *view_of_text(const view_text_t *text, void *context, uint64_t version);

#endif
