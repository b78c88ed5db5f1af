/* SPDX-License-Identifier: MIT */
/* Listening: each kind of address, stale sockets and other files, exact errors. */
#include "support/server.h"
#include "support/support.h"
#include "write_mediasoup/http/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[64];

static const char *path_of(const char *name) {
  static char path[100];
  (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
  return path;
}

/* --- IP addresses --- */

typedef struct {
  const char *name; /* the address */
  const char *host;
  bool is_loopback;
} address_case_t;

static const address_case_t address_cases[] = {
    {"127.0.0.1", "127.0.0.1", true}, {"127.1.2.3", "127.1.2.3", true}, {"0.0.0.0", "0.0.0.0", false},
    {"::1", "[::1]", true},           {"0:0::1", "[::1]", true},        {"::", "[::]", false},
};

/* A machine may have IPv4 only. */
static bool has_ipv6(void) {
  int descriptor = socket(AF_INET6, SOCK_STREAM, 0);
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  bool has = descriptor >= 0 && bind(descriptor, (struct sockaddr *)&address, sizeof(address)) == 0;
  if (descriptor >= 0)
    (void)close(descriptor);
  return has;
}

static void listens_on_an_address(void **state) {
  const address_case_t *one = *state;
  listener_t listener;
  failure_t failure = {0};
  int on = 0;
  socklen_t size = sizeof(on);
  status_t status = listen_at(&(site_t){.address = one->name}, &listener, &failure);
  if (strchr(one->name, ':') != NULL && !has_ipv6()) {
    assert_int_equal(status, STATUS_LISTEN);
    return;
  }
  assert_int_equal(status, STATUS_OK);
  assert_string_equal(listener.host, one->host);
  assert_int_equal(listener.is_loopback, one->is_loopback);
  assert_int_equal(getsockopt(listener.descriptor, SOL_SOCKET, SO_ACCEPTCONN, &on, &size), 0);
  assert_int_equal(on, 1);
  assert_true((fcntl(listener.descriptor, F_GETFL) & O_NONBLOCK) != 0);
  assert_true((fcntl(listener.descriptor, F_GETFD) & FD_CLOEXEC) != 0);
  (void)close(listener.descriptor);
}

static void says_which_address_is_taken(void **state) {
  (void)state;
  listener_t first, second;
  failure_t failure = {0};
  struct sockaddr_in address;
  socklen_t size = sizeof(address);
  char cause[100];
  assert_int_equal(listen_at(&(site_t){.address = "127.0.0.1"}, &first, &failure), STATUS_OK);
  assert_int_equal(getsockname(first.descriptor, (struct sockaddr *)&address, &size), 0);
  unsigned short port = ntohs(address.sin_port);
  assert_int_equal(listen_at(&(site_t){.address = "127.0.0.1", .port = port}, &second, &failure), STATUS_LISTEN);
  (void)snprintf(cause, sizeof(cause), "cannot listen on 127.0.0.1, port %u: Address already in use", (unsigned)port);
  assert_string_equal(failure.cause, cause);
  (void)close(first.descriptor);
}

static void refuses_what_is_no_address(void **state) {
  (void)state;
  static const char *const others[] = {"localhost", "", "127.0.0", "[::1]", "127.0.0.1:80"};
  for (size_t i = 0; i < LENGTH(others); i++) {
    listener_t listener;
    failure_t failure = {0};
    char cause[100];
    (void)snprintf(cause, sizeof(cause), "\"%s\" is not an IP address", others[i]);
    assert_int_equal(listen_at(&(site_t){.address = others[i], .port = 4000}, &listener, &failure), STATUS_OPTION);
    assert_string_equal(failure.cause, cause);
  }
}

static void says_why_there_is_no_socket(void **state) {
  (void)state;
  listener_t listener;
  failure_t failure = {0};
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){.rlim_cur = 0, .rlim_max = limit.rlim_max}), 0);
  status_t status = listen_at(&(site_t){.address = "127.0.0.1"}, &listener, &failure);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
  assert_int_equal(status, STATUS_LISTEN);
  assert_string_equal(failure.cause, "cannot create a socket: Too many open files");
}

/* --- Unix sockets --- */

static bool connects(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  bool connected = connect(descriptor, (struct sockaddr *)&address, sizeof(address)) == 0;
  (void)close(descriptor);
  return connected;
}

static void listens_on_a_path(void **state) {
  (void)state;
  listener_t listener;
  failure_t failure = {0};
  struct stat status;
  const char *path = path_of("fresh");
  assert_int_equal(listen_at(&(site_t){.socket = path, .address = "not looked at", .port = 4000}, &listener, &failure),
                   STATUS_OK);
  assert_string_equal(listener.host, "");
  assert_false(listener.is_loopback);
  assert_true(connects(path));
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_mode & 0777, 0660);
  (void)close(listener.descriptor);
}

static void replaces_a_socket_that_nobody_listens_on(void **state) {
  (void)state;
  listener_t listener;
  failure_t failure = {0};
  const char *path = path_of("stale");
  assert_int_equal(listen_at(&(site_t){.socket = path}, &listener, &failure), STATUS_OK);
  (void)close(listener.descriptor);
  assert_false(connects(path));
  assert_int_equal(listen_at(&(site_t){.socket = path}, &listener, &failure), STATUS_OK);
  assert_true(connects(path));

  listener_t second;
  char cause[200];
  (void)snprintf(cause, sizeof(cause), "cannot listen on %s: Address already in use", path);
  assert_int_equal(listen_at(&(site_t){.socket = path}, &second, &failure), STATUS_LISTEN);
  assert_string_equal(failure.cause, cause);
  assert_true(connects(path)); /* the one that listens is left alone */
  (void)close(listener.descriptor);
}

