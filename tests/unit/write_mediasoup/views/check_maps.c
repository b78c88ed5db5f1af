/* SPDX-License-Identifier: MIT */
/* The ids and maps of routers and workers: each member, those that are wanted only, and no more rows than they need. */
#include "support/rows.h"
#include "write_mediasoup/views/maps.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 100, NOW = 20 };

static store_t *filled(void) {
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_WORKERS, "worker=0", NOW, 1, "worker=0");
  put_row(store, CLASS_ROUTERS, "id=r", NOW, 1, "routerId=r worker=0");
  put_row(store, CLASS_ROUTERS, "id=s", NOW, 1, "routerId=s worker=0");
  put_row(store, CLASS_TRANSPORTS, "id=t", NOW, 1, "transportId=t routerId=r");
  put_row(store, CLASS_TRANSPORTS, "id=t,rid=x", NOW, 1, "transportId=t routerId=r rid=x"); /* one id, made up twice */
  put_row(store, CLASS_PRODUCERS, "id=p,ssrc=1", NOW, 1, "producerId=p routerId=r ssrc=1 rtpObserverIds=[\"o\"]");
  put_row(store, CLASS_PRODUCERS, "id=p,ssrc=2", NOW, 1, "producerId=p routerId=r ssrc=2 rtpObserverIds=[\"o\"]");
  put_row(store, CLASS_PRODUCERS, "id=q", NOW, 1, "producerId=q routerId=r rtpObserverIds=none");
  put_row(store, CLASS_CONSUMERS, "id=c2", NOW, 1, "consumerId=c2 producerId=p routerId=r");
  put_row(store, CLASS_CONSUMERS, "id=c1", NOW, 1, "consumerId=c1 producerId=p routerId=r");
  put_row(store, CLASS_CONSUMERS, "id=c0", NOW, 1, "consumerId=c0 producerId=elsewhere routerId=r");
  put_row(store, CLASS_DATA_PRODUCERS, "id=d", NOW, 1, "dataProducerId=d routerId=r");
  put_row(store, CLASS_DATA_CONSUMERS, "id=e", NOW, 1, "dataConsumerId=e dataProducerId=d routerId=r");
  return store;
}

/* Of a comma list; NULL: all. */
static field_set_t set_of(const char *fields) {
  field_set_t set = {0};
  assert_int_equal(field_set_add_list(&set, fields, NULL), STATUS_OK);
  return set;
}

/* The members of the class's row of this name; NULL expects none. */
static void assert_maps(class_id_t class, const char *name, const char *fields, const char *expected) {
  size_t length;
  store_t *store = filled();
  json_writer_t writer = JSON_WRITER_INIT(SNAPSHOT_MAX_BYTES);
  char *text = json(expected != NULL ? expected : "");
  const field_set_t set = set_of(fields);
  relations_t *relations = maps_relations(store, &classes[class], &set, NOW);
  assert_int_equal(relations != NULL, expected != NULL);
  const store_row_t **rows = store_take(store, &classes[class], NULL, NOW, &length);
  for (size_t i = 0; i < length; i++)
    if (strcmp(rows[i]->type_instance, name) == 0)
      maps_write(relations, &set, rows[i], &writer);
  assert_string_equal(buffer_text(&writer.text), text);
  store_release(rows, length);
  relations_free(relations);
  buffer_done(&writer.text);
  store_free(store);
  free(text);
}

typedef struct {
  const char *name;
  class_id_t class;
  const char *row;
  const char *fields;
  const char *expected;
} map_case_t;

static const map_case_t map_cases[] = {
    {"all of a router", CLASS_ROUTERS, "id=r", NULL,
     "'id':'r','transportIds':['t'],'rtpObserverIds':[],'mapProducerIdConsumerIds':{'p':['c1','c2'],'q':[]},"
     "'mapConsumerIdProducerId':{'c0':'elsewhere','c1':'p','c2':'p'},'mapProducerIdObserverIds':{'p':['o'],'q':[]},"
     "'mapDataProducerIdDataConsumerIds':{'d':['e']},'mapDataConsumerIdDataProducerId':{'e':'d'}"},
    {"all of a router without anything", CLASS_ROUTERS, "id=s", NULL,
     "'id':'s','transportIds':[],'rtpObserverIds':[],'mapProducerIdConsumerIds':{},'mapConsumerIdProducerId':{},"
     "'mapProducerIdObserverIds':{},'mapDataProducerIdDataConsumerIds':{},'mapDataConsumerIdDataProducerId':{}"},
    {"a worker's routers", CLASS_WORKERS, "worker=0", NULL, "'routerIds':['r','s']"},
    {"one member", CLASS_ROUTERS, "id=r", "score,transportIds", "'transportIds':['t']"},
    {"a map of consumers alone", CLASS_ROUTERS, "id=r", "mapProducerIdConsumerIds",
     "'mapProducerIdConsumerIds':{'p':['c1','c2'],'q':[]}"},
    {"a member that needs no other rows", CLASS_ROUTERS, "id=r", "id", "'id':'r'"},
    {"no member", CLASS_ROUTERS, "id=r", "score", NULL},
    {"a class without such members", CLASS_CONSUMERS, "id=c1", NULL, NULL},
};

static void writes(void **state) {
  const map_case_t *one = *state;
  assert_maps(one->class, one->row, one->fields, one->expected);
}

/* Its own fact says more than []. */
static void leaves_out_observers_that_a_router_knows(void **state) {
  (void)state;
  size_t length;
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_ROUTERS, "id=r", NOW, 1, "routerId=r rtpObserverIds=[\"o\"]");
  const store_row_t **rows = store_take(store, &classes[CLASS_ROUTERS], NULL, NOW, &length);
  const field_set_t set = set_of("rtpObserverIds");
  relations_t *relations = maps_relations(store, &classes[CLASS_ROUTERS], &set, NOW);
  json_writer_t writer = JSON_WRITER_INIT(SNAPSHOT_MAX_BYTES);
  maps_write(relations, &set, rows[0], &writer);
  assert_string_equal(buffer_text(&writer.text), "");
  relations_free(relations);
  store_release(rows, length);
  store_free(store);
}

static void knows_its_keys(void **state) {
  (void)state;
  assert_true(maps_have(&classes[CLASS_WORKERS], "routerIds"));
  assert_true(maps_have(&classes[CLASS_ROUTERS], "mapDataConsumerIdDataProducerId"));
  assert_false(maps_have(&classes[CLASS_ROUTERS], "routerIds"));
  assert_false(maps_have(&classes[CLASS_CONSUMERS], "id"));
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  store_t *store = filled();
  long before = allocations_live();
  bool failed = true;
  unsigned long number = 0;
  while (failed) {
    allocations_fail_at(++number);
    relations_t *relations = maps_relations(store, &classes[CLASS_ROUTERS], &(field_set_t){0}, NOW);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(relations != NULL, !failed);
    relations_free(relations);
    assert_int_equal(allocations_live(), before);
  }
  assert_true(number > 10);
  store_free(store);
}

int main(void) {
  TEST_CASES(writes, map_cases);
  TEST(leaves_out_observers_that_a_router_knows);
  TEST(knows_its_keys);
  TEST(bears_each_allocation_that_fails);
  return tests_run("maps");
}
