/* SPDX-License-Identifier: MIT */
/*
 * Objects become collectd's value lists. With config.c and plugin.c, the only files that know collectd.
 */
#ifndef COLLECTD_MEDIASOUP_DISPATCH_H
#define COLLECTD_MEDIASOUP_DISPATCH_H

#include "mediasoup/summary/summary.h"

#include <collectd/core/daemon/plugin.h>

/* Registers a data set for each class, so that no types.db needs to name them. */
void dispatch_register_types(void);

/* What all value lists of one source's reading have in common. */
typedef struct {
  const char *host; /* "": collectd's own */
  cdtime_t time;
  cdtime_t interval;
  const char *endpoint; /* its name */
  int process;          /* which of a glob's sockets; -1 where there is but one */
  size_t rows;          /* sent so far */
} dispatch_t;

/* Sends the object's value list, now and then after a pause, with its metadata if `metadata`. The object must have been
 * identified. Returns what plugin_dispatch_values does. */
int dispatch_object(dispatch_t *dispatch, const object_t *object, bool metadata);

/* Sends a summary's row, with the metadata of the object that it is about. */
void dispatch_summary(dispatch_t *dispatch, const summary_row_t *row);

#endif
