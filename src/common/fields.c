/* SPDX-License-Identifier: MIT */
#include "fields.h"

#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A number that is passed on as it is: data source, place, member, unit, help. */
#define COUNTER(n, p, k, u, h) {.name = (n), .place = (p), .key = (k), .kind = KIND_COUNTER, .unit = (u), .help = (h)}
#define GAUGE(n, p, k, u, h) {.name = (n), .place = (p), .key = (k), .kind = KIND_GAUGE, .unit = (u), .help = (h)}
/* A counter whose growth adds to sums: on the row of its router and worker, and of its group. */
#define SUMMED(n, k, u, s, g, h)                                                                                       \
  {.name = (n),                                                                                                        \
   .place = IN_STATS,                                                                                                  \
   .key = (k),                                                                                                         \
   .kind = KIND_COUNTER,                                                                                               \
   .unit = (u),                                                                                                        \
   .sum = (s),                                                                                                         \
   .group_sum = (g),                                                                                                   \
   .help = (h)}
#define DERIVED(n, d, t, u, h) {.name = (n), .kind = (t), .derived = (d), .unit = (u), .help = (h)}

/* Objects below this one, as PROTOCOL.md counts them. */
#define CHILD_COUNTS                                                                                                   \
  GAUGE("transports", IN_ROW, "transports", "objects", "transports alive"),                                            \
      GAUGE("producers", IN_ROW, "producers", "objects", "producers alive"),                                           \
      GAUGE("consumers", IN_ROW, "consumers", "objects", "consumers alive"),                                           \
      GAUGE("data_producers", IN_ROW, "dataProducers", "objects", "data producers alive"),                             \
      GAUGE("data_consumers", IN_ROW, "dataConsumers", "objects", "data consumers alive")

/* Sums over the streams below this one. They add up the streams' growth since collectd began, so they stay when a
 * stream ends. */
#define STREAM_SUMS                                                                                                    \
  DERIVED("rtp_bytes_received", DERIVED_RTP_BYTES_RECEIVED, KIND_COUNTER, "bytes",                                     \
          "sum of byte_count over producers, past ones included"),                                                     \
      DERIVED("rtp_packets_received", DERIVED_RTP_PACKETS_RECEIVED, KIND_COUNTER, "packets",                           \
              "sum of packet_count over producers, past ones included"),                                               \
      DERIVED("rtp_bytes_sent", DERIVED_RTP_BYTES_SENT, KIND_COUNTER, "bytes",                                         \
              "sum of byte_count over consumers, past ones included"),                                                 \
      DERIVED("rtp_packets_sent", DERIVED_RTP_PACKETS_SENT, KIND_COUNTER, "packets",                                   \
              "sum of packet_count over consumers, past ones included")

static const field_t endpoint_fields[] = {
    DERIVED("up", DERIVED_UP, KIND_GAUGE, "0 or 1", "whether the last snapshot was read whole"),
    DERIVED("snapshot_seconds", DERIVED_SNAPSHOT_SECONDS, KIND_GAUGE, "seconds",
            "from the request to the end of the answer"),
    DERIVED("rows", DERIVED_ROWS, KIND_GAUGE, "rows", "rows in the snapshot"),
    DERIVED("unanswered", DERIVED_UNANSWERED, KIND_GAUGE, "requests",
            "requests that workers did not answer before their deadline"),
    DERIVED("objects_skipped", DERIVED_OBJECTS_SKIPPED, KIND_GAUGE, "objects",
            "rows over MaxObjects, where that is above 0: in the sums, but without a value list of their own"),
    GAUGE("processes", IN_ROW, "processes", "objects", "the application's process and its workers'"),
    GAUGE("workers", IN_ROW, "workers", "objects", "workers alive"),
    GAUGE("workers_active", IN_ROW, "workersActive", "objects", "workers with a router"),
    GAUGE("workers_idle", IN_ROW, "workersIdle", "objects", "workers without a router"),
    GAUGE("routers", IN_ROW, "routers", "objects", "routers alive"),
    CHILD_COUNTS,
    GAUGE("webrtc_servers", IN_ROW, "webRtcServers", "objects", "WebRtcServers alive"),
    COUNTER("worker_deaths", IN_ROW, "workerDeaths", "workers", "workers that ended without being closed"),
    COUNTER("webrtc_transports_created", IN_ROW, "webRtcTransportsCreated", "transports", "WebRTC transports created"),
    COUNTER("ice_failures", IN_ROW, "iceFailures", "transports", "WebRTC transports that lost ICE"),
    COUNTER("dtls_failures", IN_ROW, "dtlsFailures", "transports", "WebRTC transports whose DTLS failed"),
};

