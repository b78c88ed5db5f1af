/* SPDX-License-Identifier: MIT */
/* The grammar of identifiers, both ways: what is written is read back, whatever the texts hold. */
#include "common/hash.h"
#include "common/identifier.h"
#include "common/limits.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- writing --- */

typedef struct {
  const char *name;
  const char *text;
  const char *clean;
} clean_case_t;

static const clean_case_t clean_cases[] = {
    {"empty", "", ""},
    {"plain", "room 1~%{x}", "room 1~%{x}"},
    {"what separates", "a,b=c", "a_b_c"},
    {"a slash", "video/VP8", "video_VP8"},
    {"quotes and backslashes", "\"a\\b\"", "_a_b_"},
    {"control characters", "a\tb\nc\x01\x1f\x7f", "a_b_c___"},
    {"not ASCII", "R\xc3\xa4um\xe2\x82\xac", "R\xc3\xa4um\xe2\x82\xac"},
    {"not UTF-8", "a\xff\x80", "a\xff\x80"},
    {"nothing but separators", ",=/\"\\", "_____"},
    {"all of these", "a,b=c/d\"e\\f\x01\x1f\x7f g\xc3\xbc-.:~%", "a_b_c_d_e_f___ g\xc3\xbc-.:~%"},
};

static void cleans(void **state) {
  const clean_case_t *one = *state;
  buffer_t identifier = BUFFER_INIT(100);
  identifier_append_clean(&identifier, one->text);
  assert_int_equal(buffer_status(&identifier), STATUS_OK);
  assert_string_equal(buffer_text(&identifier), one->clean);
  assert_true(identifier_is_clean_of(one->clean, strlen(one->clean), one->text));
  buffer_done(&identifier);
}

/* The mark is a hash of the text before it was cleaned, and there only where it was. */
static void marks_what_it_cleaned(void **state) {
  const clean_case_t *one = *state;
  char expected[200], mark[HASH_MARK_LENGTH + 1] = "";
  if (strcmp(one->text, one->clean) != 0)
    hash_mark(mark, one->text, strlen(one->text));
  (void)snprintf(expected, sizeof(expected), "%s%s", one->clean, mark);
  buffer_t identifier = BUFFER_INIT(200);
  identifier_append_unique(&identifier, one->text);
  assert_string_equal(buffer_text(&identifier), expected);
  buffer_done(&identifier);
}

static void texts_that_clean_alike_stay_apart(void **state) {
  (void)state;
  static const char *const alike[] = {"a/b", "a_b", "a,b", "a=b", "a\\b", "a\"b", "a\nb"};
  char *written[LENGTH(alike)];
  for (size_t i = 0; i < LENGTH(alike); i++) {
    buffer_t identifier = BUFFER_INIT(200);
    identifier_append_unique_pair(&identifier, "roomId", alike[i]);
    written[i] = buffer_copy(&identifier);
    buffer_done(&identifier);
    for (size_t j = 0; j < i; j++)
      assert_string_not_equal(written[i], written[j]);
  }
  assert_string_equal(written[1], "roomId=a_b");
  for (size_t i = 0; i < LENGTH(alike); i++)
    free(written[i]);
}

/* A room may be called as a mark has called another. */
static void no_text_takes_the_name_of_another(void **state) {
  (void)state;
  static const char *const texts[] = {"Team A/B", "Team A_B~a75cecb9043fc5f6", "Team A_B", "~a75cecb9043fc5f6"};
  char *written[LENGTH(texts)];
  for (size_t i = 0; i < LENGTH(texts); i++) {
    buffer_t identifier = BUFFER_INIT(200);
    identifier_append_unique(&identifier, texts[i]);
    written[i] = buffer_copy(&identifier);
    buffer_done(&identifier);
    for (size_t j = 0; j < i; j++)
      assert_string_not_equal(written[i], written[j]);
  }
  assert_string_equal(written[0], "Team A_B~a75cecb9043fc5f6");
  assert_string_equal(written[2], "Team A_B");
  for (size_t i = 0; i < LENGTH(texts); i++)
    free(written[i]);
}

