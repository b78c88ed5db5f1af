/* SPDX-License-Identifier: MIT */
/* A row: members as the parser writes them, and how they are found. */
#include "mediasoup/row.h"
#include "support/support.h"

#include <string.h>

static row_t row; /* too large for the stack of some hosts */

/* --- reading --- */

static void add_member(place_t place, const char *key, member_t member) {
  row_add(&row, place, key, strlen(key));
  assert_int_equal(row_status(&row), STATUS_OK);
  member_t *added = row_last(&row);
  member.key = added->key;
  *added = member;
}

static void looks_up_members(void **state) {
  (void)state;
  row_init(&row);
  buffer_append(&row.text, "1\000-2\0x\0", 7);
  add_member(IN_ROW, "a", (member_t){.type = MEMBER_NUMBER, .value = 0, .value_length = 1, .number = 1});
  add_member(IN_STATS, "a", (member_t){.type = MEMBER_NUMBER, .value = 2, .value_length = 2, .number = -2});
  add_member(IN_ROW, "b", (member_t){.type = MEMBER_TEXT, .value = 5, .value_length = 1});
  uint64_t count = 7;
  assert_ptr_equal(row_find(&row, IN_STATS, "a"), &row.members[1]);
  assert_ptr_equal(row_find(&row, IN_ROW, "a"), &row.members[0]);
  assert_ptr_equal(row_find(&row, IN_ROW, "b"), &row.members[2]);
  assert_null(row_find(&row, IN_COUNTS, "a"));
  assert_null(row_find(&row, IN_ROW, "ab"));
  assert_null(row_find(&row, IN_ROW, ""));
  assert_null(row_find_text(&row, IN_ROW, "a"));
  assert_string_equal(row_find_text(&row, IN_ROW, "b"), "x");
  assert_int_equal(row_find_count(&row, IN_STATS, "a", &count), STATUS_PROTOCOL);
  assert_int_equal(row_find_count(&row, IN_ROW, "b", &count), STATUS_PROTOCOL);
  assert_int_equal(row_find_count(&row, IN_ROW, "c", &count), STATUS_PROTOCOL);
  assert_int_equal(count, 7);
  assert_int_equal(row_find_count(&row, IN_ROW, "a", &count), STATUS_OK);
  assert_int_equal(count, 1);
  row_done(&row);
}

/* --- writing --- */

static void add(place_t place, const char *key) { row_add(&row, place, key, strlen(key)); }

static void add_text(place_t place, const char *key, const char *text) {
  add(place, key);
  row_set(&row, MEMBER_TEXT, text, strlen(text));
}

static void assert_texts(place_t place, const char *key, const char *text) {
  const char *found = row_find_text(&row, place, key);
  assert_non_null(found);
  assert_string_equal(found, text);
}

static void holds_texts(void **state) {
  (void)state;
  row_init(&row);
  add_text(IN_ROW, "a", "one");
  add_text(IN_STATS, "a", "");
  add_text(IN_ROW, "", "x");
  add(IN_ROW, "nul");
  row_set(&row, MEMBER_TEXT, "y\0z", 3);
  assert_int_equal(row_status(&row), STATUS_OK);
  assert_texts(IN_ROW, "a", "one");
  assert_texts(IN_STATS, "a", "");
  assert_texts(IN_ROW, "", "x");
  assert_int_equal(row_find(&row, IN_ROW, "nul")->value_length, 3);
  assert_memory_equal(member_value(&row, row_find(&row, IN_ROW, "nul")), "y\0z", 4);
  assert_true(row_has(&row, IN_ROW) && row_has(&row, IN_STATS) && !row_has(&row, IN_COUNTS));
  row_clear(&row);
  assert_false(row_has(&row, IN_ROW));
  assert_null(row_find(&row, IN_ROW, "a"));
  row_done(&row);
}