static const attribute_t endpoint_attributes[] = {
    {IN_ROW, "implementation"}, {IN_ROW, "version"}, {IN_ROW, "mediasoup"},
    {IN_ROW, "runtime"},        {IN_ROW, "pid"},     {IN_ROW, "lane"},
};

static const field_t usage_fields[] = {
    GAUGE("cpu", IN_ROW, "cpu", "percent of a core", "CPU time since the previous snapshot"),
    GAUGE("memory", IN_ROW, "memory", "bytes", "resident memory"),
    COUNTER("ctime", IN_ROW, "ctime", "milliseconds", "user and system CPU time"),
    COUNTER("elapsed", IN_ROW, "elapsed", "milliseconds", "time since the process began"),
};

static const attribute_t usage_attributes[] = {
    {IN_ROW, "type"},
    {IN_ROW, "worker"},
    {IN_ROW, "pid"},
    {IN_ROW, "ppid"},
};

static const field_t worker_fields[] = {
    DERIVED("responding", DERIVED_RESPONDING, KIND_GAUGE, "0 or 1",
            "whether the worker answered before the deadline; its other figures are the last known when it did not"),
    DERIVED("cpu_ratio", DERIVED_CPU_RATIO, KIND_GAUGE, "ratio of a core", "CPU time since the previous snapshot"),
    {.name = "channel_round_trip_seconds",
     .key = "channelRoundTripTime",
     .kind = KIND_GAUGE,
     .unit = "seconds",
     .scale = 0.001,
     .help = "from a request over the worker's channel to its answer"},
    GAUGE("resident_memory_bytes", IN_ROW, "residentMemory", "bytes", "resident memory"),
    COUNTER("ru_utime", IN_STATS, "ru_utime", "milliseconds", "user CPU time"),
    COUNTER("ru_stime", IN_STATS, "ru_stime", "milliseconds", "system CPU time"),
    GAUGE("ru_maxrss", IN_STATS, "ru_maxrss", "KiB", "peak of resident memory"),
    COUNTER("ru_minflt", IN_STATS, "ru_minflt", "faults", "page faults without input or output"),
    COUNTER("ru_majflt", IN_STATS, "ru_majflt", "faults", "page faults with input or output"),
    COUNTER("ru_nvcsw", IN_STATS, "ru_nvcsw", "switches", "voluntary context switches"),
    COUNTER("ru_nivcsw", IN_STATS, "ru_nivcsw", "switches", "involuntary context switches"),
    GAUGE("routers", IN_ROW, "routers", "objects", "routers alive"),
    CHILD_COUNTS,
    STREAM_SUMS,
};

static const attribute_t worker_attributes[] = {
    {IN_ROW, "worker"},
    {IN_ROW, "pid"},
    {IN_ROW, "webRtcServers"},
};

static const field_t router_fields[] = {
    CHILD_COUNTS,
    GAUGE("rtp_observers", IN_ROW, "rtpObservers", "objects", "RTP observers alive"),
    STREAM_SUMS,
};

static const attribute_t router_attributes[] = {
    {IN_ROW, "routerId"},
    {IN_ROW, "worker"},
    {IN_ROW, "rtpObserverIds"},
};

#define TRANSPORT_COUNTER(n, k, h) COUNTER(n, IN_STATS, k, "bytes", h)
#define TRANSPORT_BITRATE(n, k, h) GAUGE(n, IN_STATS, k, "bit/s", h)

