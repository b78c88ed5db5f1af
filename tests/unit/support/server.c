/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A test that cannot be set up is worth nothing. */
static void need(bool held, const char *what) {
  if (held)
    return;
  perror(what);
  abort();
}

void server_folder_make(char *path) {
  const char *top = getenv("TMPDIR");
  (void)snprintf(path, 64, "%.40s/check-XXXXXX", top != NULL && strlen(top) <= 40 ? top : "/tmp");
  need(mkdtemp(path) != NULL, path);
}

void server_folder_remove(const char *path) {
  DIR *folder = opendir(path);
  need(folder != NULL, path);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    if (entry->d_name[0] != '.')
      (void)unlinkat(dirfd(folder), entry->d_name, 0);
  (void)closedir(folder);
  (void)rmdir(path);
}

static void read_request(server_t *server, int connection) {
  size_t length = 0;
  server->request[0] = '\0';
  while (strstr(server->request, "\r\n\r\n") == NULL && length < sizeof(server->request) - 1) {
    ssize_t taken = read(connection, server->request + length, sizeof(server->request) - 1 - length);
    if (taken <= 0)
      return;
    length += (size_t)taken;
    server->request[length] = '\0';
  }
}

/* The other side may close before it has all. */
static bool sent(int connection, const char *bytes, size_t length) {
  return send(connection, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static void serve_one(server_t *server, int connection) {
  char block[4096];
  size_t length = strlen(server->answer), left = server->repeat;
  read_request(server, connection);
  memset(block, length > 0 ? server->answer[length - 1] : 0, sizeof(block));
  bool going = sent(connection, server->answer, length);
  for (size_t part; going && left > 0; left -= part) {
    part = left < sizeof(block) ? left : sizeof(block);
    going = sent(connection, block, part);
  }
  while (server->hangs && read(connection, block, sizeof(block)) > 0)
    continue;
}

static void *serve(void *context) {
  server_t *server = context;
  for (int connection; (connection = accept(server->listener, NULL, NULL)) >= 0;) {
    serve_one(server, connection);
    (void)close(connection);
  }
  return NULL;
}

void server_start(server_t *server, const char *folder, const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  (void)snprintf(server->path, sizeof(server->path), "%s/%s", folder, name);
  (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", server->path);
  server->listener = socket(AF_UNIX, SOCK_STREAM, 0);
  need(server->listener >= 0, "socket");
  need(bind(server->listener, (struct sockaddr *)&address, sizeof(address)) == 0, server->path);
  need(listen(server->listener, 5) == 0, "listen");
  need(pthread_create(&server->thread, NULL, serve, server) == 0, "pthread_create");
}

void server_stop(server_t *server) {
  (void)shutdown(server->listener, SHUT_RDWR); /* ends accept() */
  (void)pthread_join(server->thread, NULL);
  (void)close(server->listener);
  (void)unlink(server->path);
}
