/* SPDX-License-Identifier: MIT */
#include "state.h"

#include "common/limits.h"

static const double bad_score = BAD_SCORE; /* and below */

static bool is_stopped(double score, double bitrate) { return score == 0 && bitrate == 0; }

bool state_moves(double score, double bitrate, bool grew) {
  return !is_stopped(score, bitrate) && (bitrate > 0 || grew);
}

/* Whether it is too early to say that nothing came: there is no snapshot to compare with, and mediasoup does not say so
 * itself. */
static bool is_undecided(const stream_facts_t *facts) {
  return !facts->compared && !is_stopped(facts->score, facts->bitrate);
}

/* mediasoup scores a layer 0 within two seconds of its last packet, but its bitrate is of the last two and a half. */
static bool was_just_stopped(const stream_facts_t *facts) { return facts->excused && facts->score == 0; }

/* Where bandwidth is too short for the lowest layer mediasoup tries it again now and then, for a few packets. */
static bool is_only_tried(const stream_facts_t *facts) {
  return facts->lost_its_layer && facts->has_sent && facts->compared && !facts->excused;
}

stream_state_t state_of(const stream_facts_t *facts) {
  if (facts->paused)
    return STATE_PAUSED;
  if (!facts->connected)
    return STATE_WAITING;
  if (was_just_stopped(facts))
    return STATE_INACTIVE;
  if (is_only_tried(facts))
    return STATE_SILENT;
  if (state_moves(facts->score, facts->bitrate, facts->grew))
    return STATE_FLOWING;
  if (!facts->compared && !facts->has_sent)
    return STATE_WAITING;
  if (is_undecided(facts))
    return STATE_FLOWING;
  return facts->excused ? STATE_INACTIVE : STATE_SILENT;
}

bool state_is_bad(stream_state_t state, double score, bool loss_is_high) {
  return state == STATE_FLOWING && (score <= bad_score || loss_is_high);
}

const char *state_name(stream_state_t state) {
  static const char *const names[] = {[STATE_FLOWING] = "flowing",
                                      [STATE_PAUSED] = "paused",
                                      [STATE_WAITING] = "waiting",
                                      [STATE_INACTIVE] = "inactive",
                                      [STATE_SILENT] = "silent"};
  return names[state];
}
