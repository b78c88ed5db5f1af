/* SPDX-License-Identifier: MIT */
#include "fields.h"

#include "limits.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A number out of its range is a mistake of the application's or of mediasoup's: one of them would spoil every mean and
 * sum that it enters. No RTP packet lives for a minute, and no RTP clock is faster than 90 kHz. */
enum { SCORE_MOST = 10, FRACTION_LOST_MOST = 255, ROUND_TRIP_TIME_MOST = 60 * 1000, JITTER_MOST = 60 * 90000 };
/* Nobody waits for a day, and no process makes more transports: a thousand a second for seven weeks. */
enum { CONNECT_TIME_MOST = 24 * 3600 * 1000 };
#define TRANSPORTS_MOST 4294967295.0
/* An endpoint has no more streams. */
#define STREAMS_MOST ((double)SNAPSHOT_MAX_OBJECTS * (double)SOURCES_MAX)
#define INT32_LEAST (-2147483648.0)
#define INT32_MOST 2147483647.0
static const double int32_span = 4294967296.0;
/* A counter is an int64. */
static const double counter_most = 9.2e18;

/* A number that is passed on unchanged: data source, place, member, unit, help. */
#define COUNTER(n, p, k, u, h) {.name = (n), .place = (p), .key = (k), .kind = KIND_COUNTER, .unit = (u), .help = (h)}
#define GAUGE(n, p, k, u, h) {.name = (n), .place = (p), .key = (k), .kind = KIND_GAUGE, .unit = (u), .help = (h)}
/* A counter whose growth adds to sums: those on the rows of its router and worker, and those of its group. */
#define SUMMED(n, k, u, s, g, gr, h)                                                                                   \
  {.name = (n),                                                                                                        \
   .place = IN_STATS,                                                                                                  \
   .key = (k),                                                                                                         \
   .kind = KIND_COUNTER,                                                                                               \
   .unit = (u),                                                                                                        \
   .sum = (s),                                                                                                         \
   .group_sum = (g),                                                                                                   \
   .growth = (gr),                                                                                                     \
   .help = (h)}
/* A number of the statistics with a greatest value. */
#define BOUNDED(n, k, u, m, h)                                                                                         \
  {.name = (n), .place = IN_STATS, .key = (k), .kind = KIND_GAUGE, .unit = (u), .most = (m), .help = (h)}
/* A whole number of things, which has few digits. */
#define DERIVED_COUNT_OF(n, d, m, u, h)                                                                                \
  {.name = (n), .kind = KIND_GAUGE, .derived = (d), .unit = (u), .is_count = true, .most = (m), .help = (h)}
#define DERIVED(n, d, t, u, h) {.name = (n), .kind = (t), .derived = (d), .unit = (u), .help = (h)}

/* What an object is: place, member. */
#define TEXT(p, k) {.place = (p), .key = (k), .type = ATTRIBUTE_TEXT}
#define NUMBER(p, k) {.place = (p), .key = (k), .type = ATTRIBUTE_NUMBER}
#define BOOLEAN(p, k) {.place = (p), .key = (k), .type = ATTRIBUTE_BOOLEAN}
#define JSON(p, k) {.place = (p), .key = (k), .type = ATTRIBUTE_JSON}
/* A text that <Group> blocks may name in By. */
#define GROUP_KEY(p, k) {.place = (p), .key = (k), .type = ATTRIBUTE_TEXT, .can_group = true}
/* What the plugin decides: member, type, which. */
#define DECIDED(k, t, d) {.key = (k), .type = (t), .decided = (d)}
/* Of every stream. */
#define VERDICT                                                                                                        \
  DECIDED("state", ATTRIBUTE_TEXT, DECIDED_STATE), DECIDED("bad", ATTRIBUTE_BOOLEAN, DECIDED_BAD),                     \
      DECIDED("piped", ATTRIBUTE_BOOLEAN, DECIDED_PIPED), DECIDED("cause", ATTRIBUTE_TEXT, DECIDED_CAUSE),             \
      DECIDED("badSince", ATTRIBUTE_NUMBER, DECIDED_BAD_SINCE)
/* A text that a summary's identifier holds. */
#define LABEL(k) TEXT(IN_ROW, k)

/* Objects below this one, as PROTOCOL.md counts them. */
#define CHILD_COUNTS                                                                                                   \
  GAUGE("transports", IN_ROW, "transports", "objects", "transports alive"),                                            \
      GAUGE("producers", IN_ROW, "producers", "objects", "producers alive"),                                           \
      GAUGE("consumers", IN_ROW, "consumers", "objects", "consumers alive"),                                           \
      GAUGE("data_producers", IN_ROW, "dataProducers", "objects", "data producers alive"),                             \
      GAUGE("data_consumers", IN_ROW, "dataConsumers", "objects", "data consumers alive")

/* Sums over the streams below this one. They add up what the streams grew by since collectd started, so they do not
 * fall when a stream ends. */
