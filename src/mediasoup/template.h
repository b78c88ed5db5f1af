/* SPDX-License-Identifier: MIT */
/*
 * Texts with variables: PluginInstance "%{appData:roomId}". %% stands for a percent sign.
 *
 *   %{id}           the object's id. ",rid=..." or ",ssrc=..." follows where the object is one of several streams, and
 *                   ",via=..." with the pipe transport's id where it is a producer that was piped here, since that one
 *                   has the id of the producer it comes from
 *   %{endpoint}     the endpoint's name in the configuration
 *   %{appData:KEY}  a scalar of the object's appData, or of the nearest object above that has one
 *   %{KEY}          an attribute of the table of fields, or of the nearest object above that has one: %{kind},
 *                   %{routerId}, ...
 *
 * A variable that the object does not have is empty.
 */
#ifndef COLLECTD_MEDIASOUP_TEMPLATE_H
#define COLLECTD_MEDIASOUP_TEMPLATE_H

#include "object.h"

typedef struct template template_t;

/* STATUS_OPTION names the variable that does not exist or the text that lacks a closing brace; STATUS_NO_MEMORY. The
 * caller frees `*template`. */
MUST_CHECK status_t template_new(const char *text, template_t **template, failure_t *failure);
void template_free(template_t *template);

/* Whether it has %{id}, without which it cannot tell objects apart. */
bool template_has_id(const template_t *template);

/* Appends the text for `object`. Literals stay as they are; values are cleaned as identifier.h says, and ids stay
 * unique. Fails as the buffer does. */
void template_expand(const template_t *template, const object_t *object, const char *endpoint, buffer_t *text);

#endif