static const field_t transport_fields[] = {
    SUMMED("bytes_received", "bytesReceived", "bytes", DERIVED_NOT, DERIVED_BYTES_RECEIVED, "all bytes received"),
    SUMMED("bytes_sent", "bytesSent", "bytes", DERIVED_NOT, DERIVED_BYTES_SENT, "all bytes sent"),
    TRANSPORT_COUNTER("rtp_bytes_received", "rtpBytesReceived", "RTP bytes received"),
    TRANSPORT_COUNTER("rtp_bytes_sent", "rtpBytesSent", "RTP bytes sent"),
    TRANSPORT_COUNTER("rtx_bytes_received", "rtxBytesReceived", "RTX bytes received"),
    TRANSPORT_COUNTER("rtx_bytes_sent", "rtxBytesSent", "RTX bytes sent"),
    TRANSPORT_COUNTER("probation_bytes_sent", "probationBytesSent", "bandwidth probing bytes sent"),
    TRANSPORT_BITRATE("recv_bitrate", "recvBitrate", "all received"),
    TRANSPORT_BITRATE("send_bitrate", "sendBitrate", "all sent"),
    TRANSPORT_BITRATE("rtp_recv_bitrate", "rtpRecvBitrate", "RTP received"),
    TRANSPORT_BITRATE("rtp_send_bitrate", "rtpSendBitrate", "RTP sent"),
    TRANSPORT_BITRATE("rtx_recv_bitrate", "rtxRecvBitrate", "RTX received"),
    TRANSPORT_BITRATE("rtx_send_bitrate", "rtxSendBitrate", "RTX sent"),
    TRANSPORT_BITRATE("probation_send_bitrate", "probationSendBitrate", "bandwidth probing sent"),
    TRANSPORT_BITRATE("available_outgoing_bitrate", "availableOutgoingBitrate", "estimated for sending"),
    TRANSPORT_BITRATE("available_incoming_bitrate", "availableIncomingBitrate", "estimated for receiving"),
    TRANSPORT_BITRATE("max_incoming_bitrate", "maxIncomingBitrate", "limit set by the application"),
    TRANSPORT_BITRATE("max_outgoing_bitrate", "maxOutgoingBitrate", "limit set by the application"),
    TRANSPORT_BITRATE("min_outgoing_bitrate", "minOutgoingBitrate", "floor set by the application"),
    {.name = "rtp_packet_loss_received",
     .place = IN_STATS,
     .key = "rtpPacketLossReceived",
     .kind = KIND_GAUGE,
     .unit = "ratio",
     .since = "3.14.1",
     .help = "packets lost on the way in; only with transport-cc"},
    {.name = "rtp_packet_loss_sent",
     .place = IN_STATS,
     .key = "rtpPacketLossSent",
     .kind = KIND_GAUGE,
     .unit = "ratio",
     .since = "3.14.1",
     .help = "packets lost on the way out; only with transport-cc"},
};

static const attribute_t transport_attributes[] = {
    {IN_ROW, "transportId"}, {IN_ROW, "routerId"},   {IN_ROW, "transportType"},      {IN_STATS, "type"},
    {IN_STATS, "iceRole"},   {IN_STATS, "iceState"}, {IN_STATS, "iceSelectedTuple"}, {IN_STATS, "dtlsState"},
    {IN_STATS, "sctpState"}, {IN_STATS, "rtcpMux"},  {IN_STATS, "comedia"},          {IN_STATS, "tuple"},
    {IN_STATS, "rtcpTuple"},
};

#define STREAM_COUNTER(n, k, u, h) COUNTER(n, IN_STATS, k, u, h)
#define STREAM_GAUGE(n, k, u, h) GAUGE(n, IN_STATS, k, u, h)

