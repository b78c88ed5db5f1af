/* SPDX-License-Identifier: MIT */
/* The store, its views and what is received, used by many threads at once. Built with the thread sanitizer as well. */
#include "support/rows.h"
#include "write_mediasoup/receive.h"
#include "write_mediasoup/views/view.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITERS = 4, READERS = 3, OBJECTS = 50, ROUNDS = 200, ROOM = 1000 };

static const class_id_t tested = CLASS_DATA_PRODUCERS;

typedef struct {
  store_t *store;
  int number; /* of the writer */
  atomic_int *writing;
  atomic_int *views; /* with rows in them */
  bool consistent;   /* what a reader saw */
} worker_t;

/* The rounds of each object come out of order, some twice; metadata every tenth time. */
static void *write_rows(void *context) {
  worker_t *worker = context;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < OBJECTS; i++) {
      char name[32], facts[64];
      int at = round ^ (i & 3);
      (void)snprintf(name, sizeof(name), "id=o%d-%d", worker->number, i);
      (void)snprintf(facts, sizeof(facts), "dataProducerId=o%d-%d label=mine", worker->number, i);
      put_row(worker->store, tested, name, 1000 + at * 0.01, at, (round + i) % 10 == 0 ? facts : NULL);
    }
  }
  atomic_fetch_sub(worker->writing, 1);
  return NULL;
}

static void *receive_rows(void *context) {
  worker_t *worker = context;
  for (int round = 0; round < ROUNDS; round++) {
    char text[400];
    size_t taken;
    failure_t failure = {0};
    (void)snprintf(text, sizeof(text),
                   "[{'values':[%d,%d],'dsnames':['messages_received','bytes_received'],'time':%d,'interval':10,"
                   "'host':'far','plugin':'mediasoup','plugin_instance':'','type':'data_producers','type_instance':"
                   "'id=o0-0','meta':{'dataProducerId':'o0-0','label':'theirs'}}]",
                   round, round, 1000);
    char *body = json(text);
    worker->consistent = receive(worker->store, body, strlen(body), 1e9, &taken, &failure) == STATUS_OK && taken == 1;
    free(body);
    store_forget(worker->store, &classes[tested], "here", "room=one", round % 2 ? "id=gone" : "id=o1-1");
    put_row(worker->store, tested, "id=gone", 1000, 5, round % 3 ? NULL : "dataProducerId=o2-2");
  }
  atomic_fetch_sub(worker->writing, 1);
  return NULL;
}

/* Both figures of a row are the same, or it is a row of two halves. */
static bool is_consistent(const char *text) {
  for (const char *at = text; (at = strstr(at, "\"messagesReceived\":")) != NULL; at++) {
    long long messages = -1, bytes = -2;
    if (sscanf(at, "\"messagesReceived\":%lld,\"bytesReceived\":%lld", &messages, &bytes) != 2 || messages != bytes)
      return false;
  }
  return true;
}

static bool read_view(worker_t *worker, const query_t *query) {
  static const size_t size = 700;
  body_t *view;
  failure_t failure = {0};
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  char piece[700];
  if (view_new(worker->store, &classes[tested], query, 1001, &view, &failure) != STATUS_OK)
    return failure.status == STATUS_NOT_FOUND;
  ssize_t length;
  while ((length = body_read(view, piece, size)) > 0)
    buffer_append(&text, piece, (size_t)length);
  body_free(view);
  bool consistent = buffer_status(&text) == STATUS_OK && length == 0 && is_consistent(buffer_text(&text));
  if (text.length > 10)
    atomic_fetch_add(worker->views, 1);
  buffer_done(&text);
  return consistent;
}

static void *read_views(void *context) {
  worker_t *worker = context;
  query_t all = {0}, one = {.id = "o0-0"};
  worker->consistent = true;
  while (atomic_load(worker->writing) > 0 && worker->consistent) {
    worker->consistent = read_view(worker, &all) && read_view(worker, &one);
    (void)store_usage(worker->store);
    (void)store_begins_to_skip(worker->store);
  }
  return NULL;
}

/* Each object of a writer ends with its newest round, and with what its metadata told. */
static void assert_newest(store_t *store, int writer) {
  for (int i = 0; i < OBJECTS; i++) {
    char id[32], expected[64];
    if (writer == 1 && i == 1)
      continue; /* that one is forgotten now and then */
    (void)snprintf(id, sizeof(id), "o%d-%d", writer, i);
    (void)snprintf(expected, sizeof(expected), "id=%s=%d(mine)", id, ROUNDS - 1);
    char *shown = show_rows(store, tested, &(selection_t){.id = id}, 1002, "label");
    if (strstr(shown, expected) == NULL)
      fail_msg("%s is not in \"%s\"", expected, shown);
    free(shown);
  }
}

static void readers_and_writers_at_once(void **state) {
  (void)state;
  long before = allocations_live();
  atomic_int writing = WRITERS + 1, views = 0;
  store_t *store = store_new(ROOM);
  pthread_t threads[WRITERS + 1 + READERS];
  worker_t workers[WRITERS + 1 + READERS];
  for (int i = 0; i < (int)LENGTH(threads); i++) {
    workers[i] = (worker_t){.store = store, .number = i, .writing = &writing, .views = &views, .consistent = true};
    assert_int_equal(pthread_create(&threads[i], NULL,
                                    i < WRITERS    ? write_rows
                                    : i == WRITERS ? receive_rows
                                                   : read_views,
                                    &workers[i]),
                     0);
  }
  for (size_t i = 0; i < LENGTH(threads); i++) {
    assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_true(workers[i].consistent);
  }
  assert_true(atomic_load(&views) > 0);
  for (int writer = 0; writer < WRITERS; writer++)
    assert_newest(store, writer);
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

int main(void) {
  TEST(readers_and_writers_at_once);
  return tests_run("concurrency");
}