typedef struct {
  const char *name;
  const char *owner, *group;
  unsigned mode;
  uid_t uid;
  gid_t gid;
  const char *cause;
} access_case_t;

static const access_case_t access_cases[] = {
    {"names", "nobody", "nogroup", 0600, 65534, 65534, NULL},
    {"numbers", "12", "34", 0666, 12, 34, NULL},
    {"a mode alone", NULL, NULL, 0640, 0, 0, NULL},
    {"no such user", "no-such-user", NULL, 0, 0, 0, "SocketOwner: there is no user no-such-user"},
    {"no such group", NULL, "no-such-group", 0, 0, 0, "SocketGroup: there is no group no-such-group"},
};

/* Only root may give files away. Anybody else is told so, and nothing is served. */
static void gives_the_socket_to_others(void **state) {
  const access_case_t *one = *state;
  listener_t listener;
  failure_t failure = {0};
  struct stat status;
  const char *path = path_of("given");
  mode_t before = umask(0);
  status_t result = listen_at(&(site_t){.socket = path, .owner = one->owner, .group = one->group, .mode = one->mode},
                              &listener, &failure);
  (void)umask(before);
  if (one->cause != NULL) {
    assert_int_equal(result, STATUS_OPTION);
    assert_string_equal(failure.cause, one->cause);
    return;
  }
  if (geteuid() != 0 && one->owner != NULL) {
    assert_int_equal(result, STATUS_LISTEN);
    assert_int_equal(stat(path, &status), -1);
    return;
  }
  assert_int_equal(result, STATUS_OK);
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_mode & 0777, one->mode);
  assert_true(one->owner == NULL || (status.st_uid == one->uid && status.st_gid == one->gid));
  listen_end(&(site_t){.socket = path}, &listener);
  assert_int_equal(stat(path, &status), -1);
  (void)close(listener.descriptor);
}

/* A process that is stopped accepts nothing, and its backlog fills up. */
static void does_not_wait_for_one_that_is_stopped(void **state) {
  (void)state;
  listener_t listener;
  failure_t failure = {0};
  int waiting[3];
  const char *path = path_of("stopped");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
  int stopped = socket(AF_UNIX, SOCK_STREAM, 0);
  assert_int_equal(bind(stopped, (struct sockaddr *)&address, sizeof(address)), 0);
  assert_int_equal(listen(stopped, 0), 0);
  for (size_t i = 0; i < LENGTH(waiting); i++) {
    waiting[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    (void)connect(waiting[i], (struct sockaddr *)&address, sizeof(address));
  }
  (void)alarm(5); /* rather than wait for ever */
  assert_int_equal(listen_at(&(site_t){.socket = path}, &listener, &failure), STATUS_LISTEN);
  (void)alarm(0);
  assert_int_equal(access(path, F_OK), 0);
  for (size_t i = 0; i < LENGTH(waiting); i++)
    (void)close(waiting[i]);
  (void)close(stopped);
}

static void removes_no_file_of_another(void **state) {
  (void)state;
  listener_t first, second;
  failure_t failure = {0};
  const char *path = path_of("taken over");
  assert_int_equal(listen_at(&(site_t){.socket = path}, &first, &failure), STATUS_OK);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(listen_at(&(site_t){.socket = path}, &second, &failure), STATUS_OK);
  listen_end(&(site_t){.socket = path}, &first);
  assert_true(connects(path));
  listen_end(&(site_t){.socket = path}, &second);
  assert_int_equal(access(path, F_OK), -1);
  (void)close(first.descriptor);
  (void)close(second.descriptor);
}

static void leaves_other_files_alone(void **state) {
  (void)state;
  listener_t listener;
  failure_t failure = {0};
  struct stat status;
  const char *path = path_of("file");
  FILE *file = fopen(path, "w");
  (void)fputs("x", file);
  (void)fclose(file);
  assert_int_equal(listen_at(&(site_t){.socket = path}, &listener, &failure), STATUS_LISTEN);
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_size, 1);
}

/* Somebody else's, although a stream cannot connect to it. */
static void leaves_sockets_of_another_type_alone(void **state) {
  (void)state;
  listener_t listener;
  failure_t failure = {0};
  struct stat status;
  const char *path = path_of("datagrams");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int descriptor = socket(AF_UNIX, SOCK_DGRAM, 0);
  (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
  assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof(address)), 0);
  assert_int_equal(listen_at(&(site_t){.socket = path}, &listener, &failure), STATUS_LISTEN);
  assert_int_equal(stat(path, &status), 0);
  (void)close(descriptor);
}

static void refuses_a_long_path(void **state) {
  (void)state;
  listener_t listener;
  failure_t failure = {0};
  char path[200];
  memset(path, 'x', sizeof(path) - 1);
  path[sizeof(path) - 1] = '\0';
  assert_int_equal(listen_at(&(site_t){.socket = path}, &listener, &failure), STATUS_OPTION);
  assert_string_equal(failure.cause, "the path of Socket is longer than 107 bytes");
}

int main(void) {
  server_folder_make(folder);
  TEST_CASES(listens_on_an_address, address_cases);
  TEST(says_which_address_is_taken);
  TEST(refuses_what_is_no_address);
  TEST(says_why_there_is_no_socket);
  TEST(listens_on_a_path);
  TEST(replaces_a_socket_that_nobody_listens_on);
  TEST_CASES(gives_the_socket_to_others, access_cases);
  TEST(does_not_wait_for_one_that_is_stopped);
  TEST(removes_no_file_of_another);
  TEST(leaves_other_files_alone);
  TEST(leaves_sockets_of_another_type_alone);
  TEST(refuses_a_long_path);
  int failed = tests_run("listen");
  server_folder_remove(folder);
  return failed;
}
