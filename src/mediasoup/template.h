/* SPDX-License-Identifier: MIT */
/*
 * Texts with variables: PluginInstance "%{appData:roomId}". A percent sign of its own is written %%.
 *
 *   %{id}           the object's id, with ",rid=..." or ",ssrc=..." where it has several streams, and with
 *                   ",via=..." and the pipe transport's id where it is a producer that was piped here, which has the id
 * of the one it comes from
 *   %{endpoint}     the endpoint's name in the configuration
 *   %{appData:KEY}  a scalar of the object's appData, or of the nearest above it
 *   %{KEY}          an attribute of the table of fields, or of the nearest above it: %{kind}, %{routerId}, ...
 *
 * A variable that the object does not have is empty. An id with characters that would break an identifier ends in a
 * hash.
 */
#ifndef COLLECTD_MEDIASOUP_TEMPLATE_H
#define COLLECTD_MEDIASOUP_TEMPLATE_H

#include "object.h"

typedef struct template template_t;

/* STATUS_OPTION names the variable that does not exist or the brace that is missing. `*template` is the caller's. */
MUST_CHECK status_t template_new(const char *text, template_t **template, failure_t *failure);
void template_free(template_t *template);

/* Whether it has %{id}, without which it cannot tell objects apart. */
bool template_has_id(const template_t *template);

/* Appends the text for `object`; what comes from outside has the characters that would break an identifier replaced
 * (template_append_clean). */
MUST_CHECK status_t template_expand(const template_t *template, const object_t *object, const char *endpoint,
                                    buffer_t *text);

/* Appends `text` with each of , = / " \ and control characters as _. */
MUST_CHECK status_t template_append_clean(buffer_t *buffer, const char *text);

/* Appends key=value, both clean, and a comma before it where the buffer is not empty. */
MUST_CHECK status_t template_append_pair(buffer_t *buffer, const char *key, const char *value);

/* The same; a value that had to be cleaned ends in a hash of what it was, so that two values never become one. */
MUST_CHECK status_t template_append_unique_pair(buffer_t *buffer, const char *key, const char *value);

#endif
