/* SPDX-License-Identifier: MIT */
/*
 * The secret that a block of the configuration asks for: of those who read, or of those who send.
 */
#ifndef COLLECTD_WRITE_MEDIASOUP_SECRET_OPTIONS_H
#define COLLECTD_WRITE_MEDIASOUP_SECRET_OPTIONS_H

#include "write_mediasoup/http/auth.h"

/* What must be sent, as the options of the block say. It owns the texts, which are NULL where there is no such option.
 */
typedef struct {
  const char *block;
  bool is_given; /* the block is there */
  char *token;
  char *token_file; /* whose first line becomes `token` */
  char *user;
  char *password;
} secret_options_t;

void secret_options_done(secret_options_t *options);

/* Reads the file of the token. Whether the block, if there is one, has what it is for; if not, logs why, and that this
 * is the consequence: a secret that cannot be read is no reason to do without one. */
bool secret_options_take(secret_options_t *options, const char *consequence);

/* Lent by the options. */
secrets_t secret_options_secrets(const secret_options_t *options);

#endif