static void writes_json_with_its_commas(void **state) {
  (void)state;
  row_init(&row);
  add_text(IN_ROW, "before", "b");
  add(IN_ROW, "json");
  row_json_begin(&row);
  row_json_open(&row, '{');
  row_json_key(&row, "k", 1);
  row_json_open(&row, '[');
  row_json_scalar(&row, "1", 1);
  row_json_string(&row, "\"\xc3\xbc", 3);
  row_json_open(&row, '{');
  row_json_close(&row, '}');
  row_json_scalar(&row, "null", 4);
  row_json_close(&row, ']');
  row_json_key(&row, "l", 1);
  row_json_open(&row, '[');
  row_json_close(&row, ']');
  row_json_close(&row, '}');
  row_json_end(&row);
  add_text(IN_ROW, "after", "a");
  add(IN_ROW, "more");
  row_json_begin(&row);
  row_json_open(&row, '[');
  row_json_close(&row, ']');
  row_json_end(&row);
  assert_int_equal(row_status(&row), STATUS_OK);
  assert_string_equal(member_value(&row, row_find(&row, IN_ROW, "more")), "[]");
  const member_t *member = row_find(&row, IN_ROW, "json");
  assert_int_equal(member->type, MEMBER_JSON);
  assert_string_equal(member_value(&row, member), "{\"k\":[1,\"\\\"\\u00fc\",{},null],\"l\":[]}");
  assert_int_equal(member->value_length, strlen(member_value(&row, member)));
  assert_null(row_find_text(&row, IN_ROW, "json"));
  assert_texts(IN_ROW, "before", "b");
  assert_texts(IN_ROW, "after", "a");
  row_done(&row);
}

static void takes_members_back(void **state) {
  (void)state;
  row_init(&row);
  add(IN_ROW, "a");
  row_drop(&row);
  assert_false(row_has(&row, IN_ROW));
  add_text(IN_ROW, "a", "0");
  add(IN_STATS, "a");
  row_drop(&row);
  assert_false(row_has(&row, IN_STATS));
  add_text(IN_ROW, "b", "1");
  add(IN_ROW, "c");
  row_drop(&row);
  add_text(IN_ROW, "d", "2");
  assert_texts(IN_ROW, "b", "1");
  assert_texts(IN_ROW, "d", "2");
  assert_null(row_find(&row, IN_ROW, "c"));
  assert_int_equal(row.length, 3);
  row_done(&row);
}

/* --- keys that stay --- */

typedef struct {
  const char *name;
  const char *rows[10]; /* each letter is a member; one in upper case is dropped */
} keys_case_t;

static const keys_case_t keys_cases[] = {
    {"keys: the same", {"abc", "abc", "abc"}},
    {"keys: fewer", {"abc", "ab", "abc"}},
    {"keys: more", {"a", "abc", "a", "abc"}},
    {"keys: others in between", {"abc", "axc", "abc"}},
    {"keys: another order", {"abc", "cba", "bca"}},
    {"keys: none", {"abc", "", "abc"}},
    {"keys: some are dropped", {"aBc", "abc", "Abc", "abC"}},
    {"keys: as many are dropped, others", {"aBc", "abC", "Abc", "aBc", "aBC", "AbC"}},
    {"keys: two forms in turn", {"abc", "axc", "abc", "axc", "abcx", "axcb", "ax"}},
    {"keys: more forms than are kept", {"abc", "acx", "axb", "bca", "cab", "xab", "abc", "acx", "abx"}},
    {"keys: forms that go on from one", {"a", "ab", "ac", "abc", "abx", "a", "abx"}},
};

static void write_letters(const char *letters) {
  for (const char *letter = letters; *letter != '\0'; letter++) {
    char key[2] = {(char)(*letter | 0x20), '\0'};
    add_text(IN_ROW, key, letters);
    if (*letter < 'a')
      row_drop(&row);
  }
}

