/* SPDX-License-Identifier: MIT */
/* Facts: sorted, put together from their pieces, read as JSON where they are, shared; and without memory. */
#include "support/support.h"
#include "write_mediasoup/store/facts.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *key;
  fact_type_t type;
  const char *text;
} given_t;

enum { GIVEN_MAX = 13 };

static facts_t *facts_of(const given_t *given) {
  facts_t *facts = facts_new();
  for (size_t i = 0; i < GIVEN_MAX && given[i].key != NULL; i++) {
    char *text = json(given[i].text);
    facts_add(facts, given[i].key, given[i].type, text);
    free(text);
  }
  return facts_finish(facts);
}

static void assert_written(const facts_t *facts, const char *expected) {
  json_writer_t writer = JSON_WRITER_INIT(SNAPSHOT_MAX_BYTES);
  char *text = json(expected);
  json_open(&writer, '{');
  facts_write(facts, &writer);
  json_close(&writer, '}');
  assert_int_equal(json_status(&writer), STATUS_OK);
  assert_string_equal(buffer_text(&writer.text), text);
  buffer_done(&writer.text);
  free(text);
}

typedef struct {
  const char *name;
  given_t given[GIVEN_MAX];
  const char *written;
} write_case_t;

static const write_case_t write_cases[] = {
    {"no facts", {{0}}, "{}"},
    {"sorted by key",
     {{"kind", FACT_TEXT, "video"}, {"consumerId", FACT_TEXT, "c"}},
     "{'consumerId':'c','kind':'video'}"},
    {"keys that no table has", {{"zeal", FACT_TEXT, "x"}, {"Anger", FACT_TEXT, ""}}, "{'Anger':'','zeal':'x'}"},
    {"numbers and truths", {{"pid", FACT_JSON, "12"}, {"paused", FACT_JSON, "false"}}, "{'paused':false,'pid':12}"},
    {"a text that looks like a number", {{"label", FACT_TEXT, "12"}}, "{'label':'12'}"},

    {"pieces, whatever their order",
     {{"label.2", FACT_TEXT, "c"}, {"label", FACT_TEXT, "a"}, {"label.1", FACT_TEXT, "b"}},
     "{'label':'abc'}"},
    {"more than nine pieces",
     {{"label.10", FACT_TEXT, "k"}, {"label.9", FACT_TEXT, "j"}, {"label", FACT_TEXT, "a"}},
     "{'label':'ajk'}"},
    {"pieces of a key that no table has", {{"zeal", FACT_TEXT, "a"}, {"zeal.1", FACT_TEXT, "b"}}, "{'zeal':'ab'}"},
    {"empty pieces", {{"zeal", FACT_TEXT, ""}, {"zeal.1", FACT_TEXT, ""}}, "{'zeal':''}"},
    {"a piece without its beginning", {{"label.1", FACT_TEXT, "b"}}, "{'label.1':'b'}"},
    {"what only looks like a piece",
     {{"label", FACT_TEXT, "a"}, {"label.x", FACT_TEXT, "b"}, {"label.", FACT_TEXT, "c"}, {"labels", FACT_TEXT, "d"}},
     "{'label':'a','label.':'c','label.x':'b','labels':'d'}"},
    {"a fact after pieces",
     {{"label", FACT_TEXT, "a"}, {"label.1", FACT_TEXT, "b"}, {"zeal", FACT_TEXT, "z"}, {"kind", FACT_TEXT, "k"}},
     "{'kind':'k','label':'ab','zeal':'z'}"},

    {"JSON by its key", {{"rtpObserverIds", FACT_TEXT, "['a','b']"}}, "{'rtpObserverIds':['a','b']}"},
    {"appData", {{"appData", FACT_TEXT, "{'a':1}"}}, "{'appData':{'a':1}}"},
    {"what is inherited, and names",
     {{"names", FACT_TEXT, "{'room':'x'}"}, {"inherited", FACT_TEXT, "{'a':1}"}},
     "{'inherited':{'a':1},'names':{'room':'x'}}"},
    {"appData in pieces", {{"appData", FACT_TEXT, "{'a'"}, {"appData.1", FACT_TEXT, ":1}"}}, "{'appData':{'a':1}}"},
    {"JSON with half of a surrogate pair is a text",
     {{"tuple", FACT_TEXT, "['\xed\xb0\x80']"}},
     "{'tuple':'[\\'???\\']'}"},
    {"broken JSON is a text", {{"tuple", FACT_TEXT, "{'a'"}}, "{'tuple':'{\\'a\\''}"},
    {"a number under the key of an object is a text", {{"tuple", FACT_TEXT, "1"}}, "{'tuple':'1'}"},
    {"a text of another key that looks like JSON", {{"label", FACT_TEXT, "[1]"}}, "{'label':'[1]'}"},
};

