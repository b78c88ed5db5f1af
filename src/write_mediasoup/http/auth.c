/* SPDX-License-Identifier: MIT */
#include "auth.h"

#include <string.h>
#include <strings.h>

/* Whether `given` is this name, with or without a port. */
static bool is_host(const char *given, const char *name) {
  size_t length = strlen(name);
  return length > 0 && strncasecmp(given, name, length) == 0 && (given[length] == '\0' || given[length] == ':');
}

bool auth_accepts_host(const listener_t *listener, const char *host) {
  return !listener->is_loopback || is_host(host, "localhost") || is_host(host, "127.0.0.1") || is_host(host, "[::1]") ||
         is_host(host, listener->host);
}

/* Takes the same time wherever the two differ, so that no secret can be guessed letter by letter. */
static bool is_same(const char *secret, const char *given) {
  size_t length = strlen(secret), given_length = strlen(given);
  unsigned char difference = length == given_length ? 0 : 1;
  for (size_t i = 0; i < given_length; i++)
    difference |= (unsigned char)(given[i] ^ secret[length > 0 ? i % length : 0]);
  return difference == 0;
}

bool auth_accepts_token(const secrets_t *secrets, const char *authorization) {
  static const char bearer[] = "Bearer ";
  return secrets->token != NULL && strncmp(authorization, bearer, sizeof(bearer) - 1) == 0 &&
         is_same(secrets->token, authorization + sizeof(bearer) - 1);
}

bool auth_accepts_user(const secrets_t *secrets, const char *user, const char *password) {
  bool is_user = user != NULL && secrets->user != NULL && is_same(secrets->user, user);
  bool is_password = password != NULL && secrets->password != NULL && is_same(secrets->password, password);
  return is_user && is_password;
}
