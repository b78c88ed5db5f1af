/* SPDX-License-Identifier: MIT */
/* The model: the objects it keeps, how they are found, and which of them are dispatched. */
#include "support/chain.h"

#include <stdio.h>
#include <string.h>

/* --- objects --- */

static void finds_what_was_added(void **state) {
  (void)state;
  long before = allocations_live();
  model_t *model = model_new(ALL_CLASSES, OBJECTS_MAX);
  const class_t *transports = &classes[CLASS_TRANSPORTS], *producers = &classes[CLASS_PRODUCERS],
                *consumers = &classes[CLASS_CONSUMERS];
  object_t *t = model_add(model, transports, NULL, "t", ""), *u = model_add(model, transports, NULL, "u", "");
  object_t *low = model_add(model, producers, t, "p", "l"), *high = model_add(model, producers, t, "p", "h");
  object_t *piped = model_add(model, producers, u, "p", "l"), *consumer = model_add(model, consumers, t, "p", "l");
  assert_ptr_equal(model_find(model, transports, NULL, "t", ""), t);
  assert_ptr_equal(model_find(model, producers, t, "p", "l"), low);
  assert_ptr_equal(model_find(model, producers, t, "p", "h"), high);
  assert_ptr_equal(model_find(model, producers, u, "p", "l"), piped);
  assert_ptr_equal(model_find(model, consumers, u, "p", "l"), consumer); /* wherever it is */
  assert_null(model_find(model, producers, u, "p", "h"));
  assert_null(model_find(model, producers, t, "p", ""));
  assert_null(model_find(model, producers, t, "pl", ""));
  assert_null(model_find(model, producers, NULL, "p", "l"));
  assert_true(low->number == 2 && consumer->number == 5);
  model_forget(model, low);
  assert_null(model_find(model, producers, t, "p", "l"));
  assert_ptr_equal(model_find(model, producers, u, "p", "l"), piped);
  model_free(model);
  assert_int_equal(allocations_live(), before);
}

static void knows_an_object_by_its_name(void **state) {
  (void)state;
  object_t *t = object_new(&classes[CLASS_TRANSPORTS], NULL, "t", "");
  object_t *producer = object_new(&classes[CLASS_PRODUCERS], t, "p", "h");
  object_t *consumer = object_new(&classes[CLASS_CONSUMERS], t, "c", "");
  assert_true(model_is_named(producer, producer->class, t, "p", "h"));
  assert_false(model_is_named(producer, producer->class, NULL, "p", "h"));
  assert_false(model_is_named(producer, producer->class, t, "p", ""));
  assert_false(model_is_named(producer, producer->class, t, "q", "h"));
  assert_false(model_is_named(producer, consumer->class, t, "p", "h"));
  assert_true(model_is_named(consumer, consumer->class, NULL, "c", "")); /* its id is its own wherever it is */
  assert_false(model_is_named(NULL, consumer->class, NULL, "c", ""));
  object_free(consumer);
  object_free(producer);
  object_free(t);
}

static void parents_come_before_children(chain_t *chain) {
  chain_read(chain, sample_rows);
  size_t objects = 0;
  for (object_t *object = NULL; (object = model_next(chain->model, object)) != NULL; objects++) {
    const object_t *at = NULL;
    while (object->parent != NULL && (at = model_next(chain->model, at)) != object->parent)
      assert_ptr_not_equal(at, object);
  }
  assert_int_equal(objects, 18);
}

static void snapshots_are_counted(chain_t *chain) {
  uint64_t before = model_snapshot(chain->model);
  chain_read(chain, "");
  chain_read_cut(chain, "");
  chain_read(chain, "");
  assert_int_equal(model_snapshot(chain->model), before + 3);
}

/* --- which are dispatched --- */

static void only_a_worker_has_a_row_without_an_answer(chain_t *chain) {
  chain_read(chain, TREE ADD_PRODUCER("p", 1, 1));
  assert_true(chain_dispatches(chain, "producers p"));
  chain_read(chain, TREE LATE_PRODUCER);
  assert_false(chain_dispatches(chain, "producers p"));
  chain_read(chain, TREE ADD_PRODUCER("p", 1, 1));
  assert_true(chain_dispatches(chain, "producers p"));
}

static void only_selected_classes_are_dispatched(void **state) {
  (void)state;
  chain_t chain;
  unsigned selected = 1U << CLASS_ENDPOINT | 1U << CLASS_ROUTERS | 1U << CLASS_USAGE;
  assert_int_equal(chain_init_with(&chain, selected, OBJECTS_MAX, NULL), STATUS_OK);
  chain_read(&chain, sample_rows);
  assert_true(chain_dispatches(&chain, "endpoint"));
  assert_true(chain_dispatches(&chain, "routers r0"));
  assert_true(chain_dispatches(&chain, "usage 10"));
  assert_false(chain_dispatches(&chain, "workers 0"));
  assert_false(chain_dispatches(&chain, "producers p1"));
  assert_true(model_counts_object(chain.model, chain_find(&chain, "routers r0")));
  assert_false(model_counts_object(chain.model, chain_find(&chain, "usage 10")));
  assert_false(model_counts_object(chain.model, chain_find(&chain, "producers p1")));
  chain_done(&chain);
}

/* --- its life --- */

static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  for (unsigned long number = 1; number <= 2; number++) {
    allocations_fail_at(number);
    assert_null(model_new(ALL_CLASSES, 1));
    assert_int_equal(allocations_live(), before);
  }
  allocations_fail_at(0);
  model_free(NULL);
}

/* An object that cannot be had changes nothing; the next time it is added. */
static void adds_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    model_t *model = model_new(ALL_CLASSES, OBJECTS_MAX);
    allocations_fail_at(number);
    object_t *object = model_add(model, &classes[CLASS_ROUTERS], NULL, "r", "");
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_true(failed == (object == NULL));
    assert_int_equal(model->waiting, failed ? 0 : 1);
    assert_int_equal(model->uncommitted, failed ? 0 : 1);
    if (failed)
      object = model_add(model, &classes[CLASS_ROUTERS], NULL, "r", "");
    assert_ptr_equal(model_find(model, &classes[CLASS_ROUTERS], NULL, "r", ""), object);
    assert_ptr_equal(model_next(model, NULL), object);
    model_free(model);
    assert_int_equal(allocations_live(), before);
    assert_true(number < 10);
  }
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(parents_come_before_children),
    CHAIN_TEST(snapshots_are_counted),
    CHAIN_TEST(only_a_worker_has_a_row_without_an_answer),
};

int main(void) {
  TEST(finds_what_was_added);
  TEST(knows_an_object_by_its_name);
  TEST_CASES(chain_test, chain_tests);
  TEST(only_selected_classes_are_dispatched);
  TEST(fails_without_memory);
  TEST(adds_without_memory);
  return tests_run("model");
}