#define STREAM_SUMS                                                                                                    \
  DERIVED("rtp_bytes_received", DERIVED_RTP_BYTES_RECEIVED, KIND_COUNTER, "bytes",                                     \
          "sum of byte_count over producers, past ones included"),                                                     \
      DERIVED("rtp_packets_received", DERIVED_RTP_PACKETS_RECEIVED, KIND_COUNTER, "packets",                           \
              "sum of packet_count over producers, past ones included"),                                               \
      DERIVED("rtp_bytes_sent", DERIVED_RTP_BYTES_SENT, KIND_COUNTER, "bytes",                                         \
              "sum of byte_count over consumers, past ones included"),                                                 \
      DERIVED("rtp_packets_sent", DERIVED_RTP_PACKETS_SENT, KIND_COUNTER, "packets",                                   \
              "sum of packet_count over consumers, past ones included")

/* How a WebRTC transport went, since the endpoint began. It counts at most once in `connected`, and at most once in one
 * of the others. */
#define TRANSPORT_OUTCOME(n, k, h)                                                                                     \
  {.name = "webrtc_transports_" n,                                                                                     \
   .place = IN_ROW,                                                                                                    \
   .key = (k),                                                                                                         \
   .kind = KIND_COUNTER,                                                                                               \
   .unit = "transports",                                                                                               \
   .most = TRANSPORTS_MOST,                                                                                            \
   .help = (h)}

static const field_t endpoint_fields[] = {
    DERIVED("up", DERIVED_UP, KIND_GAUGE, "0 or 1", "whether the last snapshot was read whole"),
    DERIVED("snapshot_seconds", DERIVED_SNAPSHOT_SECONDS, KIND_GAUGE, "seconds",
            "from the request to the end of the answer"),
    DERIVED("rows", DERIVED_ROWS, KIND_GAUGE, "rows", "rows in the snapshot"),
    DERIVED(
        "unanswered", DERIVED_UNANSWERED, KIND_GAUGE, "requests",
        "requests that workers did not answer before their deadline, or that were not sent as the worker was too slow"),
    DERIVED("objects_skipped", DERIVED_OBJECTS_SKIPPED, KIND_GAUGE, "objects",
            "rows over MaxObjects, where that is above 0: in the sums, but without a value list of their own"),
    GAUGE("processes", IN_ROW, "processes", "objects", "the application's process and its workers'"),
    GAUGE("workers", IN_ROW, "workers", "objects", "workers alive"),
    GAUGE("workers_active", IN_ROW, "workersActive", "objects", "workers with a router"),
    GAUGE("workers_idle", IN_ROW, "workersIdle", "objects", "workers without a router"),
    GAUGE("routers", IN_ROW, "routers", "objects", "routers alive"),
    CHILD_COUNTS,
    GAUGE("webrtc_servers", IN_ROW, "webRtcServers", "objects", "WebRtcServers alive"),
    DERIVED("restarts", DERIVED_RESTARTS, KIND_COUNTER, "restarts",
            "restarts of the application, seen since collectd started"),
    COUNTER("worker_deaths", IN_ROW, "workerDeaths", "workers", "workers that ended without being closed"),
    COUNTER("webrtc_transports_created", IN_ROW, "webRtcTransportsCreated", "transports", "WebRTC transports created"),
    TRANSPORT_OUTCOME("connected", "webRtcTransportsConnected", "WebRTC transports that connected, each once"),
    TRANSPORT_OUTCOME("left", "webRtcTransportsLeft", "WebRTC transports that were closed while connected"),
    TRANSPORT_OUTCOME("lost", "webRtcTransportsLost",
                      "WebRTC transports that were disconnected and did not come back within 30 seconds"),
    TRANSPORT_OUTCOME("dtls_failed", "webRtcTransportsDtlsFailed", "WebRTC transports whose DTLS failed at first"),
    TRANSPORT_OUTCOME("never_connected", "webRtcTransportsNeverConnected",
                      "WebRTC transports that were asked to connect, and were closed without having done so"),
};

/* What reading it met with. */
#define REPORT_ATTRIBUTES                                                                                              \
  DECIDED(REPORT_SINCE, ATTRIBUTE_NUMBER, DECIDED_REPORT), DECIDED(REPORT_FAILURE, ATTRIBUTE_TEXT, DECIDED_REPORT),    \
      DECIDED(REPORT_REMEDY, ATTRIBUTE_TEXT, DECIDED_REPORT),                                                          \
      DECIDED(REPORT_LAST_READING, ATTRIBUTE_NUMBER, DECIDED_REPORT),                                                  \
      DECIDED(REPORT_APP_DATA_KEYS, ATTRIBUTE_JSON, DECIDED_REPORT),                                                   \
      DECIDED(REPORT_ROOM_NAMES, ATTRIBUTE_TEXT, DECIDED_REPORT),                                                      \
      DECIDED(REPORT_ROOM_REMEDY, ATTRIBUTE_TEXT, DECIDED_REPORT)

static const attribute_t endpoint_attributes[] = {
    TEXT(IN_ROW, "implementation"), TEXT(IN_ROW, "version"), TEXT(IN_ROW, "mediasoup"),  TEXT(IN_ROW, "runtime"),
    NUMBER(IN_ROW, "pid"),          TEXT(IN_ROW, "lane"),    TEXT(IN_ROW, "laneReason"), REPORT_ATTRIBUTES,
};

#define LOOP_DELAY(n, k, h)                                                                                            \
  GAUGE("event_loop_delay_" n, IN_ROW, "eventLoopDelay" k, "milliseconds",                                             \
        "how late the application's event loop was: " h)