static void writes(void **state) {
  const write_case_t *one = *state;
  long before = allocations_live();
  facts_t *facts = facts_of(one->given);
  assert_written(facts, one->written);
  assert_written(facts, one->written); /* the text that was kept */
  facts_release(facts);
  assert_int_equal(allocations_live(), before);
}

static void finds(void **state) {
  (void)state;
  facts_t *facts = facts_of((given_t[GIVEN_MAX]){{"kind", FACT_TEXT, "video"}, {"zeal", FACT_TEXT, "x"}});
  assert_string_equal(facts_find_text(facts, "kind"), "video");
  assert_string_equal(facts_find(facts, "zeal")->text, "x");
  assert_null(facts_find(facts, "zea"));
  assert_null(facts_find_text(facts, "pid"));
  assert_null(facts_find(NULL, "kind"));
  assert_null(facts_find_text(NULL, "kind"));
  assert_string_equal(facts_at(facts, 0)->key, "kind");
  assert_string_equal(facts_at(facts, 1)->key, "zeal");
  assert_null(facts_at(facts, 2));
  assert_null(facts_at(NULL, 0));
  facts_release(facts);
}

static void finds_several_in_one_walk(void **state) {
  (void)state;
  static const char *const keys[] = {"Anger", "bad", "badSince", "names", "state", "zzz"};
  const given_t given[GIVEN_MAX] = {{"state", FACT_TEXT, "silent"}, {"zeal", FACT_TEXT, "z"},
                                    {"badSince", FACT_JSON, "7"},   {"names2", FACT_TEXT, "n"},
                                    {"Anger", FACT_TEXT, "a"},      {"names10", FACT_TEXT, "m"}};
  static const char *const expected[] = {"a", NULL, "7", NULL, "silent", NULL};
  const char *texts[LENGTH(keys)];
  facts_t *facts = facts_of(given);
  facts_find_texts(facts, keys, LENGTH(keys), texts);
  for (size_t i = 0; i < LENGTH(keys); i++)
    assert_true(string_is(texts[i], expected[i]));
  facts_release(facts);
  facts_find_texts(NULL, keys, LENGTH(keys), texts);
  for (size_t i = 0; i < LENGTH(keys); i++)
    assert_null(texts[i]);
}

static void reads_the_scalars_of_app_data(void **state) {
  (void)state;
  facts_t *facts = facts_of((given_t[GIVEN_MAX]){{"appData", FACT_TEXT, "{'roomId':'x','n':1,'list':[1]}"}});
  assert_string_equal(app_data_find(facts_app_data(facts), "roomId"), "x");
  assert_string_equal(app_data_find(facts_app_data(facts), "n"), "1");
  assert_null(app_data_find(facts_app_data(facts), "list"));
  facts_release(facts);
  facts = facts_of((given_t[GIVEN_MAX]){{"appData", FACT_TEXT, "[1]"}});
  assert_null(facts_app_data(facts));
  assert_int_equal(facts_find(facts, "appData")->type, FACT_JSON);
  facts_release(facts);
  assert_null(facts_app_data(NULL));
  facts = facts_of((given_t[GIVEN_MAX]){{"inherited", FACT_TEXT, "{'roomId':'x'}"}});
  assert_string_equal(app_data_find(facts_inherited(facts), "roomId"), "x");
  assert_null(facts_app_data(facts));
  facts_release(facts);
  assert_null(facts_inherited(NULL));
}

static void are_shared_and_numbered(void **state) {
  (void)state;
  long before = allocations_live();
  facts_t *facts = facts_of((given_t[GIVEN_MAX]){{"kind", FACT_TEXT, "x"}});
  facts_t *others = facts_of((given_t[GIVEN_MAX]){{"kind", FACT_TEXT, "x"}});
  assert_true(facts_number(facts) != facts_number(others));
  assert_ptr_equal(facts_share(facts), facts);
  facts_release(facts);
  assert_string_equal(facts_find_text(facts, "kind"), "x");
  facts_release(facts);
  facts_release(others);
  facts_release(NULL);
  assert_null(facts_share(NULL));
  assert_int_equal(allocations_live(), before);
}

