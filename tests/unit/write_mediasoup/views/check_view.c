/* SPDX-License-Identifier: MIT */
/* Views: the same JSON in pieces of any size, of one moment, for as long as somebody reads; and without memory. */
#include "support/rows.h"
#include "write_mediasoup/views/view.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 100, NOW = 20 };

static void fill(store_t *store) {
  put_row(store, CLASS_DATA_PRODUCERS, "id=d1", 10, 1, "dataProducerId=d1 routerId=r label=\"one\\");
  put_row(store, CLASS_DATA_PRODUCERS, "id=d2", 20, 2, "dataProducerId=d2 routerId=r appData={\"roomId\":\"x\"}");
}

static const char first[] =
    "{'messagesReceived':1,'bytesReceived':1,'dataProducerId':'d1','label':'\\'one\\\\','routerId':"
    "'r','appData':{},'timestamp':10000,'age':10,'host':'here'}";
static const char second[] = "{'messagesReceived':2,'bytesReceived':2,'appData':{'roomId':'x'},'dataProducerId':'d2',"
                             "'routerId':'r','timestamp':20000,'age':0,'host':'here'}";

static body_t *view_of(store_t *store, class_id_t class, const query_t *query) {
  body_t *view;
  failure_t failure = {0};
  assert_int_equal(view_new(store, &classes[class], query, NOW, &view, &failure), STATUS_OK);
  return view;
}

/* All of it, read in pieces of `size`, or up to where it fails. The caller frees it. */
static char *read_all(body_t *view, size_t size) {
  char piece[4096];
  ssize_t length;
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  while ((length = body_read(view, piece, size)) > 0) {
    assert_true((size_t)length <= size);
    buffer_append(&text, piece, (size_t)length);
  }
  char *copy = strdup(buffer_text(&text));
  buffer_done(&text);
  return copy;
}

/* `parts` up to NULL, in '...', make the expected JSON; yajl's own order of rows is the store's. */
static void assert_view(body_t *view, size_t size, const char *const *parts) {
  buffer_t expected = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  for (; *parts != NULL; parts++)
    buffer_append_text(&expected, *parts);
  char *wanted = json(buffer_text(&expected)), *shown = read_all(view, size);
  assert_string_equal(shown, wanted);
  free(wanted);
  free(shown);
  buffer_done(&expected);
  body_free(view);
}

#define ASSERT_VIEW(view, size, ...) assert_view(view, size, (const char *const[]){__VA_ARGS__, NULL})

static void is_the_same_in_pieces_of_any_size(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  fill(store);
  for (size_t size = 1; size < 600; size++)
    ASSERT_VIEW(view_of(store, CLASS_DATA_PRODUCERS, &(query_t){0}), size, "[", first, ",", second, "]");
  store_free(store);
}

static void is_of_one_moment(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  fill(store);
  body_t *view = view_of(store, CLASS_DATA_PRODUCERS, &(query_t){0});
  put_row(store, CLASS_DATA_PRODUCERS, "id=d1", 20, 100, "dataProducerId=d1 label=new");
  put_row(store, CLASS_DATA_PRODUCERS, "id=d3", 20, 3, NULL);
  store_forget(store, &classes[CLASS_DATA_PRODUCERS], "here", "room=one", "id=d2");
  ASSERT_VIEW(view, 100, "[", first, ",", second, "]");
  store_free(store);
}

static query_t asks_for(const char *key, const char *value) {
  query_t query = {0};
  failure_t failure = {0};
  assert_int_equal(query_add(&query, &classes[CLASS_DATA_PRODUCERS], key, value, &failure), STATUS_OK);
  return query;
}

static void shows_what_is_asked_for(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  failure_t failure = {0};
  body_t *view;
  fill(store);
  ASSERT_VIEW(view_of(store, CLASS_DATA_PRODUCERS, &(query_t){.id = "d1"}), 99, "[", first, "]");
  query_t query = asks_for("dataProducerId", "d2");
  ASSERT_VIEW(view_of(store, CLASS_DATA_PRODUCERS, &query), 99, "[", second, "]");
  query = asks_for("appData.roomId", "x");
  ASSERT_VIEW(view_of(store, CLASS_DATA_PRODUCERS, &query), 99, "[", second, "]");
  query = asks_for("dataProducerId", "d2");
  query.id = "d1";
  assert_int_equal(view_new(store, &classes[CLASS_DATA_PRODUCERS], &query, NOW, &view, &failure), STATUS_NOT_FOUND);
  ASSERT_VIEW(view_of(store, CLASS_CONSUMERS, &(query_t){0}), 99, "[]");
  assert_int_equal(view_new(store, &classes[CLASS_ENDPOINT], &(query_t){.id = "d1"}, NOW, &view, &failure),
                   STATUS_NOT_FOUND);
  store_free(store);
}

