/* SPDX-License-Identifier: MIT */
/*
 * The forms in which print-fields writes the tables of fields and of options: into docs/ and the man pages.
 */
#ifndef COLLECTD_MEDIASOUP_PRINT_H
#define COLLECTD_MEDIASOUP_PRINT_H

#include "common/fields.h"
#include "common/options.h"

#include <stdbool.h>

/* GitHub's Markdown: tables. */
void print_markdown_fields(void); /* of rows */
void print_markdown_summaries(void);
void print_markdown_options(const option_block_t *block);

/* mdoc(7): lists. */
void print_man_fields(void);
void print_man_summaries(void);
void print_man_options(const option_block_t *block);

/* Whether the class is the first with its table of fields; and the next class with the same, or NULL. */
bool print_is_first(const class_t *class);
const class_t *print_next_alike(const class_t *class);

#endif