/* One RTP stream, of a producer (inbound) or of a consumer (outbound): the same fields, other sums. */
#define STREAM_FIELDS(bytes_sum, packets_sum)                                                                          \
  SUMMED("byte_count", "byteCount", "bytes", bytes_sum, DERIVED_BYTES, "RTP bytes, headers included"),                 \
      SUMMED("packet_count", "packetCount", "packets", packets_sum, DERIVED_PACKETS, "RTP packets"),                   \
      STREAM_GAUGE("bitrate", "bitrate", "bit/s", "RTP bitrate"),                                                      \
      {.name = "packets_lost",                                                                                         \
       .place = IN_STATS,                                                                                              \
       .key = "packetsLost",                                                                                           \
       .kind = KIND_GAUGE,                                                                                             \
       .unit = "packets",                                                                                              \
       .group_sum = DERIVED_PACKETS_LOST,                                                                              \
       .help = "lost in all; recomputed, so it can fall"},                                                             \
      STREAM_GAUGE("fraction_lost", "fractionLost", "1/256", "lost in the last report's interval"),                    \
      STREAM_GAUGE("jitter", "jitter", "RTP clock units", "interarrival jitter; of consumers since 3.19.10"),          \
      {.name = "round_trip_time",                                                                                      \
       .place = IN_STATS,                                                                                              \
       .key = "roundTripTime",                                                                                         \
       .kind = KIND_GAUGE,                                                                                             \
       .unit = "milliseconds",                                                                                         \
       .zero_is_unknown = true,                                                                                        \
       .help = "round trip time from RTCP"},                                                                           \
      STREAM_COUNTER("packets_discarded", "packetsDiscarded", "packets", "discarded"),                                 \
      SUMMED("packets_retransmitted", "packetsRetransmitted", "packets", DERIVED_NOT, DERIVED_PACKETS_RETRANSMITTED,   \
             "retransmitted"),                                                                                         \
      STREAM_COUNTER("packets_repaired", "packetsRepaired", "packets", "repaired by a retransmission"),                \
      {.name = "rtx_packets_discarded",                                                                                \
       .place = IN_STATS,                                                                                              \
       .key = "rtxPacketsDiscarded",                                                                                   \
       .kind = KIND_COUNTER,                                                                                           \
       .unit = "packets",                                                                                              \
       .help = "RTX packets discarded"},                                                                               \
      STREAM_COUNTER("nack_count", "nackCount", "messages", "NACK messages"),                                          \
      STREAM_COUNTER("nack_packet_count", "nackPacketCount", "packets", "packets asked for by NACK"),                  \
      SUMMED("pli_count", "pliCount", "messages", DERIVED_NOT, DERIVED_KEYFRAME_REQUESTS,                              \
             "key frames asked for by PLI"),                                                                           \
      SUMMED("fir_count", "firCount", "messages", DERIVED_NOT, DERIVED_KEYFRAME_REQUESTS,                              \
             "key frames asked for by FIR"),                                                                           \
      STREAM_GAUGE("score", "score", "0..10", "mediasoup's quality score; 0 also when paused or inactive")

static const field_t producer_fields[] = {STREAM_FIELDS(DERIVED_RTP_BYTES_RECEIVED, DERIVED_RTP_PACKETS_RECEIVED)};
static const field_t consumer_fields[] = {STREAM_FIELDS(DERIVED_RTP_BYTES_SENT, DERIVED_RTP_PACKETS_SENT)};

static const attribute_t producer_attributes[] = {
    {IN_ROW, "producerId"},     {IN_ROW, "transportId"},  {IN_ROW, "kind"},      {IN_ROW, "mimeType"},
    {IN_ROW, "clockRate"},      {IN_ROW, "producerType"}, {IN_ROW, "encodings"}, {IN_ROW, "paused"},
    {IN_STATS, "type"},         {IN_STATS, "ssrc"},       {IN_STATS, "rtxSsrc"}, {IN_STATS, "rid"},
    {IN_ROW, "rtpObserverIds"},
};

static const attribute_t consumer_attributes[] = {
    {IN_ROW, "consumerId"}, {IN_ROW, "producerId"},     {IN_ROW, "transportId"},  {IN_ROW, "kind"},
    {IN_ROW, "mimeType"},   {IN_ROW, "clockRate"},      {IN_ROW, "consumerType"}, {IN_ROW, "encodings"},
    {IN_ROW, "paused"},     {IN_ROW, "producerPaused"}, {IN_STATS, "type"},       {IN_STATS, "ssrc"},
    {IN_STATS, "rtxSsrc"},  {IN_STATS, "rid"},
};

static const field_t data_producer_fields[] = {
    COUNTER("messages_received", IN_STATS, "messagesReceived", "messages", "messages received"),
    COUNTER("bytes_received", IN_STATS, "bytesReceived", "bytes", "bytes received"),
};

static const attribute_t data_producer_attributes[] = {
    {IN_ROW, "dataProducerId"}, {IN_ROW, "transportId"}, {IN_ROW, "dataProducerType"},
    {IN_ROW, "label"},          {IN_ROW, "protocol"},    {IN_STATS, "type"},
};