/* The text that facts_write() keeps is counted before it is there. */
static void says_what_they_take(void **state) {
  (void)state;
  json_writer_t writer = JSON_WRITER_INIT(SNAPSHOT_MAX_BYTES);
  char text[3000];
  memset(text, '"', sizeof(text));
  text[sizeof(text) - 1] = '\0';
  size_t before = allocations_bytes();
  facts_t *facts = facts_new();
  facts_add(facts, "kind", FACT_TEXT, text);
  facts_add(facts, "zeal", FACT_TEXT, "y");
  facts_add(facts, "appData", FACT_JSON, "{\"room\":\"a long name of a room\",\"n\":17}");
  facts = facts_finish(facts);
  size_t size = facts_size(facts);
  facts_write(facts, &writer);
  buffer_done(&writer.text);
  size_t held = allocations_bytes() - before;
  assert_true(size + 5 * 16 >= held && size < held + 5 * 16);
  assert_int_equal(facts_size(facts), size);
  allocations_fail_at(1);
  assert_true(facts_size(facts) >= size);
  allocations_fail_at(0);
  assert_int_equal(facts_size(NULL), 0);
  facts_release(facts);
}

static int reads;

static void *read_kind(const facts_t *facts) {
  reads++;
  return strdup(facts_find_text(facts, "kind"));
}

static void keeps_what_is_read_from_them(void **state) {
  (void)state;
  long before = allocations_live();
  const given_t given[GIVEN_MAX] = {{"kind", FACT_TEXT, "video"}};
  facts_t *facts = facts_of(given);
  reads = 0;
  allocations_fail_at(1);
  assert_null(facts_keep(facts, read_kind));
  allocations_fail_at(0);
  const char *kept = facts_keep(facts, read_kind);
  assert_string_equal(kept, "video");
  assert_ptr_equal(facts_keep(facts, read_kind), kept);
  assert_int_equal(reads, 2);
  facts_release(facts);
  assert_int_equal(allocations_live(), before);
}

static void a_failure_of_the_caller_ends_them(void **state) {
  (void)state;
  long before = allocations_live();
  facts_t *facts = facts_new();
  facts_add(facts, "kind", FACT_TEXT, "x");
  facts_fail(facts);
  facts_add(facts, "zeal", FACT_TEXT, "y");
  assert_null(facts_finish(facts));
  facts_add(NULL, "kind", FACT_TEXT, "x");
  facts_fail(NULL);
  assert_null(facts_finish(NULL));
  assert_int_equal(allocations_live(), before);
}

/* Without memory for a text or a key there are no facts at all. Without memory for what is made of them later, they are
 * there, and their reader fails. */
static bool fails_at(unsigned long number) {
  static const given_t given[GIVEN_MAX] = {{"kind", FACT_TEXT, "video"},
                                           {"zeal", FACT_TEXT, "x"},
                                           {"appData.1", FACT_TEXT, ":1}"},
                                           {"appData", FACT_TEXT, "{\"a\""}};
  long before = allocations_live();
  json_writer_t writer = JSON_WRITER_INIT(SNAPSHOT_MAX_BYTES);
  facts_t *facts = facts_new();
  allocations_fail_at(number);
  for (size_t i = 0; given[i].key != NULL; i++)
    facts_add(facts, given[i].key, given[i].type, given[i].text);
  facts = facts_finish(facts);
  if (facts != NULL)
    facts_write(facts, &writer);
  bool failed = allocations_failed(), is_written = facts != NULL && json_status(&writer) == STATUS_OK;
  allocations_fail_at(0);
  if (!failed)
    assert_true(is_written);
  if (facts != NULL)
    assert_string_equal(facts_find_text(facts, "zeal"), "x");
  if (is_written) /* even if there was no memory for the scalars of appData */
    assert_string_equal(buffer_text(&writer.text), "\"appData\":{\"a\":1},\"kind\":\"video\",\"zeal\":\"x\"");
  buffer_done(&writer.text);
  facts_release(facts);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  allocations_fail_at(1);
  assert_null(facts_new());
  assert_true(allocations_fail_in_turn(fails_at) > 10);
}

int main(void) {
  TEST_CASES(writes, write_cases);
  TEST(finds);
  TEST(finds_several_in_one_walk);
  TEST(reads_the_scalars_of_app_data);
  TEST(are_shared_and_numbered);
  TEST(says_what_they_take);
  TEST(keeps_what_is_read_from_them);
  TEST(a_failure_of_the_caller_ends_them);
  TEST(bears_each_allocation_that_fails);
  return tests_run("facts");
}
