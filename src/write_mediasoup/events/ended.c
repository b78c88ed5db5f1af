/* SPDX-License-Identifier: MIT */
#include "ended.h"

static const record_member_t members[ENDED_MEMBERS] = {
    [ENDED_NUMBER] = {"number", RECORD_NUMBER},
    [ENDED_KIND] = {"kind", RECORD_TEXT},
    [ENDED_HOST] = {"host", RECORD_TEXT},
    [ENDED_ENDPOINT] = {"endpoint", RECORD_TEXT},
    [ENDED_ROOM] = {"room", RECORD_TEXT},
    [ENDED_PARTICIPANT] = {"participant", RECORD_TEXT},
    [ENDED_BEGAN] = {"began", RECORD_NUMBER},
    [ENDED_ENDED] = {"ended", RECORD_NUMBER},
    [ENDED_DURATION] = {"duration", RECORD_NUMBER},
    [ENDED_BYTES_RECEIVED] = {"bytesReceived", RECORD_NUMBER},
    [ENDED_BYTES_SENT] = {"bytesSent", RECORD_NUMBER},
    [ENDED_WORST_LOSS_RATIO] = {"worstLossRatio", RECORD_NUMBER},
    [ENDED_SECONDS_BAD] = {"secondsBad", RECORD_NUMBER},
    [ENDED_OUTCOME] = {"outcome", RECORD_TEXT},
};

const record_type_t ended_type = {.name = "ended", .members = members, .length = ENDED_MEMBERS};

static const char *const outcomes[OUTCOMES] = {[OUTCOME_LEFT] = "left",
                                               [OUTCOME_LOST] = "lost",
                                               [OUTCOME_CLOSED] = "closed",
                                               [OUTCOME_RESTARTED] = "restarted",
                                               [OUTCOME_UNKNOWN] = "unknown"};

const char *outcome_name(ended_outcome_t outcome) { return outcomes[outcome]; }
