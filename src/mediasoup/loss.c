/* SPDX-License-Identifier: MIT */
#include "loss.h"

#include <math.h>

/* A receiver of audio reports each 5 s, half as much more or less (RFC 3550). */
static const double milliseconds_constant = 15000, milliseconds_report_most = 8000;
static const double share_begins = 0.075, share_ends = 0.06;
static const float packets_begin = 300, packets_end = 150;

static void add(loss_counts_t *sums, const loss_counts_t *grown, float weight) {
  sums->packets += weight * grown->packets;
  sums->lost += weight * grown->lost;
  sums->repaired += weight * grown->repaired;
}

static void fade(loss_counts_t *sums, float weight) {
  loss_counts_t before = *sums;
  *sums = (loss_counts_t){0};
  add(sums, &before, weight);
}

/* More may be reported as lost than was sent, as a report is of an earlier time. */
static double share_of(const loss_t *loss, float lost) {
  if (loss->sums.packets < packets_end)
    return NAN;
  return lost <= 0 ? 0 : lost >= loss->sums.packets ? 1 : (double)(lost / loss->sums.packets);
}

static void judge(loss_t *loss) {
  double missing = loss_missing_share(loss);
  loss->is_high =
      loss->is_high ? missing >= share_ends : missing >= share_begins && loss->sums.packets >= packets_begin;
}

/* What came evenly in this time has faded in part already: a second ago hardly, at its beginning the most. */
static void settle(loss_t *loss, double milliseconds, uint64_t now) {
  double time = milliseconds / milliseconds_constant, weight = exp(-time);
  fade(&loss->sums, (float)weight);
  add(&loss->sums, &loss->since, time > 0 ? (float)((1 - weight) / time) : 1);
  loss->since = (loss_counts_t){0};
  loss->until = now;
  judge(loss);
}

void loss_take(loss_t *loss, const loss_counts_t *grown, uint64_t now) {
  bool is_first = loss->until == 0;
  if (is_first || now < loss->until) /* or the clock was set back */
    loss->until = now;
  double milliseconds = (double)(now - loss->until);
  loss->has_begun = loss->has_begun || milliseconds >= milliseconds_report_most;
  if (is_first || !loss->has_begun)
    return;
  add(&loss->since, grown, 1);
  if (grown->lost > 0 || milliseconds >= milliseconds_report_most)
    settle(loss, milliseconds, now);
}

bool loss_is_high(const loss_t *loss) { return loss->is_high; }

double loss_share(const loss_t *loss) { return share_of(loss, loss->sums.lost); }

double loss_missing_share(const loss_t *loss) { return share_of(loss, loss->sums.lost - loss->sums.repaired); }
