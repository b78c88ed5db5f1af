/* SPDX-License-Identifier: MIT */
/* Readings: what a stream's figures are in base units, what its attributes say, and which of two streams is worse. */
#include "mediasoup/reading.h"
#include "support/chain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- membership --- */

typedef struct {
  const char *name;
  const char *transport; /* its transportType */
  const char *members;   /* of a consumer */
  membership_t expected;
} membership_case_t;

static const membership_case_t membership_cases[] = {
    {"nothing is said", "webrtc", "'kind':'audio'", {.connected = true, .clock_rate = NAN}},
    {"paused",
     "webrtc",
     "'paused':true,'producerPaused':false",
     {.paused = true, .connected = true, .clock_rate = NAN}},
    {"its producer is paused",
     "webrtc",
     "'paused':false,'producerPaused':true",
     {.paused = true, .connected = true, .clock_rate = NAN}},
    {"not paused", "webrtc", "'paused':false,'producerPaused':false", {.connected = true, .clock_rate = NAN}},
    {"piped", "pipe", "'kind':'audio'", {.on_pipe = true, .connected = true, .clock_rate = NAN}},
    {"video", "webrtc", "'kind':'video','clockRate':90000", {.video = true, .connected = true, .clock_rate = 90000}},
    {"audio", "plain", "'kind':'audio','clockRate':48000", {.connected = true, .clock_rate = 48000}},
    {"a clock that stands still", "webrtc", "'clockRate':0", {.connected = true, .clock_rate = NAN}},
};

static void read_consumer(chain_t *chain, const char *transport, const char *members) {
  char rows[1000];
  (void)snprintf(rows, sizeof(rows),
                 WORKER ROUTER "{'row':'transports','transportId':'t','routerId':'r','transportType':'%s'}\n"
                               "{'row':'consumers','consumerId':'c','transportId':'t',%s}\n",
                 transport, members);
  chain_read(chain, rows);
}

static void assert_membership(const membership_t *found, const membership_t *expected) {
  assert_int_equal(found->paused, expected->paused);
  assert_int_equal(found->connected, expected->connected);
  assert_int_equal(found->on_pipe, expected->on_pipe);
  assert_false(found->piped);
  assert_int_equal(found->video, expected->video);
  assert_true(isnan(expected->clock_rate) ? isnan(found->clock_rate) : found->clock_rate == expected->clock_rate);
}

static void knows_its_membership(void **state) {
  const membership_case_t *one = *state;
  chain_t chain;
  chain_init(&chain);
  read_consumer(&chain, one->transport, one->members);
  object_t *consumer = chain_find(&chain, "consumers c");
  reading_update_membership(consumer);
  assert_membership(&consumer->membership, &one->expected);
  chain_done(&chain);
}

typedef struct {
  const char *name;
  const char *states; /* of the transport */
  bool connected;
  const char *connection; /* what the endpoint makes of them; NULL: it is an older one */
  bool disconnected;
} connected_case_t;

static const connected_case_t connected_cases[] = {
    {"connected: in one word", "'iceState':'completed','dtlsState':'connected'", true, "connected", false},
    {"connected: nobody asked", "'iceState':'new','dtlsState':'new'", false, "unused", false},
    {"connected: soon", "'iceState':'completed','dtlsState':'connecting'", false, "connecting", false},
    {"connected: it has tried for long", "'iceState':'new','dtlsState':'new'", false, "stuck", true},
    {"connected: not for the moment", "'iceState':'disconnected','dtlsState':'connected'", false, "disconnected", true},
    {"connected: no more", "'iceState':'disconnected','dtlsState':'connected'", false, "lost", true},
    {"connected: DTLS has failed", "'iceState':'completed','dtlsState':'connecting'", false, "dtls_failed", true},
    {"connected: it left", "'iceState':'completed','dtlsState':'closed'", false, "left", false},
    {"connected: the word counts", "'iceState':'new','dtlsState':'new'", true, "connected", false},
    {"connected: it has no states", "'comedia':true", true, NULL, false},
    {"connected: completed", "'iceState':'completed','dtlsState':'connected'", true, NULL, false},
    {"connected: connected", "'iceState':'connected','dtlsState':'connected'", true, NULL, false},
    {"connected: nobody came yet", "'iceState':'new','dtlsState':'new'", false, NULL, false},
    {"connected: DTLS is not done", "'iceState':'completed','dtlsState':'connecting'", false, NULL, false},
    {"connected: ICE is lost", "'iceState':'disconnected','dtlsState':'connected'", false, NULL, true},
    {"connected: the peer closed", "'iceState':'completed','dtlsState':'closed'", false, NULL, false},
    {"connected: DTLS failed", "'iceState':'completed','dtlsState':'failed'", false, NULL, true},
};

