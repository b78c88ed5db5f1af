/* SPDX-License-Identifier: MIT */
#include "participant.h"

/* One that the peer has left is about to be closed: one that works tells more. */
const char *const participant_connections[] = {"unused", "left",         "connected", "connecting", "dtls_failed",
                                               "stuck",  "disconnected", "lost",      NULL};
const char *const participant_protocols[] = {"udp", "tcp", NULL};

const char *participant_quality_name(participant_quality_t quality) {
  static const char *const names[] = {[QUALITY_UNKNOWN] = NULL,
                                      [QUALITY_IDLE] = "idle",
                                      [QUALITY_GOOD] = "good",
                                      [QUALITY_SILENT] = "silent",
                                      [QUALITY_BAD] = "bad"};
  return names[quality];
}

static void append_text(buffer_t *key, const char *text) {
  buffer_append_string(key, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

void participant_write_key(const participant_t *participant, buffer_t *key) {
  append_text(key, participant->host);
  append_text(key, participant->endpoint);
  append_text(key, participant->room);
  append_text(key, participant->participant);
}

/* A NUL comes before all other bytes, so that keys have the order of their texts. */
int participant_compare(const participant_t *left, const participant_t *right) {
  const table_key_t *a = &left->key, *b = &right->key;
  return memcmp(a->bytes, b->bytes, a->length < b->length ? a->length : b->length);
}
