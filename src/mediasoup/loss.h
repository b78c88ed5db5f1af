/* SPDX-License-Identifier: MIT */
/*
 * The share of a stream's packets that was lost lately, and whether so much of it is missing that the stream is bad.
 * mediasoup's fraction_lost is of one RTCP report, and of 25 packets one lost more or less is 4 %. So growth of the
 * counters is added up with weights that fall to a third in 15 s, by the clock: the share means the same whether it is
 * read each second or each minute.
 *
 * What each counter means (RtpStreamRecv and RtpStreamSend of mediasoup's worker):
 *
 *   packetsLost      of a producer, what mediasoup missed by the numbers of the packets, brought up to date when it
 *                    reports to the sender; of a consumer, what the receiver's last report missed. That comes each
 *                    second for video and about each 5 s for audio, so growth is only added up where packetsLost grew,
 *                    or after so long that a report has come for sure
 *   packetsRepaired  of a producer, what came again; of a consumer, what was sent again once or more. With RTX
 *                    packetsLost counts these, too. Without, a packet that comes again is not lost any more, and
 *                    nothing has to be taken off
 *   packetCount      of a producer, what came, repaired packets included; of a consumer, what was sent, lost packets
 *                    included
 */
#ifndef COLLECTD_MEDIASOUP_LOSS_H
#define COLLECTD_MEDIASOUP_LOSS_H

#include <stdbool.h>
#include <stdint.h>

/* Packets that a stream's counters grew by. Floats: there may be many streams, and a share needs no more digits. */
typedef struct {
  float packets; /* that should have come; those repaired or lost and known so included */
  float lost;
  float repaired; /* of those */
} loss_counts_t;

/* Zero-initialise for a stream of which nothing is known yet, or one that has stopped: what is missing then is no
 * share of what flows, and its numbers may begin anew. */
typedef struct {
  uint64_t until;      /* epoch milliseconds up to which growth is in the sums; 0: nothing is known */
  loss_counts_t sums;  /* weighted */
  loss_counts_t since; /* growth that is not in the sums yet */
  bool has_begun;      /* it flows for so long that no report tells of the time before any more */
  bool is_high;
} loss_t;

/* Takes what a reading at `now`, in epoch milliseconds, says that a stream that flows grew by. */
void loss_take(loss_t *loss, const loss_counts_t *grown, uint64_t now);

/* Whether so much is missing that the stream is bad. From 7.5 % on, which lies between the 5 % that is not bad and the
 * 10 % that is, until less than 6 %, so that it does not come and go with each report. Never of fewer packets than
 * about 300 in that time, or 150 once it is: of audio that pauses (DTX) and of a stream of a few packets a share says
 * nothing.
 *
 * These numbers were chosen by playing random loss of steady shares, read each 1, 5 and 10 s for 100 hours each. 5 % is
 * taken for bad one to three times an hour at 25 packets a second, for less than a minute in all; at 50 a second once
 * in five hours or less; at 100 never. 10 % is taken for bad 20 to 30 s after it began, and from then on for more than
 * 99.9 % of the time, even at 25 packets a second. 20 % takes 10 to 15 s. */
bool loss_is_high(const loss_t *loss);

/* What was lost, and what of it is missing as it was not repaired; NaN of too few packets. */
double loss_share(const loss_t *loss);
double loss_missing_share(const loss_t *loss);

#endif
