/* SPDX-License-Identifier: MIT */
/*
 * Restarts of an application whose processes each have a socket of their own, named after the process id: the new
 * process is another source, so no source sees a restart. One is counted where a process has gone and another one began
 * since, soon enough. Two that ran at the same time do not succeed each other, and what only adds a process is none.
 *
 * Who stops one process and starts one that has nothing to do with it, within that time, cannot be told from a restart.
 */
#ifndef COLLECTD_MEDIASOUP_SUCCESSION_H
#define COLLECTD_MEDIASOUP_SUCCESSION_H

#include "source.h"

/* A process that has no successor yet; in steady seconds. */
typedef struct {
  double heard; /* when it was last heard */
  double left;  /* when it was found to have gone: much later where it hung, or where readings are rare */
} gone_t;

/* Zero-initialise. */
typedef struct {
  gone_t gone[SOURCES_MAX];
  size_t gone_length;
  int64_t restarts[SOURCES_MAX]; /* by the process's number: how many its row has told */
} succession_t;

/* A source with a process's number is about to be freed, at `now` in steady seconds: its process has gone, if there was
 * one. */
void succession_leave(succession_t *succession, source_t *source, double now);

/* A source has taken the number of a process: its row goes on counting where the row of that number stood. */
void succession_enter(const succession_t *succession, source_t *source);

/* The sources were read, at `now` in steady seconds. Counts a restart for each that answered for the first time and
 * succeeds one that has gone. */
void succession_count(succession_t *succession, source_t *const *sources, size_t length, double now);

#endif
