/* SPDX-License-Identifier: MIT */
/* Groups, distributions and the worst streams, made of what a model knows. */
#include "mediasoup/apply.h"
#include "mediasoup/commit.h"
#include "mediasoup/judge.h"
#include "mediasoup/summary/summary.h"
#include "support/chain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RED_ROUTER "{'row':'routers','routerId':'r','worker':0,'appData':{'roomId':'red'}}\n"
#define TRANSPORT_OF(id, kind) TRANSPORT_IN(id, kind, "completed")
#define TRANSPORT_IN(id, kind, ice)                                                                                    \
  "{'row':'transports','transportId':'" id "','routerId':'r','transportType':'" kind                                   \
  "','stats':{'bytesSent':70,'recvBitrate':8,'sendBitrate':9,'iceState':'" ice "'}}\n"
#define RED_ROOM WORKER RED_ROUTER TRANSPORT_OF("t", "webrtc") TRANSPORT_OF("pipe", "pipe")
#define STREAM(class, id, transport, more, stats)                                                                      \
  "{'row':'" class "s','" class "Id':'" id "','transportId':'" transport "','kind':'video','mimeType':'video/VP8',"    \
                                "'clockRate':90000" more ",'stats':{" stats "}}\n"
#define CONSUMER(id, more, stats) STREAM("consumer", id, "t", more, stats)
#define PRODUCER(id, more, stats) STREAM("producer", id, "t", more, stats)
#define SENT(bytes) "'byteCount':" #bytes
#define ROOM(name) ",'appData':{'roomId':'" name "'}"
#define LATE "{'row':'consumers','consumerId':'c','transportId':'t','error':'deadline'}\n"

/* --- a summary of a chain's model --- */

enum { ROWS_MAX = 256, NAME_SIZE = 400 };

typedef struct {
  char name[NAME_SIZE]; /* "TYPE PLUGIN_INSTANCE TYPE_INSTANCE" */
  const class_t *class;
  object_value_t values[FIELDS_MAX];
  char about[ID_MAX + 1];
} seen_t;

typedef struct {
  chain_t chain;
  judge_t judge;
  summary_t *summary;
  seen_t rows[ROWS_MAX];
  size_t length;
} rig_t;

static rig_t rig;

static void on_row(void *context, const named_values_t *row) {
  rig_t *to = context;
  assert_true(to->length < ROWS_MAX);
  seen_t *seen = &to->rows[to->length++];
  *seen = (seen_t){.class = row->class};
  (void)snprintf(seen->name, sizeof(seen->name), "%s %s %s", row->class->name, row->plugin_instance,
                 row->type_instance);
  memcpy(seen->values, row->values, row->class->fields_length * sizeof(*row->values));
  (void)snprintf(seen->about, sizeof(seen->about), "%s", row->about != NULL ? row->about->id : "");
}

static status_t start(const summary_options_t *options) {
  rig = (rig_t){0};
  failure_t failure = {0};
  chain_init(&rig.chain);
  judge_init(&rig.judge);
  return summary_new(options, &rig.summary, &failure);
}

static void stop(void) {
  summary_free(rig.summary);
  judge_done(&rig.judge);
  chain_done(&rig.chain);
  assert_int_equal(allocations_live(), 0);
}

static void sum_up(bool read) {
  rig.length = 0;
  judge_begin(&rig.judge, (uint64_t)rig.chain.now * 1000);
  judge_add(&rig.judge, rig.chain.model, read);
  judge_end(&rig.judge);
  summary_begin(rig.summary);
  summary_add(rig.summary, rig.chain.model, read);
  summary_end(rig.summary, rig.chain.now);
  summary_each(rig.summary, on_row, &rig);
}

static void take(const char *rows) {
  chain_read(&rig.chain, rows);
  sum_up(true);
}

/* A snapshot that ends early. */
static void fail_to_take(const char *rows) {
  chain_read_cut(&rig.chain, rows);
  sum_up(false);
}

static const seen_t *find(const char *name) {
  for (size_t i = 0; i < rig.length; i++)
    if (strcmp(rig.rows[i].name, name) == 0)
      return &rig.rows[i];
  return NULL;
}

static double value(const char *name, const char *field) {
  const seen_t *row = find(name);
  if (row == NULL)
    fail_msg("no row %s", name);
  int index = class_field(row->class, field);
  assert_true(index >= 0);
  return row->class->fields[index].kind == KIND_COUNTER ? (double)row->values[index].counter : row->values[index].gauge;
}

static void assert_is(const char *name, const char *field, double expected) {
  double found = value(name, field);
  if (isnan(expected) ? !isnan(found) : !(fabs(found - expected) < 1e-9))
    fail_msg("%s %s is %g, not %g", name, field, found, expected);
}

/* --- groups --- */

enum { STREAMS = 1 << CLASS_PRODUCERS | 1 << CLASS_CONSUMERS };

#define RED "group_consumers roomId=red group=room,endpoint=sfu"
#define BLUE "group_consumers roomId=blue group=room,endpoint=sfu"
#define OTHER "group_consumers roomId=__other__ group=room,endpoint=sfu"

