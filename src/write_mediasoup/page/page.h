/* SPDX-License-Identifier: MIT */
/*
 * The page at `/`. When the plugin is built, embed.sh makes page.c of page.html and the files that it names.
 */
#ifndef COLLECTD_MEDIASOUP_PAGE_H
#define COLLECTD_MEDIASOUP_PAGE_H

#include <stddef.h>

/* HTML in UTF-8, without a terminating NUL. */
extern const unsigned char page_html[];
extern const size_t page_html_length;

/* The value of the page's Content-Security-Policy header. It allows the page's one style and one script, by their
 * hashes, and requests to its own server. It forbids everything else. */
extern const char page_policy[];

#endif
