/* SPDX-License-Identifier: MIT */
/* JSON text as the views write it: strings and commas. */
#include "common/json_writer.h"
#include "support/support.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_tree.h>

static void puts_commas_where_they_belong(void **state) {
  (void)state;
  json_writer_t json = JSON_WRITER_INIT(200);
  json_open(&json, '[');
  json_open(&json, '{');
  json_key(&json, "a");
  json_whole(&json, 1);
  json_written_key(&json, ",\"b\":", 5);
  json_open(&json, '[');
  json_close(&json, ']');
  json_value(&json, "\"c\":2,\"d\":3");
  json_close(&json, '}');
  json_open(&json, '{');
  json_close(&json, '}');
  json_double(&json, 0.5);
  json_string(&json, "x");
  json_close(&json, ']');
  assert_int_equal(json_status(&json), STATUS_OK);
  assert_string_equal(buffer_text(&json.text), "[{\"a\":1,\"b\":[],\"c\":2,\"d\":3},{},0.5,\"x\"]");
  buffer_done(&json.text);
}

typedef struct {
  const char *name;
  const char *text;
} string_case_t;

static const string_case_t string_cases[] = {
    {"empty", ""},
    {"plain", "room 1/~"},
    {"quote and backslash", "\"a\\\"\\b\""},
    {"control characters", "\t\n\x01\x1f\x7f"},
    {"not ASCII", "\xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80"},
};

/* As a key and as a value. */
static void strings_are_read_back(void **state) {
  const string_case_t *one = *state;
  json_writer_t json = JSON_WRITER_INIT(200);
  json_open(&json, '{');
  json_key(&json, one->text);
  json_string(&json, one->text);
  json_close(&json, '}');
  assert_int_equal(json_status(&json), STATUS_OK);
  yajl_val read = yajl_tree_parse(buffer_text(&json.text), NULL, 0);
  assert_non_null(read);
  assert_int_equal(YAJL_GET_OBJECT(read)->len, 1);
  assert_string_equal(YAJL_GET_OBJECT(read)->keys[0], one->text);
  assert_string_equal(YAJL_GET_STRING(YAJL_GET_OBJECT(read)->values[0]), one->text);
  yajl_tree_free(read);
  buffer_done(&json.text);
}

/* Names in a collectd.conf that is not UTF-8; what JSON has for half of a surrogate pair. Readers take no other text.
 */
static void strings_are_always_utf8(void **state) {
  (void)state;
  json_writer_t json = JSON_WRITER_INIT(200);
  json_open(&json, '{');
  json_key(&json, "b\xfcro");
  json_string(&json, "h\xc3\"\xed\xb0\x80");
  json_close(&json, '}');
  assert_int_equal(json_status(&json), STATUS_OK);
  assert_string_equal(buffer_text(&json.text), "{\"b?ro\":\"h?\\\"???\"}");
  buffer_done(&json.text);
}

static void remembers_that_there_was_no_room(void **state) {
  (void)state;
  json_writer_t json = JSON_WRITER_INIT(10);
  json_string(&json, "12345678");
  assert_int_equal(json_status(&json), STATUS_OK);
  json_whole(&json, 1);
  assert_int_equal(json_status(&json), STATUS_TOO_LARGE);
  json_double(&json, 1);
  json_string(&json, "");
  json_close(&json, ']');
  assert_int_equal(json_status(&json), STATUS_TOO_LARGE);
  assert_string_equal(buffer_text(&json.text), "\"12345678\"");
  buffer_done(&json.text);
}

int main(void) {
  TEST(puts_commas_where_they_belong);
  TEST_CASES(strings_are_read_back, string_cases);
  TEST(strings_are_always_utf8);
  TEST(remembers_that_there_was_no_room);
  return tests_run("json_writer");
}
