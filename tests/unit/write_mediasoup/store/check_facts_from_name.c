/* SPDX-License-Identifier: MIT */
/* What identifiers tell of an object, in the types that metadata would have. */
#include "support/support.h"
#include "write_mediasoup/store/facts_from_name.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  class_id_t class;
  const char *plugin_instance, *type_instance;
  const char *written; /* NULL: no facts */
} name_case_t;

#define LONG_NAME "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const name_case_t name_cases[] = {
    {"an id", CLASS_CONSUMERS, "", "id=c1", "'consumerId':'c1'"},
    {"an id that looks like a number", CLASS_CONSUMERS, "", "id=12", "'consumerId':'12'"},
    {"what it is", CLASS_CONSUMERS, "", "kind=video,mimeType=video_VP8,id=c1",
     "'consumerId':'c1','kind':'video','mimeType':'video/VP8'"},
    {"the transport it was piped by", CLASS_PRODUCERS, "", "id=p,via=t", "'producerId':'p','transportId':'t'"},
    {"numbers", CLASS_USAGE, "", "type=worker,pid=12,ppid=1", "'pid':12,'ppid':1,'type':'worker'"},
    {"an ssrc", CLASS_PRODUCERS, "", "id=p,ssrc=4294967295", "'producerId':'p','ssrc':4294967295"},
    {"what is no number", CLASS_USAGE, "", "pid=x,ppid=01", "'pid':'x','ppid':'01'"},
    {"what no number can be", CLASS_USAGE, "", "pid=12345678901,ppid=", "'pid':'12345678901','ppid':''"},
    {"a number under another key", CLASS_USAGE, "", "zeal=12", "'zeal':'12'"},
    {"an id and a parent where there are none", CLASS_ENDPOINT, "", "id=x,via=y", "'id':'x','via':'y'"},
    {"a name without pairs", CLASS_CONSUMERS, "sfu", "x", ""},

    {"appData", CLASS_CONSUMERS, "roomId=x,peerId=y", "", "'appData':{'roomId':'x','peerId':'y'}"},
    {"appData with quotes", CLASS_CONSUMERS, "a\"b=c\\d", "", "'appData':{'a\\'b':'c\\\\d'}"},
    {"appData that was cut", CLASS_CONSUMERS, "roomId=x,peerId=" LONG_NAME "~0123456789abcdef", "",
     "'appData':{'roomId':'x'}"},
    {"appData of one value that was cut", CLASS_CONSUMERS, "roomId=xxxxxxxxx" LONG_NAME "~0123456789abcdef", "", ""},
    {"appData that is not UTF-8", CLASS_CONSUMERS, "roomId=\xff", "id=c", NULL},

    {"the endpoint of a summary", CLASS_SCORE, "sfu", "of=consumers,kind=video",
     "'endpoint':'sfu','kind':'video','of':'consumers'"},
    {"the endpoint of another row", CLASS_WORKERS, "sfu", "worker=0", "'worker':0"},
    {"a summary of appData", CLASS_GROUP_CONSUMERS, "roomId=x", "group=rooms,endpoint=sfu",
     "'appData':{'roomId':'x'},'endpoint':'sfu','group':'rooms'"},
};

/* Frees the facts. */
static void assert_written(facts_t *facts, const char *expected) {
  json_writer_t writer = JSON_WRITER_INIT(SNAPSHOT_MAX_BYTES);
  char *text = json(expected);
  assert_non_null(facts);
  facts_write(facts, &writer);
  assert_string_equal(buffer_text(&writer.text), text);
  buffer_done(&writer.text);
  facts_release(facts);
  free(text);
}

static void tells(void **state) {
  const name_case_t *one = *state;
  long before = allocations_live();
  facts_t *facts = facts_from_name(&classes[one->class], one->plugin_instance, one->type_instance);
  if (one->written == NULL)
    assert_null(facts);
  else
    assert_written(facts, one->written);
  assert_int_equal(allocations_live(), before);
}

/* The metadata of one of the worst is its stream's. */
static void adds_to_the_metadata_of_a_summary(void **state) {
  (void)state;
  facts_t *facts = facts_new();
  facts_add(facts, "consumerId", FACT_TEXT, "c");
  facts_add_summary(facts, &classes[CLASS_WORST_CONSUMERS], "sfu", "rank=1");
  assert_written(facts_finish(facts), "'consumerId':'c','endpoint':'sfu','rank':1");
  facts = facts_new();
  facts_add(facts, "consumerId", FACT_TEXT, "c");
  facts_add_summary(facts, &classes[CLASS_CONSUMERS], "sfu", "kind=video,id=d");
  assert_written(facts_finish(facts), "'consumerId':'c'");
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  long before = allocations_live();
  bool failed = true;
  unsigned long number = 0;
  while (failed) {
    allocations_fail_at(++number);
    facts_t *facts = facts_from_name(&classes[CLASS_SCORE], "roomId=x", "of=consumers,zeal=y");
    failed = allocations_failed();
    allocations_fail_at(0);
    if (!failed)
      assert_written(facts_share(facts), "'appData':{'roomId':'x'},'of':'consumers','zeal':'y'");
    facts_release(facts);
    assert_int_equal(allocations_live(), before);
  }
  assert_true(number > 10);
}

int main(void) {
  TEST_CASES(tells, name_cases);
  TEST(adds_to_the_metadata_of_a_summary);
  TEST(bears_each_allocation_that_fails);
  return tests_run("facts_from_name");
}
