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
