/* SPDX-License-Identifier: MIT */
/*
 * Applies a snapshot's rows to the model as they come, and holds them to PROTOCOL.md.
 */
#ifndef COLLECTD_MEDIASOUP_APPLY_H
#define COLLECTD_MEDIASOUP_APPLY_H

#include "model.h"

/* A new snapshot begins. */
void apply_begin(model_t *model);

/* Applies its next row; a parser_row_t with the model as its context. STATUS_PROTOCOL, STATUS_VERSION,
 * STATUS_INCOMPLETE where the end row counts other rows than came, STATUS_NO_MEMORY. */
MUST_CHECK status_t apply_row(void *model, const row_t *row, failure_t *failure);

#endif
