/* SPDX-License-Identifier: MIT */
/* A way: what counts, which stream is the worst whatever their order, and what is unknown. */
#include "support/rows.h"
#include "write_mediasoup/participants/way.h"

#include <math.h>
#include <string.h>

/* With the figures of a column each, so that the tests need no table. */
typedef struct {
  store_row_t *row;
  stream_columns_t columns;
} rig_t;

static rig_t rig_of(double score, double fraction_lost) {
  rig_t rig = {.row = row_of(CLASS_CONSUMERS, "id=c", 10, 0, "consumerId=c"),
               .columns = stream_columns(&classes[CLASS_CONSUMERS])};
  for (size_t i = 0; i < classes[CLASS_CONSUMERS].fields_length; i++)
    if (classes[CLASS_CONSUMERS].fields[i].kind == KIND_GAUGE)
      rig.row->values[i].gauge = NAN;
  rig.row->values[rig.columns.score].gauge = score;
  rig.row->values[rig.columns.fraction_lost].gauge = fraction_lost;
  return rig;
}

static void add(way_t *way, flow_t flow, const char *cause, double score, double fraction_lost) {
  rig_t rig = rig_of(score, fraction_lost);
  const told_stream_t told = {.flow = flow, .bad = flow == FLOW_FLOWS && score <= 5, .cause = cause, .bad_since = NAN};
  const stream_row_t stream = {.row = rig.row, .told = &told};
  way_add(way, &stream, &rig.columns);
  store_row_release(rig.row);
}

typedef struct {
  const char *name;
  struct {
    flow_t flow;
    const char *cause;
    double score, fraction_lost;
  } streams[3];
  const char *worst;
} worst_case_t;

static const worst_case_t worst_cases[] = {
    {"no stream has a cause", {{FLOW_FLOWS, NULL, 1, 0}, {FLOW_SILENT, NULL, 0, 0}}, NULL},
    {"the one that has a cause", {{FLOW_FLOWS, NULL, 1, 0}, {FLOW_SILENT, "sender", 0, 0}}, "sender"},
    {"one that flows badly before a silent one",
     {{FLOW_SILENT, "sender", 0, 0}, {FLOW_FLOWS, "receiver", 5, 0}},
     "receiver"},
    {"the lowest score", {{FLOW_FLOWS, "receiver", 4, 0}, {FLOW_FLOWS, "bandwidth", 3, 0}}, "bandwidth"},
    {"an unknown score is not low", {{FLOW_FLOWS, "receiver", NAN, 0}, {FLOW_FLOWS, "bandwidth", 5, 0}}, "bandwidth"},
    {"of one score the highest loss",
     {{FLOW_FLOWS, "sender", 4, 10}, {FLOW_FLOWS, "worker", 4, 20}, {FLOW_FLOWS, "bandwidth", 4, NAN}},
     "worker"},
    {"the score of a silent one says nothing",
     {{FLOW_SILENT, "worker", 0, 0}, {FLOW_SILENT, "sender", 9, 0}},
     "sender"},
    {"of equal ones the first by name",
     {{FLOW_FLOWS, "worker", 4, 10}, {FLOW_FLOWS, "receiver", 4, 10}, {FLOW_FLOWS, "sender", 4, 10}},
     "receiver"},
};

static void finds_the_worst(void **state) {
  const worst_case_t *one = *state;
  for (int backwards = 0; backwards < 2; backwards++) {
    double figures[WAY_FIGURES];
    way_t way;
    way_init(&way, figures);
    for (size_t i = 0; i < 3; i++) {
      size_t at = backwards ? 2 - i : i;
      if (one->streams[at].flow != FLOW_UNKNOWN)
        add(&way, one->streams[at].flow, one->streams[at].cause, one->streams[at].score,
            one->streams[at].fraction_lost);
    }
    assert_int_equal(way.worst.cause == NULL, one->worst == NULL);
    if (one->worst != NULL)
      assert_string_equal(way.worst.cause, one->worst);
  }
}

static void knows_nothing_of_no_stream(void **state) {
  (void)state;
  double figures[WAY_FIGURES];
  way_t way;
  way_init(&way, figures);
  assert_true(way.figures[WAY_STREAMS] == 0 && way.figures[WAY_STREAMS_BAD] == 0);
  assert_true(way.figures[WAY_STREAMS_SILENT] == 0 && way.figures[WAY_BITRATE] == 0);
  for (size_t i = WAY_SCORE; i <= WAY_JITTER; i++)
    assert_true(isnan(way.figures[i]));
}

/* Those that do not flow have a score of 0. */
static void figures_are_of_streams_that_flow(void **state) {
  (void)state;
  double figures[WAY_FIGURES];
  way_t way;
  way_init(&way, figures);
  add(&way, FLOW_NOT, NULL, 0, 255);
  add(&way, FLOW_SILENT, NULL, 0, 255);
  add(&way, FLOW_FLOWS, NULL, 7, 128);
  add(&way, FLOW_FLOWS, NULL, 9, NAN);
  assert_true(way.figures[WAY_SCORE] == 7);
  assert_true(way.figures[WAY_LOSS_RATIO] == 0.5);
  assert_true(way.figures[WAY_STREAMS] == 2);
  add(&way, FLOW_UNKNOWN, NULL, 6, NAN);
  assert_true(way.figures[WAY_SCORE] == 6);
  assert_true(way.figures[WAY_STREAMS] == 2);
  assert_int_equal(way.unknown, 1);
}

int main(void) {
  TEST_CASES(finds_the_worst, worst_cases);
  TEST(knows_nothing_of_no_stream);
  TEST(figures_are_of_streams_that_flow);
  return tests_run("way");
}
