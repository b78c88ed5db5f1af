/* SPDX-License-Identifier: MIT */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { SOCKET_BACKLOG = 1024, SOCKET_MODE = 0660, CAUSE_SIZE = 128 };

/* --- kinds of addresses --- */

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  struct sockaddr_un local;
} address_t;

static bool read_path(const char *text, unsigned short port, address_t *address) {
  (void)port;
  if (strlen(text) >= sizeof(address->local.sun_path))
    return false;
  strcpy(address->local.sun_path, text);
  return true;
}

static bool read_v4(const char *text, unsigned short port, address_t *address) {
  address->v4.sin_port = htons(port);
  return inet_pton(AF_INET, text, &address->v4.sin_addr) == 1;
}

static bool read_v6(const char *text, unsigned short port, address_t *address) {
  address->v6.sin6_port = htons(port);
  return inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1;
}

static bool is_loopback_v4(const address_t *address) {
  return ntohl(address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static bool is_loopback_v6(const address_t *address) { return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr); }

static const void *bytes_v4(const address_t *address) { return &address->v4.sin_addr; }
static const void *bytes_v6(const address_t *address) { return &address->v6.sin6_addr; }

typedef struct {
  sa_family_t family;
  bool is_path; /* it has a path, not an IP address and a port */
  socklen_t size;
  bool (*read)(const char *text, unsigned short port, address_t *address); /* false: the text is of another kind */

  /* for an IP address */
  const void *(*bytes)(const address_t *address);
  bool (*is_loopback)(const address_t *address);
  bool is_bracketed; /* in a Host header */
} kind_t;

static const kind_t kinds[] = {
    {AF_UNIX, true, sizeof(struct sockaddr_un), read_path, NULL, NULL, false},
    {AF_INET, false, sizeof(struct sockaddr_in), read_v4, bytes_v4, is_loopback_v4, false},
    {AF_INET6, false, sizeof(struct sockaddr_in6), read_v6, bytes_v6, is_loopback_v6, true},
};

/* NULL where the text is no address. */
static const kind_t *read_address(const char *text, bool is_path, unsigned short port, address_t *address) {
  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
    *address = (address_t){0};
    if (kinds[i].is_path != is_path || !kinds[i].read(text, port, address))
      continue;
    address->any.sa_family = kinds[i].family;
    return &kinds[i];
  }
  return NULL;
}

static void describe(const kind_t *kind, const address_t *address, listener_t *listener) {
  char text[INET6_ADDRSTRLEN] = "";
  listener->host[0] = '\0';
  listener->is_loopback = !kind->is_path && kind->is_loopback(address);
  if (kind->is_path)
    return;
  (void)inet_ntop(kind->family, kind->bytes(address), text, sizeof(text));
  (void)snprintf(listener->host, sizeof(listener->host), kind->is_bracketed ? "[%s]" : "%s", text);
}

/* --- sockets --- */

/* A socket file that nobody listens on was left by an earlier collectd. Any other file stays. */
static void remove_stale(const address_t *address) {
  struct stat status;
  if (stat(address->local.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
    return;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe >= 0 && connect(probe, &address->any, sizeof(address->local)) != 0 && errno == ECONNREFUSED)
    (void)unlink(address->local.sun_path);
  if (probe >= 0)
    (void)close(probe);
}

static MUST_CHECK status_t bind_socket(int descriptor, const kind_t *kind, const address_t *address, const char *where,
                                       failure_t *failure) {
  char cause[CAUSE_SIZE];
  int on = 1;
  (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(descriptor, &address->any, kind->size) == 0 && listen(descriptor, SOCKET_BACKLOG) == 0)
    return STATUS_OK;
  return failure_set(failure, STATUS_LISTEN, "cannot listen on %s: %s", where, strerror_r(errno, cause, sizeof(cause)));
}

static MUST_CHECK status_t open_socket(const kind_t *kind, const address_t *address, const char *where, int *descriptor,
                                       failure_t *failure) {
  char cause[CAUSE_SIZE];
  int opened = socket(kind->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (opened < 0)
    return failure_set(failure, STATUS_LISTEN, "cannot create a socket: %s", strerror_r(errno, cause, sizeof(cause)));
  if (kind->is_path)
    remove_stale(address);
  status_t status = bind_socket(opened, kind, address, where, failure);
  if (status != STATUS_OK) {
    (void)close(opened);
    return status;
  }
  if (kind->is_path)
    (void)chmod(address->local.sun_path, SOCKET_MODE);
  *descriptor = opened;
  return STATUS_OK;
}

static MUST_CHECK status_t refuse(const char *socket, const char *ip, failure_t *failure) {
  return socket != NULL ? failure_set(failure, STATUS_OPTION, "the path of Socket is longer than %zu bytes",
                                      sizeof(((address_t *)NULL)->local.sun_path) - 1)
                        : failure_set(failure, STATUS_OPTION, "\"%s\" is not an IP address", ip);
}

status_t listen_at(const char *socket, const char *ip, unsigned short port, listener_t *listener, failure_t *failure) {
  address_t address;
  char where[160];
  const kind_t *kind = read_address(socket != NULL ? socket : ip, socket != NULL, port, &address);
  if (kind == NULL)
    return refuse(socket, ip, failure);
  if (kind->is_path)
    (void)snprintf(where, sizeof(where), "%s", socket);
  else
    (void)snprintf(where, sizeof(where), "%s, port %u", ip, (unsigned)port);
  status_t status = open_socket(kind, &address, where, &listener->descriptor, failure);
  if (status == STATUS_OK)
    describe(kind, &address, listener);
  return status;
}
