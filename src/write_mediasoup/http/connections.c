/* SPDX-License-Identifier: MIT */
#include "connections.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <utlist.h>

/* Grace before a running answer is evicted ahead of the longest-idle connection. */
static const double answer_grace_seconds = 5;

typedef enum {
  STATE_WAITING,
  STATE_ANSWERING,
  STATE_LEAVING, /* shut down; in neither list */
} state_t;

struct connection {
  connection_t *prev, *next;
  int descriptor;
  state_t state;
  double since; /* when the state began */
};

static void leave_list(connections_t *connections, connection_t *connection) {
  if (connection->state == STATE_LEAVING)
    return;
  if (connection->state == STATE_WAITING)
    DL_DELETE(connections->waiting, connection);
  else
    DL_DELETE(connections->answering, connection);
  connections->answers -= connection->state == STATE_ANSWERING ? 1 : 0;
  connections->length--;
}

static void enter_list(connections_t *connections, connection_t *connection, state_t state, double now) {
  connection->state = state;
  connection->since = now;
  if (state == STATE_WAITING)
    DL_APPEND(connections->waiting, connection);
  else
    DL_APPEND(connections->answering, connection);
  connections->answers += state == STATE_ANSWERING ? 1 : 0;
  connections->length++;
}

static void shut_down(connections_t *connections, connection_t *connection) {
  leave_list(connections, connection);
  connection->state = STATE_LEAVING;
  (void)shutdown(connection->descriptor, SHUT_RDWR);
}

static void make_room(connections_t *connections) {
  connection_t *waiting = connections->waiting, *answering = connections->answering, *chosen = waiting;
  if (answering != NULL && (waiting == NULL || answering->since + answer_grace_seconds < waiting->since))
    chosen = answering;
  if (chosen != NULL)
    shut_down(connections, chosen);
}

connection_t *connections_add(connections_t *connections, int descriptor, size_t maximum, double now) {
  connection_t *connection = calloc(1, sizeof(*connection));
  if (connections->length >= maximum)
    make_room(connections);
  if (connection == NULL)
    return NULL;
  connection->descriptor = descriptor;
  enter_list(connections, connection, STATE_WAITING, now);
  return connection;
}

static void change(connections_t *connections, connection_t *connection, state_t state, double now) {
  if (connection == NULL || connection->state == STATE_LEAVING)
    return;
  leave_list(connections, connection);
  enter_list(connections, connection, state, now);
}

void connections_answer(connections_t *connections, connection_t *connection, size_t maximum, double now) {
  change(connections, connection, STATE_ANSWERING, now);
  if (connections->answers > maximum)
    shut_down(connections, connections->answering);
}

void connections_wait(connections_t *connections, connection_t *connection, double now) {
  change(connections, connection, STATE_WAITING, now);
}

void connections_remove(connections_t *connections, connection_t *connection) {
  if (connection != NULL)
    leave_list(connections, connection);
  free(connection);
}