static const field_t usage_fields[] = {
    GAUGE("cpu", IN_ROW, "cpu", "percent of a core", "CPU time since the previous snapshot"),
    GAUGE("memory", IN_ROW, "memory", "bytes", "resident memory"),
    COUNTER("ctime", IN_ROW, "ctime", "milliseconds", "user and system CPU time"),
    COUNTER("elapsed", IN_ROW, "elapsed", "milliseconds", "time since the process began"),
    GAUGE("open_files", IN_ROW, "openFiles", "files", "files and sockets open"),
    GAUGE("open_files_max", IN_ROW, "openFilesMax", "files", "how many may be open: the soft limit"),
    LOOP_DELAY("mean", "Mean", "mean, since the endpoint's previous snapshot"),
    LOOP_DELAY("p99", "P99", "99th percentile, since the endpoint's previous snapshot"),
    LOOP_DELAY("max", "Max", "the longest, since the endpoint's previous snapshot"),
    GAUGE("heap_used", IN_ROW, "heapUsed", "bytes", "JavaScript heap in use; the application's process only"),
    GAUGE("heap_size", IN_ROW, "heapSize", "bytes", "JavaScript heap; the application's process only"),
    GAUGE("external_memory", IN_ROW, "externalMemory", "bytes",
          "buffers outside of the JavaScript heap; the application's process only"),
};

static const attribute_t usage_attributes[] = {
    TEXT(IN_ROW, "type"),
    NUMBER(IN_ROW, "worker"),
    NUMBER(IN_ROW, "pid"),
    NUMBER(IN_ROW, "ppid"),
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
    NUMBER(IN_ROW, "worker"),
    NUMBER(IN_ROW, "pid"),
    NUMBER(IN_ROW, "webRtcServers"),
};

static const field_t router_fields[] = {
    CHILD_COUNTS,
    GAUGE("rtp_observers", IN_ROW, "rtpObservers", "objects", "RTP observers alive"),
    STREAM_SUMS,
};

static const attribute_t router_attributes[] = {
    TEXT(IN_ROW, "routerId"),
    NUMBER(IN_ROW, "worker"),
    JSON(IN_ROW, "rtpObserverIds"),
};

#define TRANSPORT_COUNTER(n, k, h) COUNTER(n, IN_STATS, k, "bytes", h)
#define TRANSPORT_BITRATE(n, k, h) GAUGE(n, IN_STATS, k, "bit/s", h)

#define CONNECT_TIME(h)                                                                                                \
  {.name = "connect_time",                                                                                             \
   .place = IN_ROW,                                                                                                    \
   .key = "connectTime",                                                                                               \
   .kind = KIND_GAUGE,                                                                                                 \
   .unit = "milliseconds",                                                                                             \
   .most = CONNECT_TIME_MOST,                                                                                          \
   .help = (h)}

static const field_t transport_fields[] = {
    SUMMED("bytes_received", "bytesReceived", "bytes", DERIVED_NOT, DERIVED_BYTES_RECEIVED, GROWTH_BYTES_RECEIVED,
           "all bytes received"),
    SUMMED("bytes_sent", "bytesSent", "bytes", DERIVED_NOT, DERIVED_BYTES_SENT, GROWTH_BYTES_SENT, "all bytes sent"),
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
    {.name = "available_incoming_bitrate",
     .place = IN_STATS,
     .key = "availableIncomingBitrate",
     .kind = KIND_GAUGE,
     .unit = "bit/s",
     .zero_is_unknown = true,
     .help = "estimated for receiving"},
    TRANSPORT_BITRATE("max_incoming_bitrate", "maxIncomingBitrate", "limit set by the application"),
    TRANSPORT_BITRATE("max_outgoing_bitrate", "maxOutgoingBitrate", "limit set by the application"),
    TRANSPORT_BITRATE("min_outgoing_bitrate", "minOutgoingBitrate", "floor set by the application"),
    {.name = "rtp_packet_loss_received",
     .place = IN_STATS,
     .key = "rtpPacketLossReceived",
     .kind = KIND_GAUGE,
     .unit = "ratio",
     .most = 1,
     .since = "3.14.1",
     .help = "packets lost on the uplink; only with transport-cc"},
    {.name = "rtp_packet_loss_sent",
     .place = IN_STATS,
     .key = "rtpPacketLossSent",
     .kind = KIND_GAUGE,
     .unit = "ratio",
     .most = 1,
     .since = "3.14.1",
     .help = "packets lost on the downlink; only with transport-cc"},
    CONNECT_TIME("from the first sign that it was asked to connect; of WebRTC transports that connected"),
};

static const attribute_t transport_attributes[] = {
    TEXT(IN_ROW, "transportId"),        TEXT(IN_ROW, "routerId"),
    GROUP_KEY(IN_ROW, "transportType"), TEXT(IN_STATS, "type"),
    TEXT(IN_STATS, "iceRole"),          TEXT(IN_STATS, "iceState"),
    JSON(IN_STATS, "iceSelectedTuple"), TEXT(IN_STATS, "dtlsState"),
    TEXT(IN_STATS, "sctpState"),        BOOLEAN(IN_STATS, "rtcpMux"),
    BOOLEAN(IN_STATS, "comedia"),       JSON(IN_STATS, "tuple"),
    JSON(IN_STATS, "rtcpTuple"),        TEXT(IN_ROW, "connection"),
    TEXT(IN_ROW, "protocol"),
};

