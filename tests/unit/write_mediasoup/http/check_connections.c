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
  connections_answer(&rig.connections, rig.added[0], 1);
  for (int i = 1; i < 5; i++)
    add(&rig, i, 2 + i);
  end(&rig, ".ss..");
}

static void a_long_answer_stays_before_a_newcomer(void **state) {
  (void)state;
  rig_t rig = {0};
  add(&rig, 0, 0);
  connections_answer(&rig.connections, rig.added[0], 0);
  for (int i = 1; i < 4; i++)
    add(&rig, i, 10 + i);
  end(&rig, ".s..");
}

/* The server's maximum is lower than that of libmicrohttpd: nobody is cut for one connection more. */
static void of_answers_alone_none_makes_room(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < 4; i++) {
    add(&rig, i, i);
    connections_answer(&rig.connections, rig.added[i], i);
  }
  end(&rig, "....");
}

/* --- progress --- */

static void send_bytes(rig_t *rig, int i) { assert_int_equal(write(rig->near[i], "an answer", 9), 9); }

static void take_bytes(rig_t *rig, int i) {
  char bytes[9];
  assert_int_equal(read(rig->far[i], bytes, sizeof(bytes)), sizeof(bytes));
}

static void begin_answers(rig_t *rig) {
  for (int i = 0; i < 2; i++) {
    add(rig, i, 0);
    connections_answer(&rig->connections, rig->added[i], 0);
    send_bytes(rig, i);
  }
  assert_false(connections_may_answer(&rig->connections, 2, 1)); /* both have just begun */
}

static void a_newcomer_waits_for_answers_that_go_on(void **state) {
  (void)state;
  rig_t rig = {0};
  begin_answers(&rig);
  for (int second = 2; second < 200; second++) {
    for (int i = 0; i < 2; i++) {
      if (second % 2 == 0)
        take_bytes(&rig, i);
      else
        send_bytes(&rig, i);
    }
    assert_false(connections_may_answer(&rig.connections, 2, second));
  }
  assert_true(connections_may_answer(&rig.connections, 3, 200));
  for (int i = 0; i < 2; i++)
    take_bytes(&rig, i);
  end(&rig, "..");
}

static void an_answer_that_nobody_takes_makes_room(void **state) {
  (void)state;
  rig_t rig = {0};
  begin_answers(&rig);
  take_bytes(&rig, 0);
  assert_false(connections_may_answer(&rig.connections, 2, 5));
  assert_true(connections_may_answer(&rig.connections, 2, 6));
  assert_int_equal(rig.connections.answers, 1);
  assert_true(connections_may_answer(&rig.connections, 2, 6));
  take_bytes(&rig, 1); /* what was sent before */
  end(&rig, ".s");
}

static void a_wait_begins_where_an_answer_ends(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < MAXIMUM; i++)
    add(&rig, i, i);
  connections_answer(&rig.connections, rig.added[0], 5);
  connections_wait(&rig.connections, rig.added[0], 6);
  add(&rig, 3, 7);
  end(&rig, ".s..");
}

static void a_connection_that_leaves_is_not_shut_down_again(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < 4; i++)
    add(&rig, i, i);
  connections_answer(&rig.connections, rig.added[0], 5); /* its request was on its way when it was shut down */
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
  connections_answer(&connections, NULL, 1);
  connections_wait(&connections, NULL, 1);
  connections_remove(&connections, NULL);
  assert_int_equal(connections.length, 0);
}

static void counts_answers(void **state) {
  (void)state;
  rig_t rig = {0};
  for (int i = 0; i < MAXIMUM; i++)
    add(&rig, i, i);
  for (int i = 0; i < 2; i++)
    connections_answer(&rig.connections, rig.added[i], 3 + i);
  assert_int_equal(rig.connections.answers, 2);
  connections_wait(&rig.connections, rig.added[1], 7);
  assert_int_equal(rig.connections.answers, 1);
  end(&rig, "...");
}

int main(void) {
  TEST(up_to_the_maximum_nobody_leaves);
  TEST(the_longest_wait_makes_room);
  TEST(a_connection_with_a_request_stays);
  TEST(a_long_answer_stays_before_a_newcomer);
  TEST(of_answers_alone_none_makes_room);
  TEST(a_newcomer_waits_for_answers_that_go_on);
  TEST(an_answer_that_nobody_takes_makes_room);
  TEST(a_wait_begins_where_an_answer_ends);
  TEST(a_connection_that_leaves_is_not_shut_down_again);
  TEST(is_not_counted_without_memory);
  TEST(counts_answers);
  return tests_run("connections");
}
