/* SPDX-License-Identifier: MIT */
/*
 * Asks an HTTP server at a Unix socket, one connection for each request.
 */
#ifndef COLLECTD_MEDIASOUP_REQUESTS_H
#define COLLECTD_MEDIASOUP_REQUESTS_H

#include <stddef.h>

/* Sends the bytes of a request and reads up to the end of the connection; the request says "Connection: close". Returns
 * what was answered, with a NUL after its `*length` bytes, for the caller to free. `length` may be NULL. */
char *ask(const char *path, const char *request, size_t *length);

/* The body of an answer, or "". Lent by it. */
const char *body_of(const char *answer);

#endif
