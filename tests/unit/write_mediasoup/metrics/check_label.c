/* SPDX-License-Identifier: MIT */
/* One label: its text, the labels of each class, and the names that appData may not take. */
#include "support/support.h"
#include "write_mediasoup/metrics/label.h"

#include <string.h>

/* --- writing --- */

typedef struct {
  const char *name;
  const char *before, *value;
  const char *text;
} append_case_t;

static const append_case_t append_cases[] = {
    {"the first", "", "x", "k=\"x\""},
    {"one more", "a=\"b\"", "x", "a=\"b\",k=\"x\""},
    {"an empty value is no label", "a=\"b\"", "", "a=\"b\""},
    {"escapes", "", "a\"b\\c\nd", "k=\"a\\\"b\\\\c\\nd\""},
    {"escapes alone", "", "\"\"", "k=\"\\\"\\\"\""},
    {"UTF-8", "", "r\xc3\xbcm \xf0\x9f\x98\x80", "k=\"r\xc3\xbcm \xf0\x9f\x98\x80\""},
    {"what is not UTF-8", "", "r\xc3m\xff", "k=\"r?m?\""},
    {"what is not UTF-8 elsewhere", "", "\xc3\xbc\xff", "k=\"???\""},
};

static void appends(void **state) {
  const append_case_t *one = *state;
  buffer_t text = BUFFER_INIT(200);
  buffer_append_text(&text, one->before);
  label_append(&text, "k", one->value, strlen(one->value));
  assert_int_equal(buffer_status(&text), STATUS_OK);
  assert_string_equal(buffer_text(&text), one->text);
  buffer_done(&text);
}

static void appends_no_more_than_the_value(void **state) {
  (void)state;
  buffer_t text = BUFFER_INIT(200);
  label_append(&text, "k", "value,other=x", 5);
  assert_string_equal(buffer_text(&text), "k=\"value\"");
  buffer_done(&text);
}

static void fails_as_the_buffer_does(void **state) {
  (void)state;
  buffer_t text = BUFFER_INIT(6);
  label_append(&text, "key", "value", 5);
  assert_int_equal(buffer_status(&text), STATUS_TOO_LARGE);
  buffer_done(&text);
}

/* --- which labels there are --- */

typedef struct {
  const char *name;
  class_id_t class;
  const char *labels; /* name(fact;pair) */
} class_case_t;

static const class_case_t class_cases[] = {
    {"endpoint", CLASS_ENDPOINT, "process(;process)"},
    {"usage", CLASS_USAGE, "process(;process) type(;type) pid(;pid) ppid(;ppid)"},
    {"routers", CLASS_ROUTERS, "routerId(routerId;)"},
    {"producers", CLASS_PRODUCERS,
     "kind(kind;) mimeType(mimeType;) type(type;) producerId(producerId;) rid(rid;rid) ssrc(ssrc;ssrc) "
     "transportId(transportId;via)"},
    {"groups", CLASS_GROUPS, "group(group;group)"},
    {"group_consumers", CLASS_GROUP_CONSUMERS,
     "group(group;group) kind(kind;kind) mimeType(mimeType;mimeType) transportType(transportType;transportType)"},
    {"worst_consumers", CLASS_WORST_CONSUMERS, "rank(rank;rank)"},
    {"stream_score_bucket", CLASS_SCORE_BUCKET, "of(of;of) kind(kind;kind)"},
};

static void of_a_class(void **state) {
  const class_case_t *one = *state;
  buffer_t text = BUFFER_INIT(1000);
  label_t label;
  for (size_t i = 0; label_of_class(&classes[one->class], i, &label); i++) {
    const char *const parts[] = {i > 0 ? " " : "",
                                 label.name,
                                 "(",
                                 label.fact != NULL ? label.fact : "",
                                 ";",
                                 label.pair != NULL ? label.pair : "",
                                 ")"};
    for (size_t j = 0; j < LENGTH(parts); j++)
      buffer_append_text(&text, parts[j]);
  }
  assert_string_equal(buffer_text(&text), one->labels);
  buffer_done(&text);
}

/* Prometheus refuses a scrape where an object has two labels of one name. */
static void each_label_of_ours_is_reserved(void **state) {
  (void)state;
  size_t count = 0;
  for (size_t class = 0; class < CLASS_COUNT; class ++) {
    label_t label;
    for (size_t i = 0; label_of_class(&classes[class], i, &label); i++, count++)
      assert_true(label_is_reserved(label.name));
  }
  assert_true(count > 50);
}

static void prometheus_names_are_reserved(void **state) {
  (void)state;
  static const char *const reserved[] = {"instance", "job",      "quantile",        "le",           "endpoint",
                                         "__name__", "__meta_x", "plugin_instance", "type_instance"};
  static const char *const others[] = {"", "_", "_le", "lee", "l", "roomId", "Kind", "label", "jobs", "instances"};
  for (size_t i = 0; i < LENGTH(reserved); i++)
    assert_true(label_is_reserved(reserved[i]));
  for (size_t i = 0; i < LENGTH(others); i++)
    assert_false(label_is_reserved(others[i]));
}

int main(void) {
  TEST_CASES(appends, append_cases);
  TEST(appends_no_more_than_the_value);
  TEST(fails_as_the_buffer_does);
  TEST_CASES(of_a_class, class_cases);
  TEST(each_label_of_ours_is_reserved);
  TEST(prometheus_names_are_reserved);
  return tests_run("label");
}