static void joins_pairs(void **state) {
  (void)state;
  buffer_t identifier = BUFFER_INIT(200);
  identifier_append_pair(&identifier, "kind", "video");
  identifier_append_pair(&identifier, "mimeType", "video/VP8");
  identifier_append_pair(&identifier, "k=,", "");
  assert_int_equal(buffer_status(&identifier), STATUS_OK);
  assert_string_equal(buffer_text(&identifier), "kind=video,mimeType=video_VP8,k__=");
  buffer_done(&identifier);
}

static void says_when_it_is_too_large(void **state) {
  (void)state;
  for (size_t maximum = 0; maximum <= 9; maximum++) {
    buffer_t identifier = BUFFER_INIT(maximum);
    identifier_append_pair(&identifier, "a", "b");
    identifier_append_unique_pair(&identifier, "c", "def");
    identifier_cut(&identifier);
    assert_int_equal(buffer_status(&identifier), maximum == 9 ? STATUS_OK : STATUS_TOO_LARGE);
    buffer_done(&identifier);
  }
}

/* --- cutting --- */

/* Whatever the length and wherever a character stands: at most IDENTIFIER_MAX bytes, no half character, the mark of the
 * whole at the end, and nothing where it fits. */
static void cuts_between_characters(void **state) {
  (void)state;
  static const char *const characters[] = {"x", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
  for (size_t i = 0; i < LENGTH(characters); i++)
    for (size_t before = 0; before < 2 * IDENTIFIER_MAX; before++) {
      buffer_t whole = BUFFER_INIT(1000), cut = BUFFER_INIT(1000);
      for (size_t j = 0; j < before; j++)
        buffer_append_character(&whole, 'a');
      for (size_t j = 0; j < 40; j++)
        buffer_append_text(&whole, characters[i]);
      buffer_append(&cut, whole.data, whole.length);
      identifier_cut(&cut);
      assert_int_equal(buffer_status(&cut), STATUS_OK);
      if (whole.length <= IDENTIFIER_MAX) {
        assert_string_equal(cut.data, whole.data);
      } else {
        char mark[HASH_MARK_LENGTH + 1];
        hash_mark(mark, whole.data, whole.length);
        size_t kept = cut.length - HASH_MARK_LENGTH;
        assert_true(cut.length <= IDENTIFIER_MAX && cut.length + 3 >= IDENTIFIER_MAX);
        assert_memory_equal(cut.data, whole.data, kept);
        assert_true(((unsigned char)whole.data[kept] & 0xC0) != 0x80);
        assert_string_equal(cut.data + kept, mark);
      }
      buffer_done(&whole);
      buffer_done(&cut);
    }
}

typedef struct {
  const char *name;
  const char *piece; /* one character */
  size_t before;     /* letters before the characters */
  size_t times;
  size_t kept; /* bytes before the mark; 0: it is not cut */
} cut_case_t;

static const cut_case_t cut_cases[] = {
    {"cut: nothing", "x", 0, 0, 0},
    {"cut: 127 bytes", "x", 0, 127, 0},
    {"cut: 128 bytes", "x", 0, 128, 110},
    {"cut: far more", "x", 0, 5000, 110},
    {"cut: between characters of two bytes", "\xc3\xbc", 0, 100, 110},
    {"cut: before a character of two bytes", "\xc3\xbc", 1, 100, 109},
    {"cut: between characters of three bytes", "\xe2\x82\xac", 2, 100, 110},
    {"cut: before a character of three bytes", "\xe2\x82\xac", 1, 100, 109},
    {"cut: before a character of three bytes, its middle", "\xe2\x82\xac", 0, 100, 108},
    {"cut: between characters of four bytes", "\xf0\x9f\x98\x80", 2, 100, 110},
    {"cut: before a character of four bytes", "\xf0\x9f\x98\x80", 3, 100, 107},
    {"cut: nothing but continuation", "\x80", 0, 200, 107},
};

static void cuts(void **state) {
  const cut_case_t *one = *state;
  buffer_t text = BUFFER_INIT(10000), whole = BUFFER_INIT(10000);
  for (size_t i = 0; i < one->before; i++)
    buffer_append_character(&text, 'a');
  for (size_t i = 0; i < one->times; i++)
    buffer_append_text(&text, one->piece);
  buffer_append_text(&whole, buffer_text(&text));
  identifier_cut(&text);
  assert_int_equal(buffer_status(&text), STATUS_OK);
  if (whole.length <= IDENTIFIER_MAX) {
    assert_string_equal(buffer_text(&text), buffer_text(&whole));
  } else {
    assert_int_equal(text.length, one->kept + strlen("~0123456789abcdef"));
    assert_memory_equal(text.data, whole.data, one->kept);
    assert_int_equal(text.data[one->kept], '~');
    assert_int_equal(strspn(text.data + one->kept + 1, "0123456789abcdef"), 16);
  }
  buffer_done(&text);
  buffer_done(&whole);
}

/* Two that differ in their last character only. The marks are kept in databases: they never change. */
static void long_identifiers_stay_apart(void **state) {
  (void)state;
  static const char *const marks[] = {"~57fc415dd1387da5", "~"};
  char *written[2];
  for (int i = 0; i < 2; i++) {
    buffer_t text = BUFFER_INIT(1000);
    for (int j = 0; j < 127; j++)
      buffer_append_character(&text, 'a');
    buffer_append_character(&text, (char)('a' + i));
    identifier_cut(&text);
    assert_int_equal(text.length, IDENTIFIER_MAX);
    assert_memory_equal(text.data + 110, marks[i], strlen(marks[i]));
    written[i] = buffer_copy(&text);
    buffer_done(&text);
  }
  assert_string_not_equal(written[0], written[1]);
  free(written[0]);
  free(written[1]);
}

static void names_stand_alone(void **state) {
  (void)state;
  char *name = identifier_new("my=sfu/1");
  assert_string_equal(name, "my_sfu_1");
  free(name);
  char text[300];
  memset(text, 'n', sizeof(text));
  text[sizeof(text) - 1] = '\0';
  name = identifier_new(text);
  assert_int_equal(strlen(name), IDENTIFIER_MAX);
  free(name);
  allocations_fail_at(1);
  assert_null(identifier_new("x"));
  allocations_fail_at(2);
  assert_null(identifier_new("x"));
  allocations_fail_at(0);
}

/* --- reading --- */

typedef struct {
  const char *name;
  const char *identifier;
  const char *pairs; /* "[key|value]..." */
} pairs_case_t;

static const pairs_case_t pairs_cases[] = {
    {"nothing", "", ""},
    {"a name", "mediasoup", ""},
    {"one pair", "id=1", "[id|1]"},
    {"several", "kind=video,id=1,rid=h", "[kind|video][id|1][rid|h]"},
    {"empty keys and values", "=,a=,=b", "[|][a|][|b]"},
    {"a value with '='", "a=b=c", "[a|b=c]"},
    {"what has no '=' is passed over", "x,a=1,,y,b=2,z", "[a|1][b|2]"},
    {"only commas", ",,,", ""},
};

static void reads_pairs(void **state) {
  const pairs_case_t *one = *state;
  const char *at = one->identifier;
  buffer_t read = BUFFER_INIT(200);
  pair_t pair;
  while (identifier_next(&at, &pair)) {
    buffer_append_character(&read, '[');
    buffer_append(&read, pair.key, pair.key_length);
    buffer_append_character(&read, '|');
    buffer_append(&read, pair.value, pair.value_length);
    buffer_append_character(&read, ']');
  }
  assert_string_equal(buffer_text(&read), one->pairs);
  assert_int_equal(identifier_is_name(one->identifier), one->pairs[0] == '\0');
  buffer_done(&read);
}

static void finds_the_first_pair_of_a_key(void **state) {
  (void)state;
  pair_t pair;
  static const char identifier[] = "ids=0,id=1,idx=2,id=3";
  assert_true(identifier_find(identifier, "id", &pair));
  assert_int_equal(pair.value_length, 1);
  assert_int_equal(pair.value[0], '1');
  assert_ptr_equal(pair.value, identifier + strlen("ids=0,id="));
  assert_true(identifier_find(identifier, "idx", &pair));
  assert_int_equal(pair.value[0], '2');
  assert_false(identifier_find(identifier, "i", &pair));
  assert_false(identifier_find(identifier, "", &pair));
  assert_false(identifier_find("", "id", &pair));
}

static void tells_what_a_clean_text_is_of(void **state) {
  (void)state;
  assert_true(identifier_is_clean_of("a_b", 3, "a/b"));
  assert_true(identifier_is_clean_of("a_b", 3, "a_b"));
  assert_true(identifier_is_clean_of("a_bc", 3, "a\nb"));
  assert_true(identifier_is_clean_of("a\"b/", 4, "a\"b/"));
  assert_false(identifier_is_clean_of("a_b", 3, "a-b"));
  assert_false(identifier_is_clean_of("a_b", 3, "a/bc"));
  assert_false(identifier_is_clean_of("axb", 3, "a/b"));
  assert_false(identifier_is_clean_of("a_b", 2, "a/b"));
}

static void tells_what_a_marked_text_is_of(void **state) {
  (void)state;
  static const char *const texts[] = {"a/b", "a\nb", "ab", "", "a/b~0123456789abcdef"};
  for (size_t i = 0; i < LENGTH(texts); i++) {
    buffer_t unique = BUFFER_INIT(1000);
    identifier_append_unique(&unique, texts[i]);
    for (size_t j = 0; j < LENGTH(texts); j++)
      assert_int_equal(identifier_is_of(buffer_text(&unique), unique.length, texts[j]), i == j);
    buffer_done(&unique);
  }
  assert_true(identifier_is_of("a_b", 3, "a/b")); /* others do not mark */
  assert_false(identifier_is_of("x_b~e620c3190468cf61", 20, "a/b"));
}

/* --- both ways, over hostile texts --- */

/* Texts that are hard to carry: separators, marks, controls, cut characters; the same in each run. */
static void any_text(uint64_t *seed, char *text, size_t size) {
  static const char *const pieces[] = {",",
                                       "=",
                                       "/",
                                       "\"",
                                       "\\",
                                       "\n",
                                       "\x7f",
                                       "\x01",
                                       "~",
                                       "_",
                                       "id=",
                                       ",via=",
                                       "a",
                                       "room",
                                       "\xc3\xbc",
                                       "\xe2\x82\xac",
                                       "\xf0\x9f\x98\x80",
                                       "\xff",
                                       "\x80",
                                       "~0123456789abcdef",
                                       "__other__",
                                       " "};
  size_t length = 0, wanted = (size_t)(*seed >> 33) % 12;
  text[0] = '\0';
  for (size_t i = 0; i < wanted; i++) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    const char *piece = pieces[(size_t)(*seed >> 33) % LENGTH(pieces)];
    if (length + strlen(piece) + 1 > size)
      break;
    memcpy(text + length, piece, strlen(piece) + 1);
    length += strlen(piece);
  }
  *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
}

