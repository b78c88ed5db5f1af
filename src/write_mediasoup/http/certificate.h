/* SPDX-License-Identifier: MIT */
/*
 * The certificate and the key that the views are served with. Both are tried out before anybody connects.
 */
#ifndef COLLECTD_MEDIASOUP_CERTIFICATE_H
#define COLLECTD_MEDIASOUP_CERTIFICATE_H

#include "common/buffer.h"

/* Paths; NULL or "": the option is not given. */
typedef struct {
  const char *certificate; /* in PEM, with the certificates between it and its authority */
  const char *key;         /* in PEM, without a passphrase */
} certificate_files_t;

/* Both in PEM. Zero-initialise. */
typedef struct {
  buffer_t certificate;
  buffer_t key;
  char warning[400]; /* what will not please clients, though it can be served with; "" where nothing is */
} certificate_t;

/* Reads both files. STATUS_CERTIFICATE where one of them is not given or cannot be read, is not what it has to be, or
 * the key belongs to another certificate; STATUS_NO_MEMORY. The caller ends it with certificate_done() in any case. */
MUST_CHECK status_t certificate_read(const certificate_files_t *files, certificate_t *certificate, failure_t *failure);

/* Frees it, and leaves nothing of the key in memory. */
void certificate_done(certificate_t *certificate);

#endif
