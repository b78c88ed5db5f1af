/* SPDX-License-Identifier: MIT */
/*
 * What the documents say of a class, a field or an option, in the same words in each form. Literal words stand between
 * backticks. A text is a static buffer's, valid until the next call of the same function.
 */
#ifndef COLLECTD_MEDIASOUP_TEXT_H
#define COLLECTD_MEDIASOUP_TEXT_H

#include "common/fields.h"
#include "common/options.h"

/* "counter" or "gauge". */
const char *text_of_kind(const field_t *field);

/* What it counts or measures, and since which version of mediasoup. */
const char *text_of_field(const field_t *field);

/* What one of the class's rows is, and which part of a distribution it holds. */
const char *text_of_class(const class_t *class);

/* "Metadata: `kind`, `mimeType`.", or "Labels: ..." of a summary. */
const char *text_of_attributes(const class_t *class);

/* The default, or "" where there is none. */
const char *text_of_default(const option_t *option);

#endif
