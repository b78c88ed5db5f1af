/* SPDX-License-Identifier: MIT */
/*
 * Rows of many objects become few: groups, distributions, the worst streams. However many consumers there are, the
 * number of these rows has a bound. They are made of all sources of an endpoint together.
 */
#ifndef COLLECTD_MEDIASOUP_SUMMARY_H
#define COLLECTD_MEDIASOUP_SUMMARY_H

#include "group.h"
#include "mediasoup/model.h"

/* Texts are lent to summary_new and copied. */
typedef struct {
  const char *endpoint; /* its name */
  const group_options_t *groups;
  size_t groups_length;
  bool distributions;
  size_t worst; /* ranks; 0: none */
} summary_options_t;

/* One value list to be. All is lent for the call. */
typedef struct {
  const class_t *class; /* class_is_summary */
  const char *plugin_instance;
  const char *type_instance;
  const object_value_t *values;
  const object_t *about; /* the object whose metadata goes with it, or NULL */
} summary_row_t;

typedef void (*summary_visit_t)(void *context, const summary_row_t *row);

typedef struct summary summary_t;

/* STATUS_NO_MEMORY. */
MUST_CHECK status_t summary_new(const summary_options_t *options, summary_t **summary, failure_t *failure);
void summary_free(summary_t *summary);

/* Sums up a reading: begin, each source's model, end. `read` says whether its snapshot could be had; where it could
 * not, its objects live on, and so do their groups. `now` is in seconds on any steady clock. An object for whose group
 * there is no memory is left out until the next time. */
void summary_begin(summary_t *summary);
void summary_add(summary_t *summary, const model_t *model, bool read);
void summary_end(summary_t *summary, double now);

/* Visits all rows of the last reading; none where no source could be read. As long as they are visited, none of the
 * models' objects may be freed. */
void summary_each(const summary_t *summary, summary_visit_t visit, void *context);

#endif
