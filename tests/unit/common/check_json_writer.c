/* SPDX-License-Identifier: MIT */
/* JSON text as the views write it: numbers, strings, commas. */
#include "common/json_writer.h"
#include "common/number.h"

#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_tree.h>

/* --- numbers --- */

typedef struct {
  const char *name;
  double number;
  const char *expected;
} number_case_t;

static const number_case_t number_cases[] = {
    {"zero", 0, "0"},
    {"zero below", -0.0, "0"},
    {"whole", 12345678, "12345678"},
    {"negative", -3, "-3"},
    {"one decimal", 0.1, "0.1"},
    {"a negative decimal", -12.5, "-12.5"},
    {"six decimals", 0.000123, "0.000123"},
    {"zeros after the point", 3.000001, "3.000001"},
    {"seven decimals", 0.1234567, "0.1234567"},
    {"a sum that is not what it seems", 0.1 + 0.2, "0.30000000000000004"},
    {"a third", 1.0 / 3, "0.33333333333333331"},
    {"sixteen digits", 40.00152587890625, "40.00152587890625"},
    {"the largest with decimals of its own", 999999999.5, "999999999.5"},
    {"larger, with decimals", 1234567890.5, "1234567890.5"},
    {"the last whole that is exact", 9007199254740991, "9007199254740991"},
    {"larger", 1e21, "1e+21"},
    {"small", 1.5e-9, "1.5e-09"},
    {"the least with decimals of its own", 1e-4, "0.0001"},
};

static void writes_number(void **state) {
  const number_case_t *one = *state;
  buffer_t text = BUFFER_INIT(100);
  assert_int_equal(number_append_double(&text, one->number), STATUS_OK);
  assert_string_equal(buffer_text(&text), one->expected);
  buffer_done(&text);
}

static void writes_whole_numbers(void **state) {
  (void)state;
  buffer_t text = BUFFER_INIT(100);
  assert_int_equal(number_append_whole(&text, INT64_MIN), STATUS_OK);
  assert_int_equal(number_append_whole(&text, INT64_MAX), STATUS_OK);
  assert_int_equal(number_append_whole(&text, 0), STATUS_OK);
  assert_string_equal(buffer_text(&text), "-922337203685477580892233720368547758070");
  buffer_done(&text);
}

/* Of all sizes, with few digits and with many; the same ones each time. */
static double any_number(uint64_t *seed) {
  static const double scales[] = {1, 10, 100, 1e3, 1e4, 1e6, 1e7, 1e9};
  uint64_t bits = 0;
  for (int i = 0; i < 4; i++) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    bits = (bits << 16) ^ (*seed >> 40);
  }
  double decimals = (double)(bits % 10000000000) / scales[bits >> 40 & 7];
  double number;
  memcpy(&number, &bits, sizeof(number));
  return (bits >> 60 & 1) != 0 ? decimals : number;
}

static void numbers_are_read_back(void **state) {
  (void)state;
  uint64_t seed = 1;
  buffer_t text = BUFFER_INIT(100);
  for (int i = 0; i < 200000; i++) {
    double number = any_number(&seed);
    if (!isfinite(number))
      continue;
    buffer_clear(&text);
    assert_int_equal(number_append_double(&text, number), STATUS_OK);
    assert_true(strtod(buffer_text(&text), NULL) == number);
  }
  buffer_done(&text);
}

/* --- text --- */

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
  assert_int_equal(json.status, STATUS_OK);
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
  assert_int_equal(json.status, STATUS_OK);
  yajl_val read = yajl_tree_parse(buffer_text(&json.text), NULL, 0);
  assert_non_null(read);
  assert_int_equal(YAJL_GET_OBJECT(read)->len, 1);
  assert_string_equal(YAJL_GET_OBJECT(read)->keys[0], one->text);
  assert_string_equal(YAJL_GET_STRING(YAJL_GET_OBJECT(read)->values[0]), one->text);
  yajl_tree_free(read);
  buffer_done(&json.text);
}

static void remembers_that_there_was_no_room(void **state) {
  (void)state;
  json_writer_t json = JSON_WRITER_INIT(10);
  json_string(&json, "12345678");
  assert_int_equal(json.status, STATUS_OK);
  json_whole(&json, 1);
  assert_int_equal(json.status, STATUS_TOO_LARGE);
  buffer_clear(&json.text);
  json_whole(&json, 1);
  json_double(&json, 1);
  json_string(&json, "x");
  assert_int_equal(json.status, STATUS_TOO_LARGE);
  assert_string_equal(buffer_text(&json.text), "");
  buffer_done(&json.text);
}

int main(void) {
  TEST_CASES(writes_number, number_cases);
  TEST(writes_whole_numbers);
  TEST(numbers_are_read_back);
  TEST(puts_commas_where_they_belong);
  TEST_CASES(strings_are_read_back, string_cases);
  TEST(remembers_that_there_was_no_room);
  return tests_run("json_writer");
}
