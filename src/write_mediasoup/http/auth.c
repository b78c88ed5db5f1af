/* SPDX-License-Identifier: MIT */
#include "auth.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* Whether `given` is this name, with or without a port. */
static bool is_host(const char *given, const char *name) {
  size_t length = strlen(name);
  return length > 0 && strncasecmp(given, name, length) == 0 && (given[length] == '\0' || given[length] == ':');
}

/* 192.0.2.1 or [2001:db8::1], with or without a port. */
static bool is_ip(const char *host) {
  char address[INET6_ADDRSTRLEN + 1];
  struct in6_addr bytes;
  bool is_bracketed = host[0] == '[';
  const char *begin = host + (is_bracketed ? 1 : 0);
  size_t length = strcspn(begin, is_bracketed ? "]" : ":");
  const char *end = begin + length + (is_bracketed && begin[length] == ']' ? 1 : 0);
  if (length >= sizeof(address) || (*end != '\0' && *end != ':') || (is_bracketed && begin[length] != ']'))
    return false;
  memcpy(address, begin, length);
  address[length] = '\0';
  return inet_pton(is_bracketed ? AF_INET6 : AF_INET, address, &bytes) == 1;
}

static bool is_allowed(const hosts_t *hosts, const char *host) {
  for (size_t i = 0; i < hosts->length; i++)
    if (is_host(host, hosts->names[i]))
      return true;
  return false;
}

bool auth_accepts_host(const listener_t *listener, const hosts_t *hosts, const char *host) {
  bool is_path = listener->host[0] == '\0';
  if (is_path || host[0] == '\0' || is_host(host, "localhost") || is_host(host, listener->host) ||
      is_allowed(hosts, host))
    return true;
  return listener->is_loopback ? is_host(host, "127.0.0.1") || is_host(host, "[::1]") : is_ip(host);
}

/* Takes the same time wherever the two differ, so that no secret can be guessed letter by letter. */
static bool is_same(const char *secret, const char *given) {
  size_t length = strlen(secret), given_length = strlen(given);
  unsigned char difference = length == given_length ? 0 : 1;
  for (size_t i = 0; i < given_length; i++)
    difference |= (unsigned char)(given[i] ^ secret[length > 0 ? i % length : 0]);
  return difference == 0;
}

bool auth_has_secret(const secrets_t *secrets) {
  return secrets->token != NULL || (secrets->user != NULL && secrets->password != NULL);
}

bool auth_accepts_token(const secrets_t *secrets, const char *authorization) {
  static const char bearer[] = "Bearer "; /* in upper or lower case */
  return secrets->token != NULL && strncasecmp(authorization, bearer, sizeof(bearer) - 1) == 0 &&
         is_same(secrets->token, authorization + sizeof(bearer) - 1);
}

bool auth_accepts_user(const secrets_t *secrets, const char *user, const char *password) {
  bool is_user = user != NULL && secrets->user != NULL && is_same(secrets->user, user);
  bool is_password = password != NULL && secrets->password != NULL && is_same(secrets->password, password);
  return is_user && is_password;
}