static const field_t data_consumer_fields[] = {
    COUNTER("messages_sent", IN_STATS, "messagesSent", "messages", "messages sent"),
    COUNTER("bytes_sent", IN_STATS, "bytesSent", "bytes", "bytes sent"),
    GAUGE("buffered_amount", IN_STATS, "bufferedAmount", "bytes", "waiting to be sent"),
};

static const attribute_t data_consumer_attributes[] = {
    {IN_ROW, "dataConsumerId"}, {IN_ROW, "dataProducerId"}, {IN_ROW, "transportId"}, {IN_ROW, "dataConsumerType"},
    {IN_ROW, "label"},          {IN_ROW, "protocol"},       {IN_STATS, "type"},
};

static const field_t groups_fields[] = {
    DERIVED("groups", DERIVED_GROUPS, KIND_GAUGE, "groups", "groups with a series of their own, idle ones included"),
    DERIVED("groups_max", DERIVED_GROUPS_MAX, KIND_GAUGE, "groups", "MaxGroups"),
    DERIVED("groups_other", DERIVED_GROUPS_OTHER, KIND_GAUGE, "groups",
            "groups over MaxGroups, summed up in `__other__`"),
};

static const attribute_t groups_attributes[] = {{IN_ROW, "endpoint"}, {IN_ROW, "group"}};

#define GROUP_COUNTER(n, d, u, h) DERIVED(n, d, KIND_COUNTER, u, h)
#define GROUP_GAUGE(n, d, u, h) DERIVED(n, d, KIND_GAUGE, u, h)

/* Streams that are paused count in streams_paused, and in the counters with what they sent before. */
static const field_t group_streams_fields[] = {
    GROUP_COUNTER("bytes", DERIVED_BYTES, "bytes", "growth of byte_count, past streams included"),
    GROUP_COUNTER("packets", DERIVED_PACKETS, "packets", "growth of packet_count"),
    GROUP_COUNTER("packets_lost", DERIVED_PACKETS_LOST, "packets", "growth of packets_lost beyond its highest"),
    GROUP_COUNTER("packets_retransmitted", DERIVED_PACKETS_RETRANSMITTED, "packets", "growth of packets_retransmitted"),
    GROUP_COUNTER("keyframe_requests", DERIVED_KEYFRAME_REQUESTS, "messages", "growth of pli_count and fir_count"),
    GROUP_GAUGE("streams", DERIVED_STREAMS, "streams", "streams that are not paused"),
    GROUP_GAUGE("streams_paused", DERIVED_STREAMS_PAUSED, "streams", "streams that are paused, or whose producer is"),
    GROUP_GAUGE("streams_bad", DERIVED_STREAMS_BAD, "streams", "streams with a score of 5 or less"),
    GROUP_GAUGE("bitrate_bits_per_second", DERIVED_BITRATE, "bit/s", "sum over the streams"),
    GROUP_GAUGE("loss_ratio", DERIVED_LOSS_RATIO, "ratio", "of the packets since the previous snapshot"),
    GROUP_GAUGE("round_trip_time_seconds", DERIVED_ROUND_TRIP_TIME, "seconds", "mean of those known"),
    GROUP_GAUGE("jitter_seconds", DERIVED_JITTER, "seconds", "mean of those known"),
    GROUP_GAUGE("score_minimum", DERIVED_SCORE_MINIMUM, "0..10", "of the worst stream"),
    GROUP_GAUGE("score_mean", DERIVED_SCORE_MEAN, "0..10", "mean over the streams"),
};

static const attribute_t group_streams_attributes[] = {
    {IN_ROW, "endpoint"}, {IN_ROW, "group"}, {IN_ROW, "kind"}, {IN_ROW, "mimeType"}, {IN_ROW, "transportType"},
};

static const field_t group_transports_fields[] = {
    GROUP_COUNTER("bytes_received", DERIVED_BYTES_RECEIVED, "bytes", "growth of bytes_received, past ones included"),
    GROUP_COUNTER("bytes_sent", DERIVED_BYTES_SENT, "bytes", "growth of bytes_sent"),
    GROUP_GAUGE("transports", DERIVED_TRANSPORTS, "transports", "transports alive"),
    GROUP_GAUGE("transports_failed", DERIVED_TRANSPORTS_FAILED, "transports",
                "transports whose ICE is disconnected or whose DTLS failed"),
    GROUP_GAUGE("receive_bitrate_bits_per_second", DERIVED_RECEIVE_BITRATE, "bit/s", "sum over the transports"),
    GROUP_GAUGE("send_bitrate_bits_per_second", DERIVED_SEND_BITRATE, "bit/s", "sum over the transports"),
};