#define STREAM_COUNTER(n, k, u, h) COUNTER(n, IN_STATS, k, u, h)
#define STREAM_GAUGE(n, k, u, h) GAUGE(n, IN_STATS, k, u, h)

/* One RTP stream: a producer's is inbound, a consumer's outbound. Both have the same fields and add to other sums. */
#define STREAM_FIELDS(bytes_sum, packets_sum)                                                                          \
  SUMMED("byte_count", "byteCount", "bytes", bytes_sum, DERIVED_BYTES, GROWTH_BYTES, "RTP bytes, headers included"),   \
      SUMMED("packet_count", "packetCount", "packets", packets_sum, DERIVED_PACKETS, GROWTH_PACKETS, "RTP packets"),   \
      STREAM_GAUGE("bitrate", "bitrate", "bit/s", "RTP bitrate"),                                                      \
      {.name = "packets_lost",                                                                                         \
       .place = IN_STATS,                                                                                              \
       .key = "packetsLost",                                                                                           \
       .kind = KIND_GAUGE,                                                                                             \
       .unit = "packets",                                                                                              \
       .is_int32 = true,                                                                                               \
       .least = INT32_LEAST,                                                                                           \
       .most = INT32_MOST,                                                                                             \
       .group_sum = DERIVED_PACKETS_LOST,                                                                              \
       .growth = GROWTH_PACKETS_LOST,                                                                                  \
       .help = "lost in all; recomputed, so it can fall"},                                                             \
      BOUNDED("fraction_lost", "fractionLost", "1/256", FRACTION_LOST_MOST, "lost in the last report's interval"),     \
      BOUNDED("jitter", "jitter", "RTP clock units", JITTER_MOST, "interarrival jitter; of consumers since 3.19.10"),  \
      {.name = "round_trip_time",                                                                                      \
       .place = IN_STATS,                                                                                              \
       .key = "roundTripTime",                                                                                         \
       .kind = KIND_GAUGE,                                                                                             \
       .unit = "milliseconds",                                                                                         \
       .zero_is_unknown = true,                                                                                        \
       .most = ROUND_TRIP_TIME_MOST,                                                                                   \
       .help = "round trip time from RTCP"},                                                                           \
      STREAM_COUNTER("packets_discarded", "packetsDiscarded", "packets", "discarded"),                                 \
      SUMMED("packets_retransmitted", "packetsRetransmitted", "packets", DERIVED_NOT, DERIVED_PACKETS_RETRANSMITTED,   \
             GROWTH_PACKETS_RETRANSMITTED, "retransmitted"),                                                           \
      STREAM_COUNTER("packets_repaired", "packetsRepaired", "packets", "repaired by a retransmission"),                \
      {.name = "rtx_packets_discarded",                                                                                \
       .place = IN_STATS,                                                                                              \
       .key = "rtxPacketsDiscarded",                                                                                   \
       .kind = KIND_COUNTER,                                                                                           \
       .unit = "packets",                                                                                              \
       .help = "RTX packets discarded"},                                                                               \
      STREAM_COUNTER("nack_count", "nackCount", "messages", "NACK messages"),                                          \
      STREAM_COUNTER("nack_packet_count", "nackPacketCount", "packets", "packets asked for by NACK"),                  \
      SUMMED("pli_count", "pliCount", "messages", DERIVED_NOT, DERIVED_KEYFRAME_REQUESTS, GROWTH_PLI,                  \
             "key frames asked for by PLI"),                                                                           \
      SUMMED("fir_count", "firCount", "messages", DERIVED_NOT, DERIVED_KEYFRAME_REQUESTS, GROWTH_FIR,                  \
             "key frames asked for by FIR"),                                                                           \
      BOUNDED("score", "score", "0..10", SCORE_MOST, "mediasoup's quality score; 0 also when paused or inactive"),     \
      DERIVED("mos", DERIVED_MOS, KIND_GAUGE, "1..4.5",                                                                \
              "estimated mean opinion score by the E-model (ITU-T G.107); of audio that flows")

static const field_t producer_fields[] = {
    STREAM_FIELDS(DERIVED_RTP_BYTES_RECEIVED, DERIVED_RTP_PACKETS_RECEIVED),
    DERIVED_COUNT_OF("consumers_affected", DERIVED_CONSUMERS_AFFECTED, STREAMS_MOST, "consumers",
                     "consumers of the producer that are not paused, while the stream has a cause; else 0"),
};
static const field_t consumer_fields[] = {STREAM_FIELDS(DERIVED_RTP_BYTES_SENT, DERIVED_RTP_PACKETS_SENT)};

static const attribute_t producer_attributes[] = {
    TEXT(IN_ROW, "producerId"),     TEXT(IN_ROW, "transportId"),
    GROUP_KEY(IN_ROW, "kind"),      GROUP_KEY(IN_ROW, "mimeType"),
    NUMBER(IN_ROW, "clockRate"),    TEXT(IN_ROW, "producerType"),
    NUMBER(IN_ROW, "encodings"),    BOOLEAN(IN_ROW, "paused"),
    TEXT(IN_STATS, "type"),         NUMBER(IN_STATS, "ssrc"),
    NUMBER(IN_STATS, "rtxSsrc"),    TEXT(IN_STATS, "rid"),
    JSON(IN_ROW, "rtpObserverIds"), VERDICT,
};

