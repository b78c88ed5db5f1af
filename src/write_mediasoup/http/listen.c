/* SPDX-License-Identifier: MIT */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { SOCKET_BACKLOG = 1024, SOCKET_MODE = 0660 };

static MUST_CHECK status_t bind_socket(int descriptor, const struct sockaddr *address, socklen_t length,
                                       const char *where, failure_t *failure) {
  char reason[128];
  int on = 1;
  if (address->sa_family != AF_UNIX)
    (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(descriptor, address, length) == 0 && listen(descriptor, SOCKET_BACKLOG) == 0)
    return STATUS_OK;
  return failure_set(failure, STATUS_LISTEN, "cannot listen on %s: %s", where,
                     strerror_r(errno, reason, sizeof(reason)));
}

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  struct sockaddr_un local;
} address_t;

static bool is_loopback(const address_t *address) {
  if (address->any.sa_family == AF_INET)
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  return address->any.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

static MUST_CHECK status_t read_address(const char *path, const char *ip, unsigned short port, address_t *address,
                                        socklen_t *length, failure_t *failure) {
  *address = (address_t){0};
  if (path != NULL) {
    address->local.sun_family = AF_UNIX;
    *length = sizeof(address->local);
    if (strlen(path) >= sizeof(address->local.sun_path))
      return failure_set(failure, STATUS_OPTION, "the socket's path is longer than %zu bytes",
                         sizeof(address->local.sun_path) - 1);
    strcpy(address->local.sun_path, path);
    return STATUS_OK;
  }
  if (inet_pton(AF_INET, ip, &address->v4.sin_addr) == 1) {
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons(port);
    *length = sizeof(address->v4);
    return STATUS_OK;
  }
  address->v6.sin6_family = AF_INET6;
  address->v6.sin6_port = htons(port);
  *length = sizeof(address->v6);
  if (inet_pton(AF_INET6, ip, &address->v6.sin6_addr) == 1)
    return STATUS_OK;
  return failure_set(failure, STATUS_OPTION, "\"%s\" is not an IP address", ip);
}

/* The address as a request's Host header has it; "" for a Unix socket. */
static void write_host(const address_t *address, char host[LISTENER_HOST_SIZE]) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address->any.sa_family == AF_INET)
    (void)inet_ntop(AF_INET, &address->v4.sin_addr, text, sizeof(text));
  else if (address->any.sa_family == AF_INET6)
    (void)inet_ntop(AF_INET6, &address->v6.sin6_addr, text, sizeof(text));
  (void)snprintf(host, LISTENER_HOST_SIZE, address->any.sa_family == AF_INET6 ? "[%s]" : "%s", text);
}

/* A socket file that nobody listens on is what an earlier collectd left; any other file is not ours to remove. */
static void remove_stale(const address_t *address, socklen_t length) {
  struct stat status;
  if (stat(address->local.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
    return;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe >= 0 && connect(probe, &address->any, length) != 0 && errno == ECONNREFUSED)
    (void)unlink(address->local.sun_path);
  if (probe >= 0)
    (void)close(probe);
}

static MUST_CHECK status_t open_socket(const address_t *address, socklen_t length, const char *where, int *descriptor,
                                       failure_t *failure) {
  int opened = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (opened < 0)
    return failure_set(failure, STATUS_LISTEN, "no socket is to be had");
  status_t status = bind_socket(opened, &address->any, length, where, failure);
  if (status == STATUS_OK)
    *descriptor = opened;
  else
    (void)close(opened);
  return status;
}

status_t listen_at(const char *socket, const char *ip, unsigned short port, listener_t *listener, failure_t *failure) {
  address_t address;
  socklen_t length;
  char where[160];
  status_t status = read_address(socket, ip, port, &address, &length, failure);
  if (status != STATUS_OK)
    return status;
  if (socket != NULL)
    (void)snprintf(where, sizeof(where), "%s", socket);
  else
    (void)snprintf(where, sizeof(where), "%s, port %u", ip, (unsigned)port);
  if (socket != NULL)
    remove_stale(&address, length);
  status = open_socket(&address, length, where, &listener->descriptor, failure);
  if (status != STATUS_OK)
    return status;
  if (socket != NULL)
    (void)chmod(socket, SOCKET_MODE);
  listener->loopback = is_loopback(&address);
  write_host(&address, listener->host);
  return STATUS_OK;
}

/* A host's name, with or without a port after it. */
static bool names(const char *given, const char *host) {
  size_t length = strlen(host);
  return length > 0 && strncasecmp(given, host, length) == 0 && (given[length] == '\0' || given[length] == ':');
}

bool listener_accepts(const listener_t *listener, const char *host) {
  return !listener->loopback || names(host, "localhost") || names(host, "127.0.0.1") || names(host, "[::1]") ||
         names(host, listener->host);
}
