/* SPDX-License-Identifier: MIT */
/* The table of options: each is whole, none is there twice, and names are found in any case. */
#include "common/fields.h"
#include "common/options.h"
#include "support/support.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void options_are_whole(void **state) {
  (void)state;
  for (size_t i = 0; i < OPTIONS_OF_COUNT; i++) {
    const option_block_t *block = &option_blocks[i];
    assert_true(strlen(block->name) > 0 && block->block[0] == '<' && block->length > 0);
    for (size_t j = 0; j < block->length; j++) {
      const option_t *option = &block->options[j];
      assert_true(isupper((unsigned char)option->name[0]));
      assert_true(strlen(option->argument) > 0 && strlen(option->help) > 0);
      assert_true(option->fallback == NULL || option->number == 0);
      assert_true(option->help[strlen(option->help) - 1] != '.');
    }
  }
}

/* Backticks come in pairs, or documents would go on in bold. */
static void literals_end(void **state) {
  (void)state;
  for (size_t i = 0; i < OPTIONS_OF_COUNT; i++)
    for (size_t j = 0; j < option_blocks[i].length; j++) {
      size_t backticks = 0;
      for (const char *at = option_blocks[i].options[j].help; *at != '\0'; at++)
        backticks += *at == '`' ? 1 : 0;
      if (backticks % 2 != 0)
        fail_msg("%s: a backtick is not closed", option_blocks[i].options[j].name);
    }
}

static void finds_options_in_any_case(void **state) {
  (void)state;
  for (size_t i = 0; i < OPTIONS_OF_COUNT; i++)
    for (size_t j = 0; j < option_blocks[i].length; j++) {
      char upper[40];
      const char *name = option_blocks[i].options[j].name;
      size_t length = 0;
      for (; name[length] != '\0' && length + 1 < sizeof(upper); length++)
        upper[length] = (char)toupper((unsigned char)name[length]);
      upper[length] = '\0';
      assert_int_equal(option_find((block_id_t)i, name), j);
      assert_int_equal(option_find((block_id_t)i, upper), j);
    }
  assert_int_equal(option_find(OPTIONS_OF_ENDPOINT, "MaxGroups"), -1);
  assert_int_equal(option_find(OPTIONS_OF_GROUP, ""), -1);
}

static void lists_names(void **state) {
  (void)state;
  char text[100], little[10];
  option_names(OPTIONS_OF_GROUP, text, sizeof(text));
  assert_string_equal(text, "By, Of, MaxGroups");
  option_names(OPTIONS_OF_GROUP, little, sizeof(little));
  assert_string_equal(little, "By, Of, M");
}

/* The keys that one can group by stand in the table of fields. The option's help names each of them. */
static void by_names_the_group_keys(void **state) {
  (void)state;
  const char *help = option_blocks[OPTIONS_OF_GROUP].options[GROUP_BY].help;
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++)
    for (size_t j = 0; j < classes[i].attributes_length; j++) {
      char literal[40];
      (void)snprintf(literal, sizeof(literal), "`%s`", classes[i].attributes[j].key);
      if (classes[i].attributes[j].can_group && strstr(help, literal) == NULL)
        fail_msg("the help of By does not name %s", literal);
    }
}

int main(void) {
  TEST(options_are_whole);
  TEST(literals_end);
  TEST(finds_options_in_any_case);
  TEST(lists_names);
  TEST(by_names_the_group_keys);
  return tests_run("options");
}