static void assert_pair(const pair_t *pair, const char *key, const char *value) {
  assert_true(identifier_is_clean_of(pair->key, pair->key_length, key));
  assert_true(identifier_is_clean_of(pair->value, pair->value_length, value));
}

static void hostile_pairs_are_read_back(void **state) {
  (void)state;
  uint64_t seed = 1;
  for (int i = 0; i < 50000; i++) {
    char texts[6][200];
    buffer_t identifier = BUFFER_INIT(5000);
    pair_t pair;
    for (size_t j = 0; j < LENGTH(texts); j++)
      any_text(&seed, texts[j], sizeof(texts[j]));
    for (size_t j = 0; j < LENGTH(texts); j += 2)
      identifier_append_pair(&identifier, texts[j], texts[j + 1]);
    const char *at = buffer_text(&identifier);
    for (size_t j = 0; j < LENGTH(texts); j += 2) {
      assert_true(identifier_next(&at, &pair));
      assert_pair(&pair, texts[j], texts[j + 1]);
    }
    assert_false(identifier_next(&at, &pair));
    buffer_done(&identifier);
  }
}

/* What is left of a cut identifier is whole pairs: each of them is one that was written. */
static void whole_pairs_survive_a_cut(void **state) {
  (void)state;
  uint64_t seed = 7;
  size_t cuts = 0;
  for (int i = 0; i < 50000; i++) {
    char texts[8][60];
    buffer_t identifier = BUFFER_INIT(5000);
    for (size_t j = 0; j < LENGTH(texts); j++)
      any_text(&seed, texts[j], sizeof(texts[j]));
    for (size_t j = 0; j < LENGTH(texts); j += 2)
      identifier_append_pair(&identifier, texts[j], texts[j + 1]);
    size_t written = identifier.length;
    identifier_cut(&identifier);
    size_t whole = identifier_whole_length(identifier.data);
    assert_true(identifier.length <= IDENTIFIER_MAX && whole <= identifier.length);
    cuts += written > IDENTIFIER_MAX ? 1 : 0;
    assert_true(written <= IDENTIFIER_MAX || whole < identifier.length);
    identifier.data[whole] = '\0';
    const char *at = identifier.data;
    pair_t pair;
    for (size_t j = 0; identifier_next(&at, &pair); j += 2)
      assert_pair(&pair, texts[j], texts[j + 1]);
    buffer_done(&identifier);
  }
  assert_true(cuts > 1000);
}

