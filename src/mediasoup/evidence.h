/* SPDX-License-Identifier: MIT */
/*
 * Gathers what a reading tells of a stream that is in trouble: its own figures, those of its producer, its transport
 * and its worker. cause.h decides by it.
 */
#ifndef COLLECTD_MEDIASOUP_EVIDENCE_H
#define COLLECTD_MEDIASOUP_EVIDENCE_H

#include "reading.h"

/* Where its fields are in the classes of transports and workers. */
typedef struct {
  int send_bitrate, available_bitrate;
  int responding, cpu_ratio, channel_seconds;
} evidence_fields_t;

evidence_fields_t evidence_fields(void);

/* Whether the stream is in trouble by its verdict: bad, silent, or waiting on a transport without a connection. */
bool evidence_is_trouble(const object_t *stream);

/* What is known of a stream, when all objects of the reading are in the links and all streams have their verdicts.
 * `reading` is the stream's own. */
cause_facts_t evidence_of(const object_t *stream, const reading_t *reading, const evidence_fields_t *fields);

#endif
