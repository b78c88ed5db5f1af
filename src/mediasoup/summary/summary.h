/* SPDX-License-Identifier: MIT */
/*
 * Makes few rows of many objects: groups, distributions, the worst streams. The number of these rows is bounded however
 * many streams there are. They sum up all sources of an endpoint together.
 */
#ifndef COLLECTD_MEDIASOUP_SUMMARY_H
#define COLLECTD_MEDIASOUP_SUMMARY_H

#include "group_block.h"
#include "mediasoup/model.h"

/* Texts are lent to summary_new and copied, but for those of the aliases, which are lent as long as it lives. */
typedef struct {
  const char *endpoint; /* its name */
  const group_options_t *groups;
  size_t groups_length;
  aliases_t aliases;
  bool distributions;
  size_t worst; /* ranks; 0: none */
} summary_options_t;

typedef struct summary summary_t;

/* STATUS_NO_MEMORY. The caller frees `*summary`. */
MUST_CHECK status_t summary_new(const summary_options_t *options, summary_t **summary, failure_t *failure);
void summary_free(summary_t *summary);

/* Sum up a reading of which judge.h has decided the verdicts: begin, add each source's model, end. `read` says whether
 * the source's snapshot was read whole. Where it was not, its objects live on, and so do their groups. `now` is in
 * seconds on any steady clock. An object for whose group there is no memory is left out until the next reading. */
void summary_begin(summary_t *summary);
void summary_add(summary_t *summary, const model_t *model, bool read);
void summary_end(summary_t *summary, double now);

/* Visits all rows of the last reading; none where no source was read. Objects of the models must not be freed between
 * summary_add() and the end of this. */
void summary_each(const summary_t *summary, named_values_visit_t visit, void *context);

#endif
