/* SPDX-License-Identifier: MIT */
/*
 * Who may ask: by which host names, and with which secret.
 */
#ifndef COLLECTD_MEDIASOUP_AUTH_H
#define COLLECTD_MEDIASOUP_AUTH_H

#include "listen.h"

#include <stdbool.h>

/* Whether a request with this Host header is for this server. On loopback, only loopback's names and the address itself
 * are: a web page from elsewhere, whose name was made to resolve to this machine, would send that name. */
bool auth_accepts_host(const listener_t *listener, const char *host);

/* What other hosts must send. NULL: there is no such secret. */
typedef struct {
  const char *token;
  const char *user; /* counts with `password` only */
  const char *password;
} secrets_t;

/* Whether this Authorization header, which may be "", has the token. */
bool auth_accepts_token(const secrets_t *secrets, const char *authorization);

/* Whether these are the user and the password. NULL: not sent. */
bool auth_accepts_user(const secrets_t *secrets, const char *user, const char *password);

#endif