static void tells_where_and_when_each_row_was_read(void **state) {
  (void)state;
  static const char *const names[] = {"id=d1", "id=d2", "far:id=d3", "far:id=d4", "far:id=d5", "id=d6"};
  static const double times[] = {20, 20, 20, 19, 19, 19};
  store_t *store = store_new(ROOM);
  for (size_t i = 0; i < LENGTH(names); i++)
    put_row(store, CLASS_DATA_PRODUCERS, names[i], times[i], 0, NULL);
  query_t query = asks_for("fields", "host,timestamp");
  ASSERT_VIEW(view_of(store, CLASS_DATA_PRODUCERS, &query), 99, "[{'timestamp':20000,'host':'here'},",
              "{'timestamp':20000,'host':'here'},{'timestamp':20000,'host':'far'},{'timestamp':19000,'host':'far'},",
              "{'timestamp':19000,'host':'far'},{'timestamp':19000,'host':'here'}]");
  store_free(store);
}

static void shows_facts_that_the_table_does_not_know(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_WORKERS, "id=0", 20, 0, "zeal=x worker=0 endpoint=e anger=");
  query_t query = {0};
  assert_int_equal(field_set_add_list(&query.fields, "zeal,worker,endpoint,anger", NULL), STATUS_OK);
  ASSERT_VIEW(view_of(store, CLASS_WORKERS, &query), 99, "[{'anger':'','endpoint':'e','worker':'0','zeal':'x'}]");
  store_free(store);
}

static uint64_t version(store_t *store) {
  body_t *view = view_of(store, CLASS_DATA_PRODUCERS, &(query_t){0});
  uint64_t number = body_version(view);
  body_free(view);
  return number;
}

static void its_version_changes_with_its_rows(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  fill(store);
  uint64_t before = version(store);
  assert_true(before == version(store));
  put_row(store, CLASS_DATA_PRODUCERS, "id=d1", 15, 1, NULL);
  uint64_t after = version(store);
  assert_true(before != after);
  put_row(store, CLASS_DATA_PRODUCERS, "id=d1", 12, 1, NULL); /* late: nothing is new */
  assert_true(after == version(store));
  store_free(store);
}

static uint64_t version_of_routers(store_t *store, const char *fields) {
  query_t query = fields != NULL ? asks_for("fields", fields) : (query_t){0};
  body_t *view = view_of(store, CLASS_ROUTERS, &query);
  uint64_t number = body_version(view);
  body_free(view);
  return number;
}

/* Its maps say what is in it. */
static void a_routers_version_changes_with_what_is_in_it(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_ROUTERS, "id=r", 20, 1, "routerId=r");
  uint64_t whole = version_of_routers(store, NULL), alone = version_of_routers(store, "routerId");
  put_row(store, CLASS_CONSUMERS, "id=c", 20, 1, "consumerId=c producerId=p routerId=r");
  assert_true(version_of_routers(store, NULL) != whole);
  assert_true(version_of_routers(store, "routerId") == alone);
  store_free(store);
}

static void fill_router(store_t *store) {
  put_row(store, CLASS_WORKERS, "worker=0", 20, 1, "worker=0");
  put_row(store, CLASS_ROUTERS, "id=r", 20, 1, "routerId=r worker=0");
  put_row(store, CLASS_TRANSPORTS, "id=t", 20, 1, "transportId=t routerId=r");
}

/* Never a valid array without its rows. */
static void assert_whole_or_cut_off(body_t *view) {
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  char piece[100];
  ssize_t length = 0;
  while ((length = body_read(view, piece, sizeof(piece))) > 0)
    buffer_append(&text, piece, (size_t)length);
  if (buffer_status(&text) == STATUS_OK && length == 0)
    assert_true(text.length > 40);
  buffer_done(&text);
}

/* Whether the allocation of this number, from the request on, was reached and failed. */
static bool fails_at(class_id_t class, unsigned long number) {
  long before = allocations_live();
  store_t *store = store_new(ROOM);
  fill(store);
  fill_router(store);
  body_t *view = NULL;
  failure_t failure = {0};
  allocations_fail_at(number);
  if (view_new(store, &classes[class], &(query_t){0}, NOW, &view, &failure) == STATUS_OK)
    assert_whole_or_cut_off(view);
  bool failed = allocations_failed();
  allocations_fail_at(0);
  body_free(view);
  store_free(store); /* with what it keeps of views */
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  const class_id_t shown[] = {CLASS_DATA_PRODUCERS, CLASS_ROUTERS, CLASS_WORKERS};
  (void)state;
  for (size_t i = 0; i < LENGTH(shown); i++) {
    unsigned long number = 1;
    while (fails_at(shown[i], number))
      number++;
    assert_true(number > 5);
  }
}

int main(void) {
  TEST(is_the_same_in_pieces_of_any_size);
  TEST(is_of_one_moment);
  TEST(shows_what_is_asked_for);
  TEST(tells_where_and_when_each_row_was_read);
  TEST(shows_facts_that_the_table_does_not_know);
  TEST(its_version_changes_with_its_rows);
  TEST(a_routers_version_changes_with_what_is_in_it);
  TEST(bears_each_allocation_that_fails);
  return tests_run("view");
}
