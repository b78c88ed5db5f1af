/* SPDX-License-Identifier: MIT */
/*
 * Who may ask: by which host names, and with which secret.
 */
#ifndef COLLECTD_MEDIASOUP_AUTH_H
#define COLLECTD_MEDIASOUP_AUTH_H

#include "listen.h"

#include <stdbool.h>

enum { HOSTS_MAX = 32 };

/* Names that the operator allows. Zero-initialise. */
typedef struct {
  const char *names[HOSTS_MAX];
  size_t length;
} hosts_t;

/* Whether a request with this Host header, or with "" for none, is for this server. A web page from elsewhere, whose
 * name was made to resolve to this machine, would send that name, so only these are: localhost, the address that is
 * listened on, allowed names; beyond loopback every IP address; on loopback 127.0.0.1 and [::1]. A browser never leaves
 * the header out. At a Unix socket, where no page gets, every name is taken. */
bool auth_accepts_host(const listener_t *listener, const hosts_t *hosts, const char *host);

/* What other hosts, or readers, must send. NULL: there is no such secret. */
typedef struct {
  const char *token;
  const char *user; /* counts with `password` only */
  const char *password;
} secrets_t;

/* Whether there is a secret at all. */
bool auth_has_secret(const secrets_t *secrets);

/* Whether this Authorization header, which may be "", has the token. */
bool auth_accepts_token(const secrets_t *secrets, const char *authorization);

/* Whether these are the user and the password. NULL: not sent. */
bool auth_accepts_user(const secrets_t *secrets, const char *user, const char *password);

#endif
