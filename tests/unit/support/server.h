/* SPDX-License-Identifier: MIT */
/*
 * What listens in the place of a mediasoup application: answers each connection to a Unix socket with the same bytes.
 */
#ifndef COLLECTD_MEDIASOUP_SERVER_H
#define COLLECTD_MEDIASOUP_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { SERVER_REQUEST_MAX = 2048 };

typedef struct {
  char path[100];
  const char *answer;               /* lent until server_stop */
  size_t repeat;                    /* how often the last byte of the answer is sent */
  bool hangs;                       /* after the answer, until the other side closes */
  char request[SERVER_REQUEST_MAX]; /* the last one; look at it after server_stop */
  int listener;
  pthread_t thread;
} server_t;

/* A folder of its own for sockets, under $TMPDIR or /tmp; `path` has room for 64 bytes. */
void server_folder_make(char *path);
void server_folder_remove(const char *path);

/* Listens at FOLDER/NAME. Answer, repeat and hangs are set by the caller before. */
void server_start(server_t *server, const char *folder, const char *name);
void server_stop(server_t *server);

#endif
