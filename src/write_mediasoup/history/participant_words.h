/* SPDX-License-Identifier: MIT */
/*
 * What a participant's words are kept as: a small number for each, since samples are numbers. Pure computation, for any
 * thread.
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_PARTICIPANT_WORDS_H
#define COLLECTD_MEDIASOUP_HISTORY_PARTICIPANT_WORDS_H

#include "write_mediasoup/participants/participant.h"

typedef enum {
  WORD_QUALITY,
  WORD_UPLINK_CAUSE,
  WORD_DOWNLINK_CAUSE,
  WORD_CAUSE,
  WORD_CONNECTION,
  WORD_PROTOCOL,
  PARTICIPANT_WORDS
} participant_word_t;

/* What stands for a word that this version does not know: rows come from hosts with other versions, too. */
#define WORD_OTHER "other"

/* Its key in JSON, as /participants has it, and as a data source would be called. Static. */
const char *participant_word_key(participant_word_t word);
const char *participant_word_name(participant_word_t word);

/* The number of what the participant's word says: a whole one from 0 on, where 0 stands for none. */
double participant_word_number(participant_word_t word, const participant_t *participant);

/* What the number stands for; NULL where that is none. Static. */
const char *participant_word_text(participant_word_t word, double number);

#endif
