/* SPDX-License-Identifier: MIT */
#include "participant_words.h"

#include <stddef.h>
#include <string.h>

/* Numbers are places in lists, which end with a NULL. They are kept in memory only, so a list may change between
 * versions. */
enum { NUMBER_NONE, NUMBER_OTHER, NUMBERS_LISTED };

static const char *const qualities[] = {"idle", "good", "silent", "bad", NULL};
static const char *const causes[] = {"sender", "receiver", "bandwidth", "worker", "transport", "unknown", NULL};

typedef struct {
  const char *key;
  const char *name;
  const char *const *texts;
  size_t offset; /* of the text in participant_t; of the quality it is none */
} kept_word_t;

static const kept_word_t words[PARTICIPANT_WORDS] = {
    [WORD_QUALITY] = {"quality", "quality", qualities, 0},
    [WORD_UPLINK_CAUSE] = {"uplinkCause", "uplink_cause", causes, offsetof(participant_t, uplink_cause)},
    [WORD_DOWNLINK_CAUSE] = {"downlinkCause", "downlink_cause", causes, offsetof(participant_t, downlink_cause)},
    [WORD_CAUSE] = {"cause", "cause", causes, offsetof(participant_t, cause)},
    [WORD_CONNECTION] = {"connection", "connection", participant_connections, offsetof(participant_t, connection)},
    [WORD_PROTOCOL] = {"protocol", "protocol", participant_protocols, offsetof(participant_t, protocol)},
};

const char *participant_word_key(participant_word_t word) { return words[word].key; }

const char *participant_word_name(participant_word_t word) { return words[word].name; }

static const char *text_of(participant_word_t word, const participant_t *participant) {
  if (word == WORD_QUALITY)
    return participant_quality_name(participant->quality);
  return *(const char *const *)(const void *)((const char *)participant + words[word].offset);
}

double participant_word_number(participant_word_t word, const participant_t *participant) {
  const char *text = text_of(word, participant), *const *texts = words[word].texts;
  if (text == NULL)
    return NUMBER_NONE;
  for (int i = 0; texts[i] != NULL; i++)
    if (strcmp(texts[i], text) == 0)
      return NUMBERS_LISTED + i;
  return NUMBER_OTHER;
}

const char *participant_word_text(participant_word_t word, double number) {
  int place = number >= 1 ? (int)number : NUMBER_NONE;
  if (place >= NUMBERS_LISTED)
    return words[word].texts[place - NUMBERS_LISTED];
  return place == NUMBER_OTHER ? WORD_OTHER : NULL;
}
