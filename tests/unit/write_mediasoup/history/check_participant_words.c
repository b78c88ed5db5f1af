/* SPDX-License-Identifier: MIT */
/* A participant's words as numbers: each that the plugins say comes back as it was, and one that they do not say never
 * as another. */
#include "mediasoup/cause.h"
#include "support/support.h"
#include "write_mediasoup/history/participant_words.h"

#include <string.h>

static void assert_comes_back(participant_word_t word, const participant_t *participant, const char *expected) {
  double number = participant_word_number(word, participant);
  assert_true(number == (double)(int)number && number >= 0 && number < 16); /* a few bits */
  const char *text = participant_word_text(word, number);
  if (expected == NULL)
    assert_null(text);
  else
    assert_string_equal(text, expected);
}

static void each_quality_comes_back(void **state) {
  (void)state;
  for (int quality = QUALITY_UNKNOWN; quality <= QUALITY_BAD; quality++) {
    participant_t participant = {.quality = (participant_quality_t)quality};
    assert_comes_back(WORD_QUALITY, &participant, participant_quality_name(participant.quality));
  }
}

static void each_cause_comes_back(void **state) {
  (void)state;
  for (int cause = CAUSE_NONE; cause < CAUSES_LENGTH; cause++) {
    const char *name = cause != CAUSE_NONE ? cause_name((cause_t)cause) : NULL;
    assert_comes_back(WORD_CAUSE, &(participant_t){.cause = name}, name);
    assert_comes_back(WORD_UPLINK_CAUSE, &(participant_t){.uplink_cause = name}, name);
    assert_comes_back(WORD_DOWNLINK_CAUSE, &(participant_t){.downlink_cause = name}, name);
  }
}

static void each_connection_and_protocol_comes_back(void **state) {
  (void)state;
  static const char *const connections[] = {NULL,          "unused", "left",         "connected", "connecting",
                                            "dtls_failed", "stuck",  "disconnected", "lost"};
  static const char *const protocols[] = {NULL, "udp", "tcp"};
  for (size_t i = 0; i < LENGTH(connections); i++)
    assert_comes_back(WORD_CONNECTION, &(participant_t){.connection = connections[i]}, connections[i]);
  for (size_t i = 0; i < LENGTH(protocols); i++)
    assert_comes_back(WORD_PROTOCOL, &(participant_t){.protocol = protocols[i]}, protocols[i]);
}

static void a_word_of_another_version_is_other(void **state) {
  (void)state;
  assert_comes_back(WORD_CAUSE, &(participant_t){.cause = "weather"}, "other");
  assert_comes_back(WORD_CONNECTION, &(participant_t){.connection = ""}, "other");
}

static void each_has_the_key_of_the_view(void **state) {
  (void)state;
  static const char *const keys[] = {"quality", "uplinkCause", "downlinkCause", "cause", "connection", "protocol"};
  assert_int_equal(LENGTH(keys), PARTICIPANT_WORDS);
  for (int word = 0; word < PARTICIPANT_WORDS; word++)
    assert_string_equal(participant_word_key((participant_word_t)word), keys[word]);
  assert_string_equal(participant_word_name(WORD_UPLINK_CAUSE), "uplink_cause");
}

int main(void) {
  TEST(each_quality_comes_back);
  TEST(each_cause_comes_back);
  TEST(each_connection_and_protocol_comes_back);
  TEST(a_word_of_another_version_is_other);
  TEST(each_has_the_key_of_the_view);
  return tests_run("participant_words");
}