static void keeps_keys_from_row_to_row(void **state) {
  static const char *const known[] = {"a", "b", "c", "x"};
  const keys_case_t *one = *state;
  row_init(&row);
  for (size_t i = 0; i < LENGTH(one->rows) && one->rows[i] != NULL; i++) {
    row_clear(&row);
    write_letters(one->rows[i]);
    for (size_t j = 0; j < LENGTH(known); j++) {
      const member_t *member = row_find(&row, IN_ROW, known[j]);
      assert_int_equal(member != NULL, strchr(one->rows[i], known[j][0]) != NULL);
      assert_ptr_equal(row_find(&row, IN_ROW, known[j]), member); /* and again */
      assert_null(row_find(&row, IN_STATS, known[j]));
      if (member != NULL) {
        assert_string_equal(member_key(&row, member), known[j]);
        assert_string_equal(member_value(&row, member), one->rows[i]);
      }
    }
  }
  row_done(&row);
}

/* Keys that are written over take no more room. */
static void keys_do_not_pile_up(void **state) {
  (void)state;
  row_init(&row);
  for (int i = 0; i < 1000; i++) {
    row_clear(&row);
    write_letters(i % 2 == 0 ? "abcd" : "axc");
    assert_int_equal(row.layout->text.length, (i % 2 == 0 ? 4 : 3) * sizeof("a"));
  }
  row_done(&row);
}

/* Rows that come in turn do not write each other's keys over. */
static void keeps_the_keys_of_each_form(void **state) {
  (void)state;
  static const char *const forms[ROW_LAYOUTS] = {"abcd", "axc", "abx", "b"};
  const row_layout_t *layouts[ROW_LAYOUTS];
  row_init(&row);
  for (size_t i = 0; i < 10 * ROW_LAYOUTS; i++) {
    size_t form = i % ROW_LAYOUTS;
    row_clear(&row);
    write_letters(forms[form]);
    if (i >= ROW_LAYOUTS)
      assert_ptr_equal(row.layout, layouts[form]);
    layouts[form] = row.layout;
    for (size_t other = 0; other < form; other++)
      assert_ptr_not_equal(layouts[other], layouts[form]);
  }
  row_done(&row);
}

/* What was looked up in vain is found once it is there. */
static void finds_what_was_added_since(void **state) {
  (void)state;
  static const char known[] = "b";
  row_init(&row);
  for (int i = 0; i < 3; i++) {
    row_clear(&row);
    add_text(IN_ROW, "a", "1");
    assert_null(row_find(&row, IN_ROW, known));
    add_text(IN_ROW, "b", "2");
    assert_non_null(row_find(&row, IN_ROW, known));
    row_drop(&row);
    assert_null(row_find(&row, IN_ROW, known));
  }
  row_done(&row);
}

/* --- the members of a class --- */

/* Every `step`th of the members that rows of this class have. */
static void write_members(const class_t *class, size_t step) {
  row_clear(&row);
  for (size_t i = 0; i < class->fields_length; i += step)
    if (class->fields[i].key != NULL)
      add_text(class->fields[i].place, class->fields[i].key, "1");
  for (size_t i = 0; i < class->attributes_length; i += step)
    add_text(class->attributes[i].place, class->attributes[i].key, "x");
}

static void assert_places(const class_t *class) {
  const row_places_t *places = row_places(&row, class);
  for (size_t i = 0; i < class->fields_length; i++) {
    const field_t *field = &class->fields[i];
    const member_t *member = field->key != NULL ? row_find(&row, field->place, field->key) : NULL;
    assert_ptr_equal(row_at(&row, places->fields[i]), member);
  }
  for (size_t i = 0; i < class->attributes_length; i++)
    assert_ptr_equal(row_at(&row, places->attributes[i]),
                     row_find(&row, class->attributes[i].place, class->attributes[i].key));
}

static void tells_the_places_of_a_class(void **state) {
  (void)state;
  row_init(&row);
  for (size_t turn = 0; turn < 2 * CLASS_ROWS_COUNT; turn++) {
    const class_t *class = &classes[turn % CLASS_ROWS_COUNT];
    for (size_t step = 1; step <= 3; step++) {
      write_members(class, step);
      assert_places(class);
      assert_places(&classes[(turn + 1) % CLASS_ROWS_COUNT]);
      assert_places(class);
      row_drop(&row);
      assert_places(class);
    }
  }
  row_done(&row);
}

