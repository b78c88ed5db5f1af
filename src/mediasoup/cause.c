/* SPDX-License-Identifier: MIT */
#include "cause.h"

#include <math.h>

/* --- the figures of the rules --- */

static double as_figure(bool condition) { return condition ? 1 : 0; }

static double worker_is_silent(const cause_facts_t *facts) { return as_figure(facts->worker_is_silent); }

static double worker_cpu(const cause_facts_t *facts) { return facts->worker_cpu_ratio; }

static double worker_channel(const cause_facts_t *facts) { return facts->worker_channel_seconds; }

static double is_disconnected(const cause_facts_t *facts) { return as_figure(facts->is_disconnected); }

static double is_producer(const cause_facts_t *facts) { return as_figure(facts->of_producer); }

static double source_is_bad(const cause_facts_t *facts) { return as_figure(facts->source_is_bad); }

/* mediasoup scores the share of packets that arrived or were repaired: 10 times its fourth power, rounded. So a score
 * of s says that at most 1 - ((s - 0.5) / 10)^(1/4) of them are missing; these are the limits for 0 to 10. */
static const double missing_most[] = {1, 0.527, 0.378, 0.293, 0.231, 0.181, 0.139, 0.102, 0.069, 0.04, 0.013};

/* By one report, which counts packets that a retransmission has repaired. Those reach the consumers. */
static double reported_in(const cause_facts_t *facts) {
  double loss = facts->source_loss_ratio, score = facts->source_score;
  if (!(loss > 0))
    return 0;
  double most = score >= 0 && score <= 10 ? missing_most[(size_t)score] : 1;
  return loss < most ? loss : most;
}

/* What was lost on the way in and is missing on the way down too. */
static double loss_in(const cause_facts_t *facts) {
  return isnan(facts->source_missing_ratio) ? reported_in(facts) : facts->source_missing_ratio;
}

/* What came in and was lost on the way down. The receiver counts what it misses of all that the sender has sent. */
static double loss_down(const cause_facts_t *facts) {
  double in = loss_in(facts);
  if (facts->is_silent || isnan(facts->loss_ratio))
    return NAN;
  return facts->loss_ratio > in ? 1 - (1 - facts->loss_ratio) / (1 - in) : 0;
}

/* The loss on the way in where it is the greater one. */
static double greater_loss_in(const cause_facts_t *facts) {
  double in = loss_in(facts);
  return in >= loss_down(facts) ? in : 0;
}

static double shortage(const cause_facts_t *facts) {
  return facts->wants_more && facts->available_bitrate > 0 ? facts->wanted_bitrate / facts->available_bitrate : NAN;
}

static double round_trip_down(const cause_facts_t *facts) { return facts->is_silent ? NAN : facts->round_trip_time; }

/* Frames that the sender sends in bursts arrive with jitter at the SFU already. */
static double jitter_down(const cause_facts_t *facts) {
  double in = facts->source_jitter > 0 ? facts->source_jitter : 0;
  return facts->is_silent ? NAN : facts->jitter - in;
}

/* --- the rules --- */

/* What spoils the most streams comes first. A worker at its limit delays and drops what any of its streams sends, so
 * their figures do not tell ways apart any more. On a transport without a connection nothing flows, whatever else is
 * the matter. What arrives badly cannot be sent well, so the way in comes before the way down. Where bandwidth is
 * short, loss and delay follow from it. */
const cause_rule_t cause_rules[] = {
    {CAUSE_WORKER, worker_is_silent, 1, "the worker does not answer for itself",
     "its streams' figures come from a worker that hangs now and then; as in MediasoupWorkerStalled"},
    {CAUSE_WORKER, worker_cpu, 0.85, "the worker uses 0.85 of a core or more",
     "it has one thread, and packets begin to wait well before it is fully used; as in MediasoupWorkerCpuHigh"},
    {CAUSE_WORKER, worker_channel, 1, "the worker takes a second or more to answer a request",
     "a healthy one takes milliseconds, and media waits as requests do; as in MediasoupWorkerStalled"},
    {CAUSE_TRANSPORT, is_disconnected, 1,
     "the stream's WebRTC transport is disconnected, lost, stuck, or failed at DTLS",
     "nothing flows without a connection; ICE gives one up when consent checks stay without an answer (RFC 7675)"},
    {CAUSE_SENDER, is_producer, 1, "a producer's stream, after the rules above",
     "it is bad only for packets that did not arrive and were not repaired: by 7.5 % of them, or a score of 5, which "
     "takes a seventh; a connected transport on which nothing comes is the sender's too"},
    {CAUSE_SENDER, source_is_bad, 1, "a consumer's stream of whose producer no stream is well",
     "an SFU sends what it got: it cannot be better on the downlink"},
    {CAUSE_SENDER, greater_loss_in, 0.05, "5 % or more was lost on the uplink, and as much as on the downlink or more",
     "this is where speech begins to suffer, as in MediasoupLossHigh; packets that were repaired are not counted"},
    {CAUSE_BANDWIDTH, shortage, 1,
     "a consumer's stream in a lower layer than it prefers, or in none, whose transport cannot send that layer by "
     "available_outgoing_bitrate",
     "mediasoup takes layers away until they fit into its estimate (transport-cc or REMB)"},
    {CAUSE_RECEIVER, loss_down, 0.05, "5 % or more was lost on the downlink, without what was lost on the uplink",
     "as above"},
    {CAUSE_RECEIVER, round_trip_down, 0.4, "the round trip to the receiver takes 0.4 s or more",
     "with a sender as far away, speech takes 0.4 s one way, which no network should be planned for (ITU-T G.114); and "
     "a retransmission comes too late"},
    {CAUSE_RECEIVER, jitter_down, 0.03, "the receiver's jitter is 30 ms or more above what came in",
     "the usual limit for voice and for video conferences (Cisco, Enterprise QoS Design Guide)"},
};
const size_t cause_rules_length = sizeof(cause_rules) / sizeof(cause_rules[0]);

cause_t cause_of(const cause_facts_t *facts) {
  for (size_t i = 0; i < cause_rules_length; i++)
    if (cause_rules[i].figure(facts) >= cause_rules[i].threshold)
      return cause_rules[i].cause;
  return CAUSE_UNKNOWN;
}

const char *cause_name(cause_t cause) {
  static const char *const names[CAUSES_LENGTH] = {[CAUSE_NONE] = "",
                                                   [CAUSE_SENDER] = "sender",
                                                   [CAUSE_RECEIVER] = "receiver",
                                                   [CAUSE_BANDWIDTH] = "bandwidth",
                                                   [CAUSE_WORKER] = "worker",
                                                   [CAUSE_TRANSPORT] = "transport",
                                                   [CAUSE_UNKNOWN] = "unknown"};
  return names[cause];
}
