/* SPDX-License-Identifier: MIT */
/*
 * The participants, as readings of what lives.
 */
#ifndef COLLECTD_MEDIASOUP_PEOPLE_H
#define COLLECTD_MEDIASOUP_PEOPLE_H

#include "subject.h"
#include "write_mediasoup/participants/participants.h"

/* Calls `visit` for each participant. */
void people_look(const participants_t *participants, void (*visit)(void *context, const subject_reading_t *reading),
                 void *context);

#endif