static void start_rooms(size_t max_groups) {
  static char name[] = "room", by[] = "roomId";
  group_options_t group = {.name = name, .by = {by}, .by_length = 1, .classes = STREAMS, .max_groups = max_groups};
  assert_int_equal(start(&(summary_options_t){.endpoint = "sfu", .groups = &group, .groups_length = 1}), STATUS_OK);
}

/* What was counted before we came is not growth: after a restart of collectd it would look like a burst. */
static void the_first_snapshot_is_no_growth(void **state) {
  (void)state;
  start_rooms(10);
  model_free(rig.chain.model);
  parser_free(rig.chain.parser);
  rig.chain.model = model_new(ALL_CLASSES, SIZE_MAX);
  rig.chain.parser = parser_new(apply_row, rig.chain.model);
  take(RED_ROOM CONSUMER("a", "", SENT(100)));
  assert_is(RED, "bytes", 0);
  take(RED_ROOM CONSUMER("a", "", SENT(101)));
  assert_is(RED, "bytes", 1);
  stop();
}

static void growth_adds_up_and_stays(void **state) {
  (void)state;
  start_rooms(10);
  take(RED_ROOM CONSUMER("a", "", SENT(100)) CONSUMER("b", "", SENT(10)));
  assert_is(RED, "bytes", 110);
  assert_is(RED, "streams", 2);
  take(RED_ROOM CONSUMER("a", "", SENT(150)) CONSUMER("b", "", SENT(12)));
  assert_is(RED, "bytes", 162);
  take(RED_ROOM CONSUMER("b", "", SENT(13)));
  assert_is(RED, "bytes", 163);
  assert_is(RED, "streams", 1);
  take(RED_ROOM CONSUMER("b", "", SENT(3)) CONSUMER("c", "", SENT(1000))); /* began anew; came and sent */
  assert_is(RED, "bytes", 1166);
  take(RED_ROOM);
  assert_is(RED, "bytes", 1166);
  assert_is(RED, "streams", 0);
  take("");
  assert_is(RED, "bytes", 1166);
  stop();
}

static void an_object_that_moves_takes_its_growth_along(void **state) {
  (void)state;
  start_rooms(10);
  take(RED_ROOM CONSUMER("a", "", SENT(100)));
  take(RED_ROOM CONSUMER("a", "", SENT(110)));
  take(RED_ROOM CONSUMER("a", ROOM("blue"), SENT(115)));
  assert_is(RED, "bytes", 110);
  assert_is(RED, "streams", 0);
  assert_is(BLUE, "bytes", 5);
  assert_is(BLUE, "streams", 1);
  stop();
}

static void pipes_do_not_count_twice(void **state) {
  (void)state;
  start_rooms(10);
#define FAR_ROUTER                                                                                                     \
  "{'row':'routers','routerId':'far','worker':0,'appData':{'roomId':'red'}}\n"                                         \
  "{'row':'transports','transportId':'end','routerId':'far','transportType':'pipe'}\n"
#define INTO_PIPE(bytes) STREAM("consumer", "b", "pipe", ",'producerId':'p'", SENT(bytes))
#define OUT_OF_PIPE(bytes) STREAM("producer", "p", "end", "", SENT(bytes))
  take(RED_ROOM);
  take(RED_ROOM FAR_ROUTER PRODUCER("p", "", SENT(3)) CONSUMER("a", ",'producerId':'p'", SENT(5)) INTO_PIPE(7)
           OUT_OF_PIPE(7));
  assert_is(RED, "bytes", 5);
  assert_is(RED, "streams", 1);
  assert_is("group_producers roomId=red group=room,endpoint=sfu", "streams", 1);
  /* The other end goes: what is sent to another host is sent to nobody else here. */
  take(RED_ROOM PRODUCER("p", "", SENT(4)) CONSUMER("a", ",'producerId':'p'", SENT(6)) INTO_PIPE(9));
  assert_is(RED, "bytes", 8);
  assert_is(RED, "streams", 2);
  /* And is here again. */
  take(RED_ROOM FAR_ROUTER PRODUCER("p", "", SENT(5)) CONSUMER("a", ",'producerId':'p'", SENT(7)) INTO_PIPE(11)
           OUT_OF_PIPE(11));
  assert_is(RED, "bytes", 9);
  assert_is(RED, "streams", 1);
  stop();
}

