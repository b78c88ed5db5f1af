/* SPDX-License-Identifier: MIT */
/*
 * The page at `/`, made of page.html when the plugin is built.
 */
#ifndef COLLECTD_MEDIASOUP_PAGE_H
#define COLLECTD_MEDIASOUP_PAGE_H

#include <stddef.h>

extern const unsigned char page_html[];
extern const size_t page_html_length;

/* Its Content-Security-Policy: nothing but its own style and script, by their hashes. */
extern const char page_policy[];

#endif