static const attribute_t consumer_attributes[] = {
    TEXT(IN_ROW, "consumerId"),
    TEXT(IN_ROW, "producerId"),
    TEXT(IN_ROW, "transportId"),
    GROUP_KEY(IN_ROW, "kind"),
    GROUP_KEY(IN_ROW, "mimeType"),
    NUMBER(IN_ROW, "clockRate"),
    TEXT(IN_ROW, "consumerType"),
    NUMBER(IN_ROW, "encodings"),
    BOOLEAN(IN_ROW, "paused"),
    BOOLEAN(IN_ROW, "producerPaused"),
    TEXT(IN_STATS, "type"),
    NUMBER(IN_STATS, "ssrc"),
    NUMBER(IN_STATS, "rtxSsrc"),
    TEXT(IN_STATS, "rid"),
    JSON(IN_ROW, "currentLayers"),
    JSON(IN_ROW, "preferredLayers"),
    VERDICT,
};

static const field_t data_producer_fields[] = {
    COUNTER("messages_received", IN_STATS, "messagesReceived", "messages", "messages received"),
    COUNTER("bytes_received", IN_STATS, "bytesReceived", "bytes", "bytes received"),
};

static const attribute_t data_producer_attributes[] = {
    TEXT(IN_ROW, "dataProducerId"), TEXT(IN_ROW, "transportId"), TEXT(IN_ROW, "dataProducerType"),
    TEXT(IN_ROW, "label"),          TEXT(IN_ROW, "protocol"),    BOOLEAN(IN_ROW, "paused"),
    TEXT(IN_STATS, "type"),
};

static const field_t data_consumer_fields[] = {
    COUNTER("messages_sent", IN_STATS, "messagesSent", "messages", "messages sent"),
    COUNTER("bytes_sent", IN_STATS, "bytesSent", "bytes", "bytes sent"),
    GAUGE("buffered_amount", IN_STATS, "bufferedAmount", "bytes", "waiting to be sent"),
};

static const attribute_t data_consumer_attributes[] = {
    TEXT(IN_ROW, "dataConsumerId"), TEXT(IN_ROW, "dataProducerId"),
    TEXT(IN_ROW, "transportId"),    TEXT(IN_ROW, "dataConsumerType"),
    TEXT(IN_ROW, "label"),          TEXT(IN_ROW, "protocol"),
    BOOLEAN(IN_ROW, "paused"),      BOOLEAN(IN_ROW, "dataProducerPaused"),
    TEXT(IN_STATS, "type"),
};

/* What happened to a WebRTC transport, once: it connected, or ended in one of four ways. Its appData is the transport's
 * with what it inherits, so it needs no parent. */
static const field_t connections_fields[] = {
    CONNECT_TIME("from the first sign that it was asked to connect; of the event connected"),
};

static const attribute_t connections_attributes[] = {
    TEXT(IN_ROW, "event"),    TEXT(IN_ROW, "transportId"),        TEXT(IN_ROW, "routerId"),
    NUMBER(IN_ROW, "worker"), GROUP_KEY(IN_ROW, "transportType"), TEXT(IN_ROW, "protocol"),
};

static const field_t groups_fields[] = {
    DERIVED("groups", DERIVED_GROUPS, KIND_GAUGE, "groups", "groups with a series of their own, idle ones included"),
    DERIVED("groups_max", DERIVED_GROUPS_MAX, KIND_GAUGE, "groups", "MaxGroups"),
    DERIVED("groups_other", DERIVED_GROUPS_OTHER, KIND_GAUGE, "groups",
            "groups over MaxGroups, summed up in `__other__`"),
};

static const attribute_t groups_attributes[] = {
    LABEL("endpoint"),
    LABEL("group"),
};

#define GROUP_COUNTER(n, d, u, h) DERIVED(n, d, KIND_COUNTER, u, h)
#define GROUP_GAUGE(n, d, u, h) DERIVED(n, d, KIND_GAUGE, u, h)
#define GROUP_STREAMS(n, d, h) DERIVED_COUNT_OF(n, d, STREAMS_MOST, "streams", h)

/* Each stream counts in one of the gauges streams, streams_paused, ..., streams_silent, by its state (state.h). The
 * figures after them are those of the streams that flow. What any stream sent stays in the counters. */