static void groups_by_attributes(void **state) {
  (void)state;
  static char name[] = "kinds", kind[] = "kind", mime_type[] = "mimeType", transport[] = "transportType",
              forced[] = "appData:kind";
  group_options_t group = {.name = name,
                           .by = {kind, mime_type, transport, forced},
                           .by_length = 4,
                           .classes = STREAMS | 1 << CLASS_TRANSPORTS,
                           .max_groups = 10};
  assert_int_equal(start(&(summary_options_t){.endpoint = "s,fu", .groups = &group, .groups_length = 1}), STATUS_OK);
#define STUCK                                                                                                          \
  "{'row':'transports','transportId':'stuck','routerId':'r','transportType':'webrtc','connection':'stuck',"            \
  "'stats':{'bytesSent':70}}\n"
  take(RED_ROOM STUCK);
  take(RED_ROOM STUCK CONSUMER("a", "", SENT(5)) STREAM("consumer", "b", "pipe", ",'appData':{'kind':'xy'}", SENT(7)));
  assert_is("group_consumers s_fu group=kinds,kind=video,mimeType=video_VP8,transportType=webrtc", "bytes", 5);
  assert_is("group_consumers kind=xy group=kinds,endpoint=s_fu,kind=video,mimeType=video_VP8,transportType=pipe",
            "bytes", 7);
  assert_is("group_transports s_fu group=kinds,transportType=webrtc", "transports", 2);
  /* One of the two does not say how it is connected. */
  assert_is("group_transports s_fu group=kinds,transportType=webrtc", "transports_stuck", NAN);
  assert_is("group_transports s_fu group=kinds,transportType=pipe", "transports_stuck", 0);
  assert_is("group_transports s_fu group=kinds,transportType=pipe", "send_bitrate_bits_per_second", 9);
  take(WORKER RED_ROUTER STUCK);
  assert_is("group_transports s_fu group=kinds,transportType=webrtc", "transports_stuck", 1);
  stop();
}

/* Cleaned, a/b and a_b would be one name; and a room may be called as the group of the rest is. */
static void names_never_collide(void **state) {
  (void)state;
  start_rooms(10);
  take(RED_ROOM CONSUMER("a", ROOM("a/b"), SENT(1)) CONSUMER("b", ROOM("a=b"), SENT(2))
           CONSUMER("c", ROOM("a_b"), SENT(4)) CONSUMER("d", ROOM("__other__"), SENT(8)));
  double sum = 0;
  for (size_t i = 0; i < rig.length; i++)
    for (size_t j = 0; j < i; j++)
      assert_string_not_equal(rig.rows[i].name, rig.rows[j].name);
  for (size_t i = 0; i < rig.length; i++)
    sum += rig.rows[i].class == &classes[CLASS_GROUP_CONSUMERS] ? value(rig.rows[i].name, "bytes") : 0;
  assert_true(sum == 15);
  assert_is("group_consumers roomId=a_b group=room,endpoint=sfu", "bytes", 4);
  assert_null(find(OTHER));
  stop();
}

static void a_group_of_all(void **state) {
  (void)state;
  static char name[] = "all";
  group_options_t group = {.name = name, .classes = STREAMS, .max_groups = 10};
  assert_int_equal(start(&(summary_options_t){.endpoint = "sfu", .groups = &group, .groups_length = 1}), STATUS_OK);
  take(RED_ROOM PRODUCER("p", "", SENT(1)) CONSUMER("a", "", SENT(5)) CONSUMER("b", ROOM("blue"), SENT(5)));
  assert_is("group_consumers sfu group=all", "streams", 2);
  assert_is("group_producers sfu group=all", "streams", 1);
  assert_is("groups sfu group=all", "groups", 1);
  stop();
}

static void gauges_of_a_group(void **state) {
  (void)state;
  start_rooms(10);
#define FIRST "'packetCount':100,'packetsLost':10"
  take(RED_ROOM CONSUMER("a", "", FIRST) PRODUCER("p", "", FIRST));
  take(RED_ROOM CONSUMER("a", "",
                         "'packetCount':300,'packetsLost':60,'bitrate':1000,'score':4,'roundTripTime':30,'jitter':900,"
                         "'pliCount':2,'firCount':3,'packetsRetransmitted':7")
           CONSUMER("b", "", "'bitrate':500,'score':10,'roundTripTime':0")
               CONSUMER("c", ",'paused':true", "'bitrate':5,'score':0,'roundTripTime':999")
                   CONSUMER("d", ",'producerPaused':true", "'score':0")
                       PRODUCER("p", "", "'packetCount':250,'packetsLost':60"));
  assert_is(RED, "streams", 2);
  assert_is(RED, "streams_paused", 2);
  assert_is(RED, "streams_bad", 1);
  assert_is(RED, "bitrate_bits_per_second", 1500);
  assert_is(RED, "score_minimum", 4);
  assert_is(RED, "score_mean", 7);
  assert_is(RED, "round_trip_time_seconds", 0.03);
  assert_is(RED, "jitter_seconds", 0.01);
  assert_is(RED, "packets_lost", 60);
  assert_is(RED, "loss_ratio", 0.25);
  assert_is(RED, "keyframe_requests", 5);
  assert_is(RED, "packets_retransmitted", 7);
  /* A producer's packets are those that arrived. */
  assert_is("group_producers roomId=red group=room,endpoint=sfu", "loss_ratio", 0.25);
  /* What is recomputed falls and comes back: it is not lost twice. */
  take(RED_ROOM CONSUMER("a", "", "'packetCount':300,'packetsLost':20"));
  assert_is(RED, "packets_lost", 60);
  assert_is(RED, "loss_ratio", NAN);
  assert_is(RED, "round_trip_time_seconds", NAN);
  take(RED_ROOM CONSUMER("a", "", "'packetCount':310,'packetsLost':65"));
  assert_is(RED, "packets_lost", 65);
  stop();
}