/* Writes a text for each letter; an upper one stands in "stats". */
static void write_in_places(const char *letters) {
  row_clear(&row);
  for (const char *letter = letters; *letter != '\0'; letter++)
    add_text(*letter < 'a' ? IN_STATS : IN_ROW, (char[]){(char)(*letter | 0x20), '\0'}, letters);
}

/* The same keys in other places, and fewer of them, come in turn. */
static void tells_apart_where_keys_stand(void **state) {
  (void)state;
  static const char *const rows[] = {"abC", "aBC", "abc", "ab", "a", "ABC", "", "aB"};
  static const char *const keys[] = {"a", "b", "c"};
  static const struct {
    place_t place;
    const char *letters;
  } places[] = {{IN_ROW, "abc"}, {IN_STATS, "ABC"}};
  row_init(&row);
  for (size_t i = 0; i < LENGTH(places) * 20 * LENGTH(rows); i++) {
    size_t place = i / (20 * LENGTH(rows)); /* one after the other: what is remembered of one is not that of both */
    const char *letters = rows[i % LENGTH(rows)];
    write_in_places(letters);
    for (size_t j = 0; j < LENGTH(keys); j++)
      assert_int_equal(row_find(&row, places[place].place, keys[j]) != NULL,
                       strchr(letters, places[place].letters[j]) != NULL);
  }
  row_done(&row);
}

/* --- bounds and failures --- */

static void is_full_at_its_bound(void **state) {
  (void)state;
  row_init(&row);
  for (int i = 0; i < ROW_MAX_MEMBERS; i++) {
    assert_false(row_is_full(&row));
    add_text(IN_ROW, "a", "");
    if (i % 2 == 0)
      row_drop(&row); /* what is dropped has taken its place all the same */
  }
  assert_true(row_is_full(&row));
  row_clear(&row);
  assert_false(row_is_full(&row));
  row_done(&row);
}

static void remembers_its_first_failure(void **state) {
  (void)state;
  row_init(&row);
  add_text(IN_ROW, "a", "1");
  add_text(IN_ROW, "\xff", "2");
  add_text(IN_ROW, "b", "3");
  add_text(IN_ROW, "c", "4");
  assert_int_equal(row_status(&row), STATUS_SYNTAX);
  row_clear(&row);
  assert_int_equal(row_status(&row), STATUS_OK);
  add(IN_ROW, "json");
  row_json_begin(&row);
  row_json_string(&row, "\xc1\x80", 2);
  row_json_end(&row);
  assert_int_equal(row_status(&row), STATUS_SYNTAX);
  row_clear(&row);
  add_text(IN_ROW, "a", "4");
  assert_int_equal(row_status(&row), STATUS_OK);
  assert_texts(IN_ROW, "a", "4");
  row_done(&row);
}

static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    row_init(&row);
    allocations_fail_at(number);
    add_text(IN_ROW, "a", "1");
    add_text(IN_ROW, "b", "2");
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(row_status(&row), failed ? STATUS_NO_MEMORY : STATUS_OK);
    row_clear(&row);
    add_text(IN_ROW, "a", "3");
    assert_int_equal(row_status(&row), STATUS_OK);
    assert_texts(IN_ROW, "a", "3");
    row_done(&row);
    assert_int_equal(allocations_live(), before);
    assert_true(number < 10);
  }
}

int main(void) {
  TEST(looks_up_members);
  TEST(holds_texts);
  TEST(writes_json_with_its_commas);
  TEST(takes_members_back);
  TEST_CASES(keeps_keys_from_row_to_row, keys_cases);
  TEST(keys_do_not_pile_up);
  TEST(keeps_the_keys_of_each_form);
  TEST(finds_what_was_added_since);
  TEST(tells_the_places_of_a_class);
  TEST(tells_apart_where_keys_stand);
  TEST(is_full_at_its_bound);
  TEST(remembers_its_first_failure);
  TEST(fails_without_memory);
  return tests_run("row");
}
