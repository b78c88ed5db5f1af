/* SPDX-License-Identifier: MIT */
/*
 * Which scheme a URL has, in upper or lower case.
 */
#ifndef COLLECTD_MEDIASOUP_URL_H
#define COLLECTD_MEDIASOUP_URL_H

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static inline bool url_is_http(const char *url) { return strncasecmp(url, "http://", strlen("http://")) == 0; }
static inline bool url_is_https(const char *url) { return strncasecmp(url, "https://", strlen("https://")) == 0; }

#endif
