/* SPDX-License-Identifier: MIT */
/* Participants as rows: one name for each, all figures under their keys, and the labels that they are found by. */
#include "support/rows.h"
#include "write_mediasoup/history/participant_rows.h"
#include "write_mediasoup/views/keys.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const participant_t ann = {.host = "sfu1",
                                  .endpoint = "mediasoup",
                                  .room = "red",
                                  .participant = "ann",
                                  .room_key = "roomId",
                                  .participant_key = "peerId",
                                  .figures = {[FIGURE_MOS] = 4.1, [FIGURE_OF(FIGURE_DOWNLINK, WAY_BITRATE)] = 64000},
                                  .quality = QUALITY_BAD,
                                  .downlink_cause = "bandwidth",
                                  .cause = "bandwidth",
                                  .connection = "connected",
                                  .since = 4000,
                                  .time = 12.5,
                                  .received = 13};

/* As the first row of it. */
static store_row_t *row_for(const participant_class_t *class, const participant_t *participant) {
  participant_t named = *participant;
  char *key = give_key(&named);
  store_row_t *row = participant_row(class, &named, NULL);
  assert_non_null(row);
  free(key);
  return row;
}

static void has_all_figures_under_their_keys(void **state) {
  (void)state;
  participant_class_t class;
  participant_class_init(&class);
  assert_true(participant_class_is(&class.class));
  assert_false(participant_class_is(&classes[CLASS_GROUPS]));
  store_row_t *row = row_for(&class, &ann);
  assert_string_equal(row->host, "sfu1");
  assert_true(row->time == 12.5 && row->received == 13 && isinf(row->interval));
  assert_int_equal(class.class.fields_length, SAMPLE_LENGTH);
  for (int i = 0; i < PARTICIPANT_FIGURES; i++) {
    assert_int_equal(key_find_field(&class.class, participant_figures[i].key), i);
    assert_true(row->values[i].gauge == ann.figures[i]);
  }
  store_row_release(row);
}

static void has_its_state_under_its_keys(void **state) {
  (void)state;
  static const struct {
    const char *key, *text;
  } words[] = {{"quality", "bad"},     {"uplinkCause", NULL},       {"downlinkCause", "bandwidth"},
               {"cause", "bandwidth"}, {"connection", "connected"}, {"protocol", NULL}};
  participant_class_t class;
  participant_class_init(&class);
  store_row_t *row = row_for(&class, &ann);
  assert_true(row->values[key_find_field(&class.class, "since")].gauge == 4000);
  for (size_t i = 0; i < LENGTH(words); i++) {
    int figure = key_find_field(&class.class, words[i].key);
    assert_true(figure >= 0 && participant_class_has_word(&class.class, (size_t)figure));
    const char *text = participant_class_word((size_t)figure, row->values[figure].gauge);
    assert_true((text == NULL) == (words[i].text == NULL));
    if (text != NULL)
      assert_string_equal(text, words[i].text);
  }
  assert_false(participant_class_has_word(&class.class, (size_t)key_find_field(&class.class, "mos")));
  assert_false(participant_class_has_word(&classes[CLASS_GROUP_CONSUMERS], SAMPLE_WORDS));
  store_row_release(row);
}

static void no_two_have_one_name(void **state) {
  (void)state;
  participant_t others[] = {ann, ann, ann, ann, ann, ann};
  others[1].host = "sfu2";
  others[2].endpoint = NULL;
  others[3].room = "re";
  others[4].room = NULL;
  others[5].participant = "anne";
  participant_class_t class;
  store_row_t *rows[LENGTH(others)];
  participant_class_init(&class);
  for (size_t i = 0; i < LENGTH(others); i++)
    rows[i] = row_for(&class, &others[i]);
  store_row_t *again = row_for(&class, &ann);
  for (size_t i = 0; i < LENGTH(others); i++) {
    bool is_same = again->name->length == rows[i]->name->length &&
                   memcmp(again->name->texts, rows[i]->name->texts, again->name->length) == 0;
    assert_int_equal(is_same, i == 0);
    store_row_release(rows[i]);
  }
  store_row_release(again);
}

static void its_labels_are_what_names_it(void **state) {
  (void)state;
  participant_t nameless = ann;
  participant_class_t class;
  participant_class_init(&class);
  store_row_t *row = row_for(&class, &ann);
  assert_string_equal(facts_find_text(row->facts, "endpoint"), "mediasoup");
  assert_string_equal(facts_find_text(row->facts, "room"), "red");
  assert_string_equal(facts_find_text(row->facts, "participant"), "ann");
  assert_string_equal(facts_find_text(row->facts, "roomKey"), "roomId");
  assert_string_equal(facts_find_text(row->facts, "participantKey"), "peerId");
  const fact_t *fact;
  for (size_t i = 0; (fact = facts_at(row->facts, i)) != NULL; i++)
    assert_true(participant_is_label(fact->key));
  assert_false(participant_is_label("mos"));
  store_row_release(row);
  nameless.room = nameless.room_key = nameless.endpoint = NULL;
  row = row_for(&class, &nameless);
  assert_null(facts_find(row->facts, "room"));
  assert_null(facts_find(row->facts, "endpoint"));
  store_row_release(row);
}

/* Two rows of ann, the second of what she is `later`. */
typedef struct {
  participant_class_t class;
  store_row_t *before, *row;
} two_rows_t;

static void begin(two_rows_t *two, const participant_t *later) {
  participant_class_init(&two->class);
  two->before = row_for(&two->class, &ann);
  two->row = participant_row(&two->class, later, two->before);
  assert_ptr_equal(two->row->name, two->before->name);
}

static void end(const two_rows_t *two) {
  store_row_release(two->before);
  assert_string_equal(two->row->host, "sfu1");
  store_row_release(two->row);
}

/* Thousands of participants have a row in each observation. */
static void the_next_row_shares_name_and_labels(void **state) {
  (void)state;
  participant_t later = ann;
  two_rows_t two;
  later.time = 22.5;
  begin(&two, &later);
  assert_ptr_equal(two.row->facts, two.before->facts);
  assert_true(two.row->time == 22.5);
  end(&two);
}

static void a_label_that_changes_is_followed(void **state) {
  (void)state;
  participant_t later = ann;
  two_rows_t two;
  later.participant_key = "userId";
  begin(&two, &later);
  assert_string_equal(facts_find_text(two.row->facts, "participantKey"), "userId");
  assert_string_equal(facts_find_text(two.row->facts, "participant"), "ann");
  end(&two);
}

static bool fails_at(unsigned long number) {
  participant_t named = ann;
  participant_class_t class;
  participant_class_init(&class);
  char *key = give_key(&named);
  long before = allocations_live();
  allocations_fail_at(number);
  store_row_t *row = participant_row(&class, &named, NULL);
  store_row_t *next = row != NULL ? participant_row(&class, &named, row) : NULL;
  bool failed = allocations_failed();
  allocations_fail_at(0);
  assert_int_equal(next == NULL, failed);
  store_row_release(row);
  store_row_release(next);
  assert_int_equal(allocations_live(), before);
  free(key);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  assert_true(allocations_fail_in_turn(fails_at) > 5);
}

int main(void) {
  TEST(has_all_figures_under_their_keys);
  TEST(has_its_state_under_its_keys);
  TEST(no_two_have_one_name);
  TEST(its_labels_are_what_names_it);
  TEST(the_next_row_shares_name_and_labels);
  TEST(a_label_that_changes_is_followed);
  TEST(bears_each_allocation_that_fails);
  return tests_run("participant_rows");
}
