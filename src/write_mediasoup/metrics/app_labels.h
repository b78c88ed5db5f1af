/* SPDX-License-Identifier: MIT */
/*
 * The labels of a row from appData: the scalars of its own appData, exact and whole, and the pairs of its
 * plugin_instance, which come from the objects above it, with their exact values where metadata has these.
 *
 * A key is the name of its label where it can be one. Otherwise each character that cannot stand in a name becomes _, a
 * digit gets a _ before it, and a name that is reserved (kind, le, __name__, ...) gets the prefix appData_. Where two
 * keys would have one name, the key that is such a name keeps it; the others end in a hash of their key. So an object
 * never has two labels of one name, and PromQL takes every name as it is.
 */
#ifndef COLLECTD_MEDIASOUP_APP_LABELS_H
#define COLLECTD_MEDIASOUP_APP_LABELS_H

#include "common/buffer.h"
#include "write_mediasoup/store/store.h"

/* Appends them as label_append() does, sorted by name, as far as some kilobytes hold them; those that do not fit are
 * counted in LABEL_LEFT_OUT. */
void app_labels_append(buffer_t *text, const store_row_t *row);

#endif
