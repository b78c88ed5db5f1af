/* SPDX-License-Identifier: MIT */
/*
 * The participants, as readings of what lives.
 */
#ifndef COLLECTD_MEDIASOUP_PEOPLE_H
#define COLLECTD_MEDIASOUP_PEOPLE_H

#include "subject.h"
#include "write_mediasoup/participants/participants.h"

/* Calls `visit` for each participant. `transports` are the rows of all transports, which tell the bytes, or NULL.
 * Without memory the bytes of participants are unknown. */
void people_look(const participants_t *participants, const store_row_t *const *transports, size_t transports_length,
                 void (*visit)(void *context, const subject_reading_t *reading), void *context);

#endif
