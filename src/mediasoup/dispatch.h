/* SPDX-License-Identifier: MIT */
/*
 * Hands what is known to collectd, as value lists. Besides plugin.c and config/, this is the only file that knows
 * collectd.
 */
#ifndef COLLECTD_MEDIASOUP_DISPATCH_H
#define COLLECTD_MEDIASOUP_DISPATCH_H

#include "mediasoup/summary/summary.h"
#include "report.h"

#include <collectd/core/daemon/plugin.h>

/* Registers a data set for each class, so that no types.db has to name them. */
void dispatch_register_types(void);

/* Which classes' types collectd knows otherwise, as a TypesDB file that was read later defines them. */
typedef struct {
  bool differs[CLASS_COUNT];
} type_conflicts_t;

/* Compares collectd's data sets with the classes' fields, and calls `complain` for each class whose set differs. Call
 * it when the configuration has been read. collectd would refuse every row of such a class with a line in the log, or
 * take its values for those of other sources. */
void dispatch_check_types(type_conflicts_t *conflicts, void (*complain)(const char *complaint));

/* What all value lists of one reading have in common. */
typedef struct {
  const type_conflicts_t *conflicts; /* rows of these classes are not sent */
  const char *host;                  /* "": collectd's own */
  cdtime_t time;
  cdtime_t interval;
  const char *endpoint; /* its name */
  name_keys_t keys;     /* of the endpoint */
  bool metadata_always; /* rather than when it says something new */
  int process;          /* of the source that is being sent; dispatch_source() sets it, ... */
  report_t report;      /* ... and makes this for the endpoint's own row */
  size_t rows;          /* sent so far */
} dispatch_t;

/* Sends what the source's last reading tells: the row of the endpoint itself and, where the snapshot was read whole,
 * that of each object. It names them first. An object without memory for its name waits for the next reading. */
void dispatch_source(dispatch_t *dispatch, source_t *source);

/* Sends the rows of the summary. */
void dispatch_summary(dispatch_t *dispatch, const summary_t *summary);

#endif