#define GROUP_STREAMS_FIELDS                                                                                           \
  GROUP_COUNTER("bytes", DERIVED_BYTES, "bytes", "growth of byte_count, past streams included"),                       \
      GROUP_COUNTER("packets", DERIVED_PACKETS, "packets", "growth of packet_count"),                                  \
      GROUP_COUNTER("packets_lost", DERIVED_PACKETS_LOST, "packets", "growth of packets_lost beyond its highest"),     \
      GROUP_COUNTER("packets_retransmitted", DERIVED_PACKETS_RETRANSMITTED, "packets",                                 \
                    "growth of packets_retransmitted"),                                                                \
      GROUP_COUNTER("keyframe_requests", DERIVED_KEYFRAME_REQUESTS, "messages", "growth of pli_count and fir_count"),  \
      GROUP_STREAMS("streams", DERIVED_STREAMS, "streams that flow; the figures below are theirs"),                    \
      GROUP_STREAMS("streams_paused", DERIVED_STREAMS_PAUSED, "streams that are paused, or whose producer is"),        \
      GROUP_STREAMS("streams_waiting", DERIVED_STREAMS_WAITING,                                                        \
                    "streams whose transport is not connected, or that are new and have sent nothing"),                \
      GROUP_STREAMS("streams_inactive", DERIVED_STREAMS_INACTIVE,                                                      \
                    "layers that the sender has stopped, and consumers whose producer sends nothing"),                 \
      GROUP_STREAMS("streams_silent", DERIVED_STREAMS_SILENT, STREAMS_SILENT_HELP),                                    \
      GROUP_STREAMS("streams_bad", DERIVED_STREAMS_BAD, STREAMS_BAD_HELP),                                             \
      GROUP_GAUGE("bitrate_bits_per_second", DERIVED_BITRATE, "bit/s", "sum over the streams"),                        \
      GROUP_GAUGE("loss_ratio", DERIVED_LOSS_RATIO, "ratio", "of the packets since the previous snapshot"),            \
      GROUP_GAUGE("round_trip_time_seconds", DERIVED_ROUND_TRIP_TIME, "seconds", "mean of those known"),               \
      GROUP_GAUGE("jitter_seconds", DERIVED_JITTER, "seconds", "mean of those known"),                                 \
      GROUP_GAUGE("score_minimum", DERIVED_SCORE_MINIMUM, "0..10", "of the worst stream"),                             \
      GROUP_GAUGE("score_mean", DERIVED_SCORE_MEAN, "0..10", "mean over the streams")

/* Of the group's streams, whatever their state. What is looked up for each stream stands before what is not. */
#define GROUP_CAUSES_FIELDS                                                                                            \
  GROUP_STREAMS("streams_cause_sender", DERIVED_STREAMS_CAUSE_SENDER,                                                  \
                "streams in trouble because of the sender or the uplink"),                                             \
      GROUP_STREAMS("streams_cause_receiver", DERIVED_STREAMS_CAUSE_RECEIVER,                                          \
                    "streams in trouble because of the receiver or the downlink"),                                     \
      GROUP_STREAMS("streams_cause_bandwidth", DERIVED_STREAMS_CAUSE_BANDWIDTH,                                        \
                    "streams in trouble because there is no bandwidth for their layer"),                               \
      GROUP_STREAMS("streams_cause_worker", DERIVED_STREAMS_CAUSE_WORKER,                                              \
                    "streams in trouble because of their worker"),                                                     \
      GROUP_STREAMS("streams_cause_transport", DERIVED_STREAMS_CAUSE_TRANSPORT,                                        \
                    "streams in trouble because their transport is disconnected or cannot connect"),                   \
      GROUP_STREAMS("streams_cause_unknown", DERIVED_STREAMS_CAUSE_UNKNOWN,                                            \
                    "streams in trouble of which no rule says why"),                                                   \
      GROUP_GAUGE("mos_mean", DERIVED_MOS_MEAN, "1..4.5", "mean over the streams of which it is known")

static const field_t group_producers_fields[] = {GROUP_STREAMS_FIELDS, GROUP_CAUSES_FIELDS};
static const field_t group_consumers_fields[] = {
    GROUP_STREAMS_FIELDS,
    GROUP_STREAMS("streams_below_preferred", DERIVED_STREAMS_BELOW_PREFERRED,
                  "streams that flow in a lower layer than they prefer; unknown where no layers are known"),
    GROUP_CAUSES_FIELDS,
};

#define GROUP_STREAMS_ATTRIBUTES                                                                                       \
  LABEL("endpoint"), LABEL("group"), LABEL("kind"), LABEL("mimeType"), LABEL("transportType")
static const attribute_t group_producers_attributes[] = {GROUP_STREAMS_ATTRIBUTES};
static const attribute_t group_consumers_attributes[] = {GROUP_STREAMS_ATTRIBUTES};

/* What happened to the group's WebRTC transports counts since collectd reads the endpoint, each transport at most once
 * in `connected` and once in one of the four ends. The gauges of WebRTC transports are unknown where the endpoint does
 * not say how one of them is connected. */
static const field_t group_transports_fields[] = {
    GROUP_COUNTER("bytes_received", DERIVED_BYTES_RECEIVED, "bytes", "growth of bytes_received, past ones included"),
    GROUP_COUNTER("bytes_sent", DERIVED_BYTES_SENT, "bytes", "growth of bytes_sent"),
    GROUP_COUNTER("connected", DERIVED_CONNECTED, "transports", "WebRTC transports that connected"),
    GROUP_COUNTER("left", DERIVED_LEFT, "transports", "WebRTC transports that were closed while connected"),
    GROUP_COUNTER("lost", DERIVED_LOST, "transports",
                  "WebRTC transports that were disconnected and did not come back within 30 seconds"),
    GROUP_COUNTER("dtls_failed", DERIVED_DTLS_FAILED, "transports", "WebRTC transports whose DTLS failed at first"),
    GROUP_COUNTER("never_connected", DERIVED_NEVER_CONNECTED, "transports",
                  "WebRTC transports that were asked to connect, and were closed without having done so"),
    GROUP_GAUGE("transports", DERIVED_TRANSPORTS, "transports", "transports alive"),
    GROUP_GAUGE("transports_unused", DERIVED_TRANSPORTS_UNUSED, "transports",
                "WebRTC transports that nobody has asked to connect"),
    GROUP_GAUGE("transports_connecting", DERIVED_TRANSPORTS_CONNECTING, "transports",
                "WebRTC transports that were asked to connect less than 30 seconds ago, and are not connected"),
    GROUP_GAUGE("transports_stuck", DERIVED_TRANSPORTS_STUCK, "transports", "the same for 30 seconds or longer"),
    GROUP_GAUGE("transports_connected", DERIVED_TRANSPORTS_CONNECTED, "transports",
                "WebRTC transports that are connected"),
    GROUP_GAUGE("transports_disconnected", DERIVED_TRANSPORTS_DISCONNECTED, "transports",
                "WebRTC transports that were connected and whose ICE is disconnected"),
    GROUP_GAUGE("transports_udp", DERIVED_TRANSPORTS_UDP, "transports", "those of transports_connected that use UDP"),
    GROUP_GAUGE("transports_tcp", DERIVED_TRANSPORTS_TCP, "transports", "those of transports_connected that use TCP"),
    GROUP_GAUGE("receive_bitrate_bits_per_second", DERIVED_RECEIVE_BITRATE, "bit/s", "sum over the transports"),
    GROUP_GAUGE("send_bitrate_bits_per_second", DERIVED_SEND_BITRATE, "bit/s", "sum over the transports"),
};

