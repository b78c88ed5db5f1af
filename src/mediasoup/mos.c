/* SPDX-License-Identifier: MIT */
#include "mos.h"

#include <math.h>
#include <stddef.h>
#include <strings.h>

/* R of a connection without delay or loss: all of G.107 at its defaults (ITU-T G.107 (03/2005), table 2 and 7.1). */
static const double rating_best = 93.2;

/* Id, what delay costs: a line, and a steeper one from where people begin to interrupt each other. A fit to G.107 by
 * Cole and Rosenbluth, "Voice over IP performance monitoring", ACM SIGCOMM Computer Communication Review 31 (2), 2001.
 */
static const double delay_slope = 0.024;
static const double delay_slope_late = 0.11;
static const double delay_late = 177.3; /* milliseconds */

/* Ie,eff, what loss costs: Ie + (95 - Ie) Ppl / (Ppl / BurstR + Bpl), by G.107, 7.5. RTCP does not tell bursts from
 * single losses, so BurstR is 1. */
static const double impairment_most = 95;

/* The receiver's jitter buffer is a guess: two packets of 20 ms, or twice the jitter where that is more. */
static const double buffer_least = 40;
static const double buffer_jitters = 2;

/* Ie and Bpl of G.711 with concealment of lost packets are those of ITU-T G.113 (11/2007), appendix I; browsers
 * conceal. G.113 has none for Opus: at the bitrates of calls it sounds no worse than G.711 and stands loss at least as
 * well, so it gets the same. A packet takes 20 ms (RFC 3551, RFC 7587), and Opus looks 6.5 ms ahead (RFC 6716, 2). */
static const mos_codec_t codecs[] = {
    {"audio/opus", 0, 25.1, 26.5},
    {"audio/multiopus", 0, 25.1, 26.5},
    {"audio/PCMU", 0, 25.1, 20},
    {"audio/PCMA", 0, 25.1, 20},
};

static const double milliseconds = 1000;
static const double percent = 100;
static const double hundred = 100;
static const double opinion_best = 4.5;

const mos_codec_t *mos_codec(const char *mime_type) {
  for (size_t i = 0; mime_type != NULL && i < sizeof(codecs) / sizeof(codecs[0]); i++)
    if (strcasecmp(codecs[i].mime_type, mime_type) == 0)
      return &codecs[i];
  return NULL;
}

/* From mouth to ear, in milliseconds. */
static double delay_of(const mos_codec_t *codec, double round_trip_time, double jitter) {
  double way = round_trip_time > 0 ? round_trip_time * milliseconds / 2 : 0;
  double buffer = jitter > 0 ? buffer_jitters * jitter * milliseconds : 0;
  return codec->delay_milliseconds + way + (buffer > buffer_least ? buffer : buffer_least);
}

static double cost_of_delay(double delay) {
  return delay_slope * delay + (delay > delay_late ? delay_slope_late * (delay - delay_late) : 0);
}

static double cost_of_loss(const mos_codec_t *codec, double loss_ratio) {
  double loss = loss_ratio * percent;
  return codec->impairment + (impairment_most - codec->impairment) * loss / (loss + codec->loss_robustness);
}

/* G.107, annex B. Its curve dips below 1 where R is below 6.5. */
static double opinion(double rating) {
  if (rating >= 100)
    return opinion_best;
  double mos = rating > 0 ? 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6 : 1;
  return mos > 1 ? mos : 1;
}

/* More digits would promise what no estimate has, and each row would carry them. */
static double rounded(double mos) { return floor(mos * hundred + 0.5) / hundred; }

double mos_estimate(const mos_codec_t *codec, double loss_ratio, double round_trip_time, double jitter) {
  if (isnan(loss_ratio))
    return NAN;
  double delay = delay_of(codec, round_trip_time, jitter);
  return rounded(opinion(rating_best - cost_of_delay(delay) - cost_of_loss(codec, loss_ratio)));
}