static const attribute_t group_transports_attributes[] = {
    {IN_ROW, "endpoint"},
    {IN_ROW, "group"},
    {IN_ROW, "transportType"},
};

static const field_t worst_fields[] = {
    GROUP_GAUGE("score", DERIVED_SCORE, "0..10", "mediasoup's quality score"),
    GROUP_GAUGE("loss_ratio", DERIVED_LOSS_RATIO, "ratio", "lost in the last report's interval"),
    GROUP_GAUGE("round_trip_time_seconds", DERIVED_ROUND_TRIP_TIME, "seconds", "round trip time from RTCP"),
    GROUP_GAUGE("jitter_seconds", DERIVED_JITTER, "seconds", "interarrival jitter"),
    GROUP_GAUGE("bitrate_bits_per_second", DERIVED_BITRATE, "bit/s", "RTP bitrate"),
};

/* Besides the metadata of the stream of this rank. */
static const attribute_t worst_attributes[] = {{IN_ROW, "endpoint"}, {IN_ROW, "rank"}};

/* collectd's counters are whole numbers: a sum is a gauge. write_prometheus leaves the name `value` away. */
static const field_t distribution_fields[] = {
    GROUP_GAUGE("sum", DERIVED_SUM, "the distribution's", "sum of all readings; only grows"),
    GROUP_COUNTER("count", DERIVED_COUNT, "readings", "one of each stream in each snapshot"),
};
static const attribute_t distribution_attributes[] = {{IN_ROW, "endpoint"}, {IN_ROW, "of"}, {IN_ROW, "kind"}};

static const field_t bucket_fields[] = {
    GROUP_COUNTER("value", DERIVED_BUCKET, "readings", "readings up to the bound `le`"),
};
static const attribute_t bucket_attributes[] = {
    {IN_ROW, "endpoint"},
    {IN_ROW, "of"},
    {IN_ROW, "kind"},
    {IN_ROW, "le"},
};

