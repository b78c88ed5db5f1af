/*
 * The forms in which print-fields writes the tables of fields and of options: into the README and the man pages.
 */
#ifndef COLLECTD_MEDIASOUP_PRINT_H
#define COLLECTD_MEDIASOUP_PRINT_H

#include "fields.h"
#include "options.h"

/* GitHub's Markdown: tables. */
void print_markdown_fields(void);
void print_markdown_options(const option_block_t *block);

/* mdoc(7): lists. */
void print_man_fields(void);
void print_man_options(const option_block_t *block);

#endif
