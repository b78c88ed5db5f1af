/* SPDX-License-Identifier: MIT */
/*
 * What stands in the place of collectd for dispatch.c: takes value lists, and shows them as text.
 */
#ifndef COLLECTD_MEDIASOUP_FAKE_COLLECTD_H
#define COLLECTD_MEDIASOUP_FAKE_COLLECTD_H

#include <stdbool.h>
#include <stddef.h>

/* The lists that were dispatched since collectd_forget(), one a line:
 *   HOST/PLUGIN/PLUGIN_INSTANCE/TYPE/TYPE_INSTANCE VALUE:VALUE... [KEY=VALUE KEY=VALUE]
 * `metadata` says whether it shows the part in brackets; strings stand between quotation marks. Lent until the next
 * call. */
const char *collectd_lists(bool metadata);

/* The one of this type and type_instance, with its metadata; NULL where there is none. Lent until the next call. */
const char *collectd_list(const char *type, const char *type_instance);

size_t collectd_lists_length(void);
void collectd_forget(void);

/* Whether plugin_dispatch_values() fails. */
void collectd_refuses(bool refuses);

/* Changes the name of a type's first source, as another TypesDB would. */
void collectd_redefine(const char *type, const char *name);

/* Data sets that were registered: "TYPE NAME:KIND,NAME:KIND" a line. */
const char *collectd_types(void);

#endif