#define TABLES(prefix)                                                                                                 \
  .fields = prefix##_fields, .fields_length = LENGTH(prefix##_fields), .attributes = prefix##_attributes,              \
  .attributes_length = LENGTH(prefix##_attributes)

/* Summaries have neither ids nor parents. */
#define DISTRIBUTION(id, n, h)                                                                                         \
  [id] = {.name = "stream_" n, .help = "the streams' " h ": sum and count", TABLES(distribution)},                     \
  [id + 1] = {.name = "stream_" n "_bucket", .help = "the streams' " h ": how many are up to a bound", TABLES(bucket)}

/* A class without a parent is its own. */
const class_t classes[CLASS_COUNT] = {
    [CLASS_ENDPOINT] = {.name = "endpoint",
                        .parent = CLASS_ENDPOINT,
                        .type_instance = "",
                        .help = "the endpoint itself and totals of its process",
                        TABLES(endpoint)},
    [CLASS_USAGE] = {.name = "usage",
                     .id = "pid",
                     .parent = CLASS_USAGE,
                     .type_instance = "type=%{type},pid=%{pid},ppid=%{ppid}",
                     .help = "a process: the application's or a worker's",
                     TABLES(usage)},
    [CLASS_WORKERS] = {.name = "workers",
                       .id = "worker",
                       .parent = CLASS_WORKERS,
                       .type_instance = "worker=%{id}",
                       .help = "a mediasoup worker, by its slot",
                       TABLES(worker)},
    [CLASS_ROUTERS] = {.name = "routers",
                       .id = "routerId",
                       .parent = CLASS_WORKERS,
                       .parent_id = "worker",
                       .type_instance = "id=%{id}",
                       .help = "a router",
                       TABLES(router)},
    [CLASS_TRANSPORTS] = {.name = "transports",
                          .id = "transportId",
                          .parent = CLASS_ROUTERS,
                          .parent_id = "routerId",
                          .type_instance = "transportType=%{transportType},id=%{id}",
                          .help = "a transport of any kind",
                          TABLES(transport)},
    [CLASS_PRODUCERS] = {.name = "producers",
                         .id = "producerId",
                         .parent = CLASS_TRANSPORTS,
                         .parent_id = "transportId",
                         .keeps_id_when_piped = true,
                         .type_instance = "kind=%{kind},mimeType=%{mimeType},id=%{id}",
                         .help = "an RTP stream that a producer receives",
                         TABLES(producer)},
    [CLASS_CONSUMERS] = {.name = "consumers",
                         .id = "consumerId",
                         .parent = CLASS_TRANSPORTS,
                         .parent_id = "transportId",
                         .type_instance = "kind=%{kind},mimeType=%{mimeType},id=%{id}",
                         .help = "an RTP stream that a consumer sends",
                         TABLES(consumer)},
    [CLASS_DATA_PRODUCERS] = {.name = "data_producers",
                              .id = "dataProducerId",
                              .parent = CLASS_TRANSPORTS,
                              .parent_id = "transportId",
                              .keeps_id_when_piped = true,
                              .type_instance = "id=%{id}",
                              .help = "a data producer",
                              TABLES(data_producer)},
    [CLASS_DATA_CONSUMERS] = {.name = "data_consumers",
                              .id = "dataConsumerId",
                              .parent = CLASS_TRANSPORTS,
                              .parent_id = "transportId",
                              .type_instance = "id=%{id}",
                              .help = "a data consumer",
                              TABLES(data_consumer)},
    [CLASS_GROUPS] = {.name = "groups", .help = "a Group block: how many groups it has", TABLES(groups)},
    [CLASS_GROUP_PRODUCERS] = {.name = "group_producers",
                               .help = "a group's streams that producers receive",
                               TABLES(group_streams)},
    [CLASS_GROUP_CONSUMERS] = {.name = "group_consumers",
                               .help = "a group's streams that consumers send",
                               TABLES(group_streams)},
    [CLASS_GROUP_TRANSPORTS] = {.name = "group_transports", .help = "a group's transports", TABLES(group_transports)},
    [CLASS_WORST_PRODUCERS] = {.name = "worst_producers",
                               .help = "one of the worst streams that producers receive, by rank",
                               TABLES(worst)},
    [CLASS_WORST_CONSUMERS] = {.name = "worst_consumers",
                               .help = "one of the worst streams that consumers send, by rank",
                               TABLES(worst)},
    DISTRIBUTION(CLASS_SCORE, "score", "scores"),
    DISTRIBUTION(CLASS_LOSS_RATIO, "loss_ratio", "ratios of packets lost"),
    DISTRIBUTION(CLASS_ROUND_TRIP_TIME, "round_trip_time_seconds", "round trip times, in seconds"),
    DISTRIBUTION(CLASS_JITTER, "jitter_seconds", "jitter, in seconds"),
};

const class_t *class_by_name(const char *name, size_t length) {
  for (size_t i = 0; i < CLASS_COUNT; i++)
    if (strlen(classes[i].name) == length && memcmp(classes[i].name, name, length) == 0)
      return &classes[i];
  return NULL;
}

class_id_t class_id(const class_t *class) { return (class_id_t)(class - classes); }

bool class_is_made_by_application(const class_t *class) {
  return class_id(class) >= CLASS_ROUTERS && !class_is_summary(class);
}

bool class_is_summary(const class_t *class) { return class_id(class) >= CLASS_ROWS_COUNT; }

bool field_is_summed(const field_t *field) { return field->sum != DERIVED_NOT || field->group_sum != DERIVED_NOT; }

int class_field(const class_t *class, const char *name) {
  for (size_t i = 0; i < class->fields_length; i++)
    if (strcmp(class->fields[i].name, name) == 0)
      return (int)i;
  return -1;
}

bool class_has_slot(const class_t *class) {
  return class_id(class) == CLASS_WORKERS || class_id(class) == CLASS_ROUTERS;
}

int class_derived_field(const class_t *class, derived_t derived) {
  for (size_t i = 0; i < class->fields_length; i++)
    if (class->fields[i].derived == derived && derived != DERIVED_NOT)
      return (int)i;
  return -1;
}
