/* SPDX-License-Identifier: MIT */
/* The table of a participant's figures: it is whole, and its names are one. */
#include "support/support.h"
#include "write_mediasoup/participants/figures.h"
#include "write_mediasoup/views/keys.h"

#include <string.h>

static void each_figure_has_its_words(void **state) {
  (void)state;
  for (int i = 0; i < PARTICIPANT_FIGURES; i++) {
    const participant_figure_t *figure = &participant_figures[i];
    char space[KEY_MAX_BYTES];
    const field_t field = {.name = figure->name};
    assert_string_equal(figure->key, key_of_field(&field, space));
    assert_true(strlen(figure->unit) > 0 && strlen(figure->help) > 0);
    assert_int_equal(participant_figure_find(figure->key), i);
  }
}

static void both_ways_have_the_same(void **state) {
  (void)state;
  for (int i = 0; i < WAY_FIGURES; i++) {
    const participant_figure_t *up = &participant_figures[FIGURE_UPLINK + i];
    const participant_figure_t *down = &participant_figures[FIGURE_DOWNLINK + i];
    assert_memory_equal(up->key, "uplink", 6);
    assert_string_equal(down->key + strlen("downlink"), up->key + strlen("uplink"));
    assert_string_equal(down->unit, up->unit);
  }
}

static void finds_no_other(void **state) {
  (void)state;
  assert_int_equal(participant_figure_find("uplink"), -1);
  assert_int_equal(participant_figure_find("uplink_streams"), -1);
  assert_int_equal(participant_figure_find(""), -1);
}

int main(void) {
  TEST(each_figure_has_its_words);
  TEST(both_ways_have_the_same);
  TEST(finds_no_other);
  return tests_run("figures");
}