static void knows_whether_it_is_connected(void **state) {
  const connected_case_t *one = *state;
  char rows[1000];
  chain_t chain;
  chain_init(&chain);
  (void)snprintf(rows, sizeof(rows),
                 WORKER ROUTER "{'row':'transports','transportId':'t','routerId':'r'%s%s%s,'stats':{%s}}\n"
                               "{'row':'consumers','consumerId':'c','transportId':'t'}\n",
                 one->connection != NULL ? ",'connection':'" : "", one->connection != NULL ? one->connection : "",
                 one->connection != NULL ? "'" : "", one->states);
  chain_read(&chain, rows);
  object_t *consumer = chain_find(&chain, "consumers c");
  reading_update_membership(consumer);
  assert_int_equal(consumer->membership.connected, one->connected);
  assert_int_equal(consumer->membership.disconnected, one->disconnected);
  chain_done(&chain);
}

typedef struct {
  const char *name;
  const char *members;
  const char *codec; /* NULL: none */
} codec_case_t;

static const codec_case_t codec_cases[] = {
    {"codec: Opus", "'kind':'audio','mimeType':'audio/opus'", "audio/opus"},
    {"codec: one that no model knows", "'kind':'audio','mimeType':'audio/CN'", NULL},
    {"codec: video", "'kind':'video','mimeType':'video/VP8'", NULL},
    {"codec: nothing is said", "'paused':false", NULL},
};

static void knows_its_codec(void **state) {
  const codec_case_t *one = *state;
  chain_t chain;
  chain_init(&chain);
  read_consumer(&chain, "webrtc", one->members);
  object_t *consumer = chain_find(&chain, "consumers c");
  reading_update_membership(consumer);
  assert_ptr_equal(consumer->membership.codec, mos_codec(one->codec));
  chain_done(&chain);
}

/* It is looked up anew where something has changed, and then the stream is in no group any more. */
static void follows_changes(chain_t *chain) {
  struct group *group = (struct group *)chain; /* any pointer */
  read_consumer(chain, "webrtc", "'paused':false");
  object_t *consumer = chain_find(chain, "consumers c");
  reading_update_membership(consumer);
  consumer->membership.groups[1] = group;
  read_consumer(chain, "webrtc", "'paused':false");
  reading_update_membership(consumer);
  assert_ptr_equal(consumer->membership.groups[1], group);
  read_consumer(chain, "pipe", "'paused':false"); /* the transport's attribute */
  reading_update_membership(consumer);
  assert_true(consumer->membership.on_pipe);
  assert_null(consumer->membership.groups[1]);
}

/* --- figures --- */

static void has_base_units(void **state) {
  (void)state;
  static const class_id_t streams[] = {CLASS_PRODUCERS, CLASS_CONSUMERS};
  for (size_t i = 0; i < LENGTH(streams); i++) {
    const class_t *class = &classes[streams[i]];
    reading_fields_t fields = reading_fields(class);
    object_t *stream = object_new(class, NULL, "s", "");
    stream->measured = true;
    stream->membership.clock_rate = 90000;
    reading_t reading = reading_of(stream, &fields);
    assert_true(isnan(reading.score) && isnan(reading.loss_ratio) && isnan(reading.round_trip_time) &&
                isnan(reading.jitter) && isnan(reading.bitrate) && isnan(reading.mos));
    stream->values[class_field(class, "score")].gauge = 7;
    stream->values[class_field(class, "fraction_lost")].gauge = 64;
    stream->values[class_field(class, "round_trip_time")].gauge = 250;
    stream->values[class_field(class, "jitter")].gauge = 45000;
    stream->values[class_field(class, "bitrate")].gauge = 123456;
    stream->values[class_field(class, "mos")].gauge = 4.2;
    reading = reading_of(stream, &fields);
    assert_true(reading.score == 7 && reading.loss_ratio == 0.25 && reading.round_trip_time == 0.25 &&
                reading.jitter == 0.5 && reading.bitrate == 123456 && reading.mos == 4.2);
    stream->membership.clock_rate = NAN;
    assert_true(isnan(reading_of(stream, &fields).jitter));
    object_free(stream);
  }
}

typedef struct {
  const char *name;
  double left_score, left_loss, right_score, right_loss;
  int order; /* below 0: the left one is worse */
} order_case_t;

static const order_case_t order_cases[] = {
    {"a lower score is worse", 3, 0, 4, 1, -1},          {"a higher score is better", 10, 1, 9, 0, 1},
    {"then a higher loss is worse", 5, 0.3, 5, 0.2, -1}, {"alike", 5, 0.2, 5, 0.2, 0},
    {"an unknown loss is none", 5, NAN, 5, 0, 0},        {"and better than any", 5, NAN, 5, 0.001, 1},
};

static void compares(void **state) {
  const order_case_t *one = *state;
  reading_t left = {.score = one->left_score, .loss_ratio = one->left_loss},
            right = {.score = one->right_score, .loss_ratio = one->right_loss};
  int order = reading_compare(&left, &right), other_way = reading_compare(&right, &left);
  assert_int_equal((order > 0) - (order < 0), one->order);
  assert_int_equal((other_way > 0) - (other_way < 0), -one->order);
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(follows_changes),
};

int main(void) {
  TEST_CASES(knows_its_membership, membership_cases);
  TEST_CASES(knows_whether_it_is_connected, connected_cases);
  TEST_CASES(knows_its_codec, codec_cases);
  TEST_CASES(chain_test, chain_tests);
  TEST(has_base_units);
  TEST_CASES(compares, order_cases);
  return tests_run("reading");
}
