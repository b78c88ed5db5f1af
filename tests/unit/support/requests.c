/* SPDX-License-Identifier: MIT */
#include "requests.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 20 };

/* A test that cannot be set up is worth nothing. */
static void need(bool held, const char *what) {
  if (held)
    return;
  perror(what);
  abort();
}

char *ask(const char *path, const char *request, size_t *length) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  char *answer = malloc(ANSWER_MAX + 1);
  size_t end = 0;
  ssize_t taken;
  (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
  need(descriptor >= 0 && answer != NULL, "socket");
  need(connect(descriptor, (struct sockaddr *)&address, sizeof(address)) == 0, path);
  /* The server may answer and close before it has all. */
  (void)send(descriptor, request, strlen(request), MSG_NOSIGNAL);
  while (end < ANSWER_MAX && (taken = read(descriptor, answer + end, ANSWER_MAX - end)) > 0)
    end += (size_t)taken;
  (void)close(descriptor);
  answer[end] = '\0';
  if (length != NULL)
    *length = end;
  return answer;
}

const char *body_of(const char *answer) {
  const char *end = strstr(answer, "\r\n\r\n");
  return end != NULL ? end + 4 : "";
}