typedef struct {
  const char *name;
  const char *identifier;
  const char *whole;
} whole_case_t;

#define MARK "~0123456789abcdef"
#define A110                                                                                                           \
  "k=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhhiiiiiiiiiijjjjjjjjjjkkkkkkkk"

static const whole_case_t whole_cases[] = {
    {"short", "a=1,b=2", "a=1,b=2"},
    {"short, with a mark of its own", "a=1,b=2" MARK, "a=1,b=2" MARK},
    {"cut within its only pair", A110 MARK, ""},
    {"cut within its last pair", "a=1," A110 MARK, "a=1"},
    {"as long, without a mark", A110 "0123456789abcdefg", A110 "0123456789abcdefg"},
    {"as long, with no mark's digits", A110 "~0123456789abcdeX", A110 "~0123456789abcdeX"},
};

static void tells_what_is_whole(void **state) {
  const whole_case_t *one = *state;
  assert_int_equal(identifier_whole_length(one->identifier), strlen(one->whole));
}

int main(void) {
  TEST_CASES(cleans, clean_cases);
  TEST_CASES(marks_what_it_cleaned, clean_cases);
  TEST(texts_that_clean_alike_stay_apart);
  TEST(no_text_takes_the_name_of_another);
  TEST(joins_pairs);
  TEST(says_when_it_is_too_large);
  TEST(cuts_between_characters);
  TEST_CASES(cuts, cut_cases);
  TEST(long_identifiers_stay_apart);
  TEST(names_stand_alone);
  TEST_CASES(reads_pairs, pairs_cases);
  TEST(finds_the_first_pair_of_a_key);
  TEST(tells_what_a_clean_text_is_of);
  TEST(tells_what_a_marked_text_is_of);
  TEST(hostile_pairs_are_read_back);
  TEST(whole_pairs_survive_a_cut);
  TEST_CASES(tells_what_is_whole, whole_cases);
  return tests_run("identifier");
}
