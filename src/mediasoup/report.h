/* SPDX-License-Identifier: MIT */
/*
 * What the operator should know of reading an application: why that fails and what to do, and whether its rooms have
 * names and which line gives them some. It travels as metadata of the endpoint's value list; fields.h has the keys.
 */
#ifndef COLLECTD_MEDIASOUP_REPORT_H
#define COLLECTD_MEDIASOUP_REPORT_H

#include "source.h"

/* Texts are "" where there is nothing to say. */
typedef struct {
  uint64_t since;                                   /* epoch milliseconds */
  uint64_t last_reading;                            /* the same; 0 where there was none, and where the endpoint is up */
  char failure[sizeof(((failure_t *)NULL)->cause)]; /* UTF-8 */
  const char *remedy;                               /* static */
  buffer_t app_data_keys;                           /* JSON in ASCII */
  buffer_t room_names;
  buffer_t room_remedy;
} report_t;

/* Makes the report of the source's last reading, for report_done(). Looks at all objects where that was whole. Without
 * memory texts are missing. `endpoint` is its name. */
void report_make(report_t *report, source_t *source, const aliases_t *aliases, const char *endpoint);
void report_done(report_t *report);

/* Whether it is time to make one: where the endpoint is down or was down before, in the first readings, in which
 * applications fill appData, and every so often, since it takes a look at all objects. */
bool report_is_due(source_t *source);

/* Whether it says something else than the last one that was shown here, which the source remembers. */
bool report_is_new(const report_t *report, source_t *source);

#endif