static const attribute_t group_transports_attributes[] = {
    LABEL("endpoint"),
    LABEL("group"),
    LABEL("transportType"),
};

static const field_t worst_fields[] = {
    GROUP_GAUGE("score", DERIVED_SCORE, "0..10", "mediasoup's quality score"),
    GROUP_GAUGE("loss_ratio", DERIVED_LOSS_RATIO, "ratio", "lost in the last report's interval"),
    GROUP_GAUGE("round_trip_time_seconds", DERIVED_ROUND_TRIP_TIME, "seconds", "round trip time from RTCP"),
    GROUP_GAUGE("jitter_seconds", DERIVED_JITTER, "seconds", "interarrival jitter"),
    GROUP_GAUGE("bitrate_bits_per_second", DERIVED_BITRATE, "bit/s", "RTP bitrate"),
};

/* A row of these also carries the metadata of the stream that holds the rank. */
static const attribute_t worst_attributes[] = {
    LABEL("endpoint"),
    NUMBER(IN_ROW, "rank"),
};

/* collectd's counters are whole numbers, so a sum is a gauge. write_prometheus leaves the name `value` out. */
static const field_t distribution_fields[] = {
    GROUP_GAUGE("sum", DERIVED_SUM, "the distribution's", "sum of all readings; only grows"),
    GROUP_COUNTER("count", DERIVED_COUNT, "readings", "one of each stream in each snapshot"),
};
static const attribute_t distribution_attributes[] = {
    LABEL("endpoint"),
    LABEL("of"),
    LABEL("kind"),
};

static const field_t bucket_fields[] = {
    GROUP_COUNTER("value", DERIVED_BUCKET, "readings", "readings up to the bound `le`"),
};
static const attribute_t bucket_attributes[] = {
    LABEL("endpoint"),
    LABEL("of"),
    LABEL("kind"),
    LABEL("le"),
};

/* The seconds that WebRTC transports took to connect. */
static const field_t connect_time_fields[] = {
    GROUP_GAUGE("sum", DERIVED_SUM, "seconds", "sum of all readings; only grows"),
    GROUP_COUNTER("count", DERIVED_COUNT, "readings", "one of each WebRTC transport, when it connects"),
};
static const attribute_t connect_time_attributes[] = {
    LABEL("endpoint"),
    LABEL("protocol"),
};

static const field_t connect_time_bucket_fields[] = {
    GROUP_COUNTER("value", DERIVED_BUCKET, "readings", "readings up to the bound `le`"),
};
static const attribute_t connect_time_bucket_attributes[] = {
    LABEL("endpoint"),
    LABEL("protocol"),
    LABEL("le"),
};

/* The length of a table, which is not to be longer than this. */
#define LENGTH_TO(table, most)                                                                                         \
  (LENGTH(table) + 0 * sizeof(struct {                                                                                 \
                     _Static_assert(LENGTH(table) <= (most), "a table of limits.h's bound");                           \
                     char unused;                                                                                      \
                   }))
#define TABLES(prefix)                                                                                                 \
  .fields = prefix##_fields, .fields_length = LENGTH_TO(prefix##_fields, FIELDS_MAX),                                  \
  .attributes = prefix##_attributes, .attributes_length = LENGTH_TO(prefix##_attributes, ATTRIBUTES_MAX)

/* Summaries have neither ids nor parents. */
#define DISTRIBUTION(id, bucket_id, n, h, prefix, bucket_prefix)                                                       \
  [id] = {.name = n, .help = (h), .holds = "sum and count", .buckets = &classes[bucket_id], TABLES(prefix)},           \
  [bucket_id] = {.name = n "_bucket",                                                                                  \
                 .help = (h),                                                                                          \
                 .holds = "readings up to each bound",                                                                 \
                 .histogram = &classes[id],                                                                            \
                 TABLES(bucket_prefix)}
#define STREAM_DISTRIBUTION(id, bucket_id, n, h) DISTRIBUTION(id, bucket_id, "stream_" n, h, distribution, bucket)

