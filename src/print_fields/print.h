/* SPDX-License-Identifier: MIT */
/*
 * The forms in which print-fields prints the tables: Markdown for docs/, mdoc for the man pages.
 */
#ifndef COLLECTD_MEDIASOUP_PRINT_H
#define COLLECTD_MEDIASOUP_PRINT_H

#include "common/fields.h"
#include "common/options.h"

#include <stdbool.h>

/* GitHub's Markdown: tables. */
void print_markdown_fields(void); /* of the classes of rows */
void print_markdown_summaries(void);
void print_markdown_options(const option_block_t *block);
void print_markdown_participants(void); /* the figures of /participants */
void print_markdown_events(void);       /* the members of /events, and the kinds */
void print_markdown_ended(void);        /* the members of /ended, and the outcomes */
void print_markdown_causes(void);       /* the rules of cause.c */

/* mdoc(7): lists. */
void print_man_fields(void);
void print_man_summaries(void);
void print_man_options(const option_block_t *block);
void print_man_participants(void);
void print_man_events(void);
void print_man_ended(void);

/* Whether the class is the first one with its table of fields; the next class with the same table, or NULL. */
bool print_is_first(const class_t *class);
const class_t *print_next_alike(const class_t *class);

#endif
