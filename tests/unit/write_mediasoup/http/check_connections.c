/* SPDX-License-Identifier: MIT */
/* Connections: which one makes room for another. */
#include "support/support.h"
#include "write_mediasoup/http/connections.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAXIMUM = 3, COUNT = 6 };

typedef struct {
  connections_t connections;
  connection_t *added[COUNT];
  int near[COUNT], far[COUNT];
} rig_t;

static void add(rig_t *rig, int i, double now) {
  int pair[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  rig->near[i] = pair[0];
  rig->far[i] = pair[1];
  rig->added[i] = connections_add(&rig->connections, pair[0], MAXIMUM, now);
}

static bool is_shut(const rig_t *rig, int i) {
  struct pollfd one = {.fd = rig->far[i], .events = POLLIN};
  return poll(&one, 1, 0) == 1 && (one.revents & (POLLIN | POLLHUP)) != 0;
}

/* `shut`: a letter for each connection, 's' for those that were shut down. */
static void end(rig_t *rig, const char *shut) {
  for (int i = 0; shut[i] != '\0'; i++) {
    if (is_shut(rig, i) != (shut[i] == 's'))
      fail_msg("connection %d: not as in \"%s\"", i, shut);
    connections_remove(&rig->connections, rig->added[i]);
    (void)close(rig->near[i]);
    (void)close(rig->far[i]);
  }
  assert_int_equal(rig->connections.length, 0);
  assert_null(rig->connections.waiting);
  assert_null(rig->connections.answering);
}

static void up_to_the_maximum_nobody_leaves(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < MAXIMUM; i++)
    add(&rig, i, i);
  end(&rig, "...");
}

static void the_longest_wait_makes_room(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < 5; i++)
    add(&rig, i, i);
  end(&rig, "ss...");
}

static void a_connection_with_a_request_stays(void **state) {
  (void)state;
  rig_t rig = {0};
  add(&rig, 0, 0);
  connections_answer(&rig.connections, rig.added[0], MAXIMUM, 1);
  for (int i = 1; i < 5; i++)
    add(&rig, i, 2 + i);
  end(&rig, ".ss..");
}

static void a_long_answer_makes_room_before_a_newcomer(void **state) {
  (void)state;
  rig_t rig = {0};
  add(&rig, 0, 0);
  connections_answer(&rig.connections, rig.added[0], MAXIMUM, 0);
  for (int i = 1; i < 4; i++)
    add(&rig, i, 10 + i);
  end(&rig, "s...");
}

static void the_oldest_answer_makes_room_where_there_are_only_answers(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < 4; i++) {
    add(&rig, i, i);
    connections_answer(&rig.connections, rig.added[i], MAXIMUM, i);
  }
  end(&rig, "s...");
}

static void a_wait_begins_where_an_answer_ends(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < MAXIMUM; i++)
    add(&rig, i, i);
  connections_answer(&rig.connections, rig.added[0], MAXIMUM, 5);
  connections_wait(&rig.connections, rig.added[0], 6);
  add(&rig, 3, 7);
  end(&rig, ".s..");
}

static void a_connection_that_leaves_is_not_shut_down_again(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < 4; i++)
    add(&rig, i, i);
  connections_answer(&rig.connections, rig.added[0], MAXIMUM, 5); /* its request was on its way when it was shut down */
  connections_wait(&rig.connections, rig.added[0], 6);
  assert_int_equal(rig.connections.length, MAXIMUM);
  add(&rig, 4, 7);
  end(&rig, "ss...");
}

static void is_not_counted_without_memory(void **state) {
  (void)state;
  connections_t connections = {0};
  allocations_fail_at(1);
  assert_null(connections_add(&connections, 0, MAXIMUM, 0));
  allocations_fail_at(0);
  connections_answer(&connections, NULL, MAXIMUM, 1);
  connections_wait(&connections, NULL, 1);
  connections_remove(&connections, NULL);
  assert_int_equal(connections.length, 0);
}

/* An answer holds rows in memory: those that are not read must not be many. */
static void the_oldest_of_too_many_answers_ends(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < MAXIMUM; i++)
    add(&rig, i, i);
  for (int i = 0; i < MAXIMUM; i++)
    connections_answer(&rig.connections, rig.added[i], 2, 3 + i);
  assert_int_equal(rig.connections.answers, 2);
  connections_wait(&rig.connections, rig.added[1], 7);
  assert_int_equal(rig.connections.answers, 1);
  end(&rig, "s..");
}

int main(void) {
  TEST(up_to_the_maximum_nobody_leaves);
  TEST(the_longest_wait_makes_room);
  TEST(a_connection_with_a_request_stays);
  TEST(a_long_answer_makes_room_before_a_newcomer);
  TEST(the_oldest_answer_makes_room_where_there_are_only_answers);
  TEST(a_wait_begins_where_an_answer_ends);
  TEST(a_connection_that_leaves_is_not_shut_down_again);
  TEST(is_not_counted_without_memory);
  TEST(the_oldest_of_too_many_answers_ends);
  return tests_run("connections");
}
