/* SPDX-License-Identifier: MIT */
#include "participant.h"

const char *participant_quality_name(participant_quality_t quality) {
  static const char *const names[] = {[QUALITY_UNKNOWN] = NULL,
                                      [QUALITY_IDLE] = "idle",
                                      [QUALITY_GOOD] = "good",
                                      [QUALITY_SILENT] = "silent",
                                      [QUALITY_BAD] = "bad"};
  return names[quality];
}
