/* SPDX-License-Identifier: MIT */
/*
 * What the texts of events have in common.
 */
#ifndef COLLECTD_MEDIASOUP_EVENT_TEXT_H
#define COLLECTD_MEDIASOUP_EVENT_TEXT_H

#include "common/buffer.h"
#include "record.h"

/* Appends how long something took, for people: "40 s", "12 min", "3 h". */
void event_text_append_seconds(buffer_t *text, double seconds);

/* Gives the event its text, unless the buffer failed, and frees the buffer's memory. `event` may be NULL. */
void event_text_put(record_t *event, buffer_t *text);

#endif
