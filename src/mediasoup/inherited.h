/* SPDX-License-Identifier: MIT */
/*
 * What an object is called by that does not stand in its own appData: scalars of the objects above it, the room and the
 * participant that another key names, the router that stands for a room. Views show it beside appData, so that the
 * figures of one participant say whose they are wherever they are shown.
 */
#ifndef COLLECTD_MEDIASOUP_INHERITED_H
#define COLLECTD_MEDIASOUP_INHERITED_H

#include "alias.h"

/* The keys that name objects. All is lent. */
typedef struct {
  const char *const *app_data; /* of AppData; none: all scalars */
  size_t app_data_length;
  aliases_t aliases;
} name_keys_t;

/* Writes a JSON object in ASCII to the empty buffer: each of the keys that the object's own appData lacks, with the
 * value that it has by way of the objects above it or of another key. Writes nothing where there is none, and for what
 * the machine made. What is longer than INHERITED_MAX_BYTES in all is left out. Fails as the buffer does. */
void inherited_write(const name_keys_t *keys, const object_t *object, buffer_t *json);

/* Writes {"room":"...","participant":"..."}, the names by these keys as texts, in the same way; and which key it was
 * where that is not the usual one, see names.h. */
void inherited_write_names(const name_keys_t *keys, const object_t *object, buffer_t *json);

#endif
