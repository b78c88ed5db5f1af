/* SPDX-License-Identifier: MIT */
/* Which rows are below which: by host, by router or worker, in order; and without memory. */
#include "support/rows.h"
#include "write_mediasoup/views/relations.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 100, NOW = 20 };

static store_t *filled(void) {
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_WORKERS, "worker=0", NOW, 1, "worker=0 endpoint=e");
  put_row(store, CLASS_WORKERS, "process=1,worker=0", NOW, 1, "worker=0 endpoint=e process=1");
  put_row(store, CLASS_ROUTERS, "id=r1", NOW, 1, "routerId=r1 worker=0 endpoint=e");
  put_row(store, CLASS_ROUTERS, "id=r2", NOW, 1, "routerId=r2 worker=0 endpoint=e process=1");
  put_row(store, CLASS_ROUTERS, "far:id=r1", NOW, 1, "routerId=r1 worker=0 endpoint=e");
  put_row(store, CLASS_CONSUMERS, "id=c2", NOW, 1, "consumerId=c2 producerId=p1 routerId=r1");
  put_row(store, CLASS_CONSUMERS, "id=c1", NOW, 1, "consumerId=c1 producerId=p2 routerId=r1");
  put_row(store, CLASS_CONSUMERS, "id=c3", NOW, 1, "consumerId=c3 producerId=p1 routerId=r1");
  put_row(store, CLASS_CONSUMERS, "id=c4", NOW, 1, "consumerId=c4 producerId=p1 routerId=r2");
  put_row(store, CLASS_CONSUMERS, "far:id=c5", NOW, 1, "consumerId=c5 producerId=p1 routerId=r1");
  put_row(store, CLASS_CONSUMERS, "id=c6", NOW, 1, "consumerId=c6 producerId=p1");
  return store;
}

/* "source>id source>id" of the rows below the row of this name. */
static void assert_below(store_t *store, const relations_t *relations, class_id_t above, const char *name,
                         class_id_t class, const char *expected) {
  size_t length, rows_length;
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  const char *colon = strchr(name, ':');
  const store_row_t **rows = store_take(store, &classes[above], NULL, NOW, &rows_length);
  for (size_t i = 0; i < rows_length; i++) {
    if (strcmp(rows[i]->type_instance, colon != NULL ? colon + 1 : name) != 0 ||
        strcmp(rows[i]->host, colon != NULL ? "far" : "here") != 0)
      continue;
    const related_t *related = relations_below(relations, class, rows[i], &length);
    for (size_t j = 0; j < length; j++) {
      buffer_append_text(&text, j > 0 ? " " : "");
      buffer_append_text(&text, related[j].source);
      buffer_append_text(&text, ">");
      buffer_append_text(&text, related[j].id);
      assert_ptr_equal(related[j].row->class, &classes[class]);
    }
  }
  assert_string_equal(buffer_text(&text), expected);
  store_release(rows, rows_length);
  buffer_done(&text);
}

static void finds_what_is_below_in_order(void **state) {
  (void)state;
  long before = allocations_live();
  store_t *store = filled();
  relations_t *relations = relations_new(store, 1U << CLASS_ROUTERS | 1U << CLASS_CONSUMERS, NOW);
  assert_below(store, relations, CLASS_ROUTERS, "id=r1", CLASS_CONSUMERS, "p1>c2 p1>c3 p2>c1");
  assert_below(store, relations, CLASS_ROUTERS, "id=r2", CLASS_CONSUMERS, "p1>c4");
  assert_below(store, relations, CLASS_ROUTERS, "far:id=r1", CLASS_CONSUMERS, "p1>c5");
  assert_below(store, relations, CLASS_WORKERS, "worker=0", CLASS_ROUTERS, "r1>r1");
  assert_below(store, relations, CLASS_WORKERS, "process=1,worker=0", CLASS_ROUTERS, "r2>r2");
  assert_below(store, relations, CLASS_ROUTERS, "id=r1", CLASS_DATA_CONSUMERS, ""); /* was not taken */
  relations_free(relations);
  relations_free(NULL);
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

static void is_of_one_moment(void **state) {
  (void)state;
  store_t *store = filled();
  relations_t *relations = relations_new(store, 1U << CLASS_CONSUMERS, NOW);
  store_forget(store, &classes[CLASS_CONSUMERS], "here", "room=one", "id=c4");
  assert_below(store, relations, CLASS_ROUTERS, "id=r2", CLASS_CONSUMERS, "p1>c4");
  relations_free(relations);
  store_free(store);
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  store_t *store = filled();
  long before = allocations_live();
  unsigned long number = 0;
  bool failed = true;
  while (failed) {
    allocations_fail_at(++number);
    relations_t *relations = relations_new(store, 1U << CLASS_ROUTERS | 1U << CLASS_CONSUMERS, NOW);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(relations != NULL, !failed); /* whole or not at all */
    relations_free(relations);
    assert_int_equal(allocations_live(), before);
  }
  assert_int_equal(number, 6); /* itself, and two lists for each class */
  store_free(store);
}

int main(void) {
  TEST(finds_what_is_below_in_order);
  TEST(is_of_one_moment);
  TEST(bears_each_allocation_that_fails);
  return tests_run("relations");
}
