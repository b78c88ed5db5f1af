/* SPDX-License-Identifier: MIT */
#include "outcome.h"

#include <string.h>

typedef struct {
  const char *word;
  derived_t figure;
} word_t;

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const char connected[] = "connected";

static const word_t events[] = {
    {connected, DERIVED_CONNECTED},
    {"left", DERIVED_LEFT},
    {"lost", DERIVED_LOST},
    {"dtls_failed", DERIVED_DTLS_FAILED},
    {"never_connected", DERIVED_NEVER_CONNECTED},
};

/* A transport that has left, or whose DTLS has failed, is none of these: its end has been counted. */
static const word_t states[] = {
    {connected, DERIVED_TRANSPORTS_CONNECTED},         {"unused", DERIVED_TRANSPORTS_UNUSED},
    {"connecting", DERIVED_TRANSPORTS_CONNECTING},     {"stuck", DERIVED_TRANSPORTS_STUCK},
    {"disconnected", DERIVED_TRANSPORTS_DISCONNECTED}, {"lost", DERIVED_TRANSPORTS_DISCONNECTED},
};

static const word_t protocols[] = {
    {"udp", DERIVED_TRANSPORTS_UDP},
    {"tcp", DERIVED_TRANSPORTS_TCP},
};

static derived_t find(const word_t *words, size_t length, const char *word) {
  for (size_t i = 0; word != NULL && i < length; i++)
    if (strcmp(words[i].word, word) == 0)
      return words[i].figure;
  return DERIVED_NOT;
}

derived_t outcome_counter(const object_t *event) {
  return find(events, LENGTH(events), object_find_attribute(event, "event"));
}

bool outcome_is_connected(const object_t *event) { return outcome_counter(event) == DERIVED_CONNECTED; }

bool outcome_is_told(const object_t *transport) {
  const char *type = object_find_attribute(transport, "transportType");
  return object_find_attribute(transport, "connection") != NULL || type == NULL || strcmp(type, "webrtc") != 0;
}

outcome_gauges_t outcome_gauges(const object_t *transport) {
  derived_t state = find(states, LENGTH(states), object_find_attribute(transport, "connection"));
  if (state != DERIVED_TRANSPORTS_CONNECTED)
    return (outcome_gauges_t){state, DERIVED_NOT};
  return (outcome_gauges_t){state, find(protocols, LENGTH(protocols), object_find_attribute(transport, "protocol"))};
}

derived_t outcome_gauge_at(size_t index) {
  if (index < LENGTH(states))
    return states[index].figure;
  index -= LENGTH(states);
  return index < LENGTH(protocols) ? protocols[index].figure : DERIVED_NOT;
}