static void over_max_groups(void **state) {
  (void)state;
  start_rooms(1);
  take(RED_ROOM CONSUMER("a", "", SENT(1)));
  assert_is("groups sfu group=room", "groups_other", 0);
  assert_null(find(OTHER));
#define BOTH RED_ROOM CONSUMER("a", "", SENT(1)) CONSUMER("b", ROOM("blue"), SENT(20))
  take(BOTH CONSUMER("g", ROOM("green"), SENT(300)));
  assert_is(OTHER, "bytes", 320);
  assert_is(OTHER, "streams", 2);
  assert_is("groups sfu group=room", "groups", 1);
  assert_is("groups sfu group=room", "groups_max", 1);
  assert_is("groups sfu group=room", "groups_other", 2);
  assert_null(find(BLUE));
  /* The first room has gone, and its place is free after a while: who is in __other__ stays there. */
  rig.chain.now += (double)GROUP_IDLE_SECONDS;
  take(RED_ROOM CONSUMER("b", ROOM("blue"), SENT(21)));
  take(RED_ROOM CONSUMER("b", ROOM("blue"), SENT(22)));
  assert_null(find(RED));
  assert_is(OTHER, "bytes", 322);
  assert_is("groups sfu group=room", "groups_other", 1);
  assert_is("groups sfu group=room", "groups", 0);
  /* Until nobody is in it. */
  take(RED_ROOM);
  take(RED_ROOM CONSUMER("b", ROOM("blue"), SENT(9)));
  assert_is(BLUE, "bytes", 9);
  assert_is(OTHER, "bytes", 322);
  assert_is("groups sfu group=room", "groups_other", 0);
  stop();
}

static void ended_rooms_make_room(void **state) {
  (void)state;
  start_rooms(1);
  take(RED_ROOM CONSUMER("a", "", SENT(1)));
  take(RED_ROOM); /* the room has ended just now */
  take(RED_ROOM CONSUMER("b", ROOM("blue"), SENT(20)));
  assert_is(BLUE, "bytes", 20);
  assert_null(find(RED));
  assert_null(find(OTHER));
  stop();
}

/* A producer that has sent nothing yet has a row without stats. */
static void streams_count_before_they_send(void **state) {
  (void)state;
  start_rooms(10);
  take(RED_ROOM PRODUCER("p", "", SENT(5)));
  take(RED_ROOM "{'row':'producers','producerId':'q','transportId':'t','kind':'video','paused':false}\n"
                "{'row':'producers','producerId':'s','transportId':'t','kind':'video','paused':true}\n");
  assert_is("group_producers roomId=red group=room,endpoint=sfu", "bytes", 5);
  assert_is("group_producers roomId=red group=room,endpoint=sfu", "streams", 0);
  assert_is("group_producers roomId=red group=room,endpoint=sfu", "streams_waiting", 1);
  assert_is("group_producers roomId=red group=room,endpoint=sfu", "streams_paused", 1);
  assert_null(find(RED)); /* nobody ever consumed there */
  stop();
}

#define LAYER(rid, packets, bitrate, score)                                                                            \
  "{'row':'producers','producerId':'p','transportId':'t','kind':'video','mimeType':'video/VP8','clockRate':90000,"     \
  "'producerType':'simulcast','encodings':3,'paused':false,'stats':{'rid':'" rid "','packetCount':" #packets           \
  ",'byteCount':" #packets "000,'bitrate':" #bitrate ",'score':" #score "}}\n"
#define RED_PRODUCERS "group_producers roomId=red group=room,endpoint=sfu"

/* A browser stops the layers that its uplink or the receivers' windows have no use for. */
static void layers_that_the_sender_stops_are_not_bad(void **state) {
  (void)state;
  static char name[] = "room", by[] = "roomId";
  group_options_t group = {.name = name, .by = {by}, .by_length = 1, .classes = STREAMS, .max_groups = 9};
  assert_int_equal(start(&(summary_options_t){
                       .endpoint = "sfu", .groups = &group, .groups_length = 1, .distributions = true, .worst = 3}),
                   STATUS_OK);
  take(RED_ROOM LAYER("q", 100, 150000, 10) LAYER("h", 200, 500000, 10) LAYER("f", 300, 1500000, 10)
           CONSUMER("a", ",'producerId':'p'", "'packetCount':300,'bitrate':1500000,'score':10"));
#define STOPPED                                                                                                        \
  RED_ROOM LAYER("q", 150, 150000, 9) LAYER("h", 220, 0, 0) LAYER("f", 300, 0, 0)                                      \
      CONSUMER("a", ",'producerId':'p'", "'packetCount':350,'bitrate':150000,'score':10")
  take(STOPPED);
  assert_is(RED_PRODUCERS, "streams", 1);
  assert_is(RED_PRODUCERS, "streams_inactive", 2);
  assert_is(RED_PRODUCERS, "streams_silent", 0);
  assert_is(RED_PRODUCERS, "streams_bad", 0);
  assert_is(RED_PRODUCERS, "score_minimum", 9);
  assert_is(RED_PRODUCERS, "score_mean", 9);
  assert_is("stream_score_bucket sfu of=producers,kind=video,le=0", "value", 0);
  assert_is("stream_score_bucket sfu of=producers,kind=video,le=+Inf", "value", 4);
  assert_is("worst_producers sfu rank=1", "score", 9);
  assert_null(find("worst_producers sfu rank=2"));
  assert_is(RED, "streams", 1);
  assert_is(RED, "streams_bad", 0);
  /* All layers at once: nobody sends, though somebody should. */
  take(RED_ROOM LAYER("q", 150, 0, 0) LAYER("h", 220, 0, 0) LAYER("f", 300, 0, 0)
           CONSUMER("a", ",'producerId':'p'", "'packetCount':350,'bitrate':0,'score':10"));
  assert_is(RED_PRODUCERS, "streams_silent", 3);
  assert_is(RED_PRODUCERS, "streams_bad", 0);
  assert_is(RED, "streams_inactive", 1); /* what is not sent cannot be passed on */
  assert_is(RED, "streams_silent", 0);
  stop();
}

