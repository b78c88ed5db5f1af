/* SPDX-License-Identifier: MIT */
#include "connections.h"

#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <utlist.h>

/* How long a client may take nothing of its answer before its place is given to another one. */
static const double stalled_seconds = 5;

enum { NOT_MEASURED = -1 };

typedef enum {
  STATE_WAITING,
  STATE_ANSWERING,
  STATE_LEAVING, /* shut down; in neither list */
} state_t;

struct connection {
  connection_t *prev, *next;
  int descriptor;
  state_t state;
  double since; /* when the state began, or when the client was last seen to take something of its answer */
  int queue;    /* bytes that it had not taken then */
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
  connection->queue = NOT_MEASURED;
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

/* --- progress --- */

/* Bytes that were sent and not yet taken. They stay the same while the client takes nothing. */
static int queue_of(const connection_t *connection) {
  int queue = 0;
  return ioctl(connection->descriptor, SIOCOUTQ, &queue) == 0 ? queue : 0;
}

static void measure(connection_t *connection, double now) {
  int queue = queue_of(connection);
  if (queue == connection->queue)
    return;
  connection->queue = queue;
  connection->since = now;
}

/* Shuts down the answer whose client has taken nothing for longest. false where all go on. */
static bool end_stalled(connections_t *connections, double now) {
  connection_t *answering, *stalled = NULL;
  DL_FOREACH(connections->answering, answering) {
    measure(answering, now);
    if (stalled == NULL || answering->since < stalled->since)
      stalled = answering;
  }
  if (stalled == NULL || stalled->since + stalled_seconds > now)
    return false;
  shut_down(connections, stalled);
  return true;
}

/* --- what the server tells --- */

static void make_room(connections_t *connections, double now) {
  if (connections->waiting != NULL)
    shut_down(connections, connections->waiting);
  else
    (void)end_stalled(connections, now);
}

connection_t *connections_add(connections_t *connections, int descriptor, size_t maximum, double now) {
  connection_t *connection = calloc(1, sizeof(*connection));
  if (connections->length >= maximum)
    make_room(connections, now);
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

bool connections_may_answer(connections_t *connections, size_t maximum, double now) {
  return connections->answers < maximum || end_stalled(connections, now);
}

void connections_answer(connections_t *connections, connection_t *connection, double now) {
  change(connections, connection, STATE_ANSWERING, now);
}

void connections_wait(connections_t *connections, connection_t *connection, double now) {
  change(connections, connection, STATE_WAITING, now);
}

void connections_remove(connections_t *connections, connection_t *connection) {
  if (connection != NULL)
    leave_list(connections, connection);
  free(connection);
}
