/* SPDX-License-Identifier: MIT */
/* Values of options: what is taken, and what is said of the rest. */
#include "mediasoup/config/value.h"
#include "support/config_text.h"
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

typedef enum { AS_TEXT, AS_TEXTS, AS_SECONDS, AS_NUMBER, AS_BOOLEAN } as_t;

typedef struct {
  const char *name;
  as_t as;
  const char *option;
  double value;      /* of a number; 1 where something else is taken */
  const char *cause; /* NULL: it is taken */
} value_case_t;

#define TAKES_TEXT "it takes one string in quotation marks"
#define TAKES_TEXTS "it takes one string or more, in quotation marks"
#define TAKES_SECONDS "it takes one number of seconds, from 0.001 to 86400"
#define TAKES_NUMBER "it takes one whole number from 0 to 100"
#define TAKES_BOOLEAN "it takes true or false"

static const value_case_t value_cases[] = {
    {"text", AS_TEXT, "O \"x\"", 1, NULL},
    {"text: empty", AS_TEXT, "O \"\"", 0, TAKES_TEXT},
    {"text: two", AS_TEXT, "O \"x\" \"y\"", 0, TAKES_TEXT},
    {"text: none", AS_TEXT, "O", 0, TAKES_TEXT},
    {"text: a number", AS_TEXT, "O 7", 0, TAKES_TEXT},
    {"text: a boolean", AS_TEXT, "O true", 0, TAKES_TEXT},
    {"texts: one", AS_TEXTS, "O \"x\"", 1, NULL},
    {"texts: several", AS_TEXTS, "O \"x\" \"y\" \"x\"", 1, NULL},
    {"texts: none", AS_TEXTS, "O", 0, TAKES_TEXTS},
    {"texts: one is a number", AS_TEXTS, "O \"x\" 7", 0, TAKES_TEXTS},
    {"texts: one is empty", AS_TEXTS, "O \"\" \"x\"", 0, TAKES_TEXTS},
    {"seconds", AS_SECONDS, "O 2.5", 2.5, NULL},
    {"seconds: fewest", AS_SECONDS, "O 0.001", 0.001, NULL},
    {"seconds: most", AS_SECONDS, "O 86400", 86400, NULL},
    {"seconds: none", AS_SECONDS, "O 0", 0, TAKES_SECONDS},
    {"seconds: below", AS_SECONDS, "O -1", 0, TAKES_SECONDS},
    {"seconds: too many", AS_SECONDS, "O 86401", 0, TAKES_SECONDS},
    {"seconds: no number", AS_SECONDS, "O nan", 0, TAKES_SECONDS},
    {"seconds: in quotation marks", AS_SECONDS, "O \"2.5\"", 2.5, NULL},
    {"seconds: a text", AS_SECONDS, "O \"2s\"", 0, TAKES_SECONDS},
    {"seconds: an empty text", AS_SECONDS, "O \"\"", 0, TAKES_SECONDS},
    {"seconds: two points", AS_SECONDS, "O \"1.2.3\"", 0, TAKES_SECONDS},
    {"seconds: two", AS_SECONDS, "O 1 2", 0, TAKES_SECONDS},
    {"number", AS_NUMBER, "O 42", 42, NULL},
    {"number: least", AS_NUMBER, "O 0", 0, NULL},
    {"number: greatest", AS_NUMBER, "O 100", 100, NULL},
    {"number: too great", AS_NUMBER, "O 101", 0, TAKES_NUMBER},
    {"number: below", AS_NUMBER, "O -1", 0, TAKES_NUMBER},
    {"number: not whole", AS_NUMBER, "O 1.5", 0, TAKES_NUMBER},
    {"number: none", AS_NUMBER, "O nan", 0, TAKES_NUMBER},
    {"number: in quotation marks", AS_NUMBER, "O \"42\"", 42, NULL},
    {"number: too great, in quotation marks", AS_NUMBER, "O \"101\"", 0, TAKES_NUMBER},
    {"number: a text", AS_NUMBER, "O \"one\"", 0, TAKES_NUMBER},
    {"number: below, in quotation marks", AS_NUMBER, "O \"-1\"", 0, TAKES_NUMBER},
    {"number: infinite, in quotation marks", AS_NUMBER, "O \"inf\"", 0, TAKES_NUMBER},
    {"number: two", AS_NUMBER, "O 1 2", 0, TAKES_NUMBER},
    {"boolean: true", AS_BOOLEAN, "O true", 1, NULL},
    {"boolean: false", AS_BOOLEAN, "O false", 0, NULL},
    {"boolean: true in quotation marks", AS_BOOLEAN, "O \"true\"", 1, NULL},
    {"boolean: false in quotation marks", AS_BOOLEAN, "O \"false\"", 0, NULL},
    {"boolean: a text", AS_BOOLEAN, "O \"maybe\"", 0, TAKES_BOOLEAN},
    {"boolean: a number", AS_BOOLEAN, "O 1", 0, TAKES_BOOLEAN},
    {"boolean: two", AS_BOOLEAN, "O true true", 0, TAKES_BOOLEAN},
};

