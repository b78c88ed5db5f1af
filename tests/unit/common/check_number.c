/* SPDX-License-Identifier: MIT */
/* Numbers as text: short, exact, and read back as the same number. */
#include "common/number.h"
#include "support/support.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
  number_append_double(&text, one->number);
  assert_int_equal(buffer_status(&text), STATUS_OK);
  assert_string_equal(buffer_text(&text), one->expected);
  buffer_done(&text);
}

static void writes_whole_numbers(void **state) {
  (void)state;
  buffer_t text = BUFFER_INIT(100);
  number_append_whole(&text, INT64_MIN);
  number_append_whole(&text, INT64_MAX);
  number_append_whole(&text, 0);
  assert_int_equal(buffer_status(&text), STATUS_OK);
  assert_string_equal(buffer_text(&text), "-922337203685477580892233720368547758070");
  buffer_done(&text);
}

/* Numbers of all sizes, with few digits and with many; the same ones in each run. */
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
    number_append_double(&text, number);
    assert_int_equal(buffer_status(&text), STATUS_OK);
    assert_true(number_read(buffer_text(&text), NULL) == number);
  }
  buffer_done(&text);
}

/* --- another plugin's setlocale() --- */

typedef struct {
  const char *name;
  double number;
  const char *rest;
} read_case_t;

static const read_case_t read_cases[] = {
    {"1.5", 1.5, ""}, {"-2.5e-3", -0.0025, ""}, {"1,5", 1, ",5"}, {"7 s", 7, " s"},
    {"", 0, ""},      {"1.234.5", 1.234, ".5"},
};

static void reads_number(void **state) {
  const read_case_t *one = *state;
  char *end;
  assert_true(number_read(one->name, &end) == one->number);
  assert_string_equal(end, one->rest);
  assert_true(number_read(one->name, NULL) == one->number);
}

/* The same cases, with a decimal comma. The locale is made here, since few machines have it. */
static void another_plugin_sets_a_decimal_comma(void **state) {
  (void)state;
  char folder[] = "/tmp/locale-XXXXXX", command[200];
  assert_non_null(mkdtemp(folder));
  (void)snprintf(command, sizeof(command), "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8", folder);
  int made = system(command);
  (void)setenv("LOCPATH", folder, 1);
  const char *locale = setlocale(LC_ALL, "de_DE.UTF-8");
  (void)snprintf(command, sizeof(command), "rm -r %s", folder);
  assert_true(made == 0 && locale != NULL && system(command) == 0);
  assert_true(strtod("1,5", NULL) == 1.5);
}

int main(void) {
  TEST_CASES(writes_number, number_cases);
  TEST(writes_whole_numbers);
  TEST(numbers_are_read_back);
  TEST_CASES(reads_number, read_cases);
  TEST(another_plugin_sets_a_decimal_comma); /* from here on */
  TEST_CASES(writes_number, number_cases);
  TEST_CASES(reads_number, read_cases);
  TEST(numbers_are_read_back);
  return tests_run("number");
}
