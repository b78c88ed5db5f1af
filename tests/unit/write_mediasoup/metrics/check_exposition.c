/* SPDX-License-Identifier: MIT */
/* What families are called, their heads, and numbers. */
#include "support/support.h"
#include "write_mediasoup/metrics/exposition.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAMES_MAX = CLASS_COUNT * 32 };

static char names[NAMES_MAX][FAMILY_NAME_MAX];
static size_t names_length;

static void add_name(const char *name, const char *suffix) {
  assert_true(names_length < NAMES_MAX);
  (void)snprintf(names[names_length++], FAMILY_NAME_MAX, "%s%s", name, suffix);
}

/* All names of a family and of its samples. */
static void add_family(const class_t *class, const field_t *field, const exposition_t *exposition) {
  char name[FAMILY_NAME_MAX], sample[FAMILY_NAME_MAX];
  family_name(class, field, name);
  family_sample_name(class, field, exposition, sample);
  add_name(name, "");
  if (strcmp(name, sample) != 0)
    add_name(sample, "");
}

static void add_histogram(const class_t *class) {
  static const char *const suffixes[] = {"", "_bucket", "_sum", "_count"};
  char name[FAMILY_NAME_MAX];
  histogram_name(class, name);
  for (size_t i = 0; i < LENGTH(suffixes); i++)
    add_name(name, suffixes[i]);
}

static void collect_names(const exposition_t *exposition) {
  names_length = 0;
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    if (classes[i].buckets != NULL) {
      add_histogram(&classes[i++]);
      continue;
    }
    for (size_t j = 0; j < classes[i].fields_length; j++)
      add_family(&classes[i], &classes[i].fields[j], exposition);
  }
}

static void no_name_is_there_twice(void **state) {
  (void)state;
  for (int exporter_names = 0; exporter_names < 2; exporter_names++) {
    collect_names(&(exposition_t){.exporter_names = exporter_names == 1});
    assert_true(names_length > 150);
    for (size_t i = 0; i < names_length; i++) {
      assert_int_equal(strspn(names[i], "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(names[i]));
      for (size_t j = 0; j < i; j++)
        assert_string_not_equal(names[i], names[j]);
    }
  }
}

/* What would have to be escaped is not there, so nothing is. */
static void heads_are_two_lines(void **state) {
  (void)state;
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    for (size_t j = 0; j < classes[i].fields_length; j++) {
      buffer_t text = BUFFER_INIT(1000);
      family_append_head(&text, &classes[i], &classes[i].fields[j], &(exposition_t){0});
      assert_int_equal(buffer_status(&text), STATUS_OK);
      assert_null(strpbrk(buffer_text(&text), "\\\""));
      const char *type = strstr(buffer_text(&text), "\n# TYPE ");
      assert_non_null(type);
      assert_ptr_equal(strchr(type + 1, '\n'), text.data + text.length - 1);
      buffer_done(&text);
    }
  }
}

typedef struct {
  const char *name;
  double number;
  const char *expected;
} number_case_t;

static const number_case_t number_cases[] = {
    {"whole", 12345678, "12345678"},       {"fraction", 0.1, "0.1"}, {"infinite", INFINITY, "+Inf"},
    {"infinite below", -INFINITY, "-Inf"}, {"unknown", NAN, "NaN"},
};

static void writes_number(void **state) {
  const number_case_t *one = *state;
  buffer_t text = BUFFER_INIT(100);
  exposition_append_double(&text, one->number);
  assert_int_equal(buffer_status(&text), STATUS_OK);
  assert_string_equal(buffer_text(&text), one->expected);
  buffer_done(&text);
}

int main(void) {
  TEST(no_name_is_there_twice);
  TEST(heads_are_two_lines);
  TEST_CASES(writes_number, number_cases);
  return tests_run("exposition");
}