/* The producer sends, the consumer gets nothing. */
static void a_consumer_may_be_silent(void **state) {
  (void)state;
  start_rooms(10);
#define SILENT(packets)                                                                                                \
  RED_ROOM PRODUCER("p", "", "'packetCount':" #packets ",'bitrate':9,'score':10")                                      \
      CONSUMER("a", ",'producerId':'p'", "'packetCount':7,'bitrate':0,'score':10")
  take(SILENT(10));
  assert_is(RED, "streams", 1); /* it came and sent */
  take(SILENT(20));
  assert_is(RED, "streams", 0);
  assert_is(RED, "streams_silent", 1);
  assert_is(RED_PRODUCERS, "streams", 1);
  stop();
}

/* Half of what goes to another host is lost: nobody else here tells of it. */
static void pipes_to_other_hosts_count(void **state) {
  (void)state;
  static char name[] = "room", by[] = "roomId";
  group_options_t group = {.name = name, .by = {by}, .by_length = 1, .classes = STREAMS, .max_groups = 9};
  assert_int_equal(start(&(summary_options_t){.endpoint = "sfu", .groups = &group, .groups_length = 1, .worst = 1}),
                   STATUS_OK);
#define TO_HOST(packets, lost)                                                                                         \
  RED_ROOM PRODUCER("p", "", "'packetCount':" #packets ",'bitrate':9,'score':10")                                      \
      STREAM("consumer", "b", "pipe", ",'producerId':'p'",                                                             \
             "'packetCount':" #packets ",'packetsLost':" #lost ",'bitrate':9,'score':2,'fractionLost':128")
  take(TO_HOST(100, 50));
  take(TO_HOST(200, 100));
  assert_is(RED, "streams_bad", 1);
  assert_is(RED, "loss_ratio", 0.5);
  assert_is("worst_consumers sfu rank=1", "score", 2);
  stop();
}

static void losses_begin_anew_with_their_stream(void **state) {
  (void)state;
  start_rooms(10);
#define LOST(packets, lost) CONSUMER("a", "", "'packetCount':" #packets ",'packetsLost':" #lost)
  take(RED_ROOM LOST(100000, 5000));
  take(RED_ROOM LOST(100, 0));
  take(RED_ROOM LOST(600, 500));
  assert_is(RED, "packets_lost", 5500);
  assert_is(RED, "loss_ratio", 1);
  stop();
}

static void an_idle_group_stays_for_a_while(void **state) {
  (void)state;
  start_rooms(10);
  take(RED_ROOM);
  take(RED_ROOM CONSUMER("a", "", SENT(1)));
  long live = allocations_live();
  rig.chain.now += GROUP_IDLE_SECONDS - 20;
  take("");
  assert_is(RED, "bytes", 1);
  take(RED_ROOM CONSUMER("a", "", SENT(2)));
  assert_is(RED, "bytes", 3); /* goes on where it was */
  rig.chain.now += (double)GROUP_IDLE_SECONDS;
  take("");
  assert_null(find(RED));
  assert_is("groups sfu group=room", "groups", 0);
  assert_true(allocations_live() < live);
  stop();
}

static void a_reading_that_fails(void **state) {
  (void)state;
  start_rooms(10);
  take(RED_ROOM CONSUMER("c", "", SENT(1)));
  rig.chain.now += 2 * GROUP_IDLE_SECONDS; /* the group has members, though they cannot be asked */
  fail_to_take(RED_ROOM CONSUMER("c", "", SENT(5)));
  assert_int_equal(rig.length, 0);
  take(RED_ROOM LATE);
  assert_null(find(RED));
  assert_is("groups sfu group=room", "groups", 1);
  take(RED_ROOM CONSUMER("c", "", SENT(8)));
  assert_is(RED, "bytes", 8);
  stop();
}

/* --- distributions --- */

#define RTT "stream_round_trip_time_seconds"
#define AT(le) RTT "_bucket sfu of=consumers,kind=video,le=" le

static void buckets_are_cumulative(void **state) {
  (void)state;
  assert_int_equal(start(&(summary_options_t){.endpoint = "sfu", .distributions = true}), STATUS_OK);
  take(RED_ROOM);
  assert_int_equal(rig.length, 0);
#define ROWS                                                                                                           \
  RED_ROOM FAR_ROUTER CONSUMER("a", "", "'bitrate':1,'roundTripTime':50,'score':10,'jitter':90,'fractionLost':128")    \
      CONSUMER("b", "", "'bitrate':1,'roundTripTime':51") CONSUMER("c", "", "'bitrate':1,'roundTripTime':9000")        \
          CONSUMER("d", ",'paused':true", "'bitrate':1,'roundTripTime':1")                                             \
              STREAM("consumer", "e", "pipe", ",'producerId':'p'", "'bitrate':1,'roundTripTime':1") OUT_OF_PIPE(1)
  take(ROWS);
  take(ROWS);
  assert_is(RTT " sfu of=consumers,kind=video", "count", 6);
  assert_is(RTT " sfu of=consumers,kind=video", "sum", 2 * (0.05 + 0.051 + 9));
  assert_is(AT("0.02"), "value", 0);
  assert_is(AT("0.05"), "value", 2);
  assert_is(AT("0.1"), "value", 4);
  assert_is(AT("2"), "value", 4);
  assert_is(AT("+Inf"), "value", 6);
  assert_is("stream_score_bucket sfu of=consumers,kind=video,le=9", "value", 0);
  assert_is("stream_score_bucket sfu of=consumers,kind=video,le=+Inf", "value", 2);
  assert_is("stream_jitter_seconds_bucket sfu of=consumers,kind=video,le=0.001", "value", 2);
  assert_is("stream_loss_ratio_bucket sfu of=consumers,kind=video,le=0.3", "value", 0);
  assert_is("stream_loss_ratio_bucket sfu of=consumers,kind=video,le=0.5", "value", 2);
  assert_null(find(RTT " sfu of=producers,kind=video"));
  stop();
}

/* --- the worst --- */

static void assert_ranks(const char *expected) {
  char found[64] = "";
  for (size_t i = 0; i < rig.length; i++) {
    char name[64];
    (void)snprintf(name, sizeof(name), "worst_consumers sfu rank=%zu", i + 1);
    assert_string_equal(rig.rows[i].name, name);
    (void)strncat(found, rig.rows[i].about, sizeof(found) - strlen(found) - 1);
  }
  assert_string_equal(found, expected);
}

static void the_worst_come_first(void **state) {
  (void)state;
  assert_int_equal(start(&(summary_options_t){.endpoint = "sfu", .worst = 3}), STATUS_OK);
  take(RED_ROOM CONSUMER("a", "", "'bitrate':1,'score':5,'fractionLost':3")
           CONSUMER("b", "", "'bitrate':1,'score':5,'fractionLost':30")
               CONSUMER("c", ",'paused':true", "'bitrate':1,'score':0") CONSUMER("d", "", "'bitrate':1,'score':9")
                   CONSUMER("e", "", "'bitrate':1,'score':1") CONSUMER("f", "", "'bitrate':1")
                       STREAM("consumer", "g", "pipe", ",'producerId':'p'", "'bitrate':1,'score':0")
                           FAR_ROUTER OUT_OF_PIPE(1));
  assert_ranks("eba");
  assert_is("worst_consumers sfu rank=2", "score", 5);
  assert_is("worst_consumers sfu rank=2", "loss_ratio", 30.0 / 256);
  take(RED_ROOM CONSUMER("y", "", "'bitrate':1,'score':5") CONSUMER("x", "", "'bitrate':1,'score':5"));
  assert_ranks("xy"); /* whichever came first */
  stop();
}

/* --- what happened to connections --- */

#define EVENT(number, event, app_data)                                                                                 \
  "{'row':'connections','number':" #number ",'time':1,'event':'" event "','transportId':'t" #number                    \
  "','routerId':'r','worker':0,'transportType':'webrtc','connectTime':300,'protocol':'udp','appData':{" app_data       \
  "}}\n"
#define IN_RED "'roomId':'red'"
#define RED_TRANSPORTS "group_transports roomId=red group=room,endpoint=sfu"
#define BLUE_TRANSPORTS "group_transports roomId=blue group=room,endpoint=sfu"
#define CONNECT_TIME "transport_connect_time_seconds"

static void start_connections(size_t max_groups) {
  static char name[] = "room", by[] = "roomId";
  group_options_t group = {
      .name = name, .by = {by}, .by_length = 1, .classes = 1 << CLASS_TRANSPORTS, .max_groups = max_groups};
  assert_int_equal(
      start(&(summary_options_t){.endpoint = "sfu", .groups = &group, .groups_length = 1, .distributions = true}),
      STATUS_OK);
}

static void take_of(const char *endpoint, const char *rows) {
  chain_read_of(&rig.chain, endpoint, rows);
  sum_up(true);
}

static void lose_of(const char *endpoint, const char *rows) {
  chain_read_cut_of(&rig.chain, endpoint, rows);
  sum_up(false);
}

static void each_event_counts_once(void **state) {
  (void)state;
  start_connections(10);
  take_of(",'events':2", RED_ROOM); /* what happened before counts nowhere */
  assert_is(RED_TRANSPORTS, "connected", 0);
#define THREE EVENT(3, "connected", IN_RED) EVENT(4, "connected", "'roomId':'blue'")
  lose_of(",'events':4", RED_ROOM THREE); /* comes again */
  assert_int_equal(rig.length, 0);
  take_of(",'events':5", RED_ROOM THREE EVENT(5, "left", IN_RED));
  assert_is(RED_TRANSPORTS, "connected", 1);
  assert_is(RED_TRANSPORTS, "left", 1);
  assert_is(BLUE_TRANSPORTS, "connected", 1); /* its transport is in no snapshot */
  assert_is(BLUE_TRANSPORTS, "transports", 0);
  take_of(",'events':5", RED_ROOM);
  /* An endpoint that does not heed what it is asked for tells all of them again. */
  take_of(",'events':6", RED_ROOM THREE EVENT(5, "left", IN_RED) EVENT(6, "lost", IN_RED));
  assert_is(RED_TRANSPORTS, "connected", 1);
  assert_is(RED_TRANSPORTS, "left", 1);
  assert_is(RED_TRANSPORTS, "lost", 1);
  assert_is(RED_TRANSPORTS, "never_connected", 0);
  assert_is(BLUE_TRANSPORTS, "connected", 1);
  stop();
}

static void events_outlive_their_room(void **state) {
  (void)state;
  start_connections(1);
  take_of(",'events':0", RED_ROOM);
  take_of(",'events':1", EVENT(1, "left", IN_RED));
  assert_is(RED_TRANSPORTS, "left", 1);
  assert_is(RED_TRANSPORTS, "transports", 0);
  /* The only place is taken. */
  take_of(",'events':3", RED_ROOM EVENT(2, "dtls_failed", "'roomId':'blue'") EVENT(3, "never_connected", ""));
  assert_is(RED_TRANSPORTS, "left", 1);
  assert_is("group_transports roomId=__other__ group=room,endpoint=sfu", "dtls_failed", 1);
  assert_is("group_transports roomId=__other__ group=room,endpoint=sfu", "never_connected", 1);
  stop();
}

/* Rows leaves transports out, so that they come as parents, without statistics. */
static void transports_without_statistics_count(void **state) {
  (void)state;
#define TOLD(id, connection)                                                                                           \
  "{'row':'transports','transportId':'" id "','routerId':'r','transportType':'webrtc','connection':'" connection       \
  "','protocol':'tcp'}\n"
  start_connections(10);
  take(WORKER RED_ROUTER TOLD("a", "connected") TOLD("b", "stuck") TOLD("c", "stuck") TOLD("d", "unused"));
  assert_is(RED_TRANSPORTS, "transports", 4);
  assert_is(RED_TRANSPORTS, "transports_connected", 1);
  assert_is(RED_TRANSPORTS, "transports_tcp", 1);
  assert_is(RED_TRANSPORTS, "transports_stuck", 2);
  assert_is(RED_TRANSPORTS, "transports_unused", 1);
  stop();
}

static void a_block_without_transports_counts_no_events(void **state) {
  (void)state;
  start_rooms(10);
  take_of(",'events':0", RED_ROOM);
  take_of(",'events':1", EVENT(1, "left", IN_RED));
  assert_null(find(RED_TRANSPORTS));
  assert_is("groups sfu group=room", "groups", 0);
  stop();
}

/* A reading in which the source failed leaves the counters, and what happens in between comes with the next. */
static void a_source_that_was_not_read_tells_nothing(void **state) {
  (void)state;
  start_connections(10);
  take_of(",'events':0", RED_ROOM);
  chain_read_of(&rig.chain, ",'events':1", RED_ROOM EVENT(1, "connected", IN_RED));
  sum_up(true);
  commit_failure(rig.chain.model);
  sum_up(false);
  take_of(",'events':1", RED_ROOM);
  assert_is(RED_TRANSPORTS, "connected", 1);
  assert_is(CONNECT_TIME " sfu protocol=udp", "count", 1);
  stop();
}

static void connect_times_are_distributed(void **state) {
  (void)state;
  start_connections(10);
  take_of(",'events':0", RED_ROOM);
  assert_null(find(CONNECT_TIME " sfu protocol=udp"));
  take_of(",'events':2", RED_ROOM EVENT(1, "connected", IN_RED) EVENT(2, "left", IN_RED));
  assert_is(CONNECT_TIME " sfu protocol=udp", "count", 1);
  assert_is(CONNECT_TIME " sfu protocol=udp", "sum", 0.3);
  assert_is(CONNECT_TIME "_bucket sfu protocol=udp,le=0.25", "value", 0);
  assert_is(CONNECT_TIME "_bucket sfu protocol=udp,le=0.5", "value", 1);
  assert_null(find(CONNECT_TIME " sfu protocol=tcp"));
  stop();
}

/* Two processes of one endpoint number what happens to them apart. */
static void sources_have_numbers_of_their_own(void **state) {
  (void)state;
  chain_t other;
  start_connections(10);
  chain_init(&other);
  for (int reading = 0; reading < 3; reading++) {
    chain_read_of(&rig.chain, reading == 0 ? ",'events':0" : ",'events':1",
                  reading == 0 ? RED_ROOM : RED_ROOM EVENT(1, "connected", IN_RED));
    chain_read_of(&other, reading == 0 ? ",'events':0" : ",'events':1",
                  reading == 0 ? RED_ROOM : RED_ROOM EVENT(1, "connected", IN_RED));
    rig.length = 0;
    summary_begin(rig.summary);
    summary_add(rig.summary, rig.chain.model, true);
    summary_add(rig.summary, other.model, true);
    summary_end(rig.summary, rig.chain.now);
    summary_each(rig.summary, on_row, &rig);
  }
  assert_is(RED_TRANSPORTS, "connected", 2);
  chain_done(&other);
  stop();
}

#define VIDEO(id, layers) CONSUMER(id, ",'consumerType':'simulcast'" layers, "'bitrate':9,'score':10,'packetCount':5")
#define LAYERS(current, preferred)                                                                                     \
  ",'currentLayers':{'spatialLayer':" #current ",'temporalLayer':1},'preferredLayers':{'spatialLayer':" #preferred     \
  ",'temporalLayer':1}"

static void counts_streams_below_what_they_prefer(void **state) {
  (void)state;
  start_rooms(10);
  take(RED_ROOM VIDEO("a", LAYERS(0, 2)) VIDEO("b", LAYERS(2, 2))
           CONSUMER("c", ",'consumerType':'simple'", "'bitrate':9,'score':10"));
  assert_is(RED, "streams", 3);
  assert_is(RED, "streams_below_preferred", 1);
  take(RED_ROOM VIDEO("a", LAYERS(2, 2)) VIDEO("b", ",'paused':true" LAYERS(0, 2)));
  assert_is(RED, "streams_below_preferred", 0);
  take(RED_ROOM VIDEO("a", "")); /* an older endpoint knows no layers */
  assert_is(RED, "streams_below_preferred", NAN);
  take(RED_ROOM CONSUMER("c", ",'consumerType':'simple'", "'bitrate':9,'score':10"));
  assert_is(RED, "streams_below_preferred", 0);
  stop();
}

/* --- memory --- */

static void every_allocation_may_fail(void **state) {
  (void)state;
  static char name[] = "room", by[] = "roomId";
  group_options_t group = {.name = name, .by = {by}, .by_length = 1, .classes = STREAMS, .max_groups = 1};
  summary_options_t options = {
      .endpoint = "sfu", .groups = &group, .groups_length = 1, .distributions = true, .worst = 3};
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    rig = (rig_t){0};
    failure_t failure = {0};
    chain_init(&rig.chain);
    judge_init(&rig.judge);
    chain_read(&rig.chain, RED_ROOM CONSUMER("a", "", SENT(1)) CONSUMER("b", ROOM("blue"), SENT(2)));
    allocations_fail_at(number);
    status_t status = summary_new(&options, &rig.summary, &failure);
    assert_true(status == STATUS_OK || status == STATUS_NO_MEMORY);
    if (status == STATUS_OK)
      sum_up(true);
    failed = allocations_failed();
    allocations_fail_at(0);
    if (status == STATUS_OK) {
      take(RED_ROOM CONSUMER("a", "", SENT(11)) CONSUMER("b", ROOM("blue"), SENT(102)));
      assert_true((find(RED) != NULL || find(BLUE) != NULL) && find(OTHER) != NULL);
    }
    stop();
  }
}

int main(void) {
  TEST(the_first_snapshot_is_no_growth);
  TEST(growth_adds_up_and_stays);
  TEST(an_object_that_moves_takes_its_growth_along);
  TEST(pipes_do_not_count_twice);
  TEST(groups_by_attributes);
  TEST(names_never_collide);
  TEST(a_group_of_all);
  TEST(ended_rooms_make_room);
  TEST(streams_count_before_they_send);
  TEST(layers_that_the_sender_stops_are_not_bad);
  TEST(a_consumer_may_be_silent);
  TEST(pipes_to_other_hosts_count);
  TEST(losses_begin_anew_with_their_stream);
  TEST(gauges_of_a_group);
  TEST(over_max_groups);
  TEST(an_idle_group_stays_for_a_while);
  TEST(a_reading_that_fails);
  TEST(buckets_are_cumulative);
  TEST(the_worst_come_first);
  TEST(each_event_counts_once);
  TEST(events_outlive_their_room);
  TEST(transports_without_statistics_count);
  TEST(a_block_without_transports_counts_no_events);
  TEST(a_source_that_was_not_read_tells_nothing);
  TEST(connect_times_are_distributed);
  TEST(sources_have_numbers_of_their_own);
  TEST(counts_streams_below_what_they_prefer);
  TEST(every_allocation_may_fail);
  return tests_run("summary");
}
