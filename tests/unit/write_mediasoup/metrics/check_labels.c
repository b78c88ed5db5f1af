/* SPDX-License-Identifier: MIT */
/* All labels of a row: what it is, by its facts or by its name; whose it is; and on which host. */
#include "support/rows.h"
#include "write_mediasoup/metrics/labels.h"
#include "write_mediasoup/store/facts_from_name.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  class_id_t class;
  const char *plugin_instance, *type_instance;
  const char *facts;  /* NULL: those of the name */
  const char *labels; /* with ' for " */
} label_case_t;

#define STREAM "kind=video mimeType=video/VP8 type=inbound-rtp "

static const label_case_t label_cases[] = {
    {"an endpoint", CLASS_ENDPOINT, "edge", "", "pid=1", "endpoint='edge',instance='here'"},
    {"the endpoint that goes without a label", CLASS_ENDPOINT, "mediasoup", "", "pid=1", "instance='here'"},
    {"one of several processes", CLASS_ENDPOINT, "edge", "process=1", "pid=1",
     "process='1',endpoint='edge',instance='here'"},
    {"a worker", CLASS_WORKERS, "edge", "worker=0", "worker=0", "worker='0',endpoint='edge',instance='here'"},
    {"a worker below appData", CLASS_WORKERS, "roomId=x", "endpoint=edge,worker=0", "worker=0",
     "worker='0',endpoint='edge',roomId='x',instance='here'"},
    {"a worker without a name of its endpoint", CLASS_WORKERS, "roomId=x", "worker=0", "worker=0",
     "worker='0',roomId='x',instance='here'"},
    {"a router", CLASS_ROUTERS, "edge", "id=r", "routerId=r", "routerId='r',instance='here'"},
    {"a producer", CLASS_PRODUCERS, "roomId=x", "kind=video,mimeType=video_VP8,id=p", STREAM "producerId=p ssrc=1",
     "kind='video',mimeType='video/VP8',type='inbound-rtp',producerId='p',roomId='x',instance='here'"},
    {"a producer of several streams", CLASS_PRODUCERS, "edge", "id=p,rid=h", STREAM "producerId=p rid=h ssrc=1",
     "kind='video',mimeType='video/VP8',type='inbound-rtp',producerId='p',rid='h',instance='here'"},
    {"a producer that was piped", CLASS_DATA_PRODUCERS, "edge", "id=d,via=t_1", "dataProducerId=d transportId=t/1",
     "dataProducerId='d',transportId='t/1',instance='here'"},
    {"a consumer without metadata", CLASS_CONSUMERS, "edge", "kind=video,mimeType=video_VP8,id=c", NULL,
     "kind='video',mimeType='video/VP8',type='outbound-rtp',consumerId='c',instance='here'"},
    {"a producer without metadata", CLASS_PRODUCERS, "edge", "id=p", NULL,
     "type='inbound-rtp',producerId='p',instance='here'"},
    {"a group", CLASS_GROUP_CONSUMERS, "roomId=x", "group=rooms,endpoint=edge,kind=video,mimeType=video_VP8", NULL,
     "group='rooms',kind='video',mimeType='video/VP8',endpoint='edge',roomId='x',instance='here'"},
    {"one of the worst", CLASS_WORST_CONSUMERS, "edge", "rank=1", STREAM "consumerId=c rank=1",
     "rank='1',endpoint='edge',instance='here'"},
    {"a bucket", CLASS_SCORE_BUCKET, "edge", "of=consumers,kind=video,le=0.5", NULL,
     "of='consumers',kind='video',endpoint='edge',instance='here'"},
};

static store_row_t *make(const label_case_t *one) {
  store_row_t *row = store_row_new(&classes[one->class], "here", one->plugin_instance, one->type_instance);
  row->facts =
      one->facts != NULL ? facts_of(one->facts) : facts_from_name(row->class, one->plugin_instance, one->type_instance);
  return row;
}

static void appends(void **state) {
  const label_case_t *one = *state;
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  store_row_t *row = make(one);
  char *expected = json(one->labels);
  labels_append(&text, row);
  assert_string_equal(buffer_text(&text), expected);
  free(expected);
  buffer_done(&text);
  store_row_release(row);
}

static void appends_identifiers(void **state) {
  (void)state;
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  store_row_t *row = row_of(CLASS_CONSUMERS, "id=c", 10, 1, NULL);
  buffer_append_text(&text, "a=\"b\"");
  labels_append_identifiers(&text, row);
  assert_string_equal(buffer_text(&text), "a=\"b\",plugin_instance=\"room=one\",type_instance=\"id=c\"");
  buffer_done(&text);
  store_row_release(row);
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  store_row_t *row = make(&label_cases[0]);
  bool failed = true;
  unsigned long number = 0;
  while (failed) {
    buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
    allocations_fail_at(++number);
    labels_append(&text, row);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(buffer_status(&text), failed ? STATUS_NO_MEMORY : STATUS_OK);
    buffer_done(&text);
  }
  assert_true(number > 2);
  store_row_release(row);
}

int main(void) {
  TEST_CASES(appends, label_cases);
  TEST(appends_identifiers);
  TEST(bears_each_allocation_that_fails);
  return tests_run("labels");
}
