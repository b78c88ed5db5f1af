/* SPDX-License-Identifier: MIT */
/*
 * What the identifiers of a value list tell of its object: its id, its appData, what it is.
 */
#ifndef COLLECTD_MEDIASOUP_FACTS_FROM_NAME_H
#define COLLECTD_MEDIASOUP_FACTS_FROM_NAME_H

#include "common/fields.h"
#include "facts.h"

/* Facts from the identifiers alone, for a value list that came without metadata. NULL when out of memory, or where
 * plugin_instance is not UTF-8. */
facts_t *facts_from_name(const class_t *class, const char *plugin_instance, const char *type_instance);

/* Adds what the identifiers of a summary tell (endpoint, group, rank, le), which its metadata does not have. Adds
 * nothing for other classes. */
void facts_add_summary(facts_t *facts, const class_t *class, const char *plugin_instance, const char *type_instance);

#endif
