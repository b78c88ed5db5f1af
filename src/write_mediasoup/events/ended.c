/* SPDX-License-Identifier: MIT */
#include "ended.h"

static const record_member_t members[ENDED_MEMBERS] = {
    [ENDED_NUMBER] = {"number", RECORD_NUMBER, "grows with each entry, also from one start of collectd to the next"},
    [ENDED_KIND] = {"kind", RECORD_TEXT, "`room` or `participant`"},
    [ENDED_HOST] = {"host", RECORD_TEXT, "the host whose collectd reads the application"},
    [ENDED_ENDPOINT] = {"endpoint", RECORD_TEXT, "the name of its `<Endpoint>`"},
    [ENDED_ROOM] = {"room", RECORD_TEXT, "the name of the room"},
    [ENDED_PARTICIPANT] = {"participant", RECORD_TEXT, "the name of the participant"},
    [ENDED_BEGAN] = {"began", RECORD_NUMBER,
                     "epoch milliseconds: when it was first seen, or when collectd started if it was there already"},
    [ENDED_ENDED] = {"ended", RECORD_NUMBER, "epoch milliseconds: when it was last seen"},
    [ENDED_DURATION] = {"duration", RECORD_NUMBER, "the seconds between"},
    [ENDED_BYTES_RECEIVED] =
        {"bytesReceived", RECORD_NUMBER,
         "bytes that its transports received meanwhile; its streams, where the group of a room sums up no transports; "
         "null where others used a transport of the participant, too"},
    [ENDED_BYTES_SENT] = {"bytesSent", RECORD_NUMBER, "bytes that they sent"},
    [ENDED_WORST_LOSS_RATIO] =
        {"worstLossRatio", RECORD_NUMBER,
         "ratio: the highest loss of the participant's worst stream; of all producers or all consumers, for a room"},
    [ENDED_SECONDS_BAD] = {"secondsBad", RECORD_NUMBER, "seconds for which single readings found it bad"},
    [ENDED_OUTCOME] = {"outcome", RECORD_TEXT, "how it ended"},
};

const record_type_t ended_type = {.name = "ended", .members = members, .length = ENDED_MEMBERS};

static const struct {
  const char *name, *when;
} outcomes[OUTCOMES] = {
    [OUTCOME_LEFT] = {"left", "the participant was connected when it was closed, or closed its connection"},
    [OUTCOME_LOST] = {"lost", "its connection was gone before, or a worker of its endpoint died in that interval"},
    [OUTCOME_CLOSED] = {"closed", "the room became empty; the participant was not connected"},
    [OUTCOME_RESTARTED] = {"restarted", "the application restarted"},
    [OUTCOME_UNKNOWN] =
        {"unknown",
         "it ended while the endpoint was not read, or the endpoint does not say how transports are connected"},
};

const char *outcome_name(ended_outcome_t outcome) { return outcomes[outcome].name; }

const char *outcome_when(ended_outcome_t outcome) { return outcomes[outcome].when; }
