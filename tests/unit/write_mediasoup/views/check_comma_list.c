/* SPDX-License-Identifier: MIT */
/* Lists in requests: each item, also where it is empty. */
#include "support/support.h"
#include "write_mediasoup/views/comma_list.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  const char *name;
  const char *list;  /* may be NULL */
  const char *items; /* each in brackets */
} list_case_t;

static const list_case_t list_cases[] = {
    {"no list", NULL, ""},
    {"an empty list", "", "[]"},
    {"one item", "a", "[a]"},
    {"several", "a,bc,d", "[a][bc][d]"},
    {"empty items", ",a,,", "[][a][][]"},
};

static void reads(void **state) {
  const list_case_t *one = *state;
  const char *at = one->list, *item;
  size_t length;
  char items[100] = "";
  while (comma_list_next(&at, &item, &length)) {
    size_t end = strlen(items);
    (void)snprintf(items + end, sizeof(items) - end, "[%.*s]", (int)length, item);
  }
  assert_string_equal(items, one->items);
  assert_null(at);
}

int main(void) {
  TEST_CASES(reads, list_cases);
  return tests_run("comma_list");
}