static status_t read_as(as_t as, const oconfig_item_t *option, double *value, failure_t *failure) {
  char *text = NULL;
  size_t number = 0;
  bool boolean = false;
  status_t status = STATUS_OK;
  switch (as) {
  case AS_TEXT:
    status = value_text(option, &text, failure);
    *value = status == STATUS_OK && strcmp(text, "x") == 0 ? 1 : 0;
    break;
  case AS_TEXTS:
    status = value_texts(option, failure);
    *value = status == STATUS_OK ? 1 : 0;
    break;
  case AS_SECONDS:
    return value_seconds(option, value, failure);
  case AS_NUMBER:
    status = value_number(option, 100, &number, failure);
    *value = (double)number;
    break;
  case AS_BOOLEAN:
    status = value_boolean(option, &boolean, failure);
    *value = boolean ? 1 : 0;
    break;
  }
  free(text);
  return status;
}

static void takes_values(void **state) {
  const value_case_t *one = *state;
  oconfig_item_t *option = config_text_read(one->option);
  failure_t failure = {0};
  double value = 0;
  assert_int_equal(read_as(one->as, option, &value, &failure), one->cause == NULL ? STATUS_OK : STATUS_OPTION);
  assert_string_equal(failure.cause, one->cause == NULL ? "" : one->cause);
  assert_true(value == one->value);
  assert_int_equal(value_is_text(option), option->values_num == 1 && option->values[0].type == OCONFIG_TYPE_STRING &&
                                              option->values[0].value.string[0] != '\0');
  config_text_free(option);
}

static void a_text_takes_the_place_of_another(void **state) {
  (void)state;
  long before = allocations_live();
  oconfig_item_t *option = config_text_read("O \"new\""), *bad = config_text_read("O 7");
  char *text = strdup("old");
  failure_t failure = {0};
  assert_int_equal(value_text(bad, &text, &failure), STATUS_OPTION);
  assert_string_equal(text, "old");
  allocations_fail_at(1);
  assert_int_equal(value_text(option, &text, &failure), STATUS_NO_MEMORY);
  allocations_fail_at(0);
  assert_string_equal(text, "old");
  assert_int_equal(value_text(option, &text, &failure), STATUS_OK);
  assert_string_equal(text, "new");
  free(text);
  config_text_free(option);
  config_text_free(bad);
  assert_int_equal(allocations_live(), before);
}

static void keys_are_given_once(void **state) {
  (void)state;
  char *keys[3];
  size_t length = 0;
  failure_t failure = {0};
  assert_int_equal(value_add_key("a", keys, &length, &failure), STATUS_OK);
  assert_int_equal(value_add_key("A", keys, &length, &failure), STATUS_OK);
  assert_int_equal(value_add_key("a", keys, &length, &failure), STATUS_OPTION);
  assert_string_equal(failure.cause, "the key \"a\" is given twice");
  allocations_fail_at(1);
  assert_int_equal(value_add_key("b", keys, &length, &failure), STATUS_NO_MEMORY);
  allocations_fail_at(0);
  assert_int_equal(length, 2);
  while (length > 0)
    free(keys[--length]);
}

int main(void) {
  TEST_CASES(takes_values, value_cases);
  TEST(a_text_takes_the_place_of_another);
  TEST(keys_are_given_once);
  return tests_run("value");
}