/* A class without a parent names itself as its parent. */
const class_t classes[CLASSES_LENGTH] = {
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
                          .group = &classes[CLASS_GROUP_TRANSPORTS],
                          TABLES(transport)},
    [CLASS_PRODUCERS] = {.name = "producers",
                         .id = "producerId",
                         .parent = CLASS_TRANSPORTS,
                         .parent_id = "transportId",
                         .keeps_id_when_piped = true,
                         .type_instance = "kind=%{kind},mimeType=%{mimeType},id=%{id}",
                         .help = "an RTP stream that a producer receives",
                         .group = &classes[CLASS_GROUP_PRODUCERS],
                         TABLES(producer)},
    [CLASS_CONSUMERS] = {.name = "consumers",
                         .id = "consumerId",
                         .parent = CLASS_TRANSPORTS,
                         .parent_id = "transportId",
                         .type_instance = "kind=%{kind},mimeType=%{mimeType},id=%{id}",
                         .help = "an RTP stream that a consumer sends",
                         .group = &classes[CLASS_GROUP_CONSUMERS],
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
                               TABLES(group_producers)},
    [CLASS_GROUP_CONSUMERS] = {.name = "group_consumers",
                               .help = "a group's streams that consumers send",
                               TABLES(group_consumers)},
    [CLASS_GROUP_TRANSPORTS] = {.name = "group_transports", .help = "a group's transports", TABLES(group_transports)},
    [CLASS_WORST_PRODUCERS] = {.name = "worst_producers",
                               .help = "one of the worst streams that producers receive, by rank",
                               TABLES(worst)},
    [CLASS_WORST_CONSUMERS] = {.name = "worst_consumers",
                               .help = "one of the worst streams that consumers send, by rank",
                               TABLES(worst)},
    STREAM_DISTRIBUTION(CLASS_SCORE, CLASS_SCORE_BUCKET, "score", "the streams' scores"),
    STREAM_DISTRIBUTION(CLASS_LOSS_RATIO, CLASS_LOSS_RATIO_BUCKET, "loss_ratio", "the streams' ratios of packets lost"),
    STREAM_DISTRIBUTION(CLASS_ROUND_TRIP_TIME, CLASS_ROUND_TRIP_TIME_BUCKET, "round_trip_time_seconds",
                        "the streams' round trip times, in seconds"),
    STREAM_DISTRIBUTION(CLASS_JITTER, CLASS_JITTER_BUCKET, "jitter_seconds", "the streams' jitter, in seconds"),
    DISTRIBUTION(CLASS_CONNECT_TIME, CLASS_CONNECT_TIME_BUCKET, "transport_connect_time_seconds",
                 "how long WebRTC transports took to connect, in seconds", connect_time, connect_time_bucket),
    [CLASS_CONNECTIONS] = {.name = "connections",
                           .id = "number",
                           .parent = CLASS_CONNECTIONS,
                           .help = "something that happened to the connection of a WebRTC transport",
                           .group = &classes[CLASS_GROUP_TRANSPORTS],
                           TABLES(connections)},
};

const class_t *class_by_name(const char *name, size_t length) {
  for (size_t i = 0; i < CLASS_COUNT; i++)
    if (strlen(classes[i].name) == length && memcmp(classes[i].name, name, length) == 0)
      return &classes[i];
  return NULL;
}

class_id_t class_id(const class_t *class) { return (class_id_t)(class - classes); }

bool class_is_made_by_application(const class_t *class) {
  return class_id(class) >= CLASS_ROUTERS && class_id(class) < CLASS_ROWS_COUNT;
}

bool class_is_summary(const class_t *class) {
  return class_id(class) >= CLASS_ROWS_COUNT && class_id(class) < CLASS_COUNT;
}

static const attribute_t *find_in_class(const class_t *class, const char *key) {
  for (const attribute_t *attribute = class->attributes; attribute < class->attributes + class->attributes_length;
       attribute++)
    if (attribute->key[0] == key[0] && strcmp(attribute->key, key) == 0) /* the first byte spares most calls */
      return attribute;
  return NULL;
}

const attribute_t *attribute_find(size_t classes_length, const char *key) {
  const attribute_t *found = NULL;
  for (size_t i = 0; i < classes_length && found == NULL; i++)
    found = find_in_class(&classes[i], key);
  return found;
}

double field_number(const field_t *field, double number) {
  bool any = field->least == 0 && field->most == 0;
  double most = !any ? field->most : field->kind == KIND_COUNTER ? counter_most : INFINITY;
  if (field->is_int32 && number > INT32_MOST && number < int32_span)
    number -= int32_span;
  return number >= field->least && number <= most ? number : NAN;
}

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

static int find_derived_field(const class_t *class, derived_t derived) {
  for (size_t i = 0; i < class->fields_length; i++)
    if (class->fields[i].derived == derived && derived != DERIVED_NOT)
      return (int)i;
  return -1;
}

/* It is asked for some twenty times for each row, so what was found is kept. Threads that look at once find the same.
 */
int class_derived_field(const class_t *class, derived_t derived) {
  static _Atomic(signed char) kept[CLASSES_LENGTH][DERIVED_LENGTH]; /* 0: not looked for yet; else the index plus 2 */
  _Atomic(signed char) *place = &kept[class_id(class)][derived];
  int found = atomic_load_explicit(place, memory_order_relaxed);
  if (found == 0) {
    found = find_derived_field(class, derived) + 2;
    atomic_store_explicit(place, (signed char)found, memory_order_relaxed);
  }
  return found - 2;
}
