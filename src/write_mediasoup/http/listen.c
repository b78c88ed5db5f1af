/* SPDX-License-Identifier: MIT */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
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

/* --- a Unix socket's owner and group --- */

typedef struct {
  uid_t owner; /* -1: as it is */
  gid_t group;
  mode_t mode;
} access_t;

enum { NAMES_SIZE = 16 * 1024, NUMBER_MAX_DIGITS = 9 };

/* -1 where it is no number. */
static long number_of(const char *text) {
  size_t length = strlen(text);
  bool is_number = length > 0 && length <= NUMBER_MAX_DIGITS && strspn(text, "0123456789") == length;
  return is_number ? strtol(text, NULL, 10) : -1;
}

static bool find_owner(const char *name, uid_t *owner, char *space) {
  struct passwd entry, *found = NULL;
  long number = number_of(name);
  bool is_found = number < 0 && getpwnam_r(name, &entry, space, NAMES_SIZE, &found) == 0 && found != NULL;
  *owner = is_found ? entry.pw_uid : (uid_t)number;
  return is_found || number >= 0;
}

static bool find_group(const char *name, gid_t *group, char *space) {
  struct group entry, *found = NULL;
  long number = number_of(name);
  bool is_found = number < 0 && getgrnam_r(name, &entry, space, NAMES_SIZE, &found) == 0 && found != NULL;
  *group = is_found ? entry.gr_gid : (gid_t)number;
  return is_found || number >= 0;
}

static MUST_CHECK status_t read_access(const site_t *site, access_t *access, failure_t *failure) {
  char space[NAMES_SIZE];
  *access = (access_t){.owner = (uid_t)-1, .group = (gid_t)-1, .mode = site->mode != 0 ? site->mode : SOCKET_MODE};
  if (site->owner != NULL && !find_owner(site->owner, &access->owner, space))
    return failure_set(failure, STATUS_OPTION, "SocketOwner: there is no user %s", site->owner);
  if (site->group != NULL && !find_group(site->group, &access->group, space))
    return failure_set(failure, STATUS_OPTION, "SocketGroup: there is no group %s", site->group);
  return STATUS_OK;
}

/* --- sockets --- */

/* A socket file that nobody listens on was left by an earlier collectd. Any other file stays. One who listens may be
 * stopped and have a full backlog, so nobody waits for the connection. */
static void remove_stale(const address_t *address) {
  struct stat status;
  if (stat(address->local.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
    return;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe >= 0 && connect(probe, &address->any, sizeof(address->local)) != 0 && errno == ECONNREFUSED)
    (void)unlink(address->local.sun_path);
  if (probe >= 0)
    (void)close(probe);
}

static MUST_CHECK status_t refuse_socket(const char *where, failure_t *failure) {
  char cause[CAUSE_SIZE];
  return failure_set(failure, STATUS_LISTEN, "cannot listen on %s: %s", where, strerror_r(errno, cause, sizeof(cause)));
}

/* The file is made without rights for anybody else, and nobody can connect before listen(): its rights are set in
 * between. */
static MUST_CHECK status_t bind_path(int descriptor, const address_t *address, const access_t *access,
                                     listener_t *listener, failure_t *failure) {
  const char *path = address->local.sun_path;
  struct stat status;
  remove_stale(address);
  if (fchmod(descriptor, 0600) != 0 || bind(descriptor, &address->any, sizeof(address->local)) != 0)
    return refuse_socket(path, failure);
  if (chown(path, access->owner, access->group) != 0 || chmod(path, access->mode) != 0 || stat(path, &status) != 0) {
    status_t refused = refuse_socket(path, failure);
    (void)unlink(path);
    return refused;
  }
  listener->device = status.st_dev;
  listener->inode = status.st_ino;
  return STATUS_OK;
}

static MUST_CHECK status_t bind_ip(int descriptor, const kind_t *kind, const address_t *address, const char *where,
                                   failure_t *failure) {
  int on = 1;
  (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  return bind(descriptor, &address->any, kind->size) == 0 ? STATUS_OK : refuse_socket(where, failure);
}

static MUST_CHECK status_t open_socket(const kind_t *kind, const address_t *address, const access_t *access,
                                       const char *where, listener_t *listener, failure_t *failure) {
  char cause[CAUSE_SIZE];
  int opened = socket(kind->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (opened < 0)
    return failure_set(failure, STATUS_LISTEN, "cannot create a socket: %s", strerror_r(errno, cause, sizeof(cause)));
  status_t status = kind->is_path ? bind_path(opened, address, access, listener, failure)
                                  : bind_ip(opened, kind, address, where, failure);
  if (status == STATUS_OK && listen(opened, SOCKET_BACKLOG) != 0)
    status = refuse_socket(where, failure);
  if (status == STATUS_OK)
    listener->descriptor = opened;
  else
    (void)close(opened);
  return status;
}

static MUST_CHECK status_t refuse(const site_t *site, failure_t *failure) {
  return site->socket != NULL ? failure_set(failure, STATUS_OPTION, "the path of Socket is longer than %zu bytes",
                                            sizeof(((address_t *)NULL)->local.sun_path) - 1)
                              : failure_set(failure, STATUS_OPTION, "\"%s\" is not an IP address", site->address);
}

status_t listen_at(const site_t *site, listener_t *listener, failure_t *failure) {
  address_t address;
  access_t access = {0};
  char where[160];
  bool is_path = site->socket != NULL;
  const kind_t *kind = read_address(is_path ? site->socket : site->address, is_path, site->port, &address);
  if (kind == NULL)
    return refuse(site, failure);
  if (is_path)
    (void)snprintf(where, sizeof(where), "%s", site->socket);
  else
    (void)snprintf(where, sizeof(where), "%s, port %u", site->address, (unsigned)site->port);
  status_t status = is_path ? read_access(site, &access, failure) : STATUS_OK;
  if (status == STATUS_OK)
    status = open_socket(kind, &address, &access, where, listener, failure);
  if (status == STATUS_OK)
    describe(kind, &address, listener);
  return status;
}

void listen_end(const site_t *site, const listener_t *listener) {
  struct stat status;
  if (site->socket != NULL && stat(site->socket, &status) == 0 && status.st_dev == listener->device &&
      status.st_ino == listener->inode)
    (void)unlink(site->socket);
}
